import { eraseContacts } from '../../../domain/erasure/commands.ts'
import { InvalidInput, MissingRequiredField } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { costOfItems, costOfOne } from './complexity.ts'
import { ContactFailure } from './contact-mutations.ts'
import { mutation } from './mutations.ts'

const ContactErasure = builder.prismaObject('Erasure', {
  name: 'ContactErasure',
  description: 'The proof that a person was erased.',
  fields: (t) => ({
    erasureId: t.exposeID('id', { nullable: false, description: 'The id under which the proof is on record.' }),
    contactId: t.exposeID('contactId', { nullable: false, description: 'The id that the contact had.' }),
    reason: t.exposeString('reason', { nullable: false, description: 'Why it was erased.' }),
    erasedBy: t.exposeString('erasedBy', { nullable: false, description: 'The name of the API key that asked for it.' }),
    erasedAt: t.expose('erasedAt', { type: 'DateTime', nullable: false, description: 'From when on no read finds the contact.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last row was removed; null while the rest is being removed in the background.',
    }),
    counts: t.field({
      type: 'JSON',
      nullable: false,
      description: 'How many rows were removed, by the kind of record, such as `messages`.',
      // proof: only erasure writes the column, and writes an object of numbers
      resolve: ({ counts }) => counts as Record<string, number>,
    }),
  }),
})

mutation('eraseContacts', {
  description:
    'Erases persons, at most 100 at a time: contacts, living or deleted, with everything that is on record about them. It cannot be reverted. ' +
    'Proof of the erasure and of consent stays, without anything that names the person, and the addresses stay suppressed as hashes. Needs the scope ' +
    'contacts:erase.',
  input: {
    description: 'The persons to erase.',
    fields: (t) => ({
      ids: t.idList({ required: true, description: 'The ids of the contacts, 1 to 100. Deleted contacts are erased too.' }),
      reason: t.string({
        required: true,
        description: 'Why, 1 to 500 characters without names and addresses of the person. It stays on record.',
      }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField], description: 'The outcome for each contact, or why nothing was done.' },
  complexity: ({ input }) => costOfItems(input.ids.length),
  resolve: (input, context) => eraseContacts(context, input),
  payload: {
    description: 'The outcome of an erasure.',
    fields: (t) => ({
      erasures: t.field({
        type: [ContactErasure],
        nullable: { list: false, items: false },
        complexity: costOfOne,
        description: 'The contacts that are erased, in the order of the ids.',
        resolve: ({ erasures }) => [...erasures],
      }),
      failed: t.field({
        type: [ContactFailure],
        nullable: { list: false, items: false },
        complexity: costOfOne,
        description: 'The ids that are unknown, those of contacts that were erased before included.',
        resolve: ({ failed }) => [...failed],
      }),
    }),
  },
})
