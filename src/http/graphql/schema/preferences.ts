import { setPreferences } from '../../../domain/preferences/commands.ts'
import {
  consentRecordList,
  consentRecordPosition,
  getWrittenPreferences,
  getWrittenRecords,
  type Preference,
} from '../../../domain/preferences/queries.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { connectionOf, edgeOf, pageRequest } from './connections.ts'
import { Contact } from './contacts.ts'
import { Channel, ConsentState, LawfulBasis } from './enums.ts'
import { mutation } from './mutations.ts'
import { NodeInterface, registerNode } from './node.ts'

const ConsentRecord = builder.prismaObject('ConsentRecord', {
  interfaces: [NodeInterface],
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel that the wish is about.' }),
    state: t.expose('state', { type: ConsentState, nullable: false, description: 'What the contact wished.' }),
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

registerNode('consentRecord', 'ConsentRecord', (context, id) => context.loaders.visibleConsentRecord.load(id))

const ChannelPreference = builder.objectRef<Preference>('ChannelPreference').implement({
  description: 'The current wish of a contact for one channel: what the consent ledger comes down to.',
  fields: (t) => ({
    channel: t.expose('channel', { type: Channel, nullable: false, description: 'The channel.' }),
    state: t.expose('state', { type: ConsentState, nullable: false, description: 'What is known about the contact’s wish.' }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the contact expressed it; null if nothing is on record.',
    }),
    record: t.field({
      type: ConsentRecord,
      description: 'The entry of the consent ledger that decides; null if there is none.',
      resolve: ({ recordId }, _args, context) => (recordId === null ? null : context.loaders.consentRecord.load(recordId)),
    }),
  }),
})

const ConsentRecordEdge = builder.edgeObject({
  type: ConsentRecord,
  name: 'ConsentRecordEdge',
  description: 'An entry of the consent ledger and its place in the list.',
})
const ConsentRecordConnection = builder.connectionObject(
  { type: ConsentRecord, name: 'ConsentRecordConnection', description: 'A page of the consent ledger.' },
  ConsentRecordEdge,
)

builder.prismaObjectFields(Contact, (t) => ({
  preferences: t.field({
    type: [ChannelPreference],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 11 },
    description: 'What the contact wishes for each channel: always all eleven, in the order of the alphabet.',
    resolve: (contact, _args, context) => context.loaders.preferences.load(contact.id),
  }),
  consentRecords: t.connection(
    {
      type: ConsentRecord,
      nullable: false,
      description:
        'The consent ledger: everything that the contact ever wished, the latest wish first. Entries are never changed or removed.',
      async resolve(contact, args, context, info) {
        const list = consentRecordList(contact.id)
        const page = await context.loaders.consentRecords(pageRequest(list, args, info)).load(contact.id)
        return connectionOf(page, list, consentRecordPosition)
      },
    },
    ConsentRecordConnection,
    ConsentRecordEdge,
  ),
}))

const PreferenceChange = builder.inputType('PreferenceChange', {
  description: 'What a contact wished for one channel.',
  fields: (t) => ({
    channel: t.field({ type: Channel, required: true, description: 'The channel.' }),
    state: t.field({ type: ConsentState, required: true, description: '`OPTED_IN` or `OPTED_OUT`; nothing is recorded as unknown.' }),
    source: t.string({
      description: 'Where the wish was expressed, such as `web_form`; `api` if nothing is said. At most 100 characters.',
    }),
    lawfulBasis: t.field({ type: LawfulBasis, description: 'On what ground in law the contact may be reached.' }),
    purpose: t.string({ description: 'What the contact may be reached for, at most 200 characters.' }),
    textVersion: t.string({ description: 'Which wording the contact saw, at most 100 characters.' }),
    proofUrl: t.string({ description: 'An http or https address where the proof is kept, at most 2,000 characters.' }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'When the contact expressed the wish; now if nothing is said. Not in the future.',
    }),
  }),
})

mutation('setPreferences', {
  description:
    'Puts a contact’s wishes on record. The latest wish for a channel counts, and of two of the same moment the refusal; an older one joins the ' +
    'ledger and changes nothing else. Needs the scope contacts:write.',
  input: {
    description: 'The wishes of a contact.',
    fields: (t) => ({
      contactId: t.id({ required: true, description: 'The id of the contact.' }),
      changes: t.field({ type: [PreferenceChange], required: true, description: '1 to 100 wishes.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The preferences, or why nothing was put on record.' },
  async resolve(input, context) {
    const contactId = parseId('contact', input.contactId, 'contactId')
    const ids = await setPreferences(context, contactId, input.changes)
    return {
      contact: await getWrittenContact(context, contactId),
      preferences: await getWrittenPreferences(context, contactId),
      records: await getWrittenRecords(context, ids),
    }
  },
  payload: {
    description: 'The wishes are on record.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'Whose wishes they are.', resolve: ({ contact }) => contact }),
      preferences: t.field({
        type: [ChannelPreference],
        nullable: { list: false, items: false },
        complexity: { field: 1, multiplier: 11 },
        description: 'What the contact wishes for each channel now: all eleven.',
        resolve: ({ preferences }) => [...preferences],
      }),
      records: t.field({
        type: [ConsentRecord],
        nullable: { list: false, items: false },
        description: 'The new entries of the consent ledger, in the order of the changes.',
        resolve: ({ records }) => [...records],
      }),
      recordEdges: t.field({
        type: [ConsentRecordEdge],
        nullable: { list: false, items: false },
        description: 'The same entries with their positions in `Contact.consentRecords`.',
        resolve: ({ contact, records }) => records.map((record) => edgeOf(record, consentRecordList(contact.id), consentRecordPosition)),
      }),
    }),
  },
})
