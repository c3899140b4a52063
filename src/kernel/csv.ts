import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** What a spreadsheet would run, or read as the beginning of something that it runs. */
const formula = /^[\s']*[=+\-@\uff0b\uff0d\uff1d\uff20]|^'*[\t\r\n]/
const phoneNumber = /^\+\d{3,15}$/

/**
 * Writes one record after RFC 4180, its line end included. A cell that a spreadsheet would run as a formula gets an apostrophe in
 * front, which {@link unguarded} takes away again; phone numbers in E.164 stay as they are.
 */
export function csvRecord(cells: readonly (string | null)[]): string {
  // A record of one empty cell would be an empty line, which readers leave out.
  if (cells.length === 1 && (cells[0] ?? '') === '') return '""\r\n'
  let line = ''
  for (const [index, cell] of cells.entries()) {
    if (index > 0) line += ','
    if (cell !== null) line += quoted(guarded(cell))
  }
  return `${line}\r\n`
}

function guarded(cell: string): string {
  return formula.test(cell) && !phoneNumber.test(cell) ? `'${cell}` : cell
}

/** A cell as it was before {@link csvRecord} guarded it. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** A CSV file that is being read. */
export interface CsvFile {
  /** The cells of the first record, as they are written. */
  readonly header: readonly string[]
  /** The records below it. Empty lines are there too, as records of one empty cell. */
  readonly records: AsyncIterable<readonly string[]>
}

/** How long the first record may be, and any other. */
const maxHeaderBytes = 256 * 1024
const maxRecordBytes = 4 * 1024 * 1024

/**
 * Reads a CSV file as it arrives: UTF-8 with or without a byte order mark, any line end, and whichever of comma, semicolon and tab its
 * header uses most.
 * @throws InvalidInput for an empty file and one that is not UTF-8 or not CSV, while the records are read too
 */
export async function readCsv(source: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const bytes = utf8Only(source)
  const { start, firstLine } = await readFirstLine(bytes)
  if (firstLine.trim() === '') throw unreadable('The file is empty.')
  const parser = parse({
    delimiter: delimiterOf(firstLine),
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: maxRecordBytes,
  })
  // A failure on the way ends the parser, and so reaches whoever reads the records.
  pipeline(Readable.from(continued(start, bytes)), parser).catch(() => {})
  const records = recordsOf(parser)
  const first = await records.next()
  if (first.done === true) throw unreadable('The file is empty.')
  return { header: first.value, records }
}

async function* recordsOf(parser: Transform): AsyncGenerator<readonly string[]> {
  try {
    yield* parser
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(faultOf(error))
    throw error
  }
}

function faultOf(error: CsvError): string {
  // proof: the library documents that its errors carry the count of lines read
  const { lines } = error as CsvError & { lines?: number }
  const where = typeof lines === 'number' ? ` near line ${lines.toLocaleString('en')}` : ''
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
  return isOpen
    ? `A cell${where} begins with a quotation mark that is never closed.`
    : `The file is not CSV${where}: ${shorten(error.message)}.`
}

/** Passes the bytes on, if they are UTF-8. */
async function* utf8Only(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let first = true
  for await (const chunk of source) {
    if (first) refuseOtherKinds(chunk)
    first = false
    decodeOrRefuse(decoder, chunk, line)
    for (const byte of chunk) if (byte === 10) line += 1
    yield chunk
  }
  decodeOrRefuse(decoder, null, line)
}

function decodeOrRefuse(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | null, line: number): void {
  try {
    if (chunk === null) decoder.decode()
    else decoder.decode(chunk, { stream: true })
  } catch {
    throw unreadable(`The file is not in UTF-8 (behind line ${line.toLocaleString('en')}). Save it as "CSV UTF-8" and upload it again.`)
  }
}

/** The two mistakes that are made most, in words that help. */
function refuseOtherKinds(chunk: Uint8Array): void {
  const [first, second] = chunk
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw unreadable('The file is in UTF-16. Save it as "CSV UTF-8" and upload it again.')
  }
  if (first === 0x50 && second === 0x4b)
    throw unreadable('The file is a spreadsheet or an archive, not CSV. Save it as "CSV UTF-8" and upload it again.')
}

async function readFirstLine(bytes: AsyncGenerator<Uint8Array>): Promise<{ start: Buffer; firstLine: string }> {
  let start = Buffer.alloc(0)
  for (;;) {
    const next = await bytes.next()
    if (next.done !== true) start = Buffer.concat([start, next.value])
    const text = start.toString().replace(/^\uFEFF/, '')
    const end = endOfRecord(text)
    if (end !== null || next.done === true) return { start, firstLine: text.slice(0, end ?? text.length) }
    if (start.length > maxHeaderBytes) throw unreadable('The file has no header: its first line does not end.')
  }
}

/** Where the first line end outside of quotation marks is; null if there is none. */
function endOfRecord(text: string): number | null {
  let inQuotes = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character === '"') inQuotes = !inQuotes
    if (!inQuotes && (character === '\n' || character === '\r')) return index
  }
  return null
}

function delimiterOf(firstLine: string): string {
  const outside = firstLine.replace(/"[^"]*"/g, '')
  const count = (delimiter: string): number => outside.split(delimiter).length - 1
  return [',', ';', '\t'].toSorted((one, other) => count(other) - count(one))[0] ?? ','
}

async function* continued(start: Buffer, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start
  yield* rest
}

function unreadable(message: string): InvalidInput {
  return new InvalidInput(message, { field: 'csv', expected: 'CSV in UTF-8 with a header' })
}
