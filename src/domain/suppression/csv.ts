import type { Channel, SuppressionReason, Topic } from '../../data/generated/client.ts'
import type { NewSuppression } from '../../data/sql/write-suppressions.ts'
import { transaction } from '../../data/transaction.ts'
import { channels } from '../../kernel/channels.ts'
import { csvRecord, readCsv, unguarded } from '../../kernel/csv.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText, shorten } from '../../kernel/text.ts'
import { parseDateOrDateTime } from '../../kernel/time.ts'
import { addressKindOf } from '../consent/channels.ts'
import { type Context, type ReadContext, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { allTopics, parseTopic } from '../topics/queries.ts'
import { addSuppressions } from './add.ts'
import { allSuppressions, channelsOf } from './queries.ts'
import { type Address, channelsOfAddress, parseAddressText, parseChannels } from './rules.ts'

const columns = ['address', 'channels', 'reason', 'topic', 'since', 'note'] as const
type Column = (typeof columns)[number]

/** What other tools call the columns. Further columns are left out. */
const names: ReadonlyMap<string, Column> = new Map([
  ...columns.map((name): [string, Column] => [name, name]),
  ['email', 'address'],
  ['emailaddress', 'address'],
  ['recipient', 'address'],
  ['phone', 'address'],
  ['phonenumber', 'address'],
  ['number', 'address'],
  ['mobile', 'address'],
  ['channel', 'channels'],
  ['created', 'since'],
  ['createdat', 'since'],
  ['date', 'since'],
])

/** The most rows of one file. */
const maxRows = 100_000
const rowsAtOnce = 1000
/** How many rows that were refused are listed. */
const maxListed = 1000

/** The outcome of a file of suppressions. */
export interface SuppressionsImported {
  readonly rows: number
  /** How many entries are new or hold again: each address has one for all channels, or one for each channel. */
  readonly suppressed: number
  /** How many rows could not be read. */
  readonly failedRows: number
  /** The first 1,000 of these, by their numbers: the header does not count. */
  readonly failed: readonly { readonly row: number; readonly reason: DomainError }[]
}

/** The suppression list as CSV: everything that holds, the latest first, in the columns that {@link importSuppressions} reads. */
export async function* suppressionsCsv(context: ReadContext): AsyncGenerator<string> {
  requireScope(context, 'settings:write')
  const keys = new Map((await allTopics(context)).map(({ id, key }) => [id, key]))
  yield csvRecord(columns)
  for await (const page of allSuppressions(context)) {
    const records = page.map((one) => {
      const topic = one.topicId === '' ? null : (keys.get(one.topicId) ?? one.topicId)
      return csvRecord([one.key, channelsOf(one).join(' '), one.reason, topic, one.since.toISOString(), one.note])
    })
    yield records.join('')
  }
}

/**
 * Puts the addresses of a CSV file on the suppression list. It needs a column of addresses; channels (default: all of each address), reason (default:
 * imported), topic, since (default: now) and note are optional, as in the export. A row that cannot be read does not lose the others, and a file that is
 * imported again changes nothing. A fixed number of statements for every 1,000 rows.
 * @throws InvalidInput for a file that is not CSV, has no column of addresses or more than 100,000 rows
 */
export async function importSuppressions(
  context: Context,
  bytes: AsyncIterable<Uint8Array>,
  charset: string | null = null,
): Promise<SuppressionsImported> {
  requireScope(context, 'settings:write')
  const { records } = await readCsv(bytes, { charset, scoreHeader: (cells) => cells.filter((cell) => columnOf(cell) !== null).length })
  const [{ defaultCountry }, topics] = [await getOrganization(context), await allTopics(context)]
  const reader = { defaultCountry, topics }
  const failed: { row: number; reason: DomainError }[] = []
  let header: (Column | null)[] | null = null
  let [rows, suppressed, failedRows] = [0, 0, 0]
  let batch: NewSuppression[] = []
  const write = async () => {
    await context.chargeRows?.(batch.length)
    suppressed += (await transaction(context.db, (tx) => addSuppressions(tx, context, batch))).length
    batch = []
  }
  for await (const cells of records) {
    if (cells.every((cell) => cell.trim() === '')) continue
    if (header === null) {
      header = headerOf(cells)
      continue
    }
    rows += 1
    if (rows > maxRows) {
      throw new InvalidInput(
        `The file has more than ${maxRows.toLocaleString('en')} rows. The rows before are suppressed. Send the rest as another file.`,
        {
          field: 'file',
        },
      )
    }
    try {
      batch.push(...readRow(header, cells, reader))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      failedRows += 1
      if (failed.length < maxListed) failed.push({ row: rows, reason: error })
    }
    if (batch.length >= rowsAtOnce) await write()
  }
  if (header === null) throw new InvalidInput('The file is empty.', { field: 'file', expected: 'CSV with a header' })
  if (batch.length > 0) await write()
  return { rows, suppressed, failedRows, failed }
}

function columnOf(name: string): Column | null {
  const letters = unguarded(name)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
  return names.get(letters) ?? null
}

function headerOf(cells: readonly string[]): (Column | null)[] {
  const header = cells.map(columnOf)
  if (header.includes('address')) return header
  throw new InvalidInput('The file has no column of addresses.', {
    field: 'file',
    value: shorten(cells.join(', ')),
    expected: `a header with ${columns.join(', ')}, of which only address is required`,
  })
}

interface Reader {
  readonly defaultCountry: string | null
  readonly topics: readonly Topic[]
}

function readRow(header: readonly (Column | null)[], cells: readonly string[], { defaultCountry, topics }: Reader): NewSuppression[] {
  const cell = (name: Column) => {
    const text = header
      .flatMap((column, index) => (column === name ? [unguarded(cells[index] ?? '').trim()] : []))
      .find((one) => one !== '')
    return text ?? null
  }
  const given = parseChannels(
    cell('channels')
      ?.toLowerCase()
      .split(/[\s,;]+/),
    'channels',
  )
  const address = addressOf(cell('address') ?? '', given ?? [], defaultCountry)
  const topic = cell('topic')
  const since = cell('since')
  const named = given === null ? [''] : channelsOfAddress(given, address, 'channels')
  // An entry for every channel of the address is one entry.
  const isWhole = given !== null && named.length === wholeOf(address)
  return (isWhole && topic === null && !isByStatement(cell('reason')) ? [''] : named).map((channel) => ({
    ...address,
    id: newId('suppression'),
    channel,
    topicId: topic === null ? '' : parseTopic(topic, topics, 'topic').id,
    reason: parseReason(cell('reason')),
    note: parseText(cell('note') ?? '', 'note', { max: 500, multiline: true }),
    since: since === null ? null : parseDateOrDateTime(since, 'since'),
  }))
}

/** The address of a row. Our own export has hashes of addresses whose holders were erased: the channels say of which kind they are. */
function addressOf(text: string, named: readonly Channel[], country: string | null): Address {
  if (!text.startsWith('hash:')) return parseAddressText(text, country, 'address')
  const kind = named.map(addressKindOf).find((known) => known !== null)
  if (kind === undefined || kind === null || !/^hash:[\w-]{20,100}$/.test(text))
    throw new InvalidInput('This is not the hash of an address.', {
      field: 'address',
      value: shorten(text),
      expected: 'a hash and its channels',
    })
  return { kind, key: text }
}

/** How many channels an address has. */
function wholeOf({ kind }: Address): number {
  return channels.filter((channel) => addressKindOf(channel) === kind).length
}

const reasons: readonly SuppressionReason[] = ['opt_out', 'keyword', 'complaint', 'erasure', 'manual', 'imported', 'block']

/** Opt-outs are by channel; the other reasons can hold for the whole address. */
function isByStatement(reason: string | null): boolean {
  return reason === 'opt_out' || reason === 'keyword' || reason === 'complaint'
}

/** The reason of our own export; that of any other list is that it was imported. */
function parseReason(text: string | null): SuppressionReason {
  return reasons.find((reason) => reason === text) ?? 'imported'
}
