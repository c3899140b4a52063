import { type AttributeType, Prisma } from '../generated/client.ts'
import type { AttributeMatch, AttributeValue } from './contact-conditions.ts'

type DefinedMatch = AttributeMatch & { readonly defined: NonNullable<AttributeMatch['defined']> }

/** Whether an attribute has a definition, and with it an index. */
export function isDefined(match: AttributeMatch): match is DefinedMatch {
  return match.defined !== null
}

/** How many characters of a text its index has. */
const indexedLength = Prisma.raw('200')

/** The column `a` of a type, as its index has it. */
export function indexedColumn(type: AttributeType): Prisma.Sql {
  switch (type) {
    case 'number':
      return Prisma.sql`a.number_value`
    case 'date':
    case 'date_time':
      return Prisma.sql`a.time_value`
    case 'text':
    case 'url':
    case 'enum':
    case 'boolean':
      return Prisma.sql`left(a.text_value, ${indexedLength})`
  }
}

/** A value as the column of its type has it. Days and times are texts. */
export function typedValue(type: AttributeType, value: AttributeValue): Prisma.Sql {
  switch (type) {
    case 'number':
      return Prisma.sql`${String(value)}::numeric`
    case 'date':
      return Prisma.sql`(${String(value)} || 'T00:00:00Z')::timestamptz`
    case 'date_time':
      return Prisma.sql`date_trunc('milliseconds', ${String(value)}::timestamptz)`
    case 'text':
    case 'url':
    case 'enum':
    case 'boolean':
      return Prisma.sql`${String(value)}::text`
  }
}

/**
 * The conditions that the values of defined attributes have to meet, of the contact `c`: for each attribute a row of the index that meets all that
 * is asked of it, or none.
 * @param isIndexed whether contacts are to be found by it, and not looked at one by one
 */
export function definedConditions(organizationId: string, matches: readonly DefinedMatch[], isIndexed: boolean): Prisma.Sql[] {
  return byAttribute(matches).flatMap(({ id, ofOne, asked }) => {
    const rows = rowsOf(organizationId, id, asked)
    const isThere = isIndexed
      ? Prisma.sql`c.id in (select a.contact_id from ${rows})`
      : Prisma.sql`exists (select from ${rows} and a.contact_id = c.id)`
    return [
      ...(asked.length > 0 || ofOne.some(({ exists }) => exists === true) ? [isThere] : []),
      ...(ofOne.some(({ exists }) => exists === false)
        ? [Prisma.sql`not exists (select from ${rowsOf(organizationId, id, [])} and a.contact_id = c.id)`]
        : []),
    ]
  })
}

/**
 * By attribute of which a value or a range is asked, the ids of the contacts that have one, a single value first. In the order of the index, so that the
 * first of them are found soon, however many there are.
 */
export function selectedByAttributes(organizationId: string, matches: readonly DefinedMatch[]): Prisma.Sql[] {
  const attributes = byAttribute(matches)
  const select = (order: (type: AttributeType) => Prisma.Sql, isWanted: (one: DefinedMatch) => boolean) =>
    attributes.flatMap(({ id, ofOne, asked }) => {
      const wanted = ofOne.find(isWanted)
      if (wanted === undefined) return []
      return [Prisma.sql`select a.contact_id as id from ${rowsOf(organizationId, id, asked)} order by ${order(wanted.defined.type)}`]
    })
  return [
    ...select(indexedColumn, ({ equals }) => equals !== null),
    ...select(indexedColumn, ({ above, from, below, upTo }) => [above, from, below, upTo].some((bound) => bound !== null)),
    ...select(
      () => lowered,
      ({ startsWith }) => startsWith !== null,
    ),
  ]
}

/** The conditions by attribute: one row has to meet all of them. */
function byAttribute(matches: readonly DefinedMatch[]) {
  return [...new Set(matches.map(({ defined }) => defined.id))].map((id) => {
    const ofOne = matches.filter(({ defined }) => defined.id === id)
    return { id, ofOne, asked: ofOne.flatMap(valueConditions) }
  })
}

function rowsOf(organizationId: string, id: string, conditions: readonly Prisma.Sql[]): Prisma.Sql {
  const own = [Prisma.sql`a.organization_id = ${organizationId}`, Prisma.sql`a.attribute_id = ${id}`]
  return Prisma.sql`contact_attributes a where ${Prisma.join([...own, ...conditions], ' and ')}`
}

function valueConditions({ defined: { type }, ...asked }: DefinedMatch): Prisma.Sql[] {
  const isText = type !== 'number' && type !== 'date' && type !== 'date_time'
  const column = isText ? Prisma.sql`a.text_value` : indexedColumn(type)
  const value = (other: AttributeValue) => typedValue(type, other)
  // A text is found by its first characters, and compared as a whole.
  const equal = (other: AttributeValue) =>
    isText
      ? Prisma.sql`(${indexedColumn(type)} = ${key(value(other))} and a.text_value = ${value(other)})`
      : Prisma.sql`${column} = ${value(other)}`
  const compared = (operator: '>' | '>=' | '<' | '<=', other: AttributeValue | null) => {
    if (other === null) return []
    const whole = Prisma.sql`${column} ${Prisma.raw(operator)} ${value(other)}`
    if (!isText) return [whole]
    const loose = Prisma.raw(operator.startsWith('>') ? '>=' : '<=')
    return [Prisma.sql`(${indexedColumn(type)} ${loose} ${key(value(other))} and ${whole})`]
  }
  return [
    ...(asked.equals === null ? [] : [equal(asked.equals)]),
    ...(asked.differs === null ? [] : [Prisma.sql`${column} is distinct from ${value(asked.differs)}`]),
    ...(asked.isOneOf === null ? [] : [Prisma.sql`(${Prisma.join(asked.isOneOf.map(equal), ' or ')})`]),
    ...compared('>', asked.above),
    ...compared('>=', asked.from),
    ...compared('<', asked.below),
    ...compared('<=', asked.upTo),
    ...(asked.contains === null ? [] : [Prisma.sql`lower(a.text_value) like lower(${`%${escaped(asked.contains)}%`}::text collate "C")`]),
    ...(asked.startsWith === null ? [] : [begins(Prisma.sql`${asked.startsWith}::text collate "C"`)]),
  ]
}

/** The last character of Unicode, behind which no text goes on. */
const last = Prisma.sql`chr(1114111)`

/** That a text begins with another one, whatever their case. A range of the index is looked at; the index of trigrams would find too many. */
function begins(beginning: Prisma.Sql): Prisma.Sql {
  const from = Prisma.sql`lower(${key(beginning)})`
  return Prisma.sql`(${lowered} >= ${from} and ${lowered} <= ${from} || ${last} and starts_with(lower(a.text_value), lower(${beginning})))`
}

/** A text as the index of beginnings has it. */
const lowered = Prisma.sql`lower(${indexedColumn('text')})`

/** What the index has of a text. */
function key(text: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`left(${text}, ${indexedLength})`
}

/** A text as a pattern that matches it alone. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
