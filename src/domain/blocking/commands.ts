import { endBlocks } from '../../data/sql/end-blocks.ts'
import { liftBlocked, suppressBlocked } from '../../data/sql/write-suppressions.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import type { Tx } from '../../data/database.ts'
import type { Contact } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import { type Precondition, requireUnchanged } from '../contacts/revision.ts'
import { type Context, requireScope } from '../context.ts'

export interface BlockInput {
  readonly contactId: string
  /** Why, at most 500 characters. */
  readonly reason?: string | null | undefined
}

/** What became of contacts that were to be blocked or unblocked. */
export interface BlockingOutcome {
  readonly changed: readonly string[]
  /** Unknown, foreign or deleted. */
  readonly notFound: readonly string[]
}

/**
 * Blocks a contact: from now on its messages are filed under spam and none is recorded that goes out to it. A contact that is
 * blocked stays blocked as it was. Transactions that record for the contact at the same time have finished when this returns.
 * @returns its id @throws NotFound, InvalidInput, RevisionConflict if a precondition does not hold
 */
export async function blockContact(
  context: Context,
  { contactId, reason }: BlockInput,
  preconditions: readonly Precondition[] = [],
): Promise<string> {
  const { notFound } = await blockContacts(context, [contactId], reason, preconditions)
  if (notFound.length > 0) throw new NotFound('contact', contactId)
  return contactId
}

/**
 * Ends a contact's block; it stays on record. A contact that is not blocked does not change.
 * @returns its id @throws NotFound, InvalidInput, RevisionConflict if a precondition does not hold
 */
export async function unblockContact(
  context: Context,
  { contactId, reason }: BlockInput,
  preconditions: readonly Precondition[] = [],
): Promise<string> {
  const { notFound } = await unblockContacts(context, [contactId], reason, preconditions)
  if (notFound.length > 0) throw new NotFound('contact', contactId)
  return contactId
}

/** Blocks several contacts, each as {@link blockContact} has it. A fixed number of statements. @throws InvalidInput */
export async function blockContacts(
  context: Context,
  contactIds: readonly string[],
  reasonText: string | null | undefined,
  preconditions: readonly Precondition[] = [],
): Promise<BlockingOutcome> {
  const { organizationId, name: blockedBy } = context.actor
  const reason = parseReason(reasonText)
  return changeBlocking(context, { contactIds, preconditions, from: null }, async (tx, free) => {
    const blockedAt = context.now()
    const blocks = free.map(({ id: contactId }) => ({ organizationId, id: newId('block'), contactId, reason, blockedAt, blockedBy }))
    await tx.prisma.block.createMany({ data: blocks })
    await suppressBlocked(tx, organizationId, blocks)
    return blockedAt
  })
}

/** Ends the blocks of several contacts, each as {@link unblockContact} has it. A fixed number of statements. @throws InvalidInput */
export async function unblockContacts(
  context: Context,
  contactIds: readonly string[],
  reasonText: string | null | undefined,
  preconditions: readonly Precondition[] = [],
): Promise<BlockingOutcome> {
  const { organizationId, name } = context.actor
  const reason = parseReason(reasonText)
  return changeBlocking(context, { contactIds, preconditions, from: 'blocked' }, async (tx, blocked) => {
    const ids = blocked.map(({ id }) => id)
    const end = { at: context.now(), by: name, reason }
    await endBlocks(tx, organizationId, ids, end)
    await liftBlocked(tx, organizationId, ids, end)
    return null
  })
}

interface BlockingChange {
  readonly contactIds: readonly string[]
  readonly preconditions: readonly Precondition[]
  /** What contacts have to be, so that there is something to change. */
  readonly from: 'blocked' | null
}

/**
 * Changes the record of blocks, and `contacts.blocked_at`, which says what the record comes down to, where lists and recording look.
 * @param work writes the record, and says since when the contacts are blocked now
 */
async function changeBlocking(
  context: Context,
  { contactIds, preconditions, from }: BlockingChange,
  work: (tx: Tx, contacts: readonly Contact[]) => Promise<Date | null>,
): Promise<BlockingOutcome> {
  requireScope(context, 'contacts:write')
  const { organizationId } = context.actor
  return transaction(context.db, async (tx) => {
    const living = (await lockContacts(tx, organizationId, contactIds)).filter(({ deletedAt }) => deletedAt === null)
    for (const contact of living) requireUnchanged(contact, preconditions)
    const known = new Set(living.map(({ id }) => id))
    const notFound = contactIds.filter((id) => !known.has(id))
    const contacts = living.filter(({ blockedAt }) => (blockedAt !== null) === (from === 'blocked'))
    const changed = contacts.map(({ id }) => id)
    if (changed.length === 0) return { changed, notFound }
    const blockedAt = await work(tx, contacts)
    await tx.prisma.contact.updateMany({
      where: { organizationId, id: { in: changed } },
      data: { blockedAt, updatedAt: context.now(), revision: { increment: 1 } },
    })
    const subjects = changed.map((id) => ({ id, contactId: id }))
    await audit(tx, context, from === 'blocked' ? 'contact.unblocked' : 'contact.blocked', subjects)
    return { changed, notFound }
  })
}

function parseReason(reason: string | null | undefined): string | null {
  return typeof reason === 'string' ? parseText(reason, 'reason', { max: 500, multiline: true }) : null
}
