import type { Channel, ConsentState, Contact, Topic } from '../../data/generated/client.ts'
import { channels } from '../../kernel/channels.ts'
import { consentFactsByContact } from '../consent/queries.ts'
import { addressOf, type ConsentFacts, verdictOf } from '../consent/rules.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { allTopics } from '../topics/queries.ts'

/** What holds for a contact on one channel of a topic. */
export interface TopicPreference {
  readonly channel: Channel
  readonly state: ConsentState
  readonly recordedAt: Date
  readonly validUntil: Date | null
}

/** What holds for a contact on the channels of a topic of which something is on record. */
export interface TopicOfContact {
  readonly topic: Topic
  readonly preferences: readonly TopicPreference[]
}

/** The topics that are not archived, with what holds for each contact. Two statements, however many. The contacts must have been read through a scope. */
export async function topicsByContact(context: ReadContext, contacts: readonly Contact[]): Promise<Map<string, TopicOfContact[]>> {
  requireScope(context, 'contacts:read')
  return findWrittenTopics(context, contacts)
}

/** The same after a command, for the caller who wrote, whether or not it may read. */
export async function findWrittenTopics(context: ReadContext, contacts: readonly Contact[]): Promise<Map<string, TopicOfContact[]>> {
  const topics = await allTopics(context)
  const facts = topics.length === 0 ? new Map<string, ConsentFacts>() : await consentFactsByContact(context, contacts)
  const at = context.now()
  return new Map(
    contacts.map(({ id }) => {
      const known = facts.get(id) ?? { entries: [], addresses: [] }
      return [
        id,
        topics.filter(({ archivedAt }) => archivedAt === null).map((topic) => ({ topic, preferences: ofTopic(known, topic.id, at) })),
      ]
    }),
  )
}

function ofTopic(facts: ConsentFacts, topicId: string, at: Date): TopicPreference[] {
  return channels.flatMap((channel): TopicPreference[] => {
    const verdict = verdictOf(facts, { channel, topicId, address: addressOf(facts, channel), at })
    switch (verdict.state) {
      case 'unknown':
        return []
      case 'opted_out':
        return [{ channel, state: 'opted_out', recordedAt: verdict.recordedAt, validUntil: null }]
      case 'opted_in':
      case 'pending':
        return [{ channel, state: verdict.state, recordedAt: verdict.recordedAt, validUntil: verdict.validUntil }]
      case 'expired':
        return [{ channel, state: 'unknown', recordedAt: verdict.recordedAt, validUntil: verdict.validUntil }]
    }
  })
}
