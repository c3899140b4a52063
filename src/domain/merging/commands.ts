import type { Prisma } from '../../data/generated/client.ts'
import type { Tx } from '../../data/database.ts'
import type { Contact, ContactMerge } from '../../data/generated/client.ts'
import { type AddressChange, selectAddresses, writeAddresses } from '../../data/sql/contact-addresses.ts'
import { shareDefinitions } from '../../data/sql/attribute-definitions.ts'
import { selectConsent } from '../../data/sql/find-consent.ts'
import { selectSurvivors } from '../../data/sql/find-survivors.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { type AddressBefore, moveRows, type MovedTable, selectAddressesBefore, setMerged } from '../../data/sql/merge-contacts.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { noDetails, recordConsents } from '../consent/record.ts'
import type { ConsentFacts } from '../consent/rules.ts'
import { saveContacts } from '../contacts/change-many.ts'
import { fieldsOf } from '../contacts/commands.ts'
import { primaryPoints } from '../contacts/contact-points.ts'
import { ContactMerged } from '../contacts/errors.ts'
import { addressKeyOf } from '../contacts/keys.ts'
import { requireUnchanged } from '../contacts/revision.ts'
import { changedFields, type ContactFields } from '../contacts/rules.ts'
import { type Context, requireScope } from '../context.ts'
import { mergedConsent, type MergedConsent, refusalsToKeep } from './consent.ts'
import { type MergedField, mergeFields } from './fields.ts'
import { type MergeInput, parseMerge, type ParsedMerge } from './input.ts'

/** What callers see of a merge. */
export interface MergeSummary {
  readonly fields: readonly MergedField[]
  readonly consent: readonly MergedConsent[]
  readonly moved: Readonly<Record<MovedTable | 'addresses', number>>
  readonly isBlocked: boolean
}

/** A merge that was done; of a preview, one that would be. */
export interface Merge extends Omit<ContactMerge, 'before' | 'after' | 'summary' | 'organizationId'> {
  readonly summary: MergeSummary
  readonly isPreview: boolean
}

/** What is kept to take a merge back. */
export interface Before {
  readonly contacts: Readonly<Record<string, ContactFields>>
  readonly blockedAt: string | null
  readonly addresses: readonly AddressBefore[]
}
export interface After {
  readonly fields: ContactFields
  readonly blockedAt: string | null
}

/** Ends the transaction of a preview: nothing of it stays. */
class Preview extends Error {
  readonly merge: Merge

  constructor(merge: Merge) {
    super('A preview leaves nothing behind.')
    this.merge = merge
  }
}

/**
 * Merges contacts into one that stays, in one transaction and a fixed number of statements, however long their histories are. It gets their activities,
 * notes, consent, blocks and addresses, and the ids of the others refer to it from then on. Consent: the strictest of all holds. A preview does the same
 * and leaves nothing behind.
 * @throws InvalidInput, NotFound for a contact that is unknown or deleted, ContactMerged, RevisionConflict
 */
export async function mergeContacts(context: Context, input: MergeInput): Promise<Merge> {
  requireScope(context, 'contacts:merge')
  const merge = parseMerge(input)
  await context.chargeRows?.(merge.fromIds.length)
  try {
    return await transaction(context.db, (tx) => mergeWithin(tx, context, merge))
  } catch (error) {
    if (error instanceof Preview) return error.merge
    throw error
  }
}

async function mergeWithin(tx: Tx, context: Context, input: ParsedMerge): Promise<Merge> {
  const { organizationId, name } = context.actor
  const { secretKeys } = context
  const { intoId, fromIds } = input
  const now = context.now()
  await shareDefinitions(tx, organizationId)
  const { into, from } = await lockParties(tx, context, input)
  const ids = [intoId, ...fromIds]
  const parties = await selectConsent(tx, organizationId, ids)
  const before: Before = {
    contacts: Object.fromEntries([into, ...from].map((contact) => [contact.id, fieldsOf(contact)])),
    blockedAt: into.blockedAt?.toISOString() ?? null,
    addresses: await selectAddressesBefore(tx, organizationId, ids),
  }
  const { fields, outcomes } = mergeFields(into, from, input.fields)
  const blockedAt = [into, ...from].find((contact) => contact.blockedAt !== null)?.blockedAt ?? null
  const merge: Merge = {
    id: newId('contactMerge'),
    intoId,
    fromIds,
    mergedAt: now,
    mergedBy: name,
    unmergedAt: null,
    unmergedBy: null,
    isPreview: input.dryRun,
    summary: { fields: outcomes, consent: [], moved: { ...noRows, addresses: before.addresses.length }, isBlocked: blockedAt !== null },
  }
  const after: After = { fields, blockedAt: blockedAt?.toISOString() ?? null }
  await insertMerge(tx, organizationId, merge, before, after)
  const moving = { organizationId, mergeId: merge.id, intoId, fromIds }
  await setMerged(tx, moving, now)
  const moved = await moveRows(tx, moving)
  // Before its addresses change: a contact that is blocked is not blocked once more for a blocked address.
  if (into.blockedAt === null && blockedAt !== null) {
    await tx.prisma.contact.update({
      where: { organizationId_id: { organizationId, id: intoId } },
      data: { blockedAt },
      select: { id: true },
    })
  }
  await writeAddresses(tx, organizationId, await demotions(tx, organizationId, intoId, fields), { now, secretKeys })
  await saveContacts(tx, { organizationId, name, now, secretKeys }, [{ id: intoId, from: into.lifecycleStage, to: fields }])
  const consent = await keepRefusals(tx, context, merge, parties)
  const addresses = before.addresses.filter(({ contactId }) => contactId !== intoId).length
  const summary: MergeSummary = { ...merge.summary, consent, moved: { ...moved, addresses } }
  await tx.prisma.contactMerge.update({
    where: { organizationId_id: { organizationId, id: merge.id } },
    data: { summary: jsonOf(summary) },
    select: { id: true },
  })
  const subjects = ids.map((contactId) => ({ id: merge.id, contactId }))
  await audit(tx, context, 'contact.merged', subjects, changedFields(fieldsOf(into), fields))
  const done = { ...merge, summary }
  if (input.dryRun) throw new Preview(done)
  return done
}

