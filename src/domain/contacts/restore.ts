import type { Tx } from '../../data/database.ts'
import { type ContactKeys, selectContactsByKeys } from '../../data/sql/find-contacts-by-keys.ts'
import { transaction } from '../../data/transaction.ts'
import { violatedUnique } from '../../data/prisma-errors.ts'
import { setDeleted } from '../../data/sql/write-contacts.ts'
import { NotFound } from '../../kernel/errors.ts'
import { audit } from '../audit/commands.ts'
import { settlePreferences } from '../consent/settle.ts'
import { type Context, requireScope } from '../context.ts'
import { ContactAlreadyExists } from './errors.ts'
import { emailKeyOf, keysOf } from './keys.ts'

/** What became of the contacts that were to be restored. */
export interface ContactsRestored {
  /** Living now, those that had not been deleted included. */
  readonly restored: readonly string[]
  /** Unknown, or deleted still because another contact has their phone or email now. */
  readonly failed: readonly { readonly id: string; readonly reason: ContactAlreadyExists | NotFound }[]
}

interface Candidate extends ContactKeys {
  readonly id: string
  readonly deletedAt: Date | null
}

/** Brings deleted contacts back as they were. Of two that want one phone or email, the first that is named gets it. */
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
  const select = { id: true, phone: true, phoneKey: true, phoneExtension: true, emailKey: true, deletedAt: true }
  const candidates = await tx.contact.findMany({ where: { organizationId, id: { in: [...ids] } }, select })
  const dead = candidates.filter((candidate) => candidate.deletedAt !== null)
  const holders = await selectContactsByKeys(tx, organizationId, dead)
  const outcome = decideRestoration(ids, candidates, holders)
  const revived = await setDeleted(tx, organizationId, outcome.restored, null, context.now())
  await audit(
    tx,
    context,
    'contact.restored',
    revived.map((id) => ({ id, contactId: id })),
  )
  await settlePreferences(tx, organizationId, revived)
  return outcome
}

/** Decides which contacts can be restored beside the existing ones. */
function decideRestoration(ids: readonly string[], candidates: readonly Candidate[], living: readonly Candidate[]): ContactsRestored {
  const known = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  const holders = new Map<string, string>()
  for (const holder of living) for (const key of keysOf(holder)) holders.set(key, holder.id)
  const restored: string[] = []
  const failed: { id: string; reason: ContactAlreadyExists | NotFound }[] = []
  for (const id of ids) {
    const candidate = known.get(id)
    if (candidate === undefined) {
      failed.push({ id, reason: new NotFound('contact', id) })
      continue
    }
    const keys = keysOf(candidate)
    const taken = candidate.deletedAt === null ? undefined : keys.find((key) => holders.has(key))
    if (taken !== undefined) {
      failed.push({ id, reason: new ContactAlreadyExists(taken === emailKeyOf(candidate) ? 'email' : 'phone', holders.get(taken) ?? '') })
    } else {
      restored.push(id)
      for (const key of keys) holders.set(key, id)
    }
  }
  return { restored, failed }
}
