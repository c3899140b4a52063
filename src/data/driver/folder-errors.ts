import { access, constants, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder was written by another major version of PostgreSQL. */
export class UnreadableFolder extends Error {
  constructor(folder: string, version: string, embedded: string) {
    super(
      `${folder} was written by PostgreSQL ${version}, and this release embeds PostgreSQL ${embedded}. ` +
        'Export the contacts with the release that wrote it, or choose another DATA_DIR.',
    )
    this.name = 'UnreadableFolder'
  }
}

/** The files of the embedded database are not those of a database that can be opened. */
export class DamagedFolder extends Error {
  constructor(folder: string, why: string, options?: ErrorOptions) {
    super(
      `The embedded database in ${folder} is damaged: ${why}. Restore your backup of the folder. ` +
        'To start with an empty database instead, set DATA_DIR to another folder.',
      options,
    )
    this.name = 'DamagedFolder'
  }
}

/** The operating system does not let this process use the folder. */
export class UnusableFolder extends Error {
  constructor(folder: string, reason: string, options?: ErrorOptions) {
    super(`The folder ${folder} (DATA_DIR) cannot be used: ${reason}`, options)
    this.name = 'UnusableFolder'
  }
}

const noRights = 'the user that runs the gateway may not write in it. Make that user the owner of the folder and of all that is in it.'
const isFile = 'it is a file, or in one. Set DATA_DIR to a folder.'
const isFull = 'its disk is full. Make room on the disk, and start again.'

const reasons: Readonly<Record<string, string>> = {
  EACCES: noRights,
  EPERM: noRights,
  EROFS: 'it is on a file system that is read-only. Mount it writable, or set DATA_DIR to another folder.',
  ENOTDIR: isFile,
  EEXIST: isFile,
  ENOSPC: isFull,
  EDQUOT: isFull,
}

/** The same error, or what it means where the operating system refused the folder. */
export function folderErrorOf(error: unknown, folder: string): unknown {
  const reason = error instanceof Error && 'code' in error ? reasons[String(error.code)] : undefined
  return reason === undefined ? error : new UnusableFolder(folder, reason, { cause: error })
}

/** What the embedded database needs to start, a file of its write-ahead log, and to be created. In bytes. */
const neededToStart = 16 * 1024 * 1024
const neededToCreate = 64 * 1024 * 1024

/** Refuses to create a database where it would fill the disk. @throws UnusableFolder */
export async function requireFreeSpace(folder: string): Promise<void> {
  if (!(await hasFreeSpace(folder, neededToCreate))) throw new UnusableFolder(folder, isFull)
}

async function hasFreeSpace(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize >= bytes
}

/**
 * The error of the embedded database where the operating system is the reason, not the files; null otherwise. The database itself says little: it stops, whatever
 * was wrong.
 * @param database the folder of its files within the data folder; null while they are being created
 */
export async function unusableBy(error: unknown, folder: string, database: string | null): Promise<unknown> {
  // A process without enough memory says nothing about the files.
  if (error instanceof RangeError) return error
  if (!(await hasFreeSpace(folder, neededToStart))) return new UnusableFolder(folder, isFull, { cause: error })
  const meaning = folderErrorOf(database === null ? error : await refusalOf(join(database, 'global', 'pg_control')), folder)
  return meaning instanceof UnusableFolder ? meaning : null
}

/** Why a file cannot be read and written; null if it can. */
async function refusalOf(file: string): Promise<unknown> {
  try {
    await access(file, constants.R_OK | constants.W_OK)
    return null
  } catch (error) {
    return error
  }
}
