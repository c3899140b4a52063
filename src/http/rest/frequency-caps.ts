import { z } from '@hono/zod-openapi'
import { getContact } from '../../domain/contacts/queries.ts'
import { type FrequencyCap, type FrequencyCaps, frequencyCapsByContact } from '../../domain/frequency-caps/queries.ts'
import { channels } from '../../kernel/channels.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { parseId } from '../../kernel/ids.ts'
import { endpoint } from './endpoint.ts'
import { contactIdParams } from './fields.ts'

const channel = z.enum(channels)

const capSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    channel: channel.nullable().openapi({ description: 'Null: messages on all channels count together.' }),
    category: z
      .enum(['marketing', 'service', 'transactional'])
      .nullable()
      .openapi({ description: 'Null: all but transactional messages count.' }),
    limit: z.int(),
    window_seconds: z.int(),
    audience: z.object({
      lifecycle_stages: z.array(z.string()),
      tags: z.array(z.string()),
      country_codes: z.array(z.string()),
      filter: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'As it was given to GraphQL; null: any contact.' }),
    }),
    usage: z.object({
      used: z.int(),
      remaining: z.int(),
      resets_at: z.iso.datetime().nullable().openapi({ description: 'When the next slot frees; null if nothing is used.' }),
    }),
  })
  .openapi('FrequencyCap')

export const capsSchema = z
  .object({
    contact_id: z.string(),
    grouped_by_channel: z
      .partialRecord(channel, z.array(capSchema))
      .openapi({ description: 'The caps of single channels; a channel without caps is left out.' }),
    global_caps: z.array(capSchema).openapi({ description: 'The caps that count all channels together.' }),
  })
  .openapi('FrequencyCaps')

function presentCap({ rule, usage }: FrequencyCap): z.input<typeof capSchema> {
  return {
    id: rule.id,
    name: rule.name,
    channel: rule.channel,
    category: rule.category,
    limit: rule.limit,
    window_seconds: rule.windowSeconds,
    audience: {
      lifecycle_stages: rule.lifecycleStages,
      tags: rule.tags,
      country_codes: rule.countryCodes,
      filter: isJsonObject(rule.filter) ? rule.filter : null,
    },
    usage: { used: usage.used, remaining: usage.remaining, resets_at: usage.resetsAt?.toISOString() ?? null },
  }
}

/** The caps of a contact in REST's spelling. */
export function presentCaps(contactId: string, caps: FrequencyCaps): z.input<typeof capsSchema> {
  return {
    contact_id: contactId,
    grouped_by_channel: Object.fromEntries(caps.groupedByChannel.map((entry) => [entry.channel, entry.rules.map(presentCap)])),
    global_caps: caps.globalCaps.map(presentCap),
  }
}

export const readFrequencyCaps = endpoint({
  operation: 'getFrequencyCaps',
  summary: 'How many messages a contact may get',
  description: 'Only rules that are enabled and hold for this contact, and how much of each is used up now.',
  tag: 'Frequency caps',
  scope: 'contacts:read',
  params: contactIdParams,
  replies: { 200: capsSchema },
  async handle(context, { params }) {
    const contact = await getContact(context, parseId('contact', params.id))
    const caps = (await frequencyCapsByContact(context, [contact])).get(contact.id)
    return { status: 200, data: presentCaps(contact.id, caps ?? { groupedByChannel: [], globalCaps: [] }) }
  },
})
