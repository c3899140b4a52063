import type { Tx } from '../../data/database.ts'
import type { Contact, ContactMerge } from '../../data/generated/client.ts'
import { selectHolders } from '../../data/sql/contact-addresses.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { shareDefinitions } from '../../data/sql/attribute-definitions.ts'
import { lockMerge } from '../../data/sql/lock-merge.ts'
import { countSince, returnAddresses, returnRows, reviveMerged } from '../../data/sql/merge-contacts.ts'
import { revealAddresses } from '../../data/sql/rekey-suppressions.ts'
import { violatedUnique } from '../../data/prisma-errors.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { audit } from '../audit/commands.ts'
import { type NewConsent, recordConsents } from '../consent/record.ts'
import { saveContacts } from '../contacts/change-many.ts'
import { fieldsOf } from '../contacts/commands.ts'
import { changedFields } from '../contacts/rules.ts'
import { type Context, requireScope } from '../context.ts'
import type { After, Before } from './commands.ts'
import { MergeNotReversible } from './errors.ts'
import { unmergeFields } from './fields.ts'

/** How long a merge can be taken back. */
export const unmergeWindow = 30 * 24 * 60 * 60 * 1000

/** What became of a merge that was taken back. */
export interface Unmerged {
  readonly mergeId: string
  readonly intoId: string
  readonly fromIds: readonly string[]
  /** The fields that were changed since, which the contact that stayed keeps. */
  readonly keptFields: readonly string[]
  /** What was recorded since, which the contact that stayed keeps. */
  readonly keptRows: readonly { readonly table: string; readonly count: number }[]
}

/**
 * Takes a merge back: every contact is again what it was and has what it had. What was changed or recorded since stays with the contact that stayed; an
 * opt-out of that time holds for all of them, because any of them may have been the one who made it.
 * @throws NotFound, MergeNotReversible after 30 days, if it was taken back already, if the contact that stayed is gone, or if another contact has one of the
 * addresses by now
 */
export async function unmergeContacts(context: Context, mergeId: string): Promise<Unmerged> {
  requireScope(context, 'contacts:merge')
  try {
    return await transaction(context.db, (tx) => unmergeWithin(tx, context, mergeId))
  } catch (error) {
    if (violatedUnique(error) === null) throw error
    throw new MergeNotReversible('Another contact has one of the addresses by now.')
  }
}

async function unmergeWithin(tx: Tx, context: Context, mergeId: string): Promise<Unmerged> {
  const { organizationId, name } = context.actor
  const now = context.now()
  await shareDefinitions(tx, organizationId)
  const merge = await lockMerge(tx, organizationId, mergeId)
  if (merge === null) throw new NotFound('merge', mergeId, 'mergeId')
  requireReversible(merge, now)
  const { intoId, fromIds } = merge
  const contacts = new Map((await lockContacts(tx, organizationId, [intoId, ...fromIds])).map((contact) => [contact.id, contact]))
  const into = livingSurvivor(contacts, merge)
  // proof: only merges write these columns, in these forms
  const { before, after } = merge as unknown as { before: Before; after: After }
  const addresses = before.addresses.filter(({ contactId }) => contactId !== intoId)
  await requireFree(tx, organizationId, intoId, addresses)
  const moving = { organizationId, mergeId, intoId, fromIds }
  const keptRows = await countSince(tx, moving, merge.mergedAt)
  await revealAddresses(tx, organizationId, context.secretKeys, addresses)
  await returnAddresses(tx, moving, addresses)
  const then = before.contacts[intoId] ?? fieldsOf(into)
  const { fields, kept } = unmergeFields(then, after.fields, fieldsOf(into))
  const changed = changedFields(fieldsOf(into), fields)
  await saveContacts(tx, { organizationId, name, now, secretKeys: context.secretKeys }, [
    { id: intoId, from: into.lifecycleStage, to: fields },
  ])
  await returnRows(tx, moving)
  await returnBlock(tx, into, before, after)
  await reviveMerged(tx, moving, now)
  const refusals = await refusalsSince(tx, merge)
  await recordConsents(tx, context, refusals, { settle: [intoId, ...fromIds] })
  await tx.prisma.contactMerge.update({
    where: { organizationId_id: { organizationId, id: mergeId } },
    data: { unmergedAt: now, unmergedBy: name },
    select: { id: true },
  })
  const subjects = [intoId, ...fromIds].map((contactId) => ({ id: mergeId, contactId }))
  await audit(tx, context, 'contact.unmerged', subjects, changed)
  return { mergeId, intoId, fromIds, keptFields: kept, keptRows }
}

