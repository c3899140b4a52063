import type { Tx } from '../../data/database.ts'
import { type AddressKey, groupByContact, selectAddresses, selectHolders } from '../../data/sql/contact-addresses.ts'
import { transaction } from '../../data/transaction.ts'
import { violatedUnique } from '../../data/prisma-errors.ts'
import { revealAddresses } from '../../data/sql/rekey-suppressions.ts'
import { setDeleted } from '../../data/sql/write-contacts.ts'
import { NotFound } from '../../kernel/errors.ts'
import { audit } from '../audit/commands.ts'
import { recomputePreferences } from '../consent/recompute-preferences.ts'
import { type Context, requireScope } from '../context.ts'
import { ContactAlreadyExists, ContactMerged } from './errors.ts'
import { addressKeyOf } from './keys.ts'

/** What became of the contacts that were to be restored. */
export interface ContactsRestored {
  /** Living now, those that had not been deleted included. */
  readonly restored: readonly string[]
  /** Unknown, or deleted still because another contact has one of their addresses now. */
  readonly failed: readonly { readonly id: string; readonly reason: ContactAlreadyExists | ContactMerged | NotFound }[]
}

interface Candidate {
  readonly id: string
  readonly deletedAt: Date | null
  readonly mergedIntoId: string | null
  readonly addresses: readonly AddressKey[]
}

/** Brings deleted contacts back as they were. Of two that want one address, the first that is named gets it. */
export async function restoreContacts(context: Context, ids: readonly string[]): Promise<ContactsRestored> {
  requireScope(context, 'contacts:write')
  const asked = [...new Set(ids)]
  for (;;) {
    try {
      return await transaction(context.db, (tx) => restore(tx, context, asked))
    } catch (error) {
      // Another request took a phone or email between our look and our write: look again, now it can be seen.
      if (violatedUnique(error) === null) throw error
    }
  }
}

async function restore(tx: Tx, context: Context, ids: readonly string[]): Promise<ContactsRestored> {
  const { organizationId } = context.actor
  const stored = await tx.prisma.contact.findMany({
    where: { organizationId, id: { in: [...ids] } },
    select: { id: true, deletedAt: true, mergedIntoId: true },
  })
  // What is left of a contact whose erasure has started does not come back.
  const erasing = await tx.prisma.erasure.findMany({
    where: { organizationId, contactId: { in: [...ids] }, completedAt: null },
    select: { contactId: true },
  })
  const isErased = new Set(erasing.map(({ contactId }) => contactId))
  const contacts = stored.filter(({ id }) => !isErased.has(id))
  const addresses = await selectAddresses(tx, organizationId, ids)
  const byContact = groupByContact(addresses)
  const candidates = contacts.map((contact) => ({ ...contact, addresses: byContact.get(contact.id) ?? [] }))
  const dead = candidates.filter((candidate) => candidate.deletedAt !== null)
  const wanted = dead.flatMap((candidate) => candidate.addresses)
  const outcome = decideRestoration(ids, candidates, await selectHolders(tx, organizationId, wanted))
  // Persons with these addresses may have been erased while the contacts were deleted: what was suppressed holds for these then.
  const returning = outcome.restored.flatMap((id) => byContact.get(id) ?? []).filter(({ kind }) => kind !== 'external')
  await revealAddresses(tx, organizationId, context.secretKeys, returning)
  const revived = await setDeleted(tx, organizationId, outcome.restored, null, context.now())
  await audit(
    tx,
    context,
    'contact.restored',
    revived.map((id) => ({ id, contactId: id })),
  )
  await recomputePreferences(tx, organizationId, revived)
  return outcome
}

/** Decides which contacts can be restored beside the existing ones. */
function decideRestoration(
  ids: readonly string[],
  candidates: readonly Candidate[],
  living: readonly (AddressKey & { readonly contactId: string })[],
): ContactsRestored {
  const known = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  const holders = new Map(living.map((holder) => [addressKeyOf(holder), holder.contactId]))
  const restored: string[] = []
  const failed: { id: string; reason: ContactAlreadyExists | ContactMerged | NotFound }[] = []
  for (const id of ids) {
    const candidate = known.get(id)
    if (candidate !== undefined && candidate.mergedIntoId !== null) {
      failed.push({ id, reason: new ContactMerged(id, candidate.mergedIntoId) })
      continue
    }
    if (candidate === undefined) {
      failed.push({ id, reason: new NotFound('contact', id) })
      continue
    }
    const taken = candidate.deletedAt === null ? undefined : candidate.addresses.find((address) => holders.has(addressKeyOf(address)))
    if (taken !== undefined) {
      const field = taken.kind === 'external' ? 'externalIds' : taken.kind
      failed.push({ id, reason: new ContactAlreadyExists(field, holders.get(addressKeyOf(taken)) ?? '') })
    } else {
      restored.push(id)
      for (const address of candidate.addresses) holders.set(addressKeyOf(address), id)
    }
  }
  return { restored, failed }
}
