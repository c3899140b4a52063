import { setPreferences } from '../../../domain/preferences/commands.ts'
import {
  consentRecordList,
  consentRecordPosition,
  getWrittenPreferences,
  getWrittenRecords,
  type Preference,
  preferencesOfContacts,
} from '../../../domain/preferences/queries.ts'
import { RevisionConflict } from '../../../domain/contacts/revision.ts'
import { findWrittenContact } from '../../../domain/contacts/queries.ts'
import { ConsentNeedsProof } from '../../../domain/preferences/errors.ts'
import type { ChangeFailure } from '../../../domain/preferences/rules.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { compiledRelation, needs } from './compiled-fields.ts'
import { connectionTypes, edgeOf, resolvePage } from './connections.ts'
import { Contact } from './contacts.ts'
import { Channel, ConsentOrigin, ConsentState, LawfulBasis } from './enums.ts'
import { ErrorCode } from './errors.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'
import { ifRevisionField, preconditionsOf } from './revisions.ts'

const ConsentRecord = builder.prismaObject('ConsentRecord', {
  interfaces: [NodeInterface],
  ...node('consentRecord', ({ loaders }, id) => loaders.visibleConsentRecord.load(id)),
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel that it is about.' }),
    state: t.expose('state', { type: ConsentState, nullable: false, description: 'What the contact said.' }),
    topicId: t.exposeID('topicId', { nullable: true, description: 'The topic that it is about; null: the whole channel.' }),
    address: t.exposeString('addressKey', {
      description:
        'The phone number or email address that it is about, in the spelling by which addresses are compared; null on channels without addresses, and if none is known.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'When the consent ends; null if it does not end by itself.',
    }),
    externalId: t.exposeString('externalId', { description: 'The id that the reporting system has for it; null if it has none.' }),
    origin: t.expose('origin', { type: ConsentOrigin, nullable: false, description: 'How it came to the ledger.' }),
    messageId: t.exposeID('messageId', { nullable: true, description: 'The message that proves it; null if there is none.' }),
    source: t.exposeString('source', { nullable: false }),
    lawfulBasis: t.expose('lawfulBasis', {
      type: LawfulBasis,
      description: 'On what ground in law the contact may be reached; null if none was named.',
    }),
    purpose: t.exposeString('purpose'),
    textVersion: t.exposeString('textVersion'),
    proofUrl: t.exposeString('proofUrl'),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', nullable: false }),
    recordedBy: t.exposeString('recordedBy', { nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
  }),
})

const ChannelPreference = builder.objectRef<Preference>('ChannelPreference').implement({
  description: 'What holds for a contact on a whole channel at its primary address: what the consent ledger comes down to.',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel.' }),
    state: t.expose('state', {
      type: ConsentState,
      nullable: false,
      description: '`OPTED_IN`, `OPTED_OUT` or `UNKNOWN`. Consent for a topic alone, unconfirmed and expired consent are unknown here.',
    }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was given or withdrawn; null if unknown.',
    }),
    record: t.field({
      type: ConsentRecord,
      description:
        'The entry of the consent ledger that decides; null if there is none, or if another contact with the same address opted out.',
      resolve: ({ recordId }, _args, context) => (recordId === null ? null : context.loaders.consentRecord.load(recordId)),
      ...needs('recordId'),
    }),
  }),
})

const ConsentRecords = connectionTypes(ConsentRecord, 'ConsentRecord', {
  page: 'A page of the consent ledger.',
  edge: 'An entry of the consent ledger and its position in the list.',
})

builder.prismaObjectFields(Contact, (t) => ({
  preferences: t.field({
    type: [ChannelPreference],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 11 },
    description: 'The consent state of each channel: always all eleven, in alphabetical order.',
    resolve: (contact, _args, context) => context.loaders.preferences.load(contact.id),
    ...compiledRelation({
      shape: preferencesOfContacts.shape,
      order: null,
      relation: (context) => preferencesOfContacts.relation(context),
    }),
  }),
  consentRecords: t.connection(
    {
      type: ConsentRecord,
      nullable: false,
      description: 'The consent ledger, latest entry first. Entries are never changed or removed.',
      resolve: resolvePage({
        list: ({ id }) => consentRecordList(id),
        read: ({ id }, { loaders }, page) => loaders.consentRecords(page).load(id),
        position: consentRecordPosition,
      }),
    },
    ConsentRecords.Connection,
    ConsentRecords.Edge,
  ),
}))

