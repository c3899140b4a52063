import type { Tx } from '../../../data/database.ts'
import { deleteImportLeftovers } from '../../../data/sql/delete-old-imports.ts'
import { rollbackWindow } from './apply.ts'

/** How long an upload may take, with much to spare. */
const longestUpload = 60 * 60 * 1000

/** Forgets uploads that broke off and what rollbacks do not need any more, of every organization. @returns how many rows */
export async function deleteOldImports(db: Tx, now: Date): Promise<number> {
  return deleteImportLeftovers(db, {
    brokenOffBefore: new Date(now.getTime() - longestUpload),
    expiredBefore: new Date(now.getTime() - rollbackWindow),
  })
}
