import { type RowReason, type StagedRow, unreadableRow } from '../../../data/sql/import-rows.ts'
import { utf8Of } from '../../../kernel/charset.ts'
import { readCsv, unguarded } from '../../../kernel/csv.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { shorten } from '../../../kernel/text.ts'
import { canBeHeader, type ColumnMapping, knownColumns, ownColumnsOfSkipped, parseHeader } from '../columns/columns.ts'
import { storable } from '../rows/reasons.ts'
import { cleanText, isEmpty, oneLine } from '../values/cells.ts'
import { readCards } from './vcard.ts'

/** A file of CSV that is being read. */
export interface FileRows {
  readonly names: readonly string[]
  readonly rows: AsyncIterable<StagedRow>
}

/** How many lines are looked at for the header when the first is none. */
const linesBeforeHeader = 10

/**
 * Begins to read a file of CSV.
 * @throws InvalidInput for a file that is not CSV or has no header, now or while its rows are read
 */
export async function readCsvFile(
  bytes: AsyncIterable<Uint8Array>,
  charset: string | null,
  mapping: ColumnMapping | null,
): Promise<FileRows> {
  const { records } = await readCsv(bytes, { charset, scoreHeader: knownColumns })
  const iterator = records[Symbol.asyncIterator]()
  const header = await nextRecord(iterator)
  if (header === null) throw new InvalidInput('The file is empty.', { field: 'csv', expected: 'CSV in UTF-8 with a header' })
  const skip = ownColumnsOfSkipped(header)
  const cells = header.slice(skip).map((cell) => unguarded(cell))
  const names = await headerOf(cells, iterator, mapping)
  return { names, rows: rowsOfFile(iterator, names, skip) }
}

/** The next record that is not blank. */
async function nextRecord(records: AsyncIterator<readonly string[]>): Promise<readonly string[] | null> {
  for (;;) {
    const next = await records.next()
    if (next.done === true) return null
    if (!next.value.every(isEmpty)) return next.value
  }
}

/** The names of the columns. A title above them is the mistake that is made most: then the error says where the header is. */
async function headerOf(
  cells: readonly string[],
  records: AsyncIterator<readonly string[]>,
  mapping: ColumnMapping | null,
): Promise<string[]> {
  try {
    return parseHeader(cells, mapping)
  } catch (error) {
    if (!(error instanceof InvalidInput) || error.details.field !== 'csv') throw error
    for (let line = 2; line <= linesBeforeHeader; line += 1) {
      const record = await nextRecord(records)
      if (record === null) break
      if (!canBeHeader(record) || knownColumns(record) < 2) continue
      throw new InvalidInput(
        `The first line does not name the columns. A later one does (${shorten(record.filter((cell) => !isEmpty(cell)).join(', '))}): remove the lines above it and upload the file again.`,
        { field: 'csv', value: shorten(cells.join(', ')), expected: 'the names of the columns in the first line' },
      )
    }
    throw error
  }
}

async function* rowsOfFile(records: AsyncIterator<readonly string[]>, names: readonly string[], skip: number): AsyncGenerator<StagedRow> {
  for (let rowNumber = 1; ; rowNumber += 1) {
    const record = await nextRecordOf(records, skip)
    if (record === null) return
    yield stagedRecord(rowNumber, record, names)
  }
}

async function nextRecordOf(records: AsyncIterator<readonly string[]>, skip: number): Promise<readonly string[] | null> {
  for (;;) {
    const next = await records.next()
    if (next.done === true) return null
    const record = skip === 0 ? next.value : next.value.slice(skip)
    if (!isBlank(record)) return record
  }
}

function isBlank(record: readonly string[]): boolean {
  for (const cell of record) if (cell !== '' && !isEmpty(cell)) return false
  return true
}

function stagedRecord(rowNumber: number, record: readonly string[], names: readonly string[]): StagedRow {
  const width = names.length
  const cells = record.slice(0, width).map((cell) => storable(unguarded(cell)))
  const spare = record.slice(width).find((cell) => !isEmpty(cell))
  if (spare !== undefined) {
    const message = `The row has ${record.length.toLocaleString('en')} cells, and the header has ${width.toLocaleString('en')}.`
    return { rowNumber, cells, ...unreadable(message, storable(spare.slice(0, 120)), 'a cell with the delimiter in it in quotation marks') }
  }
  if (record.some((cell) => cell.includes('\u0000'))) return { rowNumber, cells, ...unreadable('A cell has a NUL character in it.') }
  if (cells.length === width && cells.every((cell, index) => oneLine(cleanText(cell)) === names[index])) {
    return { rowNumber, cells, ...unreadable('The row repeats the header.') }
  }
  return { rowNumber, cells }
}

/** The reason of a row that cannot be read at all. */
export function unreadable(message: string, value: string | null = null, expected: string | null = null): RowReason {
  return { reasonCode: unreadableRow, field: null, value, message, expected }
}

/** Reads the cards of a vCard file. @throws InvalidInput */
export async function readVcardFile(bytes: AsyncIterable<Uint8Array>, charset: string | null): Promise<readonly unknown[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of utf8Of(bytes, charset)) pieces.push(piece)
  return readCards(Buffer.concat(pieces).toString())
}

/** A file with its first bytes, which distinguish a vCard from CSV, whatever its media type. */
export async function isVcard(bytes: AsyncIterable<Uint8Array>): Promise<{ isVcard: boolean; bytes: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]()
  const first = await iterator.next()
  const start = first.done === true ? '' : Buffer.from(first.value.subarray(0, 64)).toString('latin1').replaceAll('\u0000', '')
  async function* again(): AsyncGenerator<Uint8Array> {
    if (first.done === true) return
    yield first.value
    for (;;) {
      const next = await iterator.next()
      if (next.done === true) return
      yield next.value
    }
  }
  return { isVcard: /^[^A-Za-z]*BEGIN:VCARD/i.test(start), bytes: again() }
}
