import type { Db } from '../../src/data/database.ts'
import { Prisma } from '../../src/data/generated/client.ts'

/** Every row of every table as text, binary columns that hold text included: what a search of a full dump finds. */
export async function dumpOf(db: Db): Promise<string> {
  const tables = await db.sql<{ name: string }[]>`
    select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`
  const texts: string[] = []
  for (const { name } of tables) {
    const rows = await db.sql<{ text: string }[]>(Prisma.sql`select t::text as text from ${Prisma.raw(`"${name}"`)} t`)
    texts.push(`-- ${name}`, ...rows.map(({ text }) => text))
  }
  const answers = await db.prisma.idempotencyRecord.findMany({ select: { responseBody: true } })
  texts.push(...answers.map(({ responseBody }) => Buffer.from(responseBody ?? new Uint8Array()).toString()))
  return texts.join('\n')
}

/** The lines of a dump that have any of these values, in any case. */
export function linesWith(dump: string, values: readonly string[]): string[] {
  return dump.split('\n').filter((line) => values.some((value) => line.toLowerCase().includes(value.toLowerCase())))
}
