import type pg from 'pg'
import type { Tx } from './database.ts'
import { faultOf } from './faults.ts'
import type { Prisma } from './generated/client.ts'
import { borrow } from './driver/pool.ts'
import type { StreamSource } from './driver/stream-source.ts'
import { spooled } from './spool.ts'

/** How many rows are read at a time. */
const rowsAtOnce = 1000

/**
 * Reads the rows of a query of any length, as the database was at one time, as fast as they are taken and no faster. Returning from it ends
 * the query. The embedded database has one connection for all: there, everything is written to a temporary file first.
 * @param owner the organization that reads: one of many readers at once, of which only so many are let in
 * @param query selects one text
 * @throws TooManyReaders
 */
export async function* streamLines({ streamSource }: Tx, owner: string, query: Prisma.Sql): AsyncGenerator<string> {
  if (streamSource === null) throw new TypeError('Rows are not streamed within a transaction.')
  const release = await streamSource.slots.take(owner)
  try {
    yield* readLines(streamSource, query)
  } finally {
    release()
  }
}

async function* readLines({ pool, kind, primary }: StreamSource, query: Prisma.Sql): AsyncGenerator<string> {
  if (kind === 'embedded') return yield* spooled(readWithCursor(pool, query))
  let hasStarted = false
  try {
    for await (const lines of readWithCursor(pool, query)) {
      hasStarted = true
      yield lines
    }
  } catch (error) {
    // A read that has started on a replica cannot continue elsewhere; one that could not start can.
    if (hasStarted || primary === null) throw error
    yield* readWithCursor(primary, query)
  }
}

/** Speaks to the driver itself: a million rows through Prisma's client take twice the time. */
async function* readWithCursor(pool: pg.Pool, query: Prisma.Sql): AsyncGenerator<string> {
  const { client, giveBack } = await borrow(pool).catch((error: unknown) => {
    throw faultOf(error)
  })
  const fetch = async (): Promise<string[]> => {
    const { rows } = await client.query<[string]>({ text: `fetch ${rowsAtOnce} from lines`, rowMode: 'array' })
    return rows.map(([line]) => line)
  }
  let reading: Promise<string[]> | null = null
  try {
    // A cursor sees the database as it was when it was opened.
    await client.query('begin read only')
    await client.query(`declare lines no scroll cursor for ${query.text}`, query.values)
    for (let lines = await fetch(); ; lines = await reading) {
      // The database works on the next rows while these are taken.
      reading = lines.length < rowsAtOnce ? null : fetch()
      // Its failure is reported when it is awaited.
      reading?.catch(() => {})
      if (lines.length > 0) yield lines.join('')
      if (reading === null) return
    }
  } catch (error) {
    throw faultOf(error)
  } finally {
    await reading?.catch(() => {})
    const ended = await client.query('rollback').then(
      () => true,
      () => false,
    )
    giveBack({ isBroken: !ended })
  }
}
