import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Link } from 'wouter'
import { AuditLogDocument, OrganizationDocument, UpdateSettingsDocument } from '../generated/operations.ts'
import { channelName, duration, words } from '../shared/format.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

export function OrganizationView({ scopes }: { readonly scopes: readonly string[] }) {
  const [{ data, error }, retry] = useQuery({ query: OrganizationDocument })
  const [saving, save] = useMutation(UpdateSettingsDocument)
  const canWrite = scopes.includes('settings:write')
  if (error) {
    return (
      <main className="page">
        <Failure error={error} retry={() => retry()} />
      </main>
    )
  }
  if (!data) {
    return (
      <main className="page">
        <Skeleton lines={6} />
      </main>
    )
  }
  const { settings, name } = data.viewer.organization
  const switches = [
    ['quietHours', text.organization.quietHours, settings.quietHours],
    ['marketingNeedsOptIn', text.organization.optIn, settings.marketingNeedsOptIn],
  ] as const
  return (
    <main className="page">
      <h1>{name}</h1>
      <section className="panel">
        <h2>{text.organization.settings}</h2>
        {saving.error && <Failure error={saving.error} />}
        {switches.map(([key, label, value]) => (
          <label key={key} className="switch">
            <input
              type="checkbox"
              checked={value}
              disabled={!canWrite || saving.fetching}
              onChange={({ target }) => void save({ input: { [key]: target.checked } })}
            />
            {label}
          </label>
        ))}
      </section>
      <section className="panel">
        <h2>{text.organization.caps}</h2>
        {data.frequencyCapRules.length === 0 && <Empty>{text.organization.emptyCaps}</Empty>}
        <ul className="plain-list">
          {data.frequencyCapRules.map((rule) => (
            <li key={rule.id} className="line">
              {rule.name}
              <span className="spacer" />
              <span className="soft">
                {rule.limit} in {duration(rule.windowSeconds)} · {rule.channel === null ? 'all channels' : channelName(rule.channel)}
                {!rule.enabled && ' · off'}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </main>
  )
}

export function AuditView() {
  const [after, setAfter] = useState<string | null>(null)
  const [{ data, error, fetching }, retry] = useQuery({ query: AuditLogDocument, variables: { after } })
  return (
    <main className="page">
      <h1>{text.organization.audit}</h1>
      {error && <Failure error={error} retry={() => retry()} />}
      {!data && fetching && <Skeleton lines={10} />}
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Contact</th>
            <th scope="col">Fields</th>
          </tr>
        </thead>
        <tbody>
          {data?.auditLog.nodes.map((entry) => (
            <tr key={entry.id}>
              <td>
                <Time at={entry.occurredAt} />
              </td>
              <td>{entry.actorName}</td>
              <td>{words(entry.action)}</td>
              <td>{entry.contact && <Link href={`/contacts/${entry.contact.id}`}>{entry.contact.displayName}</Link>}</td>
              <td className="soft">{entry.fields.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data?.auditLog.pageInfo.hasNextPage === true && (
        <button type="button" disabled={fetching} onClick={() => setAfter(data.auditLog.pageInfo.endCursor)}>
          {text.contact.older}
        </button>
      )}
    </main>
  )
}
