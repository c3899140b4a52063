import { snakeCase } from '../../kernel/text.ts'
import type { Tx } from '../database.ts'
import { type Call, type Event, type Message, Prisma, type Ticket } from '../generated/client.ts'

/** What the tables of the four kinds of activity have in common. */
interface Activity {
  readonly organizationId: string
  readonly id: string
  readonly contactId: string
  readonly externalId: string | null
}

/** Reads and writes the rows of one kind of activity, each in one statement however many they are. */
export interface ActivityTable<Row extends Activity> {
  /** The organization's rows with these external ids, kept from being changed by anyone else until the transaction ends. */
  lock(tx: Tx, organizationId: string, externalIds: readonly string[]): Promise<Row[]>
  /**
   * Writes new rows of an organization and changed ones. Changed rows must have been locked by this transaction.
   * @returns how many were written: fewer if another request has meanwhile written a row with the external id of a new one
   */
  save(tx: Tx, organizationId: string, rows: readonly Row[]): Promise<number>
}

/** The type that each column has in the database. */
type Columns<Row> = Readonly<Record<keyof Row & string, string>>

const shared = {
  organizationId: 'text',
  id: 'text',
  contactId: 'text',
  externalId: 'text',
  occurredAt: 'timestamptz',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
}

/** Every column of each kind, and the type that it has in the database. */
export const activityColumns = {
  message: {
    ...shared,
    channel: 'channel',
    direction: 'direction',
    category: 'message_category',
    status: 'message_status',
    routedTo: 'message_route',
    isAutomatic: 'boolean',
    resolvedAt: 'timestamptz',
    subject: 'text',
    body: 'text',
    sentAt: 'timestamptz',
    deliveredAt: 'timestamptz',
    readAt: 'timestamptz',
    addressKey: 'text',
    failureReason: 'failure_reason',
    mayBeOptOut: 'boolean',
  } satisfies Columns<Message>,
  call: {
    ...shared,
    direction: 'direction',
    status: 'call_status',
    isAutomatic: 'boolean',
    resolvedAt: 'timestamptz',
    durationSeconds: 'integer',
    recordingUrl: 'text',
    addressKey: 'text',
  } satisfies Columns<Call>,
  ticket: {
    ...shared,
    subject: 'text',
    status: 'ticket_status',
    statusAt: 'timestamptz',
    priority: 'ticket_priority',
    firstReplyAt: 'timestamptz',
    closedAt: 'timestamptz',
  } satisfies Columns<Ticket>,
  event: { ...shared, name: 'text', properties: 'jsonb' } satisfies Columns<Event>,
}

export type ActivityKind = keyof typeof activityColumns

/** Every column that any kind has, where the kinds stand below each other; a status, whose type differs from kind to kind, is a text. */
const entryColumns: Readonly<Record<string, string>> = {
  ...activityColumns.event,
  ...activityColumns.ticket,
  ...activityColumns.call,
  ...activityColumns.message,
  status: 'text',
}

/** Every field that any kind has. */
export const entryFields: readonly string[] = Object.keys(entryColumns)

/** What the value of each field is in a row of a kind that stands below those of other kinds: null where the kind has none of the name. */
const entryValues = mapValues(activityColumns, (columns) =>
  mapValues(entryColumns, (type, field) =>
    field in columns ? `a.${snakeCase(field)}${field === 'status' ? '::text' : ''}` : `null::${type}`,
  ),
)

const entryNames = mapValues(entryColumns, (_, field) => snakeCase(field))

/**
 * The kind and some columns of a row that stands below those of other kinds. Cast only where it has to be: the kinds are merged in their order, each
 * no further than the page, as long as what they are in order of are columns and not expressions.
 * @param nameOf what a field's column is called
 */
export function columnsOfEntry(kind: ActivityKind, fields: readonly string[], nameOf = (field: string) => entryNames[field]): Prisma.Sql {
  const values = entryValues[kind]
  return Prisma.raw([`'${kind}' as kind`, ...fields.map((field) => `${values[field]} as ${nameOf(field)}`)].join(', '))
}

export const messagesTable = activityTable<Message>('messages', activityColumns.message)
export const callsTable = activityTable<Call>('calls', activityColumns.call)
export const ticketsTable = activityTable<Ticket>('tickets', activityColumns.ticket)
export const eventsTable = activityTable<Event>('events', activityColumns.event)

function activityTable<Row extends Activity>(name: string, columns: Columns<Row>): ActivityTable<Row> {
  const fields = Object.keys(columns)
  const table = Prisma.raw(name)
  const selected = Prisma.raw(fields.map((field) => `${snakeCase(field)} as "${field}"`).join(', '))
  const insertedFields = fields.filter((field) => field !== 'organizationId')
  const inserted = Prisma.raw(insertedFields.map(snakeCase).join(', '))
  const given = Prisma.raw(insertedFields.map((field) => `row."${field}"`).join(', '))
  const typed = Prisma.raw(
    Object.entries<string>(columns)
      .map(([field, type]) => `"${field}" ${type}`)
      .join(', '),
  )
  const replaced = Prisma.raw(
    fields
      .filter((field) => !isKey(field))
      .map((field) => `${snakeCase(field)} = excluded.${snakeCase(field)}`)
      .join(', '),
  )
  return {
    // In one order for everybody, so that two who want the same rows wait for each other and never in a circle.
    lock: (tx, organizationId, externalIds) => tx.sql<Row[]>`
      select ${selected} from ${table}
      where organization_id = ${organizationId} and external_id = any(${externalIds}::text[])
      order by external_id
      for update`,
    // A row that has the external id of a new one but another id belongs to another request: it is kept, and counts as not written.
    save: (tx, organizationId, rows) => tx.prisma.$executeRaw`
      insert into ${table} as known (organization_id, ${inserted})
      select ${organizationId}, ${given} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(${typed})
      order by row."externalId", row.id
      on conflict (organization_id, external_id) do update set ${replaced} where known.id = excluded.id`,
  }
}

function isKey(field: string): boolean {
  return field === 'organizationId' || field === 'id' || field === 'externalId'
}

function mapValues<Key extends string, Value, Mapped>(
  record: Readonly<Record<Key, Value>>,
  map: (value: Value, key: Key) => Mapped,
): Readonly<Record<Key, Mapped>> {
  // proof: the keys stay the same
  return Object.fromEntries(Object.entries<Value>(record).map(([key, value]) => [key, map(value, key as Key)])) as Record<Key, Mapped>
}
