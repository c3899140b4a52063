import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DatabaseUnavailable } from '../kernel/faults.ts'
import type { Tx } from './database.ts'
import { isExhausted } from './faults.ts'
import type { Prisma } from './generated/client.ts'

/** How many rows are read at a time. */
const rowsAtOnce = 1000
/** How many such pieces the database is ahead of whoever takes them, so that neither waits for the other. */
const piecesAhead = 4
/** How long somebody may take to read them all. */
const timeout = 60 * 60 * 1000

/**
 * Reads the rows of a query of any length, as the database was at one moment, as fast as they are taken and no faster. Who stops taking
 * them ends the query. The embedded database cannot wait for anybody: there, all is written to a temporary file first.
 * @param query selects one text, `line`
 */
export async function* streamLines(db: Tx, query: Prisma.Sql): AsyncGenerator<string> {
  const lines = readWithCursor(db, query)
  if (await isEmbedded(db)) yield* spooled(lines)
  else yield* lines
}

async function isEmbedded(db: Tx): Promise<boolean> {
  const [row] = await db.$queryRaw<{ version: string }[]>`select version()`
  return /wasm|emscripten/i.test(row?.version ?? '')
}

async function* readWithCursor(db: Tx, query: Prisma.Sql): AsyncGenerator<string> {
  const { readable, writable } = new TransformStream<string, string>({}, { highWaterMark: piecesAhead })
  const writer = writable.getWriter()
  const reading = db
    .$transaction(
      async (tx) => {
        // A cursor sees the database as it was when it was opened.
        await tx.$executeRaw`declare lines no scroll cursor for ${query}`
        for (;;) {
          await writer.ready
          const rows = await tx.$queryRawUnsafe<{ line: string }[]>(`fetch ${rowsAtOnce} from lines`)
          // Whether it is taken is told by `ready`, before more is read.
          if (rows.length > 0) writer.write(rows.map(({ line }) => line).join('')).catch(() => {})
          if (rows.length < rowsAtOnce) return
        }
      },
      { timeout },
    )
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(isExhausted(error) ? new DatabaseUnavailable() : error),
    )
  // Whoever reads is told; that the writing ended because nobody reads any more is no fault.
  reading.catch(() => {})
  yield* readable
}

async function* spooled(lines: AsyncGenerator<string>): AsyncGenerator<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-export-'))
  try {
    const file = join(folder, 'lines')
    await pipeline(Readable.from(lines), createWriteStream(file))
    for await (const text of createReadStream(file, 'utf8')) yield String(text)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
