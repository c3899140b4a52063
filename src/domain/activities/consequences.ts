import type { Message } from '../../data/generated/client.ts'
import type { Reach } from '../../data/sql/write-consent.ts'
import { addressKindOf } from '../consent/channels.ts'
import { type NewConsent, noDetails } from '../consent/record.ts'
import { type MessageSettings, unreachableReasons } from './messages.ts'

/** What messages say about consent and addresses. */
export interface Consequences {
  readonly consents: readonly NewConsent[]
  readonly reached: readonly Reach[]
}

/**
 * What follows from messages that were recorded or updated: a stop word and a complaint are opt-outs with the message as their proof, a start word takes
 * back stop words, a bounce makes the address unreachable and an arrival makes it reachable. The same message reported again has the same consequences.
 */
export function consequencesOf(messages: readonly Message[], settings: MessageSettings, now: Date): Consequences {
  return {
    consents: messages.flatMap((message) => consentsOf(message, settings, now)),
    reached: latestOfEach(messages.flatMap((message) => reachOf(message, now))),
  }
}

function consentsOf(message: Message, { keywordOf }: MessageSettings, now: Date): NewConsent[] {
  const { contactId, channel, addressKey, occurredAt, id } = message
  const consent = {
    contactId,
    channel,
    addressKind: addressKey === null ? null : addressKindOf(channel),
    addressKey,
    ...noDetails,
    topicId: null,
    messageId: id,
  }
  if (message.failureReason === 'complaint')
    return [{ ...consent, state: 'opted_out', origin: 'complaint', source: 'complaint', externalId: id, recordedAt: now }]
  const keyword = message.direction === 'inbound' ? keywordOf(channel, message.body) : null
  if (keyword !== 'stop' && keyword !== 'start') return []
  const recordedAt = notAhead(occurredAt, now)
  const state = keyword === 'stop' ? 'opted_out' : 'unknown'
  return [{ ...consent, state, origin: 'keyword', source: 'keyword', externalId: id, recordedAt }]
}

/** A time that is ahead by the difference of clocks counts as now. */
export function notAhead(time: Date, now: Date): Date {
  return time < now ? time : now
}

function reachOf(message: Message, now: Date): Reach[] {
  const { contactId, channel, addressKey: key, direction, status, occurredAt, deliveredAt, readAt, failureReason } = message
  const kind = addressKindOf(channel)
  if (direction === 'inbound' || kind === null || key === null) return []
  const about = { contactId, kind, key }
  if (failureReason !== null && unreachableReasons.includes(failureReason)) {
    // Later than the arrival that the same message reported before.
    const bouncedAt = new Date(Math.max(notAhead(occurredAt, now).getTime(), (deliveredAt?.getTime() ?? -1) + 1))
    return [{ ...about, reachedAt: null, bouncedAt, reason: failureReason }]
  }
  if (status !== 'delivered' && status !== 'read') return []
  return [{ ...about, reachedAt: notAhead(deliveredAt ?? readAt ?? occurredAt, now), bouncedAt: null, reason: null }]
}

/** The latest arrival and the latest bounce of each address. */
function latestOfEach(reached: readonly Reach[]): Reach[] {
  const byAddress = new Map<string, Reach>()
  for (const reach of reached) {
    const address = `${reach.contactId} ${reach.kind} ${reach.key}`
    const known = byAddress.get(address)
    if (known === undefined) byAddress.set(address, reach)
    else {
      const isLaterBounce = reach.bouncedAt !== null && (known.bouncedAt === null || reach.bouncedAt > known.bouncedAt)
      byAddress.set(address, {
        ...known,
        reachedAt: later(known.reachedAt, reach.reachedAt),
        bouncedAt: later(known.bouncedAt, reach.bouncedAt),
        reason: isLaterBounce ? reach.reason : known.reason,
      })
    }
  }
  return [...byAddress.values()]
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other
  return one >= other ? one : other
}
