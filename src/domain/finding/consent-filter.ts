import type { ConsentMatch } from '../../data/sql/contact-conditions.ts'
import type { Channel, ConsentState, Topic } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { addressKindOf, sharingOptOuts } from '../consent/channels.ts'
import { notSentOn, parseTopic } from '../topics/queries.ts'

/** What holds for a contact on a channel, or on a topic of it. */
export interface ConsentFilter {
  readonly channel: Channel
  /** The key or id of a topic; null: the whole channel. */
  readonly topic?: string | null | undefined
  /** Any of these. Consent that has ended is `unknown`; `pending` without a topic is `unknown` as well. */
  readonly states: readonly ConsentState[]
}

/** @throws InvalidInput for no states, an unknown topic, and a channel that the topic is not sent on */
export function parseConsent({ channel, topic, states }: ConsentFilter, topics: readonly Topic[], at: string): ConsentMatch {
  if (states.length === 0) {
    throw new InvalidInput('The filter names no state of consent.', {
      field: `${at}.states`,
      expected: 'some of opted_in, opted_out, unknown, pending',
    })
  }
  const found = typeof topic === 'string' ? parseTopic(topic, topics, `${at}.topic`) : null
  if (found !== null && found.channels.length > 0 && !found.channels.includes(channel)) throw notSentOn(found, channel, `${at}.channel`)
  return {
    channel,
    addressKind: addressKindOf(channel),
    sharing: sharingOptOuts(channel),
    topicId: found?.id ?? null,
    states: [...new Set(states)],
  }
}
