import { snakeCase } from '../../kernel/text.ts'
import type { ReadDb } from '../database.ts'
import { Prisma, type Ticket } from '../generated/client.ts'
import { activityColumns } from './activity-tables.ts'
import { idArray } from './id-array.ts'

const columns = Prisma.raw(
  Object.keys(activityColumns.ticket)
    .map((field) => `t.${snakeCase(field)} as "${field}"`)
    .join(', '),
)

/** The latest tickets of each of several contacts that wait for an agent, at most so many of each, in one statement. */
export async function selectOpenTickets(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  limit: number,
): Promise<Ticket[]> {
  return db.sql<Ticket[]>`
    select t.* from unnest(${idArray(contactIds)}) wanted(id)
    cross join lateral (
      select ${columns} from tickets t
      where t.organization_id = ${organizationId} and t.contact_id = wanted.id and t.status in ('open', 'pending')
      order by t.occurred_at desc, t.id desc limit ${limit}
    ) t`
}
