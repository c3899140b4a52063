import type { Note, Prisma } from '../../data/generated/client.ts'
import { noteShape, notesRelation, selectNotes } from '../../data/sql/find-notes.ts'
import type { Relation } from '../../data/sql/relations.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { getContact, visibleContacts } from '../contacts/queries.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'

/** The notes that an actor can see: those of the contacts that it can see. */
export function visibleNotes(actor: Actor): Prisma.NoteWhereInput & { organizationId: string } {
  return { organizationId: actor.organizationId, contact: visibleContacts(actor) }
}

/** The visible notes among these ids. One statement, however many. */
export async function notesById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Note>> {
  requireScope(context, 'contacts:read')
  const notes = await context.db.prisma.note.findMany({ where: { ...visibleNotes(context.actor), id: { in: [...ids] } } })
  return new Map(notes.map((note) => [note.id, note]))
}

/** The list that a page of one contact's notes belongs to. */
export function noteList(contactId: string): List {
  return { name: `notes:${contactId}`, key: 'time' }
}

export function notePosition(note: Pick<Note, 'createdAt' | 'id'>): Position {
  return { key: note.createdAt, id: note.id }
}

/** A page of one contact's notes, newest first. @throws NotFound */
export async function findNotes(context: ReadContext, contactId: string, page: PageRequest): Promise<Page<Note>> {
  await getContact(context, contactId)
  const pages = await notesByContact(context, [contactId], page)
  return pages.get(contactId) ?? pageOf([], page, 0)
}

/** The same page of each contact's notes, newest first. The contacts must have been read through a scope. One statement, however many. */
export async function notesByContact(
  context: ReadContext,
  contactIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<Note>>> {
  requireScope(context, 'contacts:read')
  const found = await selectNotes(context.db, context.actor.organizationId, contactIds, page)
  return new Map([...found].map(([contactId, { notes, total }]) => [contactId, pageOf(notes, page, total)]))
}

/** Notes that are read along with their contacts: the same page of each contact's. */
export const notesOfContacts = {
  shape: noteShape,
  relation(context: ReadContext, page: PageRequest): Relation {
    requireScope(context, 'contacts:read')
    return notesRelation(page)
  },
}
