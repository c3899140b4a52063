import { Prisma } from '../generated/client.ts'

/**
 * Some ids as an array whose length the planner does not know, so that it plans for ten, once for all. If it knew that there is one, as there mostly
 * is, it would find a plan for one better than that for ten, and make it again each time, which takes longer than such a statement does.
 */
export function idArray(ids: readonly string[]): Prisma.Sql {
  return Prisma.sql`(select ${ids}::text[])::text[]`
}