function requireReversible({ mergedAt, unmergedAt }: ContactMerge, now: Date): void {
  if (unmergedAt !== null) throw new MergeNotReversible('The merge was taken back already.')
  const until = new Date(mergedAt.getTime() + unmergeWindow)
  if (now > until) throw new MergeNotReversible(`The merge could be taken back until ${until.toISOString()}.`)
}

function livingSurvivor(contacts: ReadonlyMap<string, Contact>, { intoId, fromIds }: ContactMerge): Contact {
  const into = contacts.get(intoId)
  if (into === undefined || into.deletedAt !== null) {
    const later = into?.mergedIntoId ?? null
    throw new MergeNotReversible(
      later === null
        ? `The contact ${intoId} is deleted. Restore it first.`
        : `The contact ${intoId} was merged into ${later} since. Take that merge back first.`,
    )
  }
  const gone = fromIds.find((id) => contacts.get(id)?.mergedIntoId !== intoId)
  if (gone !== undefined) throw new MergeNotReversible(`The contact ${gone} is not merged into ${intoId} any more.`)
  return into
}

/** @throws MergeNotReversible if a third contact has one of these addresses */
async function requireFree(tx: Tx, organizationId: string, intoId: string, addresses: Before['addresses']): Promise<void> {
  const keys = addresses.map(({ kind, key, extension }) => ({ kind: kind as 'phone', key, extension })) // proof: kinds of addresses
  const holder = (await selectHolders(tx, organizationId, keys)).find(({ contactId }) => contactId !== intoId)
  if (holder === undefined) return
  throw new MergeNotReversible(`The contact ${holder.contactId} has one of the addresses by now.`, { existingId: holder.contactId })
}

/** The opt-outs that were put on record while the contacts were one, for each that is to live again. Two statements. */
async function refusalsSince(tx: Tx, { organizationId, intoId, fromIds, mergedAt }: ContactMerge): Promise<NewConsent[]> {
  const own = { organizationId, contactId: intoId, state: 'opted_out' as const }
  const since = await tx.prisma.consentRecord.findMany({
    where: { ...own, createdAt: { gt: mergedAt }, origin: { not: 'merge' } },
    orderBy: { id: 'asc' },
  })
  const rowId = { in: since.map(({ id }) => id) }
  const moved = await tx.prisma.contactMergeRow.findMany({
    where: { organizationId, kind: 'consent_records', rowId },
    select: { rowId: true },
  })
  const ofOthers = new Set(moved.map((row) => row.rowId))
  return since
    .filter(({ id }) => !ofOthers.has(id))
    .flatMap((refusal) => fromIds.map((contactId) => ({ ...refusal, contactId, addressKind: null, addressKey: null })))
}

/** A block that only came with the merge goes with it. */
async function returnBlock(tx: Tx, into: Contact, before: Before, after: After): Promise<void> {
  const { organizationId, id } = into
  if (before.blockedAt === after.blockedAt || (into.blockedAt?.toISOString() ?? null) !== after.blockedAt) return
  const blockedAt = before.blockedAt === null ? null : new Date(before.blockedAt)
  await tx.prisma.contact.update({ where: { organizationId_id: { organizationId, id } }, data: { blockedAt }, select: { id: true } })
}
