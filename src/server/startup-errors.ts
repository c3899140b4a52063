import { InvalidConfig } from '../config.ts'
import { DamagedFolder, UnreadableFolder, UnusableFolder } from '../data/driver/folder-errors.ts'
import { FolderInUse } from '../data/driver/folder-lock.ts'
import { ForeignDatabase, TableInUse } from '../data/migrate.ts'

const kinds = [InvalidConfig, FolderInUse, UnusableFolder, DamagedFolder, UnreadableFolder, ForeignDatabase, TableInUse]

const damaged = 'The files of the database are damaged. Restore your backup.'

/** What to check, by the code of a system or PostgreSQL error. */
const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program listens on this port. Stop it, or set PORT.',
  EACCES: 'Check the permissions of the folder (DATA_DIR), or use a PORT of 1024 or above.',
  EADDRNOTAVAIL: 'HOST is not an address of this machine.',
  ENOENT: 'Check the path.',
  ECONNREFUSED: 'No PostgreSQL server accepts connections there. Check DATABASE_URL.',
  ECONNRESET: 'The PostgreSQL server closed the connection. Check DATABASE_URL.',
  ENOTFOUND: 'The host name is not known. Check DATABASE_URL.',
  EAI_AGAIN: 'The host name could not be resolved. Check DATABASE_URL.',
  ETIMEDOUT: 'The PostgreSQL server did not answer. Check DATABASE_URL and the network.',
  ENOSPC: 'The disk is full. Make room on it, and start again.',
  EDQUOT: 'The quota of the disk is used up. Make room on it, and start again.',
  EROFS: 'The file system is read-only. Mount it writable.',
  '53100': 'The disk of the database is full. Make room on it, and start again.',
  '58P01': damaged,
  XX001: damaged,
  XX002: damaged,
  '28P01': 'Check the password in DATABASE_URL.',
  '28000': 'The PostgreSQL server does not accept this user from here. Check DATABASE_URL and pg_hba.conf.',
  '3D000': 'Create the database, or correct its name in DATABASE_URL.',
  '42501': 'The role in DATABASE_URL needs to own the database for the first start.',
  '53300': 'The PostgreSQL server has no free connections. Lower DATABASE_POOL_SIZE or raise max_connections.',
}

/** The message of an error that an operator can fix, with what to check; null for any other error, whose stack is needed. */
export function startupError(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  // A host with several addresses has one error for each of them, and no message of its own.
  const [first] = error instanceof AggregateError ? error.errors : []
  const message = error.message || (first instanceof Error ? first.message : String(error))
  if (kinds.some((kind) => error instanceof kind)) return message
  const hint = 'code' in error ? advice[String(error.code)] : undefined
  return hint === undefined ? null : `${message}. ${hint}`
}
