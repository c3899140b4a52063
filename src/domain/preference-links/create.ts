import type { Channel } from '../../data/generated/client.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { consentFactsByContact } from '../consent/queries.ts'
import { addressOf, type ConsentEntry, type ConsentFacts } from '../consent/rules.ts'
import { findWrittenOrSurvivor } from '../contacts/queries.ts'
import { type Context, requireScope } from '../context.ts'
import { allTopics, topicFor } from '../topics/queries.ts'
import { createToken, fingerprintOf, type LinkPurpose } from './token.ts'

export interface LinkInput {
  readonly contactId: string
  /** The channel that the link is sent on; email by default. */
  readonly channel?: Channel | null | undefined
  /** The key or the id of a topic; by default the whole channel. */
  readonly topic?: string | null | undefined
  /** 1 to 730. */
  readonly expiresInDays?: number | null | undefined
}

export interface NewLink {
  readonly token: string
  readonly expiresAt: Date
}

const maxDays = 730

/**
 * Makes a link with which a contact sees and changes its preferences, and opts out with one click.
 * @param input expires in 90 days by default
 * @throws NotFound for an unknown or deleted contact; InvalidInput
 */
export async function createPreferenceLink(context: Context, input: LinkInput): Promise<NewLink> {
  return createLink(context, 'preferences', { ...input, expiresInDays: input.expiresInDays ?? 90 }, () => null)
}

/**
 * Makes a link with which a contact confirms an opt-in that is pending: double opt-in.
 * @param input expires in 7 days by default
 * @throws NotFound for an unknown or deleted contact; InvalidInput, also if nothing is pending
 */
export async function createConfirmationLink(context: Context, input: LinkInput): Promise<NewLink> {
  return createLink(context, 'confirmation', { ...input, expiresInDays: input.expiresInDays ?? 7 }, (facts, channel, topicId) => {
    const address = addressOf(facts, channel)?.key ?? null
    const pending = latestPending(facts, (entry) => entry.channel === channel && entry.topicId === topicId && entry.addressKey === address)
    if (pending !== null) return pending.id
    throw new InvalidInput('No opt-in of the contact waits for a confirmation here.', {
      field: topicId === null ? 'channel' : 'topic',
      expected: 'a channel or topic with an opt-in whose state is PENDING',
    })
  })
}

async function createLink(
  context: Context,
  purpose: LinkPurpose,
  input: LinkInput & { readonly expiresInDays: number },
  recordFor: (facts: ConsentFacts, channel: Channel, topicId: string | null) => string | null,
): Promise<NewLink> {
  requireScope(context, 'contacts:write')
  const { expiresInDays: days } = input
  const channel = input.channel ?? 'email'
  if (!Number.isInteger(days) || days < 1 || days > maxDays)
    throw new InvalidInput('A link cannot be valid that long.', { field: 'expiresInDays', value: days, expected: `1 to ${maxDays} days` })
  const topic = typeof input.topic === 'string' ? topicFor(input.topic, await allTopics(context), channel) : null
  const contact = await findWrittenOrSurvivor(context, input.contactId)
  if (contact === null) throw new NotFound('contact', input.contactId, 'contactId')
  const contactId = contact.id
  const facts = (await consentFactsByContact(context, [contact])).get(contactId) ?? { entries: [], addresses: [] }
  const { organizationId } = context.actor
  const address = addressOf(facts, channel) ?? null
  const expiresAt = new Date((Math.ceil(context.now().getTime() / 1000) + days * 86_400) * 1000)
  const token = createToken(context.secretKeys, purpose, {
    organizationId,
    contactId,
    channel,
    topicId: topic?.id ?? null,
    recordId: recordFor(facts, channel, topic?.id ?? null),
    address: address && fingerprintOf(context.secretKeys, organizationId, address),
    expiresAt,
  })
  return { token, expiresAt }
}

function latestPending({ entries }: ConsentFacts, isMeant: (entry: ConsentEntry) => boolean): ConsentEntry | null {
  const pending = entries.filter((entry) => entry.state === 'pending' && isMeant(entry))
  return pending.reduce<ConsentEntry | null>((latest, entry) => (latest && latest.recordedAt >= entry.recordedAt ? latest : entry), null)
}
