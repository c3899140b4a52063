import { execFile } from 'node:child_process'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import type pg from 'pg'
import { lockFolder } from './folder-lock.ts'
import { createPool } from './pool.ts'
import { session } from './session.ts'

/** The name of the data directory that keeps nothing. */
export const inMemory = 'memory:'

/** The major version of PostgreSQL inside of the embedded database. */
const majorVersion = '18'

const options: PGliteOptions = {
  extensions: { btree_gin, pg_trgm },
  // The default of 128 MB is for a server with many clients; this one has one, and the operating system caches the files.
  startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
}

/** How long a request waits for the one connection, in milliseconds. */
const longestWait = 30_000

export interface Embedded {
  /** A pool of one connection, the only one that the embedded database has. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

/**
 * Opens the embedded PostgreSQL in a folder, creating it where it is missing, or one that lives in memory only.
 * @throws FolderInUse
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  if (dataDir === inMemory) return serve(await PGlite.create(options), async () => {})
  const unlock = await lockFolder(dataDir)
  try {
    const folder = join(dataDir, 'postgres')
    const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => null)
    if (version === null) await createFolder(folder)
    else if (version.trim() !== majorVersion) throw new UnreadableFolder(folder, version.trim())
    return serve(await PGlite.create({ ...options, dataDir: folder }), unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

/** The folder was written by another major version of PostgreSQL. */
export class UnreadableFolder extends Error {
  constructor(folder: string, version: string) {
    super(
      `${folder} was written by PostgreSQL ${version}, and this release embeds PostgreSQL ${majorVersion}. ` +
        'Export the contacts with the release that wrote it, or choose another DATA_DIR.',
    )
    this.name = 'UnreadableFolder'
  }
}

/**
 * Creating a database takes 500 MB of memory that a process never gives back, so a short-lived child does it. The folder
 * appears under its name only when it is complete.
 */
async function createFolder(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  const script = 'const { PGlite } = require(process.argv[1]); PGlite.create(process.argv[2]).then((db) => db.close())'
  const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  // The child ends before optimizing the WebAssembly would pay.
  await promisify(execFile)(process.execPath, ['--liftoff-only', '-e', script, pglite, unfinished])
  await rm(folder, { recursive: true, force: true })
  await rename(unfinished, folder)
}

/** Puts PGlite behind the driver that servers are reached by, so that there is one way to speak to a database. */
function serve(database: PGlite, unlock: () => Promise<void>): Embedded {
  const config = createPgConfig(database)
  const { connection } = config
  const parse = connection.parse.bind(connection)
  // The driver passes its parsers along under the name that the protocol has for parameter types.
  connection.parse = (query: object) => parse({ ...query, types: [] })
  // proof: PGlite documents its config as one that a pool accepts; only the type of `connection` is its own
  const pool = createPool({
    ...(config as pg.PoolConfig),
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: longestWait,
    ...session(0),
  })
  return {
    pool,
    async close() {
      await pool.end()
      await database.close()
      await unlock()
    },
  }
}
