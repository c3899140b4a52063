import { createHash } from 'node:crypto'
import type { Attributes } from '@opentelemetry/api'
import { LRUCache } from 'lru-cache'
import pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { counted } from './query-stats.ts'

/** Sends one hand-written statement, as a tagged template or put together with `Prisma.sql`. Its author declares its rows. */
export type Sql = <Rows = unknown>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => Promise<Rows>

/** Sends one statement to a server. */
export type Ask = (statement: pg.QueryConfig) => Promise<pg.QueryResult>

/**
 * Sends hand-written reads through the driver itself, as prepared statements. Through Prisma's client every value is written as text and read again twice
 * on its way, and the server parses and plans each statement again: together that is most of what a read costs.
 */
export function preparedReads(ask: Ask, target: Attributes): Sql {
  const prepared = new Prepared()
  return async <Rows>(query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => {
    const statement = 'text' in query ? query : Prisma.sql(query, ...values)
    const text = statement.text
    // proof: the author of a statement declares its rows, as with the client
    return (await counted(text, target, () => send(ask, prepared.nameOf(text), text, statement.values))) as Rows
  }
}

async function send(ask: Ask, name: string | null, text: string, values: unknown[]): Promise<unknown[]> {
  try {
    return (await ask({ text, values, types, ...(name !== null && { name }) })).rows
  } catch (error) {
    // A migration has changed a table since the statement was prepared.
    if (name === null || !isOutdatedPlan(error)) throw error
    return (await ask({ text, values, types })).rows
  }
}

/**
 * How many characters of statements are kept prepared on each connection; those that are met later are not. Every choice of fields is a statement of
 * its own, and for each character PostgreSQL keeps 80 to 200 bytes of its plan (measured on version 15): at most 50 MB for each connection.
 */
const maxPrepared = 256 * 1024

/** How many statements that were met once are remembered. */
const maxMet = 1000

/**
 * What the statements of one database are prepared as, from the second time on that they are met: who asks for something else each time, or gives it another
 * name each time, takes no space from the others.
 */
class Prepared {
  readonly #names = new Map<string, string>()
  readonly #met = new LRUCache<string, true>({ max: maxMet })
  #characters = 0

  /** Null for one that is not prepared. */
  nameOf(text: string): string | null {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    if (this.#characters + text.length > maxPrepared) return null
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    if (!this.#met.has(name)) {
      this.#met.set(name, true)
      return null
    }
    this.#characters += text.length
    this.#met.delete(name)
    this.#names.set(text, name)
    return name
  }
}

function isOutdatedPlan(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '0A000' && error.message.includes('cached plan')
}

const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.TIMESTAMPTZ, parseInstant],
  [pg.types.builtins.INT8, BigInt],
])

/** Values as the client of Prisma's gives them. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, format)
    return parsers.get(oid) ?? pg.types.getTypeParser(oid)
  },
}

const readAnyTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)

/** Every session speaks UTC: `2026-11-23 12:00:00.123+00`. The driver's own reader takes many times as long. */
function parseInstant(text: string): Date {
  const digits = (from: number, to: number) => {
    let number = 0
    for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - zero
    return number
  }
  // `infinity`, years of more digits than four, and those that Date.UTC takes for years of the twentieth century.
  if (text.charCodeAt(4) !== dash || text.startsWith('00') || !text.endsWith('+00')) return readAnyTimestamp(text)
  const places = Math.max(text.length - shortTimestamp - 1, 0)
  const milliseconds = Math.trunc(digits(20, 20 + places) * 10 ** (3 - places))
  return new Date(Date.UTC(digits(0, 4), digits(5, 7) - 1, digits(8, 10), digits(11, 13), digits(14, 16), digits(17, 19), milliseconds))
}

const zero = '0'.charCodeAt(0)
const dash = '-'.charCodeAt(0)
const shortTimestamp = '2026-11-23 12:00:00+00'.length
