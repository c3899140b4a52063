import { maxTotal } from '../../kernel/page.ts'
import { snakeCase } from '../../kernel/text.ts'
import { Prisma } from '../generated/client.ts'
import {
  type ColumnOf,
  concatenated,
  type ItemProjection,
  type JsonRows,
  type JsonText,
  type Part,
  partsOf,
  quoted,
} from './json-projection.ts'

/** What is read of each row: columns as values, texts, and lists of related rows. One statement, however many rows and lists. */
export interface Projection {
  /** Null for every column. */
  readonly columns: ReadonlySet<string> | null
  readonly texts: readonly JsonText[]
  readonly lists: readonly ListProjection[]
  /** What texts and lists refer to by number. They differ from request to request, the texts do not. */
  readonly relations: readonly Relation[]
}

/** Related rows that arrive as values, to be written by the reader. */
export interface ListProjection {
  readonly relation: number
  readonly item: ItemProjection
  /** Whether they are counted. */
  readonly total: boolean
}

/** The row that related rows belong to. */
export interface Parent {
  readonly organizationId: Prisma.Sql
  readonly id: Prisma.Sql
}

/** The type of each column in the database. */
type ColumnTypes = Readonly<Record<string, string>>

/** What the rows of a relation look like, whatever is read of them. One object for each relation. */
export interface RelationShape {
  /** By kind; the kind is '' where all rows are of one. Where there are several, each row has a column `kind`. */
  readonly columns: Readonly<Record<string, ColumnTypes>>
  /** Properties that each row of a kind has, whether or not its columns are read. */
  readonly blank?: Readonly<Record<string, object>>
  /** A column that has each of these values once, for every parent: what is stored about a value is one row, and an absent row has only nulls. */
  readonly fixed?: { readonly column: string; readonly values: readonly string[]; readonly defaults: Readonly<Record<string, string>> }
}

export interface Relation {
  readonly shape: RelationShape
  /** A query of the related rows in their order; of a fixed relation a source of its rows `r` with its condition. */
  readonly rows: (parent: Parent, columns: ReadonlySet<string>) => Prisma.Sql
  /** A source of all related rows, to be counted; null for a relation that is not a page of more. */
  readonly all: ((parent: Parent) => Prisma.Sql) | null
}

/** A row of which some columns were read. Texts are `text0`, `text1`…, lists `list0`… */
export type ProjectedRow = Record<string, unknown>

export interface ProjectedList {
  readonly rows: readonly ProjectedRow[]
  readonly total: number | null
}

/** No JSON text contains them unescaped, nor does any other cell. */
const [betweenCells, betweenItems] = ['\u0001', '\u0002']

/**
 * The rows of a query, in its order, each with what was asked for: one row, whatever is related to it.
 * @param rows a query whose rows have the columns that Prisma names; they must be visible to the caller
 */
export function projected(rows: Prisma.Sql, organizationId: string, projection: Projection): Prisma.Sql {
  const { columns, texts, lists, relations } = projection
  const parent = { organizationId: Prisma.sql`${organizationId}`, id: Prisma.sql`c.id` }
  const rowsOf = (of: JsonRows) => itemsText(relationAt(relations, of.relation), of.item, parent, true)
  const values = columns === null ? [Prisma.sql`c.*`] : [...columns].toSorted().map((column) => Prisma.raw(`c."${column}"`))
  const written = texts.map((text, at) => Prisma.sql`${rootText(text, rowsOf)} as ${Prisma.raw(`text${at}`)}`)
  const related = lists.flatMap(({ relation, item, total }, at) => {
    const found = relationAt(relations, relation)
    const list = Prisma.sql`${itemsText(found, item, parent, false)} as ${Prisma.raw(`list${at}`)}`
    return total ? [list, Prisma.sql`${countOf(found, parent)} as ${Prisma.raw(`total${at}`)}`] : [list]
  })
  const selected = [...values, ...written, ...related]
  return selected.length === 1 && columns === null ? rows : Prisma.sql`select ${Prisma.join(selected)} from (${rows}) c`
}

