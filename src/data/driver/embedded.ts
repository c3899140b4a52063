import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { btree_gin } from '@electric-sql/pglite/contrib/btree_gin'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import type pg from 'pg'
import { DamagedFolder, folderErrorOf, requireFreeSpace, unusableBy, UnreadableFolder } from './folder-errors.ts'
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
 * @throws FolderInUse, UnusableFolder, DamagedFolder, UnreadableFolder
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  if (dataDir === inMemory) return serve(await PGlite.create(options), async () => {})
  const unlock = await lockFolder(dataDir).catch((error: unknown) => {
    throw folderErrorOf(error, dataDir)
  })
  const folder = join(dataDir, 'postgres')
  try {
    await prepareFolder(folder)
    return serve(await openFolder(folder), unlock)
  } catch (error) {
    await unlock()
    throw folderErrorOf(error, dataDir)
  }
}

async function openFolder(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create({ ...options, dataDir: folder })
  } catch (error) {
    throw (await unusableBy(error, dirname(folder), folder)) ?? new DamagedFolder(folder, 'PostgreSQL cannot start on it', { cause: error })
  }
}

/** Creates the database where there is none. Files that are not a database of this version are left untouched. */
async function prepareFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(absent)
  if (names === null || names.length === 0) return createFolder(folder)
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(absent))?.trim() ?? ''
  if (!/^\d+$/.test(version)) throw new DamagedFolder(folder, 'its file PG_VERSION is missing or not readable')
  if (version !== majorVersion) throw new UnreadableFolder(folder, version, majorVersion)
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

/**
 * Creating a database takes 500 MB of memory that a process never gives back, so a short-lived child does it. The folder
 * appears under its name only when it is complete.
 */
async function createFolder(folder: string): Promise<void> {
  await requireFreeSpace(dirname(folder))
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  try {
    await mkdir(unfinished, { recursive: true })
    const script = 'const { PGlite } = require(process.argv[1]); PGlite.create(process.argv[2]).then((db) => db.close())'
    const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite')
    // The child ends before optimizing the WebAssembly would pay.
    await promisify(execFile)(process.execPath, ['--liftoff-only', '-e', script, pglite, unfinished])
  } catch (error) {
    const meaning = await unusableBy(error, dirname(folder), null)
    // Half a database on a full disk takes the room that is needed for another try.
    await rm(unfinished, { recursive: true, force: true })
    throw meaning ?? error
  }
  // An empty folder, if any: the mount of a volume, for example.
  await rmdir(folder).catch(absent)
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
