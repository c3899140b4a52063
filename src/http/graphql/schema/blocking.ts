import type { Block } from '../../../data/generated/client.ts'
import { blockContact, unblockContact } from '../../../domain/blocking/commands.ts'
import { blockedList, blockedPosition, findBlockedContacts } from '../../../domain/blocking/queries.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { RevisionConflict } from '../../../domain/contacts/revision.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { needs } from './compiled-fields.ts'
import { resolvePage } from './connections.ts'
import { Contact, ContactConnection, ContactEdge } from './contacts.ts'
import { type InputFields, mutation } from './mutations.ts'
import { ifRevisionField, preconditionsOf } from './revisions.ts'

export const ContactBlock = builder.objectRef<Block>('ContactBlock').implement({
  description: 'That a contact is blocked: its messages are filed under spam, and none is recorded that goes out to it.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'The reason; null if none was given.' }),
    blockedAt: t.expose('blockedAt', { type: 'DateTime', nullable: false, description: 'Since when.' }),
    blockedBy: t.exposeString('blockedBy', { nullable: false, description: 'Who blocked: the name of the API key.' }),
  }),
})

builder.prismaObjectField(Contact, 'block', (t) =>
  t.field({
    type: ContactBlock,
    description: 'Why and since when the contact is blocked; null if it is not. Every earlier block is in the journey.',
    resolve: (contact, _args, context) => (contact.blockedAt === null ? null : context.loaders.block.load(contact.id)),
    ...needs('id', 'blockedAt'),
  }),
)

builder.queryField('blockedContacts', (t) =>
  t.connection(
    {
      type: Contact,
      nullable: false,
      description: 'The contacts that are blocked now, the latest block first. Needs the scope contacts:read.',
      resolve: resolvePage({
        list: (_root, { actor }) => blockedList(actor),
        read: (_root, context, page) => findBlockedContacts(context, page),
        position: blockedPosition,
      }),
    },
    ContactConnection,
    ContactEdge,
  ),
)

/** A contact, and the reason for blocking or unblocking it. */
const blockFields = (t: InputFields) => ({
  contactId: t.id({ required: true, description: 'The id of the contact.' }),
  reason: t.string({ description: 'Why, at most 500 characters.' }),
  ...ifRevisionField(t),
})

mutation('blockContact', {
  description:
    'Blocks a contact: its messages go to spam, and messages to it are refused. A contact that is already blocked does not change. Needs the scope contacts:write.',
  input: { description: 'The contact to block, and why.', fields: blockFields },
  errors: { types: [InvalidInput, NotFound, RevisionConflict], description: 'The blocked contact, or why it is not blocked.' },
  async resolve({ contactId, reason, ...input }, context) {
    const block = { contactId: parseId('contact', contactId, 'contactId'), reason }
    return getWrittenContact(context, await blockContact(context, block, preconditionsOf(input)))
  },
  payload: {
    description: 'The contact is blocked.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'The blocked contact.', resolve: (contact) => contact }),
    }),
  },
})

mutation('unblockContact', {
  description:
    'Ends the block of a contact; the block stays on record. A contact that is not blocked does not change. Needs the scope contacts:write.',
  input: { description: 'The contact to unblock, and why.', fields: blockFields },
  errors: { types: [InvalidInput, NotFound, RevisionConflict], description: 'The contact, or why its block did not end.' },
  async resolve({ contactId, reason, ...input }, context) {
    const block = { contactId: parseId('contact', contactId, 'contactId'), reason }
    return getWrittenContact(context, await unblockContact(context, block, preconditionsOf(input)))
  },
  payload: {
    description: 'The contact is not blocked.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'The unblocked contact.', resolve: (contact) => contact }),
    }),
  },
})
