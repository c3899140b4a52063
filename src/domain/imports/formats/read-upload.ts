import { type RowReason, type StagedRow, unreadableRow } from '../../../data/sql/import-rows.ts'
import { DomainError } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { type Column, type ColumnMapping, type ColumnPlan, parseColumnName, planColumns, requireFewColumns } from '../columns/columns.ts'
import { isVcard, readCsvFile, readVcardFile, unreadable } from './file.ts'
import { flatten } from './json.ts'
import { reasonOf, storable } from '../rows/reasons.ts'

/** What is uploaded: a file of CSV or vCards in any charset, or a list of contacts in JSON. */
export type Upload =
  | {
      readonly kind: 'file'
      readonly bytes: AsyncIterable<Uint8Array>
      /** The charset that is declared; null if none is. */
      readonly charset?: string | null
    }
  | { readonly kind: 'json'; readonly contacts: readonly unknown[] }

/** The most rows that one upload has. */
export const maxRows = 100_000

/** How deep a contact can be nested: a little more than its custom attributes can. */
const maxDepth = 40

/** An upload that is being read. */
export interface RowSource {
  readonly plan: ColumnPlan
  /** Whether its rows say all about a contact, as JSON and our own export do; files of other tools have a part of it. */
  readonly isComplete: boolean
  readonly rows: AsyncIterable<StagedRow> | Iterable<StagedRow>
}

/**
 * Begins to read an upload, and decides what its columns become.
 * @throws InvalidInput for a file that is not CSV, now or while its rows are read; for a mapping that makes no sense
 */
export async function readUpload(upload: Upload, mapping: ColumnMapping | null): Promise<RowSource> {
  if (upload.kind === 'json') return { ...readList(upload.contacts, mapping), isComplete: true }
  const { isVcard: isCards, bytes } = await isVcard(upload.bytes)
  const charset = upload.charset ?? null
  if (isCards) return { ...readList(await readVcardFile(bytes, charset), mapping), isComplete: false }
  const { names, rows } = await readCsvFile(bytes, charset, mapping)
  const plan = planColumns(names, mapping)
  return { plan, isComplete: plan.isOwn, rows: countedRows(rows) }
}

async function* countedRows(rows: AsyncIterable<StagedRow>): AsyncGenerator<StagedRow> {
  for await (const row of rows) {
    requireFewRows(row.rowNumber)
    yield row
  }
}

function readList(contacts: readonly unknown[], mapping: ColumnMapping | null): Pick<RowSource, 'plan' | 'rows'> {
  requireFewRows(contacts.length)
  const items = contacts.map((contact) => (isJsonObject(contact) ? flatten(contact) : contact))
  const names = new Set<string>()
  for (const item of items) {
    if (!isJsonObject(item) || faultOfNames(item) !== null) continue
    for (const name of Object.keys(item)) names.add(name)
    requireFewColumns(names.size)
  }
  const plan = planColumns([...names], names.size === 0 ? null : mapping)
  return { plan, rows: items.map((item, index) => stagedItem(index + 1, item)) }
}

function stagedItem(rowNumber: number, item: unknown): StagedRow {
  if (!isJsonObject(item)) {
    return { rowNumber, cells: null, ...unreadable('The contact is not a JSON object.', storable(JSON.stringify(item).slice(0, 120))) }
  }
  const fault = faultOfNames(item)
  if (fault !== null) return { rowNumber, cells: null, ...fault }
  if (isDeeper(item, maxDepth)) return { rowNumber, cells: null, ...unreadable('The contact is nested too deep.') }
  // What PostgreSQL cannot keep stands escaped in JSON, if at all.
  const text = JSON.stringify(item)
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return { rowNumber, cells: item }
  const cells = stored(item)
  if (JSON.stringify(cells) === text) return { rowNumber, cells }
  return { rowNumber, cells, ...unreadable('A text has a NUL or a broken character in it.') }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((item) => isDeeper(item, depth - 1))
}

/** The same value with every text in it as PostgreSQL can keep it. */
function stored(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(stored)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), stored(item)]))
}

function faultOfNames(item: object): RowReason | null {
  for (const name of Object.keys(item)) {
    try {
      parseColumnName(name)
    } catch (error) {
      if (error instanceof DomainError) return { ...reasonOf(error), reasonCode: unreadableRow }
      throw error
    }
  }
  return null
}

function requireFewRows(count: number): void {
  if (count <= maxRows) return
  const most = maxRows.toLocaleString('en')
  throw new DomainError('PAYLOAD_TOO_LARGE', `The upload has more than ${most} rows. Divide it into several.`, {
    expected: `at most ${most} rows`,
  })
}

/** The cells of a row that was kept, in the order of the columns. */
export function cellsOf(columns: readonly Column[], cells: unknown): readonly unknown[] {
  if (Array.isArray(cells)) return cells
  if (!isJsonObject(cells)) return []
  return columns.map(({ name }) => (Object.hasOwn(cells, name) ? cells[name] : undefined))
}
