import { Prisma } from '../generated/client.ts'

/**
 * Some ids as an array of which the planner is not told how long it is, and so plans for ten, once for all. Told that there is one, as there mostly
 * is, it would find a plan for one better than that for ten, and make it anew each time, which takes longer than such a statement does.
 */
export function listed(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`(select ${ids}::text[])::text[]`
}
