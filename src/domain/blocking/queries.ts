import type { Block, Contact } from '../../data/generated/client.ts'
import { selectBlockedContacts } from '../../data/sql/find-blocked-contacts.ts'
import { selectBlocks } from '../../data/sql/find-blocks.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { visibleContacts } from '../contacts/queries.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'

/** The current block of each contact that is blocked. One statement, however many. */
export async function blocksByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, Block>> {
  requireScope(context, 'contacts:read')
  const blocks = await selectBlocks(context.db, context.actor.organizationId, contactIds)
  return new Map(blocks.map((block) => [block.contactId, block]))
}

/** The latest block of a contact, whether it lasts or has ended, for the command that has just started or ended one; null if there was none. */
export async function findWrittenBlock(context: ReadContext, contactId: string): Promise<Block | null> {
  return context.db.prisma.block.findFirst({
    where: { organizationId: context.actor.organizationId, contactId, contact: visibleContacts(context.actor) },
    orderBy: [{ unblockedAt: { sort: 'desc', nulls: 'first' } }, { id: 'desc' }],
  })
}

/** The list that a page of an organization's blocked contacts belongs to. */
export function blockedList(actor: Actor): List {
  return { name: `blocked:${actor.organizationId}`, key: 'time' }
}

export function blockedPosition(contact: Contact): Position {
  if (contact.blockedAt === null) throw new TypeError(`The contact ${contact.id} is not blocked.`)
  return { key: contact.blockedAt, id: contact.id }
}

/** A page of the contacts that are blocked now, the latest block first. One statement, the total included. */
export async function findBlockedContacts(context: ReadContext, page: PageRequest): Promise<Page<Contact>> {
  requireScope(context, 'contacts:read')
  const { rows, total } = await selectBlockedContacts(context.db, context.actor.organizationId, page)
  return pageOf(rows, page, total)
}
