import type { Tx } from '../../../data/database.ts'
import type { ImportJob } from '../../../data/generated/client.ts'
import { insertAuditEntries } from '../../../data/sql/insert-audit-entries.ts'
import { insertSuppressions, type NewSuppression } from '../../../data/sql/write-suppressions.ts'
import { newId } from '../../../kernel/ids.ts'
import { auditOf } from '../../audit/commands.ts'
import type { Decision } from '../rows/decisions.ts'
import { consentSource } from './consents.ts'

/** Puts the addresses of a suppression list that no contact has on the organization's list, for every channel that uses them. */
export async function suppressRows(tx: Tx, job: ImportJob, decisions: readonly Decision[], now: Date): Promise<void> {
  const { organizationId, createdBy } = job
  const addresses = decisions.flatMap((decision) => (decision.outcome === 'skipped' ? decision.suppressed : []))
  const rows = addresses.map((address): NewSuppression => ({
    ...address,
    id: newId('suppression'),
    channel: '',
    topicId: '',
    reason: 'imported',
    note: consentSource(job),
  }))
  const written = await insertSuppressions(tx, organizationId, rows, { by: createdBy, now })
  if (written.length === 0) return
  const actor = { organizationId, keyId: '', name: createdBy, scopes: [] }
  const subjects = written.map((id) => ({ id, contactId: null }))
  await insertAuditEntries(tx, auditOf({ actor, requestId: null, now: () => now }, 'suppression.added', subjects))
}
