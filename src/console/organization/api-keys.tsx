import { Table } from '../shared/table.tsx'
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
      <Table columns={names.columns}>
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
      </Table>
    </section>
  )
}
