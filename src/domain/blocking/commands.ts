import { lockContact } from '../../data/sql/lock-contact.ts'
import type { Tx } from '../../data/database.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'

export interface BlockInput {
  readonly contactId: string
  /** Why, at most 500 characters. */
  readonly reason?: string | null | undefined
}

/**
 * Blocks a contact: from now on its messages are filed under spam and none is recorded that goes out to it. A contact that is
 * blocked stays blocked as it was. Whoever is recording for the contact at this moment has finished when this returns.
 * @returns its id @throws NotFound, InvalidInput
 */
export async function blockContact(context: Context, input: BlockInput): Promise<string> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  const { contactId } = input
  const reason = parseReason(input.reason)
  return transaction(context.db, async (tx) => {
    const contact = await lockContact(tx, organizationId, contactId)
    if (contact === null) throw new NotFound('contact', contactId)
    if (contact.blockedAt !== null) return contactId
    const blockedAt = context.now()
    const id = newId('block')
    await tx.block.create({ data: { organizationId, id, contactId, reason, blockedAt, blockedBy: name }, select: { id: true } })
    await keepBlockedAt(tx, context, contactId, blockedAt)
    await audit(tx, context, 'contact.blocked', [{ id: contactId, contactId }])
    return contactId
  })
}

/** Ends a contact's block; it stays on record. A contact that is not blocked stays as it was. @returns its id @throws NotFound, InvalidInput */
export async function unblockContact(context: Context, input: BlockInput): Promise<string> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  const { contactId } = input
  const unblockReason = parseReason(input.reason)
  return transaction(context.db, async (tx) => {
    const contact = await lockContact(tx, organizationId, contactId)
    if (contact === null) throw new NotFound('contact', contactId)
    if (contact.blockedAt === null) return contactId
    // The clocks of two processes differ: a block never ends before it began.
    const unblockedAt = new Date(Math.max(context.now().getTime(), contact.blockedAt.getTime()))
    await tx.block.updateMany({
      where: { organizationId, contactId, unblockedAt: null },
      data: { unblockedAt, unblockedBy: name, unblockReason },
    })
    await keepBlockedAt(tx, context, contactId, null)
    await audit(tx, context, 'contact.unblocked', [{ id: contactId, contactId }])
    return contactId
  })
}

function parseReason(reason: string | null | undefined): string | null {
  return typeof reason === 'string' ? parseText(reason, 'reason', { max: 500, multiline: true }) : null
}

/** `contacts.blocked_at` says what the record of blocks comes down to, where lists and recording look. */
async function keepBlockedAt(tx: Tx, context: Context, id: string, blockedAt: Date | null): Promise<void> {
  const { organizationId } = context.actor
  await tx.contact.update({
    where: { organizationId_id: { organizationId, id } },
    data: { blockedAt, updatedAt: context.now(), revision: { increment: 1 } },
    select: { id: true },
  })
}
