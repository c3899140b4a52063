import { createNote, deleteNote, updateNote } from '../../../domain/notes/commands.ts'
import { noteList, notePosition, notesOfContacts } from '../../../domain/notes/queries.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { compiledRelation, needs } from './compiled-fields.ts'
import { connectionTypes, edgeOf, resolvePage } from './connections.ts'
import { Contact } from './contacts.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'

const Note = builder.prismaObject('Note', {
  interfaces: [NodeInterface],
  ...node('note', ({ loaders }, id) => loaders.note.load(id)),
  fields: (t) => ({
    body: t.exposeString('body', { nullable: false }),
    pinned: t.exposeBoolean('pinned', { nullable: false }),
    author: t.exposeString('author', { nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false }),
    contact: t.field({
      type: Contact,
      description: 'Whom the note is about; null if the contact was deleted meanwhile.',
      resolve: (note, _args, context) => context.loaders.contact.load(note.contactId),
      ...needs('contactId'),
    }),
  }),
})

const Notes = connectionTypes(Note, 'Note', { page: 'A page of notes.', edge: 'A note and its position in the list.' })

builder.prismaObjectField(Contact, 'notes', (t) =>
  t.connection(
    {
      type: Note,
      nullable: false,
      description: 'What people wrote down about the contact, newest first.',
      resolve: resolvePage({
        list: ({ id }) => noteList(id),
        read: ({ id }, { loaders }, page) => loaders.notes(page).load(id),
        position: notePosition,
      }),
      ...compiledRelation({
        shape: notesOfContacts.shape,
        order: { list: noteList, position: notePosition, positionColumns: ['createdAt', 'id'] },
        relation: (context, _args, page) => notesOfContacts.relation(context, page),
      }),
    },
    Notes.Connection,
    Notes.Edge,
  ),
)

mutation('createNote', {
  description: 'Writes a note about a contact; the name of the API key signs it. Needs the scope contacts:write.',
  input: {
    description: 'A new note.',
    fields: (t) => ({
      contactId: t.id({ required: true, description: 'The id of the contact that it is about.' }),
      body: t.string({ required: true, description: 'The text, 1 to 10,000 characters.' }),
      pinned: t.boolean({ description: 'Whether to mark it as important. Default: false.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField, NotFound], description: 'The new note, or why there is none.' },
  resolve: (input, context) => createNote(context, { ...input, contactId: parseId('contact', input.contactId, 'contactId') }),
  payload: {
    description: 'The note is written.',
    fields: (t) => ({
      note: t.field({ type: Note, nullable: false, description: 'The new note.', resolve: (note) => note }),
      noteEdge: t.field({
        type: Notes.Edge,
        nullable: false,
        description: 'The new note and its position in `Contact.notes`.',
        resolve: (note) => edgeOf(note, noteList(note.contactId), notePosition),
      }),
    }),
  },
})

mutation('updateNote', {
  description: 'Changes a note. Needs the scope contacts:write.',
  input: {
    description: 'A change of a note. Omitted fields keep their values.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the note.' }),
      body: t.string({ description: 'The new text, 1 to 10,000 characters.' }),
      pinned: t.boolean({ description: 'Whether it is marked as important.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField, NotFound], description: 'The changed note, or why it did not change.' },
  resolve: ({ id, ...change }, context) => updateNote(context, parseId('note', id), change),
  payload: {
    description: 'The note has changed.',
    fields: (t) => ({ note: t.field({ type: Note, nullable: false, description: 'The changed note.', resolve: (note) => note }) }),
  },
})

mutation('deleteNote', {
  description: 'Removes a note for good. Needs the scope contacts:write.',
  input: {
    description: 'The note to remove.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The id of the note.' }) }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The id of the removed note, or why it was not removed.' },
  async resolve({ id }, context) {
    await deleteNote(context, parseId('note', id))
    return { deletedId: id }
  },
  payload: {
    description: 'The note is gone for good.',
    fields: (t) => ({ deletedId: t.exposeID('deletedId', { nullable: false, description: 'The id that the note had.' }) }),
  },
})
