import { useState } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { Options } from '../shared/options.tsx'
import { Table } from '../shared/table.tsx'
import { AuditLogDocument } from '../generated/documents/Organization.ts'
import type { AuditAction } from '../generated/operations.ts'
import { words } from '../shared/format.ts'
import { Empty, Failure, Skeleton } from '../shared/states.tsx'
import { text } from '../shared/text.ts'
import { Time } from '../shared/time.tsx'

const actions: readonly AuditAction[] = [
  'CONTACT_CREATED',
  'CONTACT_UPDATED',
  'CONTACT_DELETED',
  'CONTACT_MERGED',
  'CONTACT_ERASED',
  'CONTACT_BLOCKED',
  'CONTACT_IMPORT_CREATED',
  'CONTACT_IMPORT_ROLLED_BACK',
  'ACTIVITIES_RECORDED',
  'FREQUENCY_CAP_RULE_UPDATED',
]

/** Who did what, the latest first. */
export function AuditView() {
  const [after, setAfter] = useState<string | null>(null)
  const [action, setAction] = useState<AuditAction | null>(null)
  const filter = action === null ? null : { actions: [action] }
  const [{ data, error, fetching }, refresh] = useQuery({
    query: AuditLogDocument,
    variables: { after, filter },
    requestPolicy: 'cache-and-network',
  })
  const entries = data?.auditLog.nodes ?? []
  return (
    <main className="page">
      <header className="contact-header">
        <h1>{text.nav.audit}</h1>
        <span className="spacer" />
        <select
          aria-label={text.audit.action}
          value={action ?? ''}
          onChange={({ target }) => {
            setAfter(null)
            setAction(actions.find((name) => name === target.value) ?? null)
          }}
        >
          <option value="">{text.audit.any}</option>
          <Options names={actions} label={words} />
        </select>
      </header>
      {error && <Failure error={error} retry={() => refresh({ requestPolicy: 'network-only' })} />}
      {!data && fetching && <Skeleton lines={10} />}
      {data && entries.length === 0 && <Empty>{text.audit.empty}</Empty>}
      {entries.length > 0 && (
        <Table columns={text.audit.columns}>
          {entries.map((entry) => (
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
        </Table>
      )}
      {data?.auditLog.pageInfo.hasNextPage === true && (
        <button type="button" disabled={fetching} onClick={() => setAfter(data.auditLog.pageInfo.endCursor)}>
          {text.contact.older}
        </button>
      )}
    </main>
  )
}
