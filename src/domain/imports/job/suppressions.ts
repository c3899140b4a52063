import type { Tx } from '../../../data/database.ts'
import type { ImportJob } from '../../../data/generated/client.ts'
import { insertAuditEntries } from '../../../data/sql/insert-audit-entries.ts'
import { insertSuppressions, type NewSuppression } from '../../../data/sql/write-suppressions.ts'
import { newId } from '../../../kernel/ids.ts'
import { auditOf } from '../../audit/commands.ts'
import { sharingOptOuts } from '../../consent/channels.ts'
import { settleHolders } from '../../suppression/add.ts'
import type { Decision } from '../rows/decisions.ts'
import { consentSource, type OptedOutAddress } from './consents.ts'

/**
 * Puts addresses on the organization's list: those of a suppression list that no contact has, for every channel that uses them, and those that rows opt out
 * without being those of a contact.
 */
export async function suppressRows(
  tx: Tx,
  job: ImportJob,
  {
    decisions,
    optedOut,
    now,
  }: { readonly decisions: readonly Decision[]; readonly optedOut: readonly OptedOutAddress[]; readonly now: Date },
): Promise<void> {
  const { organizationId, createdBy } = job
  const addresses = decisions.flatMap((decision) => (decision.outcome === 'skipped' ? decision.suppressed : []))
  const about = { topicId: '', note: consentSource(job) }
  const rows = [
    ...addresses.map((address): NewSuppression => ({ ...about, ...address, id: newId('suppression'), channel: '', reason: 'imported' })),
    ...optedOut.flatMap(({ kind, key, channel: name, recordedAt: since }) =>
      sharingOptOuts(name).map((channel): NewSuppression => ({
        ...about,
        id: newId('suppression'),
        kind,
        key,
        channel,
        reason: 'opt_out',
        since,
      })),
    ),
  ]
  const written = await insertSuppressions(tx, organizationId, rows, { by: createdBy, now })
  if (written.length === 0) return
  await settleHolders(tx, organizationId, rows)
  const actor = { organizationId, keyId: '', name: createdBy, scopes: [] }
  const subjects = written.map((id) => ({ id, contactId: null }))
  await insertAuditEntries(tx, auditOf({ actor, requestId: null, now: () => now }, 'suppression.added', subjects))
}
