import { z } from '@hono/zod-openapi'
import type { ConsentRecord, ConsentState } from '../../data/generated/client.ts'
import { setPreferenceMap, setPreferences } from '../../domain/preferences/commands.ts'
import {
  getPreferences,
  type Preference,
  type PreferencesOfContact,
  readPreferences as readWritten,
} from '../../domain/preferences/queries.ts'
import type { TopicOfContact } from '../../domain/preferences/topics.ts'
import { channels } from '../../kernel/channels.ts'
import { parseId } from '../../kernel/ids.ts'
import { parseDateTime } from '../../kernel/time.ts'
import { endpoint } from './endpoint.ts'
import { contactIdParams } from './fields.ts'

const states = ['opted_in', 'opted_out', 'unknown'] as const
const state = z.enum(states, { error: `expected one of ${states.join(', ')}` })
const bases = ['consent', 'contract', 'legal_obligation', 'vital_interests', 'public_task', 'legitimate_interests'] as const
const lawfulBasis = z.enum(bases, { error: `expected one of ${bases.join(', ')}` })
const origins = ['reported', 'keyword', 'complaint', 'import', 'merge'] as const
const channel = z.enum(channels)

const pending = z
  .literal(true)
  .optional()
  .openapi({ description: 'Consent was asked for and has not been confirmed; `state` is `unknown`. Absent otherwise.' })

const recordSchema = z
  .object({
    id: z.string(),
    channel,
    state,
    pending,
    source: z.string().openapi({ description: 'Where the consent was given or withdrawn, such as `web_form`.' }),
    lawful_basis: lawfulBasis.nullable(),
    purpose: z.string().nullable(),
    topic_id: z.string().nullable().openapi({ description: 'The topic that it is about; null: the whole channel.' }),
    address: z.string().nullable().openapi({
      description: 'The phone number or email address that it is about; null on channels without addresses, and if none is known.',
    }),
    valid_until: z.iso.datetime().nullable().openapi({ description: 'When the consent ends; null if it does not end by itself.' }),
    external_id: z.string().nullable().openapi({ description: 'The id that the reporting system has for it.' }),
    origin: z.enum(origins).openapi({ description: 'How it came to the ledger.' }),
    message_id: z.string().nullable().openapi({ description: 'The message that proves it; null if there is none.' }),
    text_version: z.string().nullable(),
    proof_url: z.string().nullable(),
    recorded_at: z.iso.datetime().openapi({ description: 'When the contact gave or withdrew consent.' }),
    recorded_by: z.string().openapi({ description: 'The name of the API key that brought it in.' }),
  })
  .openapi('ConsentRecord')

/** Get the preferences of a contact. */
export const statesSchema = z.record(channel, state).openapi({ description: 'All eleven channels, always.' })

const topicSchema = z
  .object({
    id: z.string(),
    key: z.string().openapi({ example: 'product_news' }),
    name: z.string(),
    preferences: z
      .array(z.object({ channel, state, pending, recorded_at: z.iso.datetime(), valid_until: z.iso.datetime().nullable() }))
      .openapi({ description: 'The channels of which something is on record. An opt-out of a whole channel overrides it.' }),
  })
  .openapi('TopicPreferences')

const preferencesSchema = z
  .object({
    contact_id: z.string(),
    preferences: statesSchema,
    topics: z.array(topicSchema).openapi({ description: 'The topics of the organization that are not archived.' }),
    records: z.array(recordSchema).openapi({ description: 'The consent ledger, latest entry first; at most 200 entries.' }),
  })
  .openapi('Preferences')

function presentRecord(record: ConsentRecord): z.input<typeof recordSchema> {
  return {
    id: record.id,
    channel: record.channel,
    ...presentState(record.state),
    source: record.source,
    lawful_basis: record.lawfulBasis,
    purpose: record.purpose,
    topic_id: record.topicId,
    address: record.addressKey,
    valid_until: record.validUntil?.toISOString() ?? null,
    external_id: record.externalId,
    origin: record.origin,
    message_id: record.messageId,
    text_version: record.textVersion,
    proof_url: record.proofUrl,
    recorded_at: record.recordedAt.toISOString(),
    recorded_by: record.recordedBy,
  }
}

/** The documented three states; consent that waits for a confirmation is unknown until then. */
function presentState(given: ConsentState): { state: z.input<typeof state>; pending?: true } {
  return given === 'pending' ? { state: 'unknown', pending: true } : { state: given }
}

function presentTopic({ topic, preferences }: TopicOfContact): z.input<typeof topicSchema> {
  return {
    id: topic.id,
    key: topic.key,
    name: topic.name,
    preferences: preferences.map((preference) => ({
      channel: preference.channel,
      ...presentState(preference.state),
      recorded_at: preference.recordedAt.toISOString(),
      valid_until: preference.validUntil?.toISOString() ?? null,
    })),
  }
}