const PreferenceChange = builder.inputType('PreferenceChange', {
  description: 'One entry of the consent ledger.',
  fields: (t) => ({
    channel: t.field({ type: Channel, required: true, description: 'The channel.' }),
    state: t.field({
      type: ConsentState,
      required: true,
      description: '`OPTED_IN`, `OPTED_OUT`, or `PENDING` for consent that waits for a confirmation.',
    }),
    topic: t.string({ description: 'The key or the id of a topic. Default: the whole channel.' }),
    address: t.string({ description: 'The address that it is about. Default: the primary one of the contact for the channel.' }),
    source: t.string({
      description: 'Where the consent was given or withdrawn, such as `web_form`. Default: `api`. At most 100 characters.',
    }),
    lawfulBasis: t.field({ type: LawfulBasis, description: 'On what ground in law the contact may be reached.' }),
    purpose: t.string({ description: 'What the contact may be reached for, at most 200 characters.' }),
    textVersion: t.string({ description: 'Which wording the contact saw, at most 100 characters.' }),
    proofUrl: t.string({ description: 'An http or https address where the proof is kept, at most 2,000 characters.' }),
    recordedAt: t.field({
      type: 'DateTime',
      description:
        'When the contact said it. Default: now. Up to 5 minutes ahead counts as now; an opt-out counts as now however far ahead it is.',
    }),
    validUntil: t.field({ type: 'DateTime', description: 'When the consent ends. Default: it does not end by itself.' }),
    externalId: t.string({
      description: 'The id that your system has for the report, at most 200 characters: reported again, it changes nothing.',
    }),
  }),
})

const PreferenceFailure = builder.objectRef<ChangeFailure>('PreferenceFailure').implement({
  description: 'A change that was not put on record.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: false, description: 'The position of the change in the input, from 0.' }),
    code: t.field({ type: ErrorCode, nullable: false, description: 'What kind of refusal it is.', resolve: ({ reason }) => reason.code }),
    message: t.string({ nullable: false, description: 'What is wrong and what to do.', resolve: ({ reason }) => reason.message }),
    field: t.string({
      description: 'The input that is wrong; null if it is not one alone.',
      resolve: ({ reason }) => reason.details.field ?? null,
    }),
  }),
})

mutation('setPreferences', {
  description:
    'Puts on record what a contact said. The latest statement for a channel or topic counts, and of two of the same time the refusal; an older one ' +
    'joins the ledger and changes nothing else, and a repeated report is one entry. An opt-in after an opt-out needs `source` and `textVersion` or ' +
    '`proofUrl`. Each change is judged by itself. Opt-outs of a deleted contact are recorded. Needs the scope contacts:write.',
  input: {
    description: 'What a contact said.',
    fields: (t) => ({
      contactId: t.id({ required: true, description: 'The id of the contact.' }),
      changes: t.field({ type: [PreferenceChange], required: true, description: '1 to 100 changes.' }),
      ...ifRevisionField(t),
    }),
  },
  errors: {
    types: [InvalidInput, NotFound, ConsentNeedsProof, RevisionConflict],
    description: 'The preferences, or why nothing was put on record.',
  },
  async resolve(input, context) {
    const named = parseId('contact', input.contactId, 'contactId')
    const { contactId, recordIds, failed } = await setPreferences(context, named, input.changes, preconditionsOf(input))
    return {
      contactId,
      contact: await findWrittenContact(context, contactId),
      preferences: await getWrittenPreferences(context, contactId),
      records: await getWrittenRecords(context, recordIds),
      failed,
    }
  },
  payload: {
    description: 'What was put on record.',
    fields: (t) => ({
      contact: t.field({
        type: Contact,
        nullable: true,
        description: 'The contact; null if it is deleted.',
        resolve: ({ contact }) => contact,
      }),
      preferences: t.field({
        type: [ChannelPreference],
        nullable: { list: false, items: false },
        complexity: { field: 1, multiplier: 11 },
        description: 'What holds for the contact on each channel now: all eleven.',
        resolve: ({ preferences }) => [...preferences],
      }),
      records: t.field({
        type: [ConsentRecord],
        nullable: { list: false, items: false },
        description: 'The new entries of the consent ledger, in the order of the changes: those that repeat a report are not among them.',
        resolve: ({ records }) => [...records],
      }),
      recordEdges: t.field({
        type: [ConsentRecords.Edge],
        nullable: { list: false, items: false },
        description: 'The same entries with their positions in `Contact.consentRecords`.',
        resolve: ({ contactId, records }) => records.map((record) => edgeOf(record, consentRecordList(contactId), consentRecordPosition)),
      }),
      failed: t.field({
        type: [PreferenceFailure],
        nullable: { list: false, items: false },
        description: 'The changes that were not put on record, and why.',
        resolve: ({ failed }) => [...failed],
      }),
    }),
  },
})
