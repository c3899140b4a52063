import pg from 'pg'
import { channels } from '../../kernel/channels.ts'
import { snakeCase } from '../../kernel/text.ts'
import { Prisma } from '../generated/client.ts'
import { activityColumns, type ActivityKind, columnsOfEntry } from './activity-tables.ts'

/**
 * Answers as JSON text that the database writes itself. What it costs PostgreSQL to put the text together is less than to put together JSON that the
 * server reads, makes values of and writes out once more; and for the server nothing is left to do.
 */

/**
 * How a column is written: as the JSON of its value, as it stands (numbers, booleans), as an id, which has nothing in it that JSON would escape, as a
 * DateTime, or by the names that an enum has for its values.
 */
export type TextType = 'json' | 'plain' | 'id' | 'moment' | { readonly names: readonly (readonly [value: string, name: string])[] }

/** A field of an object: its name in the answer, and what stands there. A constant is JSON already. */
export type TextField = { readonly key: string } & (
  { readonly constant: string } | { readonly column: string; readonly as: TextType; readonly isNullable: boolean }
)

/** A list that hangs on a contact: its name in the answer, what stands before and after its items, and how those are written. */
export type TextList = { readonly key: string; readonly before: string; readonly after: string } & (
  | { readonly list: 'notes' | 'preferences'; readonly item: readonly TextField[] }
  | { readonly list: 'timeline'; readonly item: Readonly<Record<ActivityKind, readonly TextField[]>> }
)

/** Fields of a contact that stand side by side in the answer. */
export type ContactText = readonly (TextField | TextList)[]

/** Where the lists are read from: queries of their rows, in their order. */
export interface TextSources {
  notes(): Prisma.Sql
  /** @param columns what is read of each kind */
  timeline(columns: (kind: ActivityKind) => Prisma.Sql): Prisma.Sql
  /** A condition on the rows of `channel_preferences p`. */
  preferences(): Prisma.Sql
}

/** Fields of a contact as text, without the braces around them. The contact's columns have the names that Prisma gives them. */
export function contactText(text: ContactText, sources: TextSources): Prisma.Sql {
  const { strings, values } = withGaps(text)
  // proof: where there is a value, there is a gap for a list
  return new Prisma.Sql(
    strings,
    (values as TextList[]).map((list) => listText(list, sources)),
  )
}

// What is the same for every request that asks in the same words is put together once.
const withGaps = once((text: ContactText) =>
  concat(
    fieldsText(text, (field) =>
      'list' in field ? [field.before, { sql: Prisma.sql`${field}` }, field.after] : valueOf(field, (column) => `c."${column}"`),
    ),
  ),
)

function listText(text: TextList, sources: TextSources): Prisma.Sql {
  switch (text.list) {
    case 'notes':
      return Prisma.sql`(select string_agg(${noteText(text.item)}, ',') from (${sources.notes()}) n)`
    case 'timeline':
      return Prisma.sql`(select string_agg(${entryText(text.item)}, ',') from (${sources.timeline(entryColumns(text.item))}) a)`
    case 'preferences':
      // One row, even where nothing of them is asked for but what they are.
      return Prisma.sql`(select ${preferencesText(text.item)} from channel_preferences p where ${sources.preferences()} having true)`
  }
}

const noteText = once((fields: readonly TextField[]) => concat(objectText(fields, (column) => `n.${snakeCase(column)}`)))

const entryText = once((fields: Readonly<Record<ActivityKind, readonly TextField[]>>) => {
  const cases = activityKinds.map((kind) => Prisma.sql`when ${quoted(kind)} then ${concat(objectText(fields[kind], columnOfKind(kind)))}`)
  return Prisma.sql`case a.kind ${Prisma.join(cases, ' ')} end`
})

function columnOfKind(kind: ActivityKind): ColumnOf {
  return (column) => (column in activityColumns[kind] ? `a.${snakeCase(column)}` : null)
}

