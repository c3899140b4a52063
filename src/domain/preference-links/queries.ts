import type { Channel, Contact, Topic } from '../../data/generated/client.ts'
import { channels } from '../../kernel/channels.ts'
import { addressKindOf } from '../consent/channels.ts'
import { consentFactsByContact } from '../consent/queries.ts'
import { addressOf, type ConsentFacts, holds, verdictOf } from '../consent/rules.ts'
import { findWrittenOrSurvivor } from '../contacts/queries.ts'
import type { Context } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { allTopics } from '../topics/queries.ts'
import { contextOf, type LinkServices } from './context.ts'
import { InvalidLink } from './errors.ts'
import { type LinkClaims, mayOptIn, readToken } from './token.ts'

/** What holds on a whole channel. */
export interface ChannelChoice {
  readonly channel: Channel
  readonly state: 'opted_in' | 'opted_out' | 'unknown'
  /** Whether the address is on the suppression list for another reason than an opt-out: nothing that is said here ends that. */
  readonly isSuppressed: boolean
}

/** What holds for a topic on its channels. */
export interface TopicChoice {
  readonly topic: Topic
  readonly choices: readonly { readonly channel: Channel; readonly isOn: boolean; readonly isPending: boolean }[]
}

/** What a contact sees with its link. */
export interface PreferencePage {
  readonly organizationName: string
  /** The language of the contact; null if it is not known. */
  readonly language: string | null
  readonly channels: readonly ChannelChoice[]
  readonly topics: readonly TopicChoice[]
  /** Whether opt-ins are accepted; opt-outs always are. */
  readonly mayOptIn: boolean
}

/** The preferences of the contact that a link was made for. Reading them changes nothing. @throws InvalidLink */
export async function getPreferencePage(services: LinkServices, token: string): Promise<PreferencePage> {
  const claims = readValid(services, token)
  const context = contextOf(services, claims, null)
  const contact = await findWrittenOrSurvivor(context, claims.contactId)
  if (contact === null) throw new InvalidLink('gone')
  const [organization, facts, topics] = await Promise.all([getOrganization(context), factsOf(context, contact), allTopics(context)])
  const open = topics.filter(({ archivedAt }) => archivedAt === null)
  const shown = shownChannels(facts, claims, open)
  const at = context.now()
  return {
    organizationName: organization.name,
    language: contact.language,
    channels: shown.map((channel) => choiceOf(facts, channel, at)),
    topics: open.flatMap((topic) => topicChoice(facts, topic, shown, at)),
    mayOptIn: mayOptIn(services.secretKeys, claims, facts),
  }
}

/** What the token of a preference link stands for. @throws InvalidLink if it has expired, too */
export function readValid({ secretKeys, now }: LinkServices, token: string): LinkClaims {
  const claims = readToken(secretKeys, 'preferences', token)
  if (claims.expiresAt <= now()) throw new InvalidLink('expired')
  return claims
}

async function factsOf(context: Context, contact: Contact): Promise<ConsentFacts> {
  return (await consentFactsByContact(context, [contact])).get(contact.id) ?? { entries: [], addresses: [] }
}

/** The channels on which the contact can be reached and of which there is something to say: the link's, those of topics, those on record. */
function shownChannels(facts: ConsentFacts, claims: LinkClaims, topics: readonly Topic[]): Channel[] {
  return channels.filter((channel) => {
    const isMeant =
      channel === claims.channel ||
      facts.entries.some((entry) => entry.channel === channel) ||
      topics.some((topic) => topic.channels.includes(channel))
    return isMeant && isReachable(facts, channel)
  })
}

/** Whether the contact has an address for a channel. */
export function isReachable(facts: ConsentFacts, channel: Channel): boolean {
  return addressKindOf(channel) === null
    ? facts.entries.some((entry) => entry.channel === channel)
    : addressOf(facts, channel) !== undefined
}

function choiceOf(facts: ConsentFacts, channel: Channel, at: Date): ChannelChoice {
  const address = addressOf(facts, channel)
  const { state } = verdictOf(facts, { channel, topicId: null, address, at })
  const isSuppressed = (address?.suppressions ?? []).some(
    (entry) =>
      holds(entry) &&
      entry.reason !== 'opt_out' &&
      entry.reason !== 'keyword' &&
      (entry.channel === null || entry.channel === channel) &&
      entry.topicId === null,
  )
  return { channel, state: state === 'opted_in' || state === 'opted_out' ? state : 'unknown', isSuppressed }
}

function topicChoice(facts: ConsentFacts, topic: Topic, shown: readonly Channel[], at: Date): TopicChoice[] {
  const own = shown.filter((channel) => topic.channels.length === 0 || topic.channels.includes(channel))
  const choices = own.map((channel) => {
    const { state } = verdictOf(facts, { channel, topicId: topic.id, address: addressOf(facts, channel), at })
    const isOn = state === 'opted_in' || (state === 'unknown' && topic.defaultState === 'subscribed')
    return { channel, isOn, isPending: state === 'pending' }
  })
  return choices.length === 0 ? [] : [{ topic, choices }]
}
