import type { OrganizationQuery } from '../generated/operations.ts'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

type Keys = NonNullable<OrganizationQuery['viewer']['organization']['apiKeys']>

/** The keys with their scopes. They are created and revoked on the command line. */
export function ApiKeys({ keys }: { readonly keys: Keys }) {
  const { keys: names } = text.organization
  return (
    <section className="panel" aria-labelledby="keys-heading">
      <h2 id="keys-heading">{text.organization.tabs.keys}</h2>
      <p className="soft">{names.meaning}</p>
      <div className="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {names.columns.map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {keys.map(({ id, name, hint, scopes, createdAt, expiresAt }) => (
              <tr key={id}>
                <td>{name}</td>
                <td>
                  <code>{hint}</code>
                </td>
                <td className="soft">{scopes.join(', ')}</td>
                <td>
                  <Time at={createdAt} />
                </td>
                <td>{expiresAt === null ? names.never : <Time at={expiresAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