/** The columns that are read of each row itself, as values and within texts; null for every column. */
export function columnsRead({ columns, texts }: Projection): ReadonlySet<string> | null {
  return columns === null ? null : columnsIn(columns, texts)
}

/** Reads the lists of rows that were selected so. The rows themselves are changed: they have many columns, and there may be many. */
export function readLists<Row extends object>(rows: Row[], { lists, relations }: Projection): Row[] {
  const readers = lists.map(({ relation, item }) => itemReader(relationAt(relations, relation).shape, item))
  for (const row of rows as readonly ProjectedRow[])
    // proof: what is selected are objects
    for (const [at, read] of readers.entries()) {
      const total = row[`total${at}`]
      row[`list${at}`] = { rows: read(row[`list${at}`]), total: typeof total === 'number' ? total : null } satisfies ProjectedList
    }
  return rows
}

function relationAt(relations: readonly Relation[], at: number): Relation {
  const relation = relations[at]
  if (relation === undefined) throw new TypeError(`The projection has no relation ${at}.`)
  return relation
}

function rootText(text: JsonText, rowsOf: (rows: JsonRows) => Prisma.Sql): Prisma.Sql {
  const { strings, values } = rootTemplate(text)
  // proof: the only values of the template are the lists between its texts
  return new Prisma.Sql(strings, (values as JsonRows[]).map(rowsOf))
}

// What is the same for every request of an operation is put together once.
const rootTemplate = once((text: JsonText) =>
  concatenated(
    partsOf(
      text,
      ({ column }) => ({ sql: `c."${column}"` }),
      (rows) => Prisma.sql`${rows}`,
    ),
  ),
)

function countOf({ all }: Relation, parent: Parent): Prisma.Sql {
  if (all === null) return Prisma.sql`null::int`
  return Prisma.sql`(select count(*)::int from (select from ${all(parent)} limit ${Prisma.raw(String(maxTotal + 1))}) m)`
}

/** @param isJson whether the items are texts with commas between them; otherwise they are cells that {@link itemReader} reads */
function itemsText({ shape, rows }: Relation, item: ItemProjection, parent: Parent, isJson: boolean): Prisma.Sql {
  const text = (isJson ? jsonItem : cellsItem)(item, shape)
  const source = rows(parent, columnsOfItem(item))
  // One row, even where none of the fixed rows is stored.
  if (shape.fixed !== undefined) return Prisma.sql`(select ${text} from ${source} having true)`
  return Prisma.sql`(select string_agg(${text}, ${quoted(isJson ? ',' : betweenItems)}) from (${source}) r)`
}

const columnsOfItem = once(({ columns, texts }: ItemProjection) => columnsIn(columns, Object.values(texts).flat()))

function columnsIn(columns: ReadonlySet<string>, texts: readonly JsonText[]): ReadonlySet<string> {
  return new Set([...columns, ...texts.flat().flatMap((piece) => (typeof piece === 'object' && 'column' in piece ? piece.column : []))])
}

const jsonItem = once((item: ItemProjection, shape: RelationShape) =>
  itemText(shape, ',', (kind, columnOf) => partsOf(item.texts[kind]?.[0] ?? [], columnOf, noRows)),
)

const cellsItem = once((item: ItemProjection, shape: RelationShape) =>
  itemText(shape, betweenItems, (kind, columnOf) => {
    const columns = cellColumns(item).map((column) => cell(column, shape.columns[kind]?.[column], columnOf))
    const texts = (item.texts[kind] ?? []).map((text) => partsOf(text, columnOf, noRows))
    return [kind, ...[...columns, ...texts].flatMap((parts) => [betweenCells, ...parts])]
  }),
)

