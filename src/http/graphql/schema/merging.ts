import { ContactMerged } from '../../../domain/contacts/errors.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { RevisionConflict } from '../../../domain/contacts/revision.ts'
import { type Merge, mergeContacts } from '../../../domain/merging/commands.ts'
import type { MergedConsent } from '../../../domain/merging/consent.ts'
import { MergeNotReversible } from '../../../domain/merging/errors.ts'
import type { MergedField } from '../../../domain/merging/fields.ts'
import { unmergeContacts, unmergeWindow } from '../../../domain/merging/unmerge.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { meanings } from '../../error-catalog.ts'
import { builder } from './builder.ts'
import { costOfItems } from './complexity.ts'
import { Contact } from './contacts.ts'
import { Channel } from './enums.ts'
import { ErrorInterface, FieldErrorInterface } from './errors.ts'
import { mutation } from './mutations.ts'

const fieldErrors = { interfaces: [ErrorInterface, FieldErrorInterface] }

builder.objectType(ContactMerged, {
  name: 'ContactMerged',
  description: meanings.CONTACT_MERGED.when,
  ...fieldErrors,
  fields: (t) => ({
    mergedIntoId: t.exposeID('mergedInto', { nullable: false, description: 'The contact that the id refers to.' }),
  }),
})
builder.objectType(MergeNotReversible, { name: 'MergeNotReversible', description: meanings.MERGE_NOT_REVERSIBLE.when, ...fieldErrors })

const states = {
  opted_in: 'The contact agreed.',
  opted_out: 'The contact refused.',
  pending: 'The contact agreed, and has not confirmed it yet.',
  expired: 'The contact agreed, for a time that is over.',
  unknown: 'Nothing is recorded.',
} as const
const ConsentVerdict = builder.enumType('ConsentVerdict', {
  description: 'What the consent ledger comes down to for a channel.',
  values: Object.fromEntries(Object.entries(states).map(([value, description]) => [value.toUpperCase(), { value, description }])),
})

const LosingValue = builder.objectRef<MergedField['losing'][number]>('LosingValue').implement({
  description: 'A value that the contact that stays does not get. Addresses are kept beside the primary one.',
  fields: (t) => ({
    contactId: t.exposeID('contactId', { nullable: false, description: 'The contact whose value it is.' }),
    value: t.field({ type: 'JSON', description: 'The value.', resolve: ({ value }) => value as never }),
  }),
})

const MergedFieldType = builder.objectRef<MergedField>('MergedField').implement({
  description: 'What becomes of a field in a merge.',
  fields: (t) => ({
    field: t.exposeString('field', { nullable: false, description: 'The field, such as `firstName` or `customAttributes.plan`.' }),
    value: t.field({ type: 'JSON', description: 'What the contact that stays has afterwards.', resolve: ({ value }) => value as never }),
    contactId: t.exposeID('contactId', {
      nullable: true,
      description: 'The contact whose value it is; null if none has one, or if the values of all are united.',
    }),
    losing: t.field({
      type: [LosingValue],
      nullable: { list: false, items: false },
      description: 'Other values, which are not kept.',
      resolve: ({ losing }) => [...losing],
    }),
  }),
})

const ConsentOfParty = builder.objectRef<MergedConsent['states'][number]>('ConsentOfMergedContact').implement({
  description: 'What held for one of the contacts before a merge.',
  fields: (t) => ({
    contactId: t.exposeID('contactId', { nullable: false, description: 'The contact.' }),
    state: t.field({ type: ConsentVerdict, nullable: false, description: 'What held.', resolve: ({ state }) => state }),
  }),
})

const MergedConsentType = builder.objectRef<MergedConsent>('MergedConsent').implement({
  description: 'Consent on a channel in a merge: the strictest of all holds.',
  fields: (t) => ({
    channel: t.field({ type: Channel, nullable: false, description: 'The channel.', resolve: ({ channel }) => channel }),
    state: t.field({ type: ConsentVerdict, nullable: false, description: 'What holds afterwards.', resolve: ({ state }) => state }),
    states: t.field({
      type: [ConsentOfParty],
      nullable: { list: false, items: false },
      description: 'What held for each contact before.',
      resolve: ({ states: all }) => [...all],
    }),
  }),
})

const MovedRows = builder.objectRef<{ kind: string; count: number }>('MovedRows').implement({
  description: 'How much of a kind moves to the contact that stays.',
  fields: (t) => ({
    kind: t.exposeString('kind', { nullable: false, description: 'Such as `messages` or `notes`.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many.' }),
  }),
})

