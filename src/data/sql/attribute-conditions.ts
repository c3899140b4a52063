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
  const rows = (id: string, conditions: readonly Prisma.Sql[]) => {
    const own = [Prisma.sql`a.organization_id = ${organizationId}`, Prisma.sql`a.attribute_id = ${id}`]
    return Prisma.sql`contact_attributes a where ${Prisma.join([...own, ...conditions], ' and ')}`
  }
  const isThere = (id: string, conditions: readonly Prisma.Sql[]) =>
    isIndexed
      ? Prisma.sql`c.id in (select a.contact_id from ${rows(id, conditions)})`
      : Prisma.sql`exists (select from ${rows(id, conditions)} and a.contact_id = c.id)`
  return [...new Set(matches.map(({ defined }) => defined.id))].flatMap((id) => {
    const ofOne = matches.filter(({ defined }) => defined.id === id)
    const asked = ofOne.flatMap(valueConditions)
    return [
      ...(asked.length > 0 || ofOne.some(({ exists }) => exists === true) ? [isThere(id, asked)] : []),
      ...(ofOne.some(({ exists }) => exists === false)
        ? [Prisma.sql`not exists (select from ${rows(id, [])} and a.contact_id = c.id)`]
        : []),
    ]
  })
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
  const indexed = Prisma.sql`lower(${indexedColumn('text')})`
  const from = Prisma.sql`lower(${key(beginning)})`
  return Prisma.sql`(${indexed} >= ${from} and ${indexed} <= ${from} || ${last} and starts_with(lower(a.text_value), lower(${beginning})))`
}

/** What the index has of a text. */
function key(text: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`left(${text}, ${indexedLength})`
}

/** A text as a pattern that matches it alone. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
