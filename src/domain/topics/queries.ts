import type { Topic } from '../../data/generated/client.ts'
import type { ReadContext } from '../context.ts'

/** All topics of the organization, by their keys; the archived ones too. One statement. */
export async function allTopics({ db, actor }: ReadContext): Promise<Topic[]> {
  return db.topic.findMany({ where: { organizationId: actor.organizationId }, orderBy: { key: 'asc' } })
}