/** How the items of a relation are written, whichever kind they are of. */
function itemText(shape: RelationShape, separator: string, partsFor: (kind: string, columnOf: ColumnOf) => Part[]): Prisma.Sql {
  const { fixed } = shape
  if (fixed !== undefined)
    return concatenated(fixed.values.flatMap((value, at) => [at === 0 ? '' : separator, ...partsFor('', fixedColumn(fixed, value))]))
  const kinds = Object.keys(shape.columns)
  const columnOf = (kind: string): ColumnOf => {
    const types = shape.columns[kind] ?? {}
    return ({ column }) => (column in types ? { sql: `r.${snakeCase(column)}` } : null)
  }
  const [only, ...others] = kinds
  if (only !== undefined && others.length === 0) return concatenated(partsFor(only, columnOf(only)))
  const cases = kinds.map((kind) => Prisma.sql`when ${quoted(kind)} then ${concatenated(partsFor(kind, columnOf(kind)))}`)
  return Prisma.sql`case r.kind ${Prisma.join(cases, ' ')} end`
}

function fixedColumn({ column: fixed, defaults }: NonNullable<RelationShape['fixed']>, value: string): ColumnOf {
  return ({ column, as }) => {
    if (column === fixed) return { json: JSON.stringify(typeof as === 'object' ? as.names.find(([one]) => one === value)?.[1] : value) }
    const stored = `max(r.${snakeCase(column)}) filter (where r.${snakeCase(fixed)} = '${value}')`
    return { sql: column in defaults ? `coalesce(${stored}, '${defaults[column]}')` : stored }
  }
}

function noRows(): never {
  throw new TypeError('Related rows have no related rows of their own.')
}

/** The order of the columns' cells. */
function cellColumns(item: ItemProjection): string[] {
  return [...item.columns].toSorted()
}

/** A column's value; empty for null. */
function cell(column: string, type: string | undefined, columnOf: ColumnOf): Part[] {
  const found = type === undefined ? null : columnOf({ column, as: 'json', isNullable: true })
  if (found === null) return []
  if ('json' in found) return [found.json]
  if (type === 'timestamptz') return [{ sql: Prisma.raw(`(date_part('epoch', ${found.sql}) * 1000)::bigint`) }]
  return [{ sql: Prisma.raw(`to_json(${found.sql})`) }]
}

/** Reads what {@link cellsItem} has written. Made once for a statement. */
function itemReader(shape: RelationShape, item: ItemProjection): (text: unknown) => ProjectedRow[] {
  const columns = cellColumns(item)
  const readersOf = (types: ColumnTypes) =>
    columns.flatMap((column, index) =>
      column in types ? { column, at: index + 1, read: types[column] === 'timestamptz' ? readTime : readJson } : [],
    )
  const readers = new Map(Object.entries(shape.columns).map(([kind, types]) => [kind, readersOf(types)]))
  return (text) =>
    typeof text !== 'string' || text === ''
      ? []
      : text.split(betweenItems).map((row) => {
          const cells = row.split(betweenCells)
          const kind = cells[0] ?? ''
          const found: ProjectedRow = { $kind: kind, ...shape.blank?.[kind] }
          for (const { column, at, read } of readers.get(kind) ?? []) found[column] = cells[at] === '' ? null : read(cells[at] ?? 'null')
          for (let at = columns.length + 1; at < cells.length; at += 1) found[`text${at - columns.length - 1}`] = cells[at]
          return found
        })
}

function readTime(text: string): Date {
  return new Date(Number(text))
}

function readJson(text: string): unknown {
  return JSON.parse(text)
}

function once<Argument extends object, Rest extends readonly unknown[], Result>(
  make: (argument: Argument, ...rest: Rest) => Result,
): (argument: Argument, ...rest: Rest) => Result {
  const made = new WeakMap<Argument, Result>()
  return (argument, ...rest) => {
    const found = made.get(argument) ?? make(argument, ...rest)
    made.set(argument, found)
    return found
  }
}
