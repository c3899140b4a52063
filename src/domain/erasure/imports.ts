import type { Tx } from '../../data/database.ts'
import { emptyUploads, keptRowsAtOnce, type RowPosition, selectKeptUploads } from '../../data/sql/erase-imports.ts'
import { transaction } from '../../data/transaction.ts'
import type { PersonMatcher } from './person-matcher.ts'

/**
 * Empties the rows of uploads that are about persons who are erased, whatever import they belong to. A row that its import has yet to read is
 * recognized by an address, and skipped then; one that was read, by an address or by the whole name. A fixed number of rows at a time.
 * @param options.onlyStaged only rows that imports have yet to read
 * @returns the imports in which there were any
 */
export async function eraseUploads(
  db: Tx,
  organizationId: string,
  matcher: PersonMatcher,
  options: { readonly onlyStaged: boolean },
): Promise<Set<string>> {
  const imports = new Set<string>()
  for (let after: RowPosition | null = null; ;) {
    const rows = await selectKeptUploads(db, organizationId, after, options)
    const about = rows.filter(({ cells, value, message, further, isStaged }) => {
      const texts = [cells, value, message, further]
      return matcher.hasAddress(texts) || (!isStaged && matcher.hasName(texts))
    })
    if (about.length > 0) {
      await transaction(db, (tx) =>
        emptyUploads(
          tx,
          organizationId,
          about.map(({ importJobId, rowNumber }) => ({ importJobId, rowNumber })),
        ),
      )
      for (const { importJobId } of about) imports.add(importJobId)
    }
    const last = rows.at(-1)
    if (rows.length < keptRowsAtOnce || last === undefined) return imports
    after = { importJobId: last.importJobId, rowNumber: last.rowNumber }
  }
}
