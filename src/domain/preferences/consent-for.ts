import type { Channel, MessageCategory, Topic } from '../../data/generated/client.ts'
import { channelWords } from '../../kernel/channels.ts'
import { unreachableSince } from '../contacts/contact-points.ts'
import { addressKindOf } from '../consent/channels.ts'
import { type AddressFacts, addressOf, type ConsentFacts, holds, type SuppressionEntry, type Verdict, verdictOf } from '../consent/rules.ts'

/** Why consent or an address speaks against a message. */
export const consentCodes = [
  'BLOCKED',
  'OPTED_OUT',
  'SUPPRESSED',
  'NO_CONSENT',
  'NOT_SUBSCRIBED',
  'UNCONFIRMED',
  'CONSENT_EXPIRED',
  'NO_ADDRESS',
  'ADDRESS_UNREACHABLE',
] as const
export type ConsentCode = (typeof consentCodes)[number]

export interface ConsentRefusal {
  readonly code: ConsentCode
  /** One plain sentence. */
  readonly message: string
}

/** What is to be sent. */
export interface ConsentQuestion {
  readonly channel: Channel
  readonly category: MessageCategory
  /** The topic that it belongs to; null: none. */
  readonly topic: Topic | null
  /** The key of one of the contact's addresses; by default its primary one. */
  readonly addressKey?: string | null | undefined
  readonly at: Date
  /** The organization's setting. */
  readonly marketingNeedsOptIn: boolean
  /** Whether the contact is known on a channel without addresses. */
  readonly isMet: boolean
}

/**
 * Everything that consent and the address say against a message: all reasons at once, none if it may be sent as far as they are concerned. Whether the
 * contact itself is blocked, frequency caps and quiet hours are judged by the send decision.
 */
export function consentFor(facts: ConsentFacts, question: ConsentQuestion): ConsentRefusal[] {
  const { channel, topic, at } = question
  const address = addressOf(facts, channel, question.addressKey)
  const ofChannel = verdictOf(facts, { channel, topicId: null, address, at })
  const ofTopic = topic === null ? null : verdictOf(facts, { channel, topicId: topic.id, address, at })
  return [
    ...suppressed(address ?? null, channel),
    ...optedOut(ofChannel, ofTopic, question),
    ...missing(ofChannel, ofTopic, question),
    ...unreachable(address, ofChannel, question),
  ]
}

/** Whether an address is unreachable: a message bounced, and none arrived since. */
export function isUnreachable(address: Pick<AddressFacts, 'unreachableSince' | 'verifiedAt'>): boolean {
  return unreachableSince(address) !== null
}

function suppressed(address: AddressFacts | null, channel: Channel): ConsentRefusal[] {
  const inForce = (address?.suppressions ?? []).filter((entry) => holds(entry) && (entry.channel === null || entry.channel === channel))
  const reasons: ConsentRefusal[] = []
  if (inForce.some(({ reason }) => reason === 'block'))
    reasons.push({ code: 'BLOCKED', message: 'The address belonged to a contact that was blocked.' })
  const listed = inForce.find(({ reason }) => reason in suppressionWords)
  if (listed !== undefined)
    reasons.push({
      code: 'SUPPRESSED',
      message: `The address is on the suppression list: ${suppressionWords[listed.reason] ?? listed.reason}.`,
    })
  return reasons
}

const suppressionWords: { readonly [Reason in SuppressionEntry['reason']]?: string } = {
  complaint: 'its holder complained about a message',
  erasure: 'its holder was erased',
  manual: 'it was put there by hand',
  imported: 'it came with an imported list',
}

function optedOut(ofChannel: Verdict, ofTopic: Verdict | null, { channel, topic }: ConsentQuestion): ConsentRefusal[] {
  if (ofChannel.state === 'opted_out')
    return [{ code: 'OPTED_OUT', message: `The contact opted out of messages by ${channelWords[channel]}.` }]
  if (ofTopic?.state === 'opted_out')
    return [{ code: 'OPTED_OUT', message: `The contact opted out of ${topic?.name ?? 'the topic'} by ${channelWords[channel]}.` }]
  return []
}

/** Consent that is needed and not there. An opt-out is a reason of its own, and nothing else is missing then. */
function missing(ofChannel: Verdict, ofTopic: Verdict | null, question: ConsentQuestion): ConsentRefusal[] {
  const { channel, category, topic } = question
  if (ofChannel.state === 'opted_out' || ofTopic?.state === 'opted_out') return []
  const needsConsent = category === 'marketing' && question.marketingNeedsOptIn
  const reasons: ConsentRefusal[] = []
  if (needsConsent && ofChannel.state !== 'opted_in' && ofTopic?.state !== 'opted_in') {
    const nearest = ofTopic !== null && ofTopic.state !== 'unknown' ? ofTopic : ofChannel
    reasons.push(absent(nearest, `Marketing by ${channelWords[channel]} needs an opt-in, and none is on record.`))
  }
  if (topic !== null && ofTopic !== null && category !== 'transactional' && !isSubscribed(topic, ofTopic)) {
    const refusal = absent(ofTopic, '')
    if (refusal.code !== 'NO_CONSENT') reasons.push(refusal)
    else reasons.push({ code: 'NOT_SUBSCRIBED', message: `The contact has not subscribed to ${topic.name}.` })
  }
  return reasons.filter(({ code }, at) => reasons.findIndex((other) => other.code === code) === at)
}

function isSubscribed(topic: Topic, { state }: Verdict): boolean {
  if (topic.archivedAt !== null) return false
  return state === 'opted_in' || (state === 'unknown' && topic.defaultState === 'subscribed')
}

function absent({ state }: Verdict, none: string): ConsentRefusal {
  switch (state) {
    case 'pending':
      return { code: 'UNCONFIRMED', message: 'The contact was asked to confirm its consent, and has not done so yet.' }
    case 'expired':
      return { code: 'CONSENT_EXPIRED', message: 'The consent of the contact has ended.' }
    case 'opted_in':
    case 'opted_out':
    case 'unknown':
      return { code: 'NO_CONSENT', message: none }
  }
}

function unreachable(
  address: AddressFacts | null | undefined,
  ofChannel: Verdict,
  { channel, isMet, addressKey }: ConsentQuestion,
): ConsentRefusal[] {
  const kind = addressKindOf(channel)
  if (kind === null) {
    if (isMet || ofChannel.state === 'opted_in') return []
    const message = `The contact has not used ${channelWords[channel]} and has not opted in to it: there is no address to send to.`
    return [{ code: 'NO_ADDRESS', message }]
  }
  if (address === undefined || address === null) {
    const noun = kind === 'email' ? 'email address' : 'phone number'
    const message = typeof addressKey === 'string' ? `The contact has no such ${noun}.` : `No ${noun} of the contact is known.`
    return [{ code: 'NO_ADDRESS', message }]
  }
  if (!isUnreachable(address)) return []
  return [{ code: 'ADDRESS_UNREACHABLE', message: 'A message to the address bounced, and none has arrived since.' }]
}
