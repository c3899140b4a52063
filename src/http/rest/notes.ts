import { z } from '@hono/zod-openapi'
import type { Note } from '../../data/generated/client.ts'
import { createNote, deleteNote, updateNote } from '../../domain/notes/commands.ts'
import { findNotes, noteList, notePosition } from '../../domain/notes/queries.ts'
import { parseId } from '../../kernel/ids.ts'
import { endpoint } from './endpoint.ts'
import { contactIdParams, pageQuery, pageRequest, paginationOf } from './fields.ts'

export const noteSchema = z
  .object({
    id: z.string(),
    contact_id: z.string(),
    body: z.string(),
    pinned: z.boolean(),
    author: z.string().openapi({ description: 'The name of the API key that wrote it.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Note')

const noteParams = contactIdParams.extend({
  noteId: z.string().openapi({ description: 'The id of the note.', example: 'note_01jm8xw4r2e5tvq0c9h3kzb7nd' }),
})

export function presentNote(note: Note): z.input<typeof noteSchema> {
  return {
    id: note.id,
    contact_id: note.contactId,
    body: note.body,
    pinned: note.pinned,
    author: note.author,
    created_at: note.createdAt.toISOString(),
    updated_at: note.updatedAt.toISOString(),
  }
}

export const listNotes = endpoint({
  operation: 'listNotes',
  summary: 'List the notes of a contact',
  description: 'Newest first.',
  tag: 'Notes',
  scope: 'contacts:read',
  params: contactIdParams,
  query: z.strictObject(pageQuery),
  paged: true,
  replies: { 200: z.array(noteSchema) },
  async handle(context, { params, query }) {
    const contactId = parseId('contact', params.id)
    const list = noteList(contactId)
    const page = await findNotes(context, contactId, pageRequest(list, query))
    return { status: 200, data: page.items.map(presentNote), pagination: paginationOf(page, list, notePosition) }
  },
})

export const postNote = endpoint({
  operation: 'createNote',
  summary: 'Write a note',
  tag: 'Notes',
  scope: 'contacts:write',
  params: contactIdParams,
  body: z
    .strictObject({ body: z.string().openapi({ description: '1 to 10,000 characters.' }), pinned: z.boolean().optional() })
    .openapi('NoteInput'),
  replies: { 201: noteSchema },
  async handle(context, { params, body }) {
    const note = await createNote(context, { contactId: parseId('contact', params.id), ...body })
    return { status: 201, data: presentNote(note) }
  },
})

export const patchNote = endpoint({
  operation: 'updateNote',
  summary: 'Change a note',
  description: 'Omitted fields stay unchanged.',
  tag: 'Notes',
  scope: 'contacts:write',
  params: noteParams,
  body: z.strictObject({ body: z.string().optional(), pinned: z.boolean().optional() }).openapi('NoteChange'),
  replies: { 200: noteSchema },
  async handle(context, { params, body }) {
    const contactId = parseId('contact', params.id)
    const note = await updateNote(context, parseId('note', params.noteId, 'noteId'), { ...body, contactId })
    return { status: 200, data: presentNote(note) }
  },
})

export const removeNote = endpoint({
  operation: 'deleteNote',
  summary: 'Remove a note',
  description:
    'The note is removed permanently. A JSON body is ignored. With `Accept: application/json` the answer is 200 with a body, otherwise 204.',
  tag: 'Notes',
  scope: 'contacts:write',
  params: noteParams,
  replies: { 200: z.object({ id: z.string(), deleted: z.literal(true) }), 204: null },
  async handle(context, { params, accept }) {
    const id = parseId('note', params.noteId, 'noteId')
    await deleteNote(context, id, parseId('contact', params.id))
    return asksForJson(accept) ? { status: 200, data: { id, deleted: true } } : { status: 204 }
  },
})

/** Whether a client names JSON in `Accept`; one that takes anything does not. */
function asksForJson(accept: string): boolean {
  return accept.split(',').some((range) => /^\s*application\/json\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/i.test(range))
}
