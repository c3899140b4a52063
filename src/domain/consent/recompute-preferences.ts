import type { Tx } from '../../data/database.ts'
import { selectConsent } from '../../data/sql/find-consent.ts'
import type { Audit } from '../../data/sql/insert-audit-entries.ts'
import { type PreferenceRow, writePreferences } from '../../data/sql/write-preferences.ts'
import { channels } from '../../kernel/channels.ts'
import { addressOf, type ConsentFacts, verdictOf } from './rules.ts'

/** Consent without an end is judged at this time, when nothing has expired: expiry is applied on reading. */
export const beforeAnyEnd = new Date(0)

/**
 * Finds out what holds on each channel for contacts whose consent or addresses have changed, and writes it where lists look. Two statements, however
 * many contacts; none for none. The contacts must be locked.
 * @param audit what is recorded in the same statement
 */
export async function recomputePreferences(
  tx: Tx,
  organizationId: string,
  contactIds: readonly string[],
  audit: Audit | null = null,
): Promise<PreferenceRow[]> {
  if (contactIds.length === 0) return []
  const found = await selectConsent(tx, organizationId, contactIds)
  const rows = [...found].flatMap(([contactId, facts]) => preferencesOf(contactId, facts))
  await writePreferences(tx, organizationId, contactIds, rows, audit)
  return rows
}

/** What holds on each channel at the primary addresses; channels of which nothing holds are absent. */
export function preferencesOf(contactId: string, facts: ConsentFacts): PreferenceRow[] {
  return channels.flatMap((channel): PreferenceRow[] => {
    const verdict = verdictOf(facts, { channel, topicId: null, address: addressOf(facts, channel), at: beforeAnyEnd })
    switch (verdict.state) {
      case 'opted_out':
        return [{ contactId, channel, state: 'opted_out', recordId: verdict.recordId, recordedAt: verdict.recordedAt, validUntil: null }]
      case 'opted_in':
        return [
          {
            contactId,
            channel,
            state: 'opted_in',
            recordId: verdict.recordId,
            recordedAt: verdict.recordedAt,
            validUntil: verdict.validUntil,
          },
        ]
      case 'expired':
      case 'pending':
      case 'unknown':
        return []
    }
  })
}