const entryColumns = once((fields: Readonly<Record<ActivityKind, readonly TextField[]>>) => {
  const all = Object.values(fields).flat()
  const read = new Set(['id', 'occurredAt', ...all.flatMap((field) => ('column' in field ? field.column : []))])
  const columns = (kind: ActivityKind) => columnsOfEntry(kind, [...read])
  const known = { message: columns('message'), call: columns('call'), ticket: columns('ticket'), event: columns('event') }
  return (kind: ActivityKind) => known[kind]
})

/** Always all channels: nothing on record is a wish that is unknown. */
const preferencesText = once((fields: readonly TextField[]) => {
  const ofChannel = (channel: string) => {
    const known = fields.map((field) =>
      'column' in field && field.column === 'channel' ? { key: field.key, constant: JSON.stringify(channel.toUpperCase()) } : field,
    )
    return objectText(known, (column) => {
      const value = `max(p.${snakeCase(column)}) filter (where p.channel = '${channel}')`
      return column === 'state' ? `coalesce(${value}, 'unknown')` : value
    })
  }
  return concat(channels.flatMap((channel, index) => [index === 0 ? '' : ',', ...ofChannel(channel)]))
})

const activityKinds: readonly ActivityKind[] = ['message', 'call', 'ticket', 'event']

/** The column that a field is read from; null if the row has none. */
type ColumnOf = (column: string) => string | null

function objectText(fields: readonly TextField[], columnOf: ColumnOf): Part[] {
  return ['{', ...fieldsText(fields, (field) => valueOf(field, columnOf)), '}']
}

function fieldsText<Field extends { readonly key: string }>(fields: readonly Field[], valueOf: (field: Field) => Part[]): Part[] {
  return fields.flatMap((field, index) => [`${index === 0 ? '' : ','}${JSON.stringify(field.key)}:`, ...valueOf(field)])
}

function valueOf(field: TextField, columnOf: ColumnOf): Part[] {
  if ('constant' in field) return [field.constant]
  const column = columnOf(field.column)
  if (column === null) return ['null']
  const { quote, value } = typeof field.as === 'string' ? written[field.as] : { quote: '"', value: nameOf(field.as.names) }
  if (!field.isNullable) return [quote, { sql: Prisma.raw(value(column)) }, quote]
  return [{ sql: Prisma.raw(`coalesce(${quote === '' ? `(${value(column)})::text` : `'"' || ${value(column)} || '"'`}, 'null')`) }]
}

/** Told value by value: to write them in capitals would take ten times as long. */
function nameOf(names: readonly (readonly [value: string, name: string])[]): (column: string) => string {
  const cases = names.map(([value, name]) => `when ${pg.escapeLiteral(value)} then ${pg.escapeLiteral(name)}`).join(' ')
  return (column) => `case ${column} ${cases} end`
}

/** Every session speaks UTC. */
const written: Readonly<Record<Extract<TextType, string>, { readonly quote: '"' | ''; readonly value: (column: string) => string }>> = {
  json: { quote: '', value: (column) => `to_json(${column})` },
  plain: { quote: '', value: (column) => `${column}::text` },
  id: { quote: '"', value: (column) => column },
  moment: { quote: '"', value: (column) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` },
}

/** A piece of a text: as it stands, or as an expression finds it. */
type Part = string | { readonly sql: Prisma.Sql }

/** PostgreSQL hands a function no more than this. */
const maxArguments = 100

function concat(parts: readonly Part[]): Prisma.Sql {
  let texts: Prisma.Sql[] = []
  let constant = ''
  const endConstant = () => {
    if (constant !== '') texts.push(quoted(constant))
    constant = ''
  }
  for (const part of parts) {
    if (typeof part === 'string') constant += part
    else {
      endConstant()
      texts.push(part.sql)
    }
  }
  endConstant()
  while (texts.length > maxArguments) texts = inGroups(texts, maxArguments).map(concatenated)
  return concatenated(texts)
}

function concatenated(texts: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`concat(${Prisma.join([...texts])})`
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

function quoted(text: string): Prisma.Sql {
  return Prisma.raw(pg.escapeLiteral(text))
}

function once<Argument extends object, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  const made = new WeakMap<Argument, Result>()
  return (argument) => {
    const known = made.get(argument) ?? make(argument)
    made.set(argument, known)
    return known
  }
}
