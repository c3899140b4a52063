import pg from 'pg'
import { Prisma } from '../generated/client.ts'

/**
 * JSON that PostgreSQL writes as text. It costs the database less to put the text together than to build JSON that the server reads, makes values of
 * and writes once more; and nothing is left to do for the server.
 */

/**
 * How a column is written: as the JSON of its value, as its own text (numbers, booleans), as an id, which has nothing that JSON escapes, as a time, or by
 * the names of an enum's values.
 */
export type JsonType = 'json' | 'plain' | 'id' | 'time' | { readonly names: readonly (readonly [value: string, name: string])[] }

export interface JsonColumn {
  readonly column: string
  readonly as: JsonType
  readonly isNullable: boolean
}

/** The rows of a relation as JSON values with commas between them. */
export interface JsonRows {
  /** The relation, by its number in the projection. */
  readonly relation: number
  readonly item: ItemProjection
}

/** A run of JSON: text, and what stands between. */
export type JsonText = readonly (string | JsonColumn | JsonRows)[]

/** What is read of each row of a relation: columns as values and texts. The texts depend on the kind of the row where it has one; otherwise the kind is ''. */
export interface ItemProjection {
  readonly columns: ReadonlySet<string>
  readonly texts: Readonly<Record<string, readonly JsonText[]>>
}

/** A piece of a text: a constant, or an expression. */
export type Part = string | { readonly sql: Prisma.Sql }

/** What a column is in a statement: an expression, or a constant in JSON. Null where the row has no such column. */
export type ColumnOf = (column: JsonColumn) => { readonly sql: string } | { readonly json: string } | null

/** The parts of a text. @param rowsOf how the rows of a relation are read */
export function partsOf(text: JsonText, columnOf: ColumnOf, rowsOf: (rows: JsonRows) => Prisma.Sql): Part[] {
  return text.flatMap((piece) => {
    if (typeof piece === 'string') return piece
    return 'relation' in piece ? { sql: rowsOf(piece) } : columnParts(piece, columnOf)
  })
}

function columnParts(column: JsonColumn, columnOf: ColumnOf): Part[] {
  const found = columnOf(column)
  if (found === null) return ['null']
  if ('json' in found) return [found.json]
  const { quote, value } = typeof column.as === 'string' ? written[column.as] : { quote: '"', value: nameOf(column.as.names) }
  if (!column.isNullable) return [quote, { sql: Prisma.raw(value(found.sql)) }, quote]
  return [{ sql: Prisma.raw(`coalesce(${quote === '' ? `(${value(found.sql)})::text` : `'"' || ${value(found.sql)} || '"'`}, 'null')`) }]
}

/** Written value by value: `upper` would take ten times as long. */
function nameOf(names: readonly (readonly [value: string, name: string])[]): (column: string) => string {
  const cases = names.map(([value, name]) => `when ${pg.escapeLiteral(value)} then ${pg.escapeLiteral(name)}`).join(' ')
  return (column) => `case ${column} ${cases} end`
}

const written: Readonly<Record<Extract<JsonType, string>, { readonly quote: '"' | ''; readonly value: (column: string) => string }>> = {
  json: { quote: '', value: (column) => `to_json(${column})` },
  plain: { quote: '', value: (column) => `${column}::text` },
  id: { quote: '"', value: (column) => column },
  // The zone is part of the expression: a shard does not have the session's settings.
  time: { quote: '"', value: (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` },
}

/** PostgreSQL passes at most this many arguments to a function. */
const maxArguments = 100

/** An expression for a text. */
export function concatenated(parts: readonly Part[]): Prisma.Sql {
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
  while (texts.length > maxArguments) texts = inGroups(texts, maxArguments).map(concat)
  return texts.length === 0 ? Prisma.raw(`''`) : concat(texts)
}

function concat(texts: readonly Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`concat(${Prisma.join([...texts])})`
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

export function quoted(text: string): Prisma.Sql {
  return Prisma.raw(pg.escapeLiteral(text))
}
