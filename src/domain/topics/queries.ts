import type { Channel, Topic } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import type { ReadContext } from '../context.ts'

/** All topics of the organization, by their keys; the archived ones too. One statement. */
export async function allTopics({ db, actor }: ReadContext): Promise<Topic[]> {
  return db.prisma.topic.findMany({ where: { organizationId: actor.organizationId }, orderBy: { key: 'asc' } })
}

/** A topic by its key or id, for a message on a channel. @throws InvalidInput if there is none, or if it is not sent on the channel */
export function topicFor(text: string, topics: readonly Topic[], channel: Channel): Topic {
  const topic = parseTopic(text, topics, 'topic')
  if (topic.channels.length === 0 || topic.channels.includes(channel)) return topic
  throw notSentOn(topic, channel, 'channel')
}

/** Finds a topic by its key or id. @throws InvalidInput if the organization has no such topic */
export function parseTopic(text: string, topics: readonly Topic[], field: string): Topic {
  const topic = topics.find(({ id, key }) => id === text || key === text.trim().toLowerCase())
  if (topic !== undefined) return topic
  const known = topics.map(({ key }) => key).join(', ')
  const remedy = known === '' ? 'The organization has none yet: create one with upsertTopic.' : `Use one of ${known}.`
  throw new InvalidInput(`There is no such topic. ${remedy}`, {
    field,
    value: shorten(text),
    expected: known === '' ? 'a topic; the organization has none yet' : `one of ${known}`,
  })
}

export function notSentOn(topic: Topic, channel: Channel, field: string): InvalidInput {
  return new InvalidInput(`The topic ${topic.key} is not sent on this channel.`, {
    field,
    value: channel,
    expected: `one of ${topic.channels.join(', ')}`,
  })
}

/** Topics by their ids. One statement. */
export async function topicsById({ db, actor }: ReadContext, ids: readonly string[]): Promise<Map<string, Topic>> {
  const topics = await db.prisma.topic.findMany({ where: { organizationId: actor.organizationId, id: { in: [...ids] } } })
  return new Map(topics.map((topic) => [topic.id, topic]))
}