const noRows: Readonly<Record<MovedTable, number>> = {
  messages: 0,
  calls: 0,
  tickets: 0,
  events: 0,
  notes: 0,
  lifecycle_transitions: 0,
  blocks: 0,
  consent_records: 0,
  send_reservations: 0,
  suggestion_outcomes: 0,
}

/** Locks the contacts in the order of their ids, so that merges that cross each other wait for one another. */
async function lockParties(
  tx: Tx,
  { actor }: Context,
  { intoId, fromIds, revisions }: ParsedMerge,
): Promise<{ into: Contact; from: Contact[] }> {
  const locked = new Map((await lockContacts(tx, actor.organizationId, [intoId, ...fromIds])).map((contact) => [contact.id, contact]))
  const merged = [...locked.values()].filter(({ mergedIntoId }) => mergedIntoId !== null).map(({ id }) => id)
  const survivors = await selectSurvivors(tx, actor.organizationId, merged)
  const party = (id: string, field: string) => {
    const contact = locked.get(id)
    const survivor = survivors.get(id)
    if (survivor !== undefined) throw new ContactMerged(id, survivor, field)
    if (contact === undefined || contact.deletedAt !== null) throw new NotFound('contact', id, field)
    const revision = revisions.get(id)
    if (revision !== undefined) requireUnchanged(contact, [{ field: 'ifRevisions', revisions: [revision] }])
    return contact
  }
  return { into: party(intoId, 'intoId'), from: fromIds.map((id, index) => party(id, `fromIds.${index}`)) }
}

/** A primary address that makes way for another one stays beside it. */
async function demotions(tx: Tx, organizationId: string, intoId: string, fields: ContactFields): Promise<AddressChange[]> {
  const primary = new Set(primaryPoints(fields).map(addressKeyOf))
  const addresses = await selectAddresses(tx, organizationId, [intoId])
  return addresses
    .filter((address) => address.isPrimary && !primary.has(addressKeyOf(address)))
    .map((address) => ({ ...address, op: 'keep', isPrimary: false }))
}

/** Puts refusals on record once more that the ledgers together would not hold, and finds out what holds now. */
async function keepRefusals(tx: Tx, context: Context, merge: Merge, parties: ReadonlyMap<string, ConsentFacts>): Promise<MergedConsent[]> {
  const { organizationId } = context.actor
  const now = context.now()
  const read = async () => (await selectConsent(tx, organizationId, [merge.intoId])).get(merge.intoId) ?? { entries: [], addresses: [] }
  const refusals = refusalsToKeep([...parties.values()], await read(), now)
  const at = { addressKind: null, addressKey: null, recordedAt: now, source: 'merge', origin: 'merge' as const, externalId: merge.id }
  const entries = refusals.map((about) => ({ ...about, ...noDetails, ...at, contactId: merge.intoId, state: 'opted_out' as const }))
  await recordConsents(tx, context, entries, { settle: [merge.intoId] })
  return mergedConsent(parties, await read(), now)
}

async function insertMerge(tx: Tx, organizationId: string, merge: Merge, before: Before, after: After): Promise<void> {
  const { isPreview: _, summary, fromIds, ...row } = merge
  await tx.prisma.contactMerge.create({
    data: { organizationId, ...row, fromIds: [...fromIds], before: jsonOf(before), after: jsonOf(after), summary: jsonOf(summary) },
    select: { id: true },
  })
}

/** A value of our own types as a column of JSON takes it. */
function jsonOf(value: unknown): Prisma.InputJsonValue {
  // proof: what a merge keeps is made of texts, numbers, booleans, null, lists and plain objects
  return value as Prisma.InputJsonValue
}
