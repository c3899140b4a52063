import { dismissDuplicates } from '../../../domain/duplicates/commands.ts'
import { type Duplicate, type DuplicateGroup, type DuplicateGroups, findDuplicateGroups } from '../../../domain/duplicates/queries.ts'
import { duplicateReasons } from '../../../domain/duplicates/score.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { maxPageSize, parsePageSize } from '../../../kernel/page.ts'
import { builder } from './builder.ts'
import { costOfItems } from './complexity.ts'
import { Contact } from './contacts.ts'
import { mutation } from './mutations.ts'

const Reason = builder.enumType('DuplicateReason', {
  description: 'Why contacts may be one person.',
  values: Object.fromEntries(
    duplicateReasons.map((reason) => [reason.toUpperCase(), { value: reason, description: `They have that in common.` }]),
  ),
})

const DuplicateType = builder.objectRef<Duplicate>('DuplicateContact').implement({
  description: 'A contact that may be the same person.',
  fields: (t) => ({
    contact: t.field({ type: Contact, nullable: false, description: 'The other contact.', resolve: ({ contact }) => contact }),
    score: t.exposeFloat('score', { nullable: false, description: 'How much they look alike, from 0 to 1.' }),
    reasons: t.field({
      type: [Reason],
      nullable: { list: false, items: false },
      description: 'What they have in common.',
      resolve: ({ reasons }) => [...reasons],
    }),
  }),
})

builder.prismaObjectFields(Contact, (t) => ({
  duplicates: t.field({
    type: [DuplicateType],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 5 },
    description:
      'Contacts that may be the same person, the likeliest first, without those that were dismissed. At most 50 of each resemblance are compared.',
    resolve: ({ id }, _args, context) => context.loaders.duplicates.load(id),
  }),
}))

const Group = builder.objectRef<DuplicateGroup>('DuplicateGroup').implement({
  description: 'Contacts that may be one person.',
  fields: (t) => ({
    contacts: t.field({
      type: [Contact],
      nullable: { list: false, items: false },
      description: 'The contacts, at most 20.',
      resolve: ({ contacts }) => [...contacts],
    }),
    score: t.exposeFloat('score', { nullable: false, description: 'That of the two that are most alike, from 0 to 1.' }),
    reasons: t.field({
      type: [Reason],
      nullable: { list: false, items: false },
      description: 'What these two have in common.',
      resolve: ({ reasons }) => [...reasons],
    }),
  }),
})

const Groups = builder.objectRef<DuplicateGroups>('DuplicateGroups').implement({
  description: 'A page of groups of contacts that may be one person.',
  fields: (t) => ({
    groups: t.field({
      type: [Group],
      nullable: { list: false, items: false },
      description: 'The groups. A page may be short, or empty, before the end.',
      resolve: ({ groups }) => [...groups],
    }),
    endCursor: t.string({ description: 'Pass it as `after` for the next page; null at the end.', resolve: ({ next }) => next }),
  }),
})

builder.queryFields((t) => ({
  duplicateContacts: t.field({
    type: Groups,
    nullable: false,
    complexity: ({ first }) => costOfItems(first ?? 25),
    description: 'Contacts of your organization that may be one person. Needs the scope contacts:read.',
    args: {
      first: t.arg.int({ description: `How many groups, 1 to ${maxPageSize}. Default: 25.` }),
      after: t.arg.string({ description: 'The `endCursor` of the previous page.' }),
      minScore: t.arg.float({ description: 'Only groups of at least this score, 0 to 1. Default: 0.8.' }),
    },
    resolve: (_root, { first, after, minScore }, context) =>
      findDuplicateGroups(context, {
        first: parsePageSize(first ?? undefined, 'first'),
        after: after ?? null,
        ...(typeof minScore === 'number' && { minScore: parseScore(minScore) }),
      }),
  }),
}))

function parseScore(score: number): number {
  if (score >= 0 && score <= 1) return score
  throw new InvalidInput('A score is a number from 0 to 1.', { field: 'minScore', value: score, expected: '0 to 1' })
}

mutation('dismissDuplicates', {
  description: 'Remembers that contacts that look alike are different people. Needs the scope contacts:merge.',
  input: {
    description: 'The contacts.',
    fields: (t) => ({ ids: t.idList({ required: true, description: 'The ids of the contacts, 2 to 20.' }) }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The contacts, or why nothing was remembered.' },
  resolve: async ({ ids }, context) => ({ ids: await dismissDuplicates(context, ids) }),
  payload: {
    description: 'No two of the contacts are shown as duplicates of each other again.',
    fields: (t) => ({
      contactIds: t.idList({ nullable: { list: false, items: false }, description: 'The contacts.', resolve: ({ ids }) => ids }),
    }),
  },
})
