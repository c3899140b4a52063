import type { ConsentRecord } from '../../data/generated/client.ts'
import { lockContact } from '../../data/sql/lock-contact.ts'
import { settlePreferences } from '../../data/sql/settle-preferences.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { decisiveByChannel, parseChanges, type PreferenceChange } from './rules.ts'

/**
 * Puts a contact's wishes on record, and lets those decide that are later than what is on record. An older one joins the ledger and
 * changes nothing else; so does one that repeats what is known.
 * @returns the ids of the ledger's new entries, in the order of the changes
 * @throws NotFound, InvalidInput, InvalidChannel
 */
export async function setPreferences(context: Context, contactId: string, changes: readonly PreferenceChange[]): Promise<string[]> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  const now = context.now()
  const consents = parseChanges(changes, now)
  return transaction(context.db, async (tx) => {
    if ((await lockContact(tx, organizationId, contactId)) === null) throw new NotFound('contact', contactId)
    const records = consents.map((consent): ConsentRecord => ({
      ...consent,
      organizationId,
      id: newId('consentRecord'),
      contactId,
      recordedBy: name,
      createdAt: now,
    }))
    await tx.consentRecord.createMany({ data: records })
    await settlePreferences(tx, [...decisiveByChannel(records).values()])
    await audit(tx, context, 'preference.set', records)
    return records.map((record) => record.id)
  })
}
