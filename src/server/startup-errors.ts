import { InvalidConfig } from '../config.ts'
import { UnreadableFolder } from '../data/driver/embedded.ts'
import { FolderInUse } from '../data/driver/folder-lock.ts'
import { ForeignDatabase } from '../data/migrate.ts'

const kinds = [InvalidConfig, FolderInUse, UnreadableFolder, ForeignDatabase]
/** A port or a file that cannot be had, a database that is not there, does not let us in, or is not known. */
const codes = ['EADDRINUSE', 'EACCES', 'ENOENT', 'ECONNREFUSED', 'ENOTFOUND', '28P01', '28000', '3D000']

/** The sentence of a fault that the person who started a program can mend; null for any other, whose stack somebody has to see. */
export function mendableFault(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const isMendable = kinds.some((kind) => error instanceof kind) || ('code' in error && codes.includes(String(error.code)))
  if (!isMendable) return null
  // A host with several addresses has an error for each of them, and none for all.
  const [first] = error instanceof AggregateError ? error.errors : []
  return error.message || (first instanceof Error ? first.message : String(error))
}
