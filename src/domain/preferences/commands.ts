import type { ConsentRecord } from '../../data/generated/client.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { settlePreferences } from '../../data/sql/update-preferences.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { decisiveByChannel, parseChanges, type PreferenceChange } from './rules.ts'

/** What became of wishes that were told of several contacts. */
export interface PreferencesSet {
  /** The ledger's new entries: those of each contact in the order of the changes. */
  readonly records: readonly ConsentRecord[]
  /** Contacts for which what was told is the latest that is known. */
  readonly decided: ReadonlySet<string>
  /** Unknown, foreign or deleted. */
  readonly notFound: readonly string[]
}

/**
 * Puts a contact's wishes on record, and lets those decide that are later than what is on record. An older one joins the ledger and
 * changes nothing else; so does one that repeats what is known.
 * @returns the ids of the ledger's new entries, in the order of the changes
 * @throws NotFound, InvalidInput, InvalidChannel
 */
export async function setPreferences(context: Context, contactId: string, changes: readonly PreferenceChange[]): Promise<string[]> {
  const { records, notFound } = await setPreferencesOfMany(context, [contactId], changes)
  if (notFound.length > 0) throw new NotFound('contact', contactId)
  return records.map((record) => record.id)
}

/** The same wishes of several contacts, each as {@link setPreferences} has it. A fixed number of statements. @throws InvalidInput, InvalidChannel */
export async function setPreferencesOfMany(
  context: Context,
  contactIds: readonly string[],
  changes: readonly PreferenceChange[],
): Promise<PreferencesSet> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  const now = context.now()
  const consents = parseChanges(changes, now)
  return transaction(context.db, async (tx) => {
    const locked = await lockContacts(tx, organizationId, contactIds)
    const living = new Set(locked.filter(({ deletedAt }) => deletedAt === null).map(({ id }) => id))
    const perContact = [...living].map((contactId) =>
      consents.map((consent): ConsentRecord => {
        const id = newId('consentRecord')
        return { ...consent, organizationId, id, contactId, recordedBy: name, createdAt: now }
      }),
    )
    const records = perContact.flat()
    await tx.consentRecord.createMany({ data: records })
    const decided = await settlePreferences(
      tx,
      perContact.flatMap((ofContact) => [...decisiveByChannel(ofContact).values()]),
    )
    await audit(tx, context, 'preference.set', records)
    return { records, decided, notFound: contactIds.filter((id) => !living.has(id)) }
  })
}