/** The states by channel, in REST's spelling. */
export function presentStates(preferences: readonly Preference[]): z.input<typeof statesSchema> {
  const entries = preferences.map((preference) => [preference.channel, preference.state])
  // proof: the domain gives all eleven channels, and none of them is pending
  return Object.fromEntries(entries) as z.input<typeof statesSchema>
}

function presentPreferences(contactId: string, { preferences, topics, records }: PreferencesOfContact): z.input<typeof preferencesSchema> {
  return {
    contact_id: contactId,
    preferences: presentStates(preferences),
    topics: topics.map(presentTopic),
    records: records.map(presentRecord),
  }
}

export const readPreferences = endpoint({
  operation: 'getPreferences',
  summary: 'Get the preferences of a contact',
  description: '`opted_in`: consent was given and not taken back; `opted_out`: taken back or refused; `unknown`: nothing is on record.',
  tag: 'Preferences',
  scope: 'contacts:read',
  params: contactIdParams,
  replies: { 200: preferencesSchema },
  async handle(context, { params }) {
    const contactId = parseId('contact', params.id)
    return { status: 200, data: presentPreferences(contactId, await getPreferences(context, contactId)) }
  },
})

const changeBody = z
  .strictObject({
    channel: z.string().openapi({ description: `One of ${channels.join(', ')}.`, example: 'sms' }),
    state: z.enum([...states, 'pending'], { error: `expected one of ${states.join(', ')}, pending` }).openapi({
      description: '`opted_in`, `opted_out`, or `pending` for consent that waits for a confirmation; nothing is recorded as unknown.',
    }),
    source: z.string().nullish().openapi({ description: 'Where the consent was given or withdrawn. Default: `api`.' }),
    lawful_basis: lawfulBasis.nullish(),
    purpose: z.string().nullish(),
    text_version: z.string().nullish(),
    proof_url: z.string().nullish().openapi({ description: 'An http or https address.' }),
    topic: z.string().nullish().openapi({ description: 'The key or the id of a topic. Default: the whole channel.' }),
    address: z.string().nullish().openapi({ description: 'The address that it is about. Default: the primary one.' }),
    external_id: z.string().nullish().openapi({ description: 'Your id of the report: reported again, it changes nothing.' }),
    valid_until: z
      .string()
      .nullish()
      .openapi({ description: 'When the consent ends. Default: it does not end by itself.', format: 'date-time' }),
    recorded_at: z
      .string()
      .nullish()
      .openapi({ description: 'When the contact gave or withdrew consent. Default: now.', format: 'date-time' }),
  })
  .openapi('PreferenceChange')

export const putPreferences = endpoint({
  operation: 'setPreferences',
  summary: 'Record preferences of a contact',
  description:
    'The latest entry for a channel wins; of two with the same time, the opt-out wins. An older entry is added to the ledger and changes nothing else. ' +
    'Channels that are not named stay as they are.',
  tag: 'Preferences',
  scope: 'contacts:write',
  params: contactIdParams,
  body: z
    .strictObject({
      changes: z.array(changeBody).optional().openapi({ description: '1 to 100 changes.' }),
      preferences: z.partialRecord(z.enum(channels), state).optional().openapi({
        description: 'Instead of `changes`: states by channel, as `GET` answers them. Those that hold already change nothing.',
      }),
      source: z.string().nullish().openapi({ description: 'With `preferences`: where the consent was given or withdrawn.' }),
      text_version: z.string().nullish(),
      proof_url: z.string().nullish(),
      contact_id: z.unknown().optional().openapi({ description: 'Ignored: a part of what `GET` answers.' }),
      records: z.unknown().optional().openapi({ description: 'Ignored: a part of what `GET` answers.' }),
      topics: z.unknown().optional().openapi({ description: 'Ignored: a part of what `GET` answers.' }),
    })
    .openapi('PreferencesInput'),
  replies: { 200: preferencesSchema },
  async handle(context, { params, body }) {
    const contactId = parseId('contact', params.id)
    const changes = (body.changes ?? []).map((change, index) => ({
      channel: change.channel,
      state: change.state,
      source: change.source,
      lawfulBasis: change.lawful_basis,
      purpose: change.purpose,
      textVersion: change.text_version,
      proofUrl: change.proof_url,
      topic: change.topic,
      address: change.address,
      externalId: change.external_id,
      validUntil: typeof change.valid_until === 'string' ? parseDateTime(change.valid_until, `changes.${index}.validUntil`) : null,
      recordedAt: typeof change.recorded_at === 'string' ? parseDateTime(change.recorded_at, `changes.${index}.recordedAt`) : null,
    }))
    const { source, text_version: textVersion, proof_url: proofUrl } = body
    const written =
      body.changes === undefined && body.preferences !== undefined
        ? await setPreferenceMap(context, contactId, body.preferences, { source, textVersion, proofUrl })
        : (await setPreferences(context, contactId, changes)).contactId
    const headers = written === contactId ? {} : { 'Content-Location': `/api/v1/contacts/${written}/preferences` }
    return { status: 200, data: presentPreferences(written, await readWritten(context, written)), headers }
  },
})
