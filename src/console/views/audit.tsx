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

/** All of them: the type refuses a list that lacks one. */
const named: Readonly<Record<AuditAction, true>> = {
  ACTIVITIES_RECORDED: true,
  ACTIVITY_RESOLVED: true,
  ATTRIBUTE_DEFINITION_CREATED: true,
  ATTRIBUTE_DEFINITION_UPDATED: true,
  CONTACT_BLOCKED: true,
  CONTACT_CREATED: true,
  CONTACT_DELETED: true,
  CONTACT_ERASED: true,
  CONTACT_IMPORT_CREATED: true,
  CONTACT_IMPORT_ROLLED_BACK: true,
  CONTACT_MERGED: true,
  CONTACT_RESTORED: true,
  CONTACT_UNBLOCKED: true,
  CONTACT_UNMERGED: true,
  CONTACT_UPDATED: true,
  FREQUENCY_CAP_RULE_CREATED: true,
  FREQUENCY_CAP_RULE_DELETED: true,
  FREQUENCY_CAP_RULE_UPDATED: true,
  NOTE_CREATED: true,
  NOTE_DELETED: true,
  NOTE_UPDATED: true,
  PREFERENCE_SET: true,
  RESERVATION_CREATED: true,
  RESERVATION_RELEASED: true,
  SETTING_UPDATED: true,
  SUGGESTION_OUTCOME_RECORDED: true,
  SUPPRESSION_ADDED: true,
  SUPPRESSION_LIFTED: true,
  TOPIC_CREATED: true,
  TOPIC_UPDATED: true,
  WEBHOOK_DELIVERY_REPLAYED: true,
  WEBHOOK_ENDPOINT_CREATED: true,
  WEBHOOK_ENDPOINT_DELETED: true,
  WEBHOOK_ENDPOINT_SWITCHED_OFF: true,
  WEBHOOK_ENDPOINT_UPDATED: true,
  WEBHOOK_SECRET_ROTATED: true,
}
// proof: the keys are written out above
const actions = Object.keys(named) as readonly AuditAction[]

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
