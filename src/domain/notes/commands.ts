import { insertNote } from '../../data/sql/insert-note.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Context, requireScope } from '../context.ts'
import { visibleNotes } from './queries.ts'
import { parseBody, parsePinned } from './rules.ts'

export interface NewNote {
  readonly contactId: string
  /** 1 to 10,000 characters. */
  readonly body: string
  readonly pinned?: boolean | null | undefined
}

/** Writes a note about a contact; the API key's name signs it. @returns its id @throws NotFound, InvalidInput, MissingRequiredField */
export async function createNote(context: Context, input: NewNote): Promise<string> {
  requireScope(context, 'contacts:write')
  const { organizationId, name } = context.actor
  const now = context.now()
  const note = {
    organizationId,
    id: newId('note'),
    contactId: input.contactId,
    body: parseBody(input.body),
    pinned: input.pinned ?? false,
    author: name,
    createdAt: now,
    updatedAt: now,
  }
  if (!(await insertNote(context.db, note))) throw new NotFound('contact', input.contactId)
  return note.id
}

/** Silence leaves a field as it is. */
export interface NoteChange {
  readonly body?: string | null | undefined
  readonly pinned?: boolean | null | undefined
  /** The contact that the note must belong to, where the caller names it. */
  readonly contactId?: string | undefined
}

/** Changes a note. @returns its id @throws NotFound, InvalidInput, MissingRequiredField */
export async function updateNote(context: Context, id: string, change: NoteChange): Promise<string> {
  requireScope(context, 'contacts:write')
  const data = {
    ...(change.body !== undefined && { body: parseBody(change.body) }),
    ...(change.pinned !== undefined && { pinned: parsePinned(change.pinned) }),
  }
  const where = { ...visibleNotes(context.actor), id, ...(change.contactId !== undefined && { contactId: change.contactId }) }
  const found =
    Object.keys(data).length === 0
      ? await context.db.note.count({ where })
      : (await context.db.note.updateMany({ where, data: { ...data, updatedAt: context.now() } })).count
  if (found === 0) throw new NotFound('note', id)
  return id
}

/** Removes a note for good. @throws NotFound */
export async function deleteNote(context: Context, id: string, contactId?: string): Promise<void> {
  requireScope(context, 'contacts:write')
  const { count } = await context.db.note.deleteMany({
    where: { ...visibleNotes(context.actor), id, ...(contactId !== undefined && { contactId }) },
  })
  if (count === 0) throw new NotFound('note', id)
}
