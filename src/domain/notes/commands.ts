import type { Note } from '../../data/generated/client.ts'
import { insertNote } from '../../data/sql/insert-note.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { audit, auditOf } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { visibleNotes } from './queries.ts'
import { parseBody, parsePinned } from './rules.ts'

export interface NewNote {
  readonly contactId: string
  /** 1 to 10,000 characters. */
  readonly body: string
  readonly pinned?: boolean | null | undefined
}

/** Writes a note about a contact; the API key's name signs it. @throws NotFound, InvalidInput, MissingRequiredField */
export async function createNote(context: Context, input: NewNote): Promise<Note> {
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
  if (!(await insertNote(context.db, note, auditOf(context, 'note.created', [note])))) throw new NotFound('contact', input.contactId)
  return note
}

/** An omitted field stays unchanged. */
export interface NoteChange {
  readonly body?: string | null | undefined
  readonly pinned?: boolean | null | undefined
  /** The contact that the note must belong to, where the caller names it. */
  readonly contactId?: string | undefined
}

/** Changes a note. @throws NotFound, InvalidInput, MissingRequiredField */
export async function updateNote(context: Context, id: string, change: NoteChange): Promise<Note> {
  requireScope(context, 'contacts:write')
  const data = {
    ...(change.body !== undefined && { body: parseBody(change.body) }),
    ...(change.pinned !== undefined && { pinned: parsePinned(change.pinned) }),
  }
  const where = { ...visibleNotes(context.actor), id, ...(change.contactId !== undefined && { contactId: change.contactId }) }
  return transaction(context.db, async (tx) => {
    const note = await tx.prisma.note.findFirst({ where })
    if (note === null) throw new NotFound('note', id)
    const changed = (['body', 'pinned'] as const).filter((field) => data[field] !== undefined && data[field] !== note[field])
    if (changed.length === 0) return note
    const [written] = await tx.prisma.note.updateManyAndReturn({ where, data: { ...data, updatedAt: context.now() } })
    if (written === undefined) throw new NotFound('note', id)
    await audit(tx, context, 'note.updated', [note], changed)
    return written
  })
}

/** Removes a note for good. @throws NotFound */
export async function deleteNote(context: Context, id: string, contactId?: string): Promise<void> {
  requireScope(context, 'contacts:write')
  const where = { ...visibleNotes(context.actor), id, ...(contactId !== undefined && { contactId }) }
  await transaction(context.db, async (tx) => {
    const note = await tx.prisma.note.findFirst({ where, select: { id: true, contactId: true } })
    const { count } = note === null ? { count: 0 } : await tx.prisma.note.deleteMany({ where })
    if (note === null || count === 0) throw new NotFound('note', id)
    await audit(tx, context, 'note.deleted', [note])
  })
}
