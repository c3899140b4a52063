import { Readable } from 'node:stream'
import { liftSuppression, suppressAddresses } from '../../../domain/suppression/commands.ts'
import { importSuppressions, type SuppressionsImported } from '../../../domain/suppression/csv.ts'
import {
  channelsOf,
  findSuppressions,
  suppressionList,
  suppressionPosition,
  suppressionsById,
} from '../../../domain/suppression/queries.ts'
import { optOut } from '../../../domain/preferences/opt-out.ts'
import { type DomainError, InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { InvalidEmail } from '../../../kernel/email.ts'
import { InvalidPhoneNumber } from '../../../kernel/phone.ts'
import { updateKeywords } from '../../../domain/organizations/keywords.ts'
import { getOrganization } from '../../../domain/organizations/queries.ts'
import { builder } from './builder.ts'
import { connectionTypes, resolveFilteredPage } from './connections.ts'
import { Channel, values } from './enums.ts'
import { ErrorCode } from './errors.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'
import { ContactRef } from './record-activities.ts'
import { OrganizationSettings } from './viewer.ts'

const SuppressionReason = builder.enumType('SuppressionReason', {
  description: 'Why an address is on the suppression list.',
  values: values({
    opt_out: 'Its holder opted out. Ends with a later opt-in with proof at the address.',
    keyword: 'Its holder wrote a stop word. Ends like an opt-out, or with a start word.',
    complaint: 'Its holder complained about a message.',
    erasure: 'Its holder was erased.',
    manual: 'It was put on the list by hand or by a program.',
    imported: 'It came with an imported list.',
    block: 'Its holder was blocked. Ends when the contact is unblocked.',
  }),
})

const Suppression = builder.prismaObject('Suppression', {
  description: 'An address to which nothing is sent, whichever contact has it.',
  interfaces: [NodeInterface],
  ...node('suppression', ({ loaders }, id) => loaders.suppression.load(id)),
  fields: (t) => ({
    address: t.exposeString('key', {
      nullable: false,
      description: 'The phone number or the email address in the form in which it is compared; after an erasure a keyed hash of it.',
    }),
    channels: t.field({
      type: [Channel],
      nullable: { list: false, items: false },
      description: 'The channels that it holds for.',
      resolve: (suppression) => channelsOf(suppression),
    }),
    reason: t.expose('reason', { type: SuppressionReason, nullable: false, description: 'Why.' }),
    topicId: t.id({
      nullable: true,
      description: 'The topic of an opt-out; null: everything on the channels.',
      resolve: ({ topicId }) => (topicId === '' ? null : topicId),
    }),
    since: t.expose('since', { type: 'DateTime', nullable: false, description: 'When the entry was made.' }),
    note: t.exposeString('note', { description: 'What was noted with it; null if nothing was.' }),
    createdBy: t.exposeString('createdBy', { nullable: false, description: 'The name of the API key that brought it in.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false, description: 'When it came to the list.' }),
    liftedAt: t.expose('liftedAt', { type: 'DateTime', nullable: true, description: 'When it was lifted; null if it was not.' }),
  }),
})

const Suppressions = connectionTypes(Suppression, 'Suppression', {
  page: 'A page of the suppression list.',
  edge: 'A suppression and its position in the list.',
})

builder.queryField('suppressions', (t) =>
  t.connection(
    {
      type: Suppression,
      nullable: false,
      description: 'The suppressions that hold, the latest first. Needs the scope settings:write.',
      args: {
        address: t.arg.string({ description: 'Only those of this phone number or email address.' }),
        reasons: t.arg({ type: [SuppressionReason], description: 'Only those for one of these reasons.' }),
      },
      resolve: resolveFilteredPage({
        list: (_root, { actor }) => suppressionList(actor.organizationId),
        read: (_root, { address, reasons }, context, page) => findSuppressions(context, { address, reasons }, page),
        position: suppressionPosition,
      }),
    },
    Suppressions.Connection,
    Suppressions.Edge,
  ),
)

const AddressFailure = builder.objectRef<{ index: number; reason: DomainError }>('AddressFailure').implement({
  description: 'An address that could not be read.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: false, description: 'The position of the address in the input, from 0.' }),
    code: t.field({ type: ErrorCode, nullable: false, description: 'What kind of refusal it is.', resolve: ({ reason }) => reason.code }),
    message: t.string({ nullable: false, description: 'What is wrong and what to do.', resolve: ({ reason }) => reason.message }),
  }),
})

mutation('suppressAddresses', {
  description:
    'Puts addresses on the suppression list: nothing is sent to them, whichever contact has them, until they are lifted. Needs the scope settings:write.',
  input: {
    description: 'The addresses to suppress.',
    fields: (t) => ({
      addresses: t.stringList({ required: true, description: '1 to 1,000 phone numbers and email addresses.' }),
      channels: t.field({ type: [Channel], description: 'The channels to suppress. Default: every channel of each address.' }),
      note: t.string({ description: 'What is worth knowing about it, at most 500 characters.' }),
    }),
  },
  errors: { types: [InvalidInput, InvalidPhoneNumber, InvalidEmail], description: 'The suppressions, or why nothing was done.' },
  async resolve(input, context) {
    const { ids, failed } = await suppressAddresses(context, input)
    const found = await suppressionsById(context, ids)
    return { suppressions: ids.flatMap((id) => found.get(id) ?? []), failed }
  },
  payload: {
    description: 'The addresses are suppressed.',
    fields: (t) => ({
      suppressions: t.field({
        type: [Suppression],
        nullable: { list: false, items: false },
        description: 'The entries that are new or hold again. Addresses that were suppressed already are not among them.',
        resolve: ({ suppressions }) => suppressions,
      }),
      failed: t.field({
        type: [AddressFailure],
        nullable: { list: false, items: false },
        description: 'The addresses that could not be read, and why.',
        resolve: ({ failed }) => [...failed],
      }),
    }),
  },
})

const FailedSuppressionRow = builder.objectRef<SuppressionsImported['failed'][number]>('FailedSuppressionRow').implement({
  description: 'A row of a CSV file that could not be read.',
  fields: (t) => ({
    row: t.exposeInt('row', { nullable: false, description: 'The number of the row, from 1. The header does not count.' }),
    code: t.field({ type: ErrorCode, nullable: false, description: 'What kind of refusal it is.', resolve: ({ reason }) => reason.code }),
    message: t.string({ nullable: false, description: 'What is wrong and what to do.', resolve: ({ reason }) => reason.message }),
  }),
})

mutation('importSuppressions', {
  description:
    'Puts the addresses of a CSV file on the suppression list. It needs a column `address` (or `email`, `phone`); `channels`, `reason`, `topic`, `since` ' +
    'and `note` are optional. Rows that cannot be read do not lose the others. Needs the scope settings:write.',
  input: {
    description: 'The file.',
    fields: (t) => ({ csv: t.string({ required: true, description: 'The text of the file, with its header. At most 100,000 rows.' }) }),
  },
  errors: { types: [InvalidInput], description: 'How many addresses are suppressed, or why nothing was done.' },
  resolve: ({ csv }, context) => importSuppressions(context, Readable.from([Buffer.from(csv)])),
  payload: {
    description: 'The file was read.',
    fields: (t) => ({
      rows: t.exposeInt('rows', { nullable: false, description: 'The number of rows.' }),
      suppressed: t.exposeInt('suppressed', { nullable: false, description: 'The number of entries that are new or hold again.' }),
      failedRows: t.exposeInt('failedRows', { nullable: false, description: 'The number of rows that could not be read.' }),
      failed: t.field({
        type: [FailedSuppressionRow],
        nullable: { list: false, items: false },
        description: 'The first 1,000 of these, and why.',
        resolve: ({ failed }) => [...failed],
      }),
    }),
  },
})

mutation('liftSuppression', {
  description:
    'Lifts an entry of the suppression list. An opt-out that a contact has on record itself stays until a later opt-in with proof. Needs the scope ' +
    'settings:write.',
  input: {
    description: 'The entry to lift, and why.',
    fields: (t) => ({
      suppressionId: t.id({ required: true, description: 'The id of the entry.' }),
      reason: t.string({ required: true, description: 'Why, 1 to 500 characters. It stays on record.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField, NotFound], description: 'The entry, or why it was not lifted.' },
  async resolve({ suppressionId, reason }, context) {
    const id = await liftSuppression(context, suppressionId, reason)
    return { suppression: (await suppressionsById(context, [id])).get(id) ?? null }
  },
  payload: {
    description: 'The entry does not hold any more.',
    fields: (t) => ({
      suppression: t.field({ type: Suppression, nullable: true, description: 'The entry.', resolve: ({ suppression }) => suppression }),
    }),
  },
})

mutation('optOut', {
  description:
    'Puts an opt-out on record for a person by id or address, whether it is a contact, a deleted one or no contact at all. It holds for the person and ' +
    'for the address. Needs the scope contacts:write.',
  input: {
    description: 'Who opted out of what.',
    fields: (t) => ({
      contact: t.field({ type: ContactRef, required: true, description: 'Who opted out.' }),
      channels: t.field({ type: [Channel], description: 'The channels. Default: all, or all channels of the address.' }),
      topic: t.string({ description: 'The key or the id of a topic. Default: everything on the channels.' }),
      source: t.string({ description: 'Where the consent was withdrawn. Default: `api`. At most 100 characters.' }),
      externalId: t.string({ description: 'The id that your system has for the report: reported again, it changes nothing.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound, InvalidPhoneNumber, InvalidEmail], description: 'What was put on record, or why nothing was.' },
  resolve: (input, context) => optOut(context, input),
  payload: {
    description: 'The opt-out is on record.',
    fields: (t) => ({
      contactIds: t.field({
        type: ['ID'],
        nullable: { list: false, items: false },
        description: 'The contacts for which it is on record; empty if no contact has the address.',
        resolve: ({ contactIds }) => [...contactIds],
      }),
      channels: t.field({
        type: [Channel],
        nullable: { list: false, items: false },
        description: 'The channels that it holds for.',
        resolve: ({ channels }) => [...channels],
      }),
    }),
  },
})

const OptOutKeywords = builder
  .objectRef<{ keywordChannels: string[]; keywordLanguages: string[]; stopWords: string[]; startWords: string[] }>('OptOutKeywords')
  .implement({
    description: 'Which messages are opt-outs by keyword.',
    fields: (t) => ({
      channels: t.stringList({
        nullable: false,
        description: 'The channels on which keywords count; empty: none.',
        resolve: (o) => o.keywordChannels,
      }),
      languages: t.stringList({
        nullable: false,
        description: 'Languages (ISO 639-1); empty: all that are known.',
        resolve: (o) => o.keywordLanguages,
      }),
      stopWords: t.exposeStringList('stopWords', { nullable: false, description: 'Further stop words.' }),
      startWords: t.exposeStringList('startWords', { nullable: false, description: 'Further start words.' }),
    }),
  })

builder.objectField(OrganizationSettings, 'optOutKeywords', (t) =>
  t.field({
    type: OptOutKeywords,
    nullable: false,
    description: 'Which inbound messages are opt-outs by keyword. `updateOptOutKeywords` changes it.',
    resolve: (organization) => organization,
  }),
)

mutation('updateOptOutKeywords', {
  description: 'Changes which inbound messages are opt-outs by keyword. Needs the scope settings:write.',
  input: {
    description: 'The settings. Omitted ones stay unchanged.',
    fields: (t) => ({
      channels: t.field({
        type: [Channel],
        description: 'Some of SMS, RCS and WHATSAPP; empty switches keywords off. Default: all three.',
      }),
      languages: t.stringList({ description: 'ISO 639-1 codes; empty: all languages that are known. Default: all.' }),
      stopWords: t.stringList({ description: 'Further stop words, at most 100.' }),
      startWords: t.stringList({ description: 'Further words that take back an opt-out by keyword, at most 100.' }),
    }),
  },
  errors: { types: [InvalidInput], description: 'The settings, or why nothing changed.' },
  async resolve(input, context) {
    await updateKeywords(context, input)
    return getOrganization(context)
  },
  payload: {
    description: 'The settings are stored.',
    fields: (t) => ({
      optOutKeywords: t.field({
        type: OptOutKeywords,
        nullable: false,
        description: 'The settings now.',
        resolve: (organization) => organization,
      }),
    }),
  },
})