export const ContactMerge = builder.objectRef<Merge>('ContactMerge').implement({
  description: 'A merge of contacts into one, or the preview of one.',
  fields: (t) => ({
    mergeId: t.id({
      description: 'Pass it to `unmergeContacts` to take the merge back; null for a preview.',
      resolve: ({ id, isPreview }) => (isPreview ? null : id),
    }),
    intoId: t.exposeID('intoId', { nullable: false, description: 'The contact that stays.' }),
    fromIds: t.idList({
      nullable: { list: false, items: false },
      description: 'The contacts whose ids refer to it from then on.',
      resolve: ({ fromIds }) => [...fromIds],
    }),
    fields: t.field({
      type: [MergedFieldType],
      nullable: { list: false, items: false },
      description: 'The outcome of each field.',
      resolve: ({ summary }) => [...summary.fields],
    }),
    consent: t.field({
      type: [MergedConsentType],
      nullable: { list: false, items: false },
      description: 'Consent for each channel.',
      resolve: ({ summary }) => [...summary.consent],
    }),
    moved: t.field({
      type: [MovedRows],
      nullable: { list: false, items: false },
      description: 'What moves to the contact that stays.',
      resolve: ({ summary }) => Object.entries(summary.moved).map(([kind, count]) => ({ kind, count })),
    }),
    isBlocked: t.boolean({
      nullable: false,
      description: 'Whether the contact that stays is blocked: it is if any of them was.',
      resolve: ({ summary }) => summary.isBlocked,
    }),
    mergedAt: t.expose('mergedAt', { type: 'DateTime', nullable: false, description: 'When it was done.' }),
    mergedBy: t.exposeString('mergedBy', { nullable: false, description: 'Who did it: the name of the API key.' }),
    reversibleUntil: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Until when it can be taken back.',
      resolve: ({ mergedAt }) => new Date(mergedAt.getTime() + unmergeWindow),
    }),
  }),
})

builder.prismaObjectFields(Contact, (t) => ({
  mergedFrom: t.field({
    type: [ContactMerge],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 2 },
    description: 'The merges into this contact that hold, the latest first.',
    resolve: ({ id }, _args, context) => context.loaders.merges.load(id),
  }),
}))

const MergeFieldChoice = builder.inputType('MergeFieldChoice', {
  description: 'Whose value of a field the contact that stays gets.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'The field, such as `firstName`, `phone` or `lifecycleStage`.' }),
    from: t.id({ required: true, description: 'The id of one of the contacts.' }),
  }),
})

const MergeRevision = builder.inputType('ContactRevisionInput', {
  description: 'The revision that a contact must have.',
  fields: (t) => ({
    contactId: t.id({ required: true, description: 'The contact.' }),
    revision: t.int({ required: true, description: 'Its revision.' }),
  }),
})

mutation('mergeContacts', {
  description:
    'Merges contacts that are one person into one of them. It gets the activities, notes, consent and addresses of the others, whose ids refer to it from ' +
    'then on. Consent: the strictest of all holds. Needs the scope contacts:merge.',
  input: {
    description: 'The contacts to merge.',
    fields: (t) => ({
      intoId: t.id({ required: true, description: 'The contact that stays.' }),
      fromIds: t.idList({ required: true, description: 'The contacts that are merged into it, 1 to 20.' }),
      fields: t.field({
        type: [MergeFieldChoice],
        description: 'Whose values to take. Default: those of the contact that stays, else of the first that has one.',
      }),
      ifRevisions: t.field({ type: [MergeRevision], description: 'The revisions that contacts must have. Default: any.' }),
      dryRun: t.boolean({ description: 'Whether only to say what would happen. Default: false.' }),
    }),
  },
  errors: {
    types: [InvalidInput, NotFound, ContactMerged, RevisionConflict],
    description: 'The merge, or why it was not done.',
  },
  complexity: ({ input }) => costOfItems(input.fromIds.length),
  resolve: (input, context) => mergeContacts(context, input),
  payload: {
    description: 'The contacts are merged, or would be.',
    fields: (t) => ({
      merge: t.field({ type: ContactMerge, nullable: false, description: 'What was done, or would be.', resolve: (merge) => merge }),
      contact: t.field({
        type: Contact,
        nullable: false,
        description: 'The contact that stays. After a dry run: unchanged.',
        resolve: ({ intoId }, _args, context) => getWrittenContact(context, intoId),
      }),
    }),
  },
})

const KeptRows = builder.objectRef<{ table: string; count: number }>('KeptRows').implement({
  description: 'What was recorded since a merge and stays.',
  fields: (t) => ({
    kind: t.exposeString('table', { nullable: false, description: 'Such as `messages` or `notes`.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many.' }),
  }),
})

mutation('unmergeContacts', {
  description:
    'Takes a merge back, within 30 days: every contact is what it was and has what it had. What was changed or recorded since stays with the contact that ' +
    'stayed. Needs the scope contacts:merge.',
  input: {
    description: 'The merge to take back.',
    fields: (t) => ({ mergeId: t.id({ required: true, description: 'The id of the merge.' }) }),
  },
  errors: { types: [InvalidInput, NotFound, MergeNotReversible], description: 'The contacts, or why the merge stays.' },
  resolve: ({ mergeId }, context) => unmergeContacts(context, parseId('contactMerge', mergeId, 'mergeId')),
  payload: {
    description: 'The merge is taken back.',
    fields: (t) => ({
      contacts: t.field({
        type: [Contact],
        nullable: { list: false, items: true },
        description: 'The contact that stayed, and those that are back.',
        resolve: ({ intoId, fromIds }, _args, context) => Promise.all([intoId, ...fromIds].map((id) => context.loaders.contact.load(id))),
      }),
      keptFields: t.stringList({
        nullable: { list: false, items: false },
        description: 'Fields that were changed since the merge, which the contact that stayed keeps.',
        resolve: ({ keptFields }) => [...keptFields],
      }),
      kept: t.field({
        type: [KeptRows],
        nullable: { list: false, items: false },
        description: 'What was recorded since the merge, which the contact that stayed keeps.',
        resolve: ({ keptRows }) => [...keptRows],
      }),
    }),
  },
})
