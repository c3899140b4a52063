import type { Block } from '../../../data/generated/client.ts'
import { blockContact, unblockContact } from '../../../domain/blocking/commands.ts'
import { blockedList, blockedPosition, findBlockedContacts } from '../../../domain/blocking/queries.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { connectionOf, pageRequest } from './connections.ts'
import { Contact, ContactConnection, ContactEdge } from './contacts.ts'

export const ContactBlock = builder.objectRef<Block>('ContactBlock').implement({
  description: 'That a contact is blocked: its messages are filed under spam, and none is recorded that goes out to it.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Why; null if nobody said.' }),
    blockedAt: t.expose('blockedAt', { type: 'DateTime', nullable: false, description: 'Since when.' }),
    blockedBy: t.exposeString('blockedBy', { nullable: false, description: 'Who blocked: the name of the API key.' }),
  }),
})

builder.prismaObjectField(Contact, 'block', (t) =>
  t.field({
    type: ContactBlock,
    description: 'Why and since when the contact is blocked; null if it is not. Every earlier block is in the journey.',
    resolve: (contact, _args, context) => (contact.blockedAt === null ? null : context.loaders.block.load(contact.id)),
  }),
)

builder.queryField('blockedContacts', (t) =>
  t.connection(
    {
      type: Contact,
      nullable: false,
      description: 'The contacts that are blocked now, the latest block first. Needs the scope contacts:read.',
      async resolve(_root, args, context, info) {
        const list = blockedList(context.actor)
        return connectionOf(await findBlockedContacts(context, pageRequest(list, args, info)), list, blockedPosition)
      },
    },
    ContactConnection,
    ContactEdge,
  ),
)

const BlockContactInput = builder.inputType('BlockContactInput', {
  description: 'Whom to block, and why.',
  fields: (t) => ({
    contactId: t.id({ required: true, description: 'The id of the contact.' }),
    reason: t.string({ description: 'Why, at most 500 characters.' }),
  }),
})

const UnblockContactInput = builder.inputType('UnblockContactInput', {
  description: 'Whose block to end, and why.',
  fields: (t) => ({
    contactId: t.id({ required: true, description: 'The id of the contact.' }),
    reason: t.string({ description: 'Why, at most 500 characters.' }),
  }),
})

builder.mutationFields((t) => ({
  blockContact: t.field({
    type: Contact,
    description:
      'Blocks a contact: what it writes goes to spam, and messages to it are refused. One that is blocked stays blocked as it was. Needs the scope contacts:write.',
    errors: { types: [InvalidInput, NotFound], union: { description: 'The blocked contact, or why it is not blocked.' } },
    args: { input: t.arg({ type: BlockContactInput, required: true, description: 'Whom, and why.' }) },
    async resolve(_root, { input }, context) {
      return getWrittenContact(
        context,
        await blockContact(context, { ...input, contactId: parseId('contact', input.contactId, 'contactId') }),
      )
    },
  }),
  unblockContact: t.field({
    type: Contact,
    description:
      'Ends the block of a contact; that it was blocked stays on record. One that is not blocked stays as it was. Needs the scope contacts:write.',
    errors: { types: [InvalidInput, NotFound], union: { description: 'The contact, or why its block did not end.' } },
    args: { input: t.arg({ type: UnblockContactInput, required: true, description: 'Whose, and why.' }) },
    async resolve(_root, { input }, context) {
      return getWrittenContact(
        context,
        await unblockContact(context, { ...input, contactId: parseId('contact', input.contactId, 'contactId') }),
      )
    },
  }),
}))
