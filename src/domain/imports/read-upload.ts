import { type RowReason, type StagedRow, unreadableRow } from '../../data/sql/import-rows.ts'
import { readCsv, unguarded } from '../../kernel/csv.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { type Column, isSkippedFile, parseColumn, parseHeader, reasonColumns, requireFewColumns, targetOf } from './columns.ts'
import { isEmpty, readRow } from './read-row.ts'
import { reasonOf, storable } from './reasons.ts'
import type { ContactInput } from '../contacts/rules.ts'

/** What somebody uploads. */
export type Upload =
  { readonly kind: 'csv'; readonly bytes: AsyncIterable<Uint8Array> } | { readonly kind: 'json'; readonly contacts: readonly unknown[] }

/** The most rows that one upload has. */
export const maxRows = 100_000

/** How deep a contact can be nested: a little more than its custom attributes can. */
const maxDepth = 40

/** An upload that is being read. */
export interface RowSource {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<StagedRow> | Iterable<StagedRow>
}

/**
 * Begins to read an upload.
 * @throws InvalidInput for a file that is not CSV, now or while its rows are read; for an upload without rows
 */
export async function readUpload(upload: Upload): Promise<RowSource> {
  return upload.kind === 'csv' ? readFile(upload.bytes) : readList(upload.contacts)
}

async function readFile(bytes: AsyncIterable<Uint8Array>): Promise<RowSource> {
  const { header, records } = await readCsv(bytes)
  const skip = isSkippedFile(header) ? reasonColumns.length : 0
  const columns = parseHeader(header.slice(skip).map((cell) => unguarded(cell))).map(({ name }) => name)
  return { columns, rows: rowsOfFile(records, columns.length, skip) }
}

async function* rowsOfFile(records: AsyncIterable<readonly string[]>, width: number, skip: number): AsyncGenerator<StagedRow> {
  let rowNumber = 0
  for await (const record of records) {
    if (record.length === 1 && record[0]?.trim() === '') continue
    rowNumber += 1
    requireFewRows(rowNumber)
    yield stagedRecord(rowNumber, record.slice(skip), width)
  }
  if (rowNumber === 0) throw new InvalidInput('The file has a header and nothing below it.', { field: 'csv', expected: 'at least one row' })
}

function stagedRecord(rowNumber: number, record: readonly string[], width: number): StagedRow {
  const cells = record.slice(0, width).map((cell) => storable(unguarded(cell)))
  const spare = record.slice(width).find((cell) => !isEmpty(cell))
  if (spare !== undefined)
    return {
      rowNumber,
      cells,
      ...unreadable(
        `The row has ${record.length.toLocaleString('en')} cells, and the header has ${width.toLocaleString('en')}.`,
        storable(spare.slice(0, 120)),
      ),
    }
  if (record.some((cell) => cell.includes('\u0000'))) return { rowNumber, cells, ...unreadable('A cell has a NUL character in it.') }
  return { rowNumber, cells }
}

function readList(contacts: readonly unknown[]): RowSource {
  requireFewRows(contacts.length)
  if (contacts.length === 0) {
    throw new InvalidInput('There are no contacts to import.', { field: 'contacts', expected: 'at least one contact' })
  }
  const columns = new Set<string>()
  for (const contact of contacts) {
    if (!isJsonObject(contact) || faultOfNames(contact) !== null) continue
    for (const name of Object.keys(contact)) columns.add(name)
    requireFewColumns(columns.size)
  }
  return { columns: [...columns], rows: contacts.map((contact, index) => stagedItem(index + 1, contact)) }
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
      parseColumn(name)
    } catch (error) {
      if (error instanceof DomainError) return { ...reasonOf(error), reasonCode: unreadableRow }
      throw error
    }
  }
  return null
}

function unreadable(message: string, value: string | null = null): RowReason {
  return { reasonCode: unreadableRow, field: null, value, message }
}

function requireFewRows(count: number): void {
  if (count <= maxRows) return
  const most = maxRows.toLocaleString('en')
  throw new DomainError('PAYLOAD_TOO_LARGE', `The upload has more than ${most} rows. Divide it into several.`, {
    expected: `at most ${most} rows`,
  })
}

/** What a row that was kept says about its contact. @throws InvalidInput */
export function readCells(columns: readonly Column[], cells: unknown): ContactInput {
  if (Array.isArray(cells)) return readRow(columns, cells)
  if (!isJsonObject(cells)) return {}
  return readRow(
    columns,
    columns.map(({ name }) => (Object.hasOwn(cells, name) ? cells[name] : undefined)),
  )
}

/** The columns of an upload, as they were kept. */
export function columnsOf(names: readonly string[]): Column[] {
  return names.map((name) => ({ name, target: targetOf(name) }))
}
