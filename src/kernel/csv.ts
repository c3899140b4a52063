import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, parse } from 'csv-parse'
import { utf8Of } from './charset.ts'
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
  /** The records from the first line on. Empty lines are there too, as records of one empty cell. */
  readonly records: AsyncIterable<readonly string[]>
}

export interface CsvOptions {
  /** The charset that is declared; null if none is. */
  readonly charset: string | null
  /** How well a line does as the header: of the delimiters the one is taken that makes the best header. */
  readonly scoreHeader: (cells: readonly string[]) => number
}

/** How long the first record may be, and any other. */
const maxHeaderBytes = 256 * 1024
const maxRecordBytes = 4 * 1024 * 1024
const delimiters = [',', ';', '\t', '|']
/** How many lines are looked at for a header: some tools write a title above it. */
const headerLines = 10

/**
 * Reads a CSV file as it arrives: in any charset, with any line end, and with comma, semicolon, tab or bar between its cells. A first line
 * `sep=;` says which.
 * @throws InvalidInput for an empty file and one that is not CSV, while the records are read too
 */
export async function readCsv(source: AsyncIterable<Uint8Array>, { charset, scoreHeader }: CsvOptions): Promise<CsvFile> {
  const bytes = utf8Of(refusingOtherKinds(source), charset)
  const start = await readStart(bytes)
  const text = start.toString().replace(/^\uFEFF/, '')
  if (text.trim() === '') throw unreadable('The file is empty.')
  const separator = /^"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n|$)/i.exec(text)
  const body = separator === null ? start : Buffer.from(text.slice(separator[0].length))
  const parser = parse({
    delimiter: separator?.[1] ?? delimiterOf(text, scoreHeader),
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: maxRecordBytes,
  })
  // A failure on the way ends the parser, and so reaches the reader of the records.
  pipeline(Readable.from(continued(body, bytes)), parser).catch(() => {})
  return { records: recordsOf(parser) }
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

/** How files of other kinds begin that are uploaded by mistake, in words that help. */
const otherKinds: readonly (readonly [RegExp, string])[] = [
  [/^PK/, 'a spreadsheet or an archive'],
  [/^\xd0\xcf\x11\xe0/, 'an Excel workbook (.xls)'],
  [/^\x1f\x8b/, 'compressed with gzip'],
  [/^%PDF/, 'a PDF'],
  [/^\s*(?:\xef\xbb\xbf)?<(?:!doctype html|html|table|\?xml|head|meta|style|body)/i, 'a web page or XML with the name of a spreadsheet'],
  [/^\{\\rtf/, 'a text document (RTF)'],
]

async function* refusingOtherKinds(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true
  for await (const chunk of source) {
    if (isFirst) {
      const start = Buffer.from(chunk.subarray(0, 200)).toString('latin1')
      const kind = otherKinds.find(([pattern]) => pattern.test(start))?.[1]
      if (kind !== undefined)
        throw unreadable(`The file is ${kind}, not CSV. Open it in a spreadsheet program, save it as "CSV UTF-8" and upload that.`)
      if (/^\s*(?:\xef\xbb\xbf)?[{[]\s*["{[]/.test(start))
        throw unreadable('The file is JSON, not CSV. Send it with Content-Type: application/json.')
    }
    isFirst = false
    yield chunk
  }
}

/** The first lines of a file: enough to see what its header is. */
async function readStart(bytes: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  let start = Buffer.alloc(0)
  for (;;) {
    const next = await bytes.next()
    if (next.done !== true) start = Buffer.concat([start, next.value])
    if (next.done === true || start.length >= maxHeaderBytes || linesOf(start.toString(), headerLines).length > headerLines) break
  }
  const [first = ''] = linesOf(start.toString(), 1)
  if (first.length >= maxHeaderBytes - 4) throw unreadable('The file has no header: its first line does not end.')
  return start
}

/** The first records of a text, and the rest behind them; what stands between quotation marks is no line end. */
function linesOf(text: string, most: number): string[] {
  const lines: string[] = []
  let [inQuotes, from] = [false, 0]
  for (let index = 0; index < text.length && lines.length < most; index += 1) {
    const character = text[index]
    if (character === '"') inQuotes = !inQuotes
    if (inQuotes || (character !== '\n' && character !== '\r')) continue
    if (index > from) lines.push(text.slice(from, index))
    from = index + 1
  }
  return from < text.length ? [...lines, text.slice(from)] : lines
}

function delimiterOf(text: string, scoreHeader: CsvOptions['scoreHeader']): string {
  const lines = linesOf(text, headerLines).slice(0, headerLines)
  const scored = delimiters.map((delimiter) => {
    const rows = lines.map((line) => cellsOf(line.slice(0, 64 * 1024), delimiter))
    return { delimiter, known: Math.max(...rows.map(scoreHeader)), cells: rows[0]?.length ?? 1 }
  })
  return scored.toSorted((one, other) => other.known - one.known || other.cells - one.cells)[0]?.delimiter ?? ','
}

/** The cells of one line, well enough to recognize their names. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let [inQuotes, cell] = [false, '']
  for (const character of line) {
    if (character === '"') inQuotes = !inQuotes
    else if (character === delimiter && !inQuotes) {
      cells.push(cell.trim())
      cell = ''
    } else cell += character
  }
  return [...cells, cell.trim()]
}

async function* continued(start: Buffer, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start
  yield* rest
}

function unreadable(message: string): InvalidInput {
  return new InvalidInput(message, { field: 'csv', expected: 'CSV in UTF-8 with a header' })
}
