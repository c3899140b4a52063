import { type AttributeType, Prisma } from '../generated/client.ts'
import type { AttributeMatch, AttributeValue } from './contact-conditions.ts'

type DefinedMatch = AttributeMatch & { readonly defined: NonNullable<AttributeMatch['defined']> }

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
 * The conditions that the value of a defined attribute has to meet, of the contact `c`: a row of the index that meets all of them, or none.
 * @param isIndexed whether contacts are to be found by it, and not looked at one by one
 */
export function definedConditions(organizationId: string, match: DefinedMatch, isIndexed: boolean): Prisma.Sql[] {
  const { defined, exists } = match
  const own = [Prisma.sql`a.organization_id = ${organizationId}`, Prisma.sql`a.attribute_id = ${defined.id}`]
  const rows = (conditions: readonly Prisma.Sql[]) =>
    Prisma.sql`contact_attributes a where ${Prisma.join([...own, ...conditions], ' and ')}`
  const asked = valueConditions(match)
  const isThere = (conditions: readonly Prisma.Sql[]) =>
    isIndexed
      ? Prisma.sql`c.id in (select a.contact_id from ${rows(conditions)})`
      : Prisma.sql`exists (select from ${rows(conditions)} and a.contact_id = c.id)`
  return [
    ...(asked.length > 0 || exists === true ? [isThere(asked)] : []),
    ...(exists === false ? [Prisma.sql`not exists (select from ${rows([])} and a.contact_id = c.id)`] : []),
  ]
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
    ...(asked.startsWith === null
      ? []
      : [Prisma.sql`lower(a.text_value) like lower(${`${escaped(asked.startsWith)}%`}::text collate "C")`]),
  ]
}

/** What the index has of a text. */
function key(text: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`left(${text}, ${indexedLength})`
}

/** A text as a pattern that matches it alone. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
