import type { PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type AttributeType, Prisma } from '../generated/client.ts'
import { indexedColumn, typedValue } from './attribute-conditions.ts'
import { type ContactMatch, contactConditions, contactsMatching, created } from './contacts-matching.ts'
import { contactColumns, counting, type FoundContact, readPage } from './find-contacts.ts'
import type { Projection } from './relations.ts'

/** Where a page goes on: behind a value, or behind a contact without one, which come last in either direction. */
export interface AttributePosition {
  /** Null for a contact without a value. */
  readonly value: string | null
  readonly id: string
}

export interface AttributeQuery {
  readonly organizationId: string
  readonly match: ContactMatch
  readonly attribute: { readonly id: string; readonly type: AttributeType }
  readonly direction: 'asc' | 'desc'
  readonly page: Omit<PageRequest, 'from'> & { readonly from: AttributePosition | null }
}

/** A contact with the value that it is sorted by, as a text; null for none. */
export type SortedContact = FoundContact & { readonly sortValue: string | null }

/**
 * A page of contacts in the order of a defined attribute, those without a value that fits at the end, in one statement. All contacts are read along the
 * index of the values; those that match a filter are found first and then put in order.
 */
export async function selectContactsByAttribute(
  db: ReadDb,
  query: AttributeQuery,
  projection?: Projection,
): Promise<{ rows: FoundContact[]; total: number | null }> {
  const { organizationId, match, page } = query
  const isForward = page.direction === 'forward'
  const { from } = page
  const isAmongValues = from !== null && from.value !== null
  const isAmongOthers = from !== null && from.value === null
  const none = Prisma.sql`${contactColumns} from contacts c where c.organization_id = ${organizationId} and false`
  const valued = isForward && isAmongOthers ? null : withValue(query)
  const others = !isForward && isAmongValues ? null : withoutValue(query)
  const [one, other] = isForward ? [valued, others] : [others, valued]
  const limit = limitOf(page)
  const order = directionOf(query)
  return readPage(
    db,
    {
      first: Prisma.sql`with one as materialized (${one ?? nothing(query, none)}),
        other as materialized (select o.* from (${other ?? nothing(query, none)}) o where (select count(*) from one) < ${limit}) `,
      contacts: Prisma.sql`
        select * from (select 0 as part, one.* from one union all select 1, other.* from other) c
        order by c.part, c."sortKey" ${order}, c.id ${order} limit ${limit}`,
      count: counting(Prisma.sql`contacts c where ${contactsMatching(organizationId, match)}`),
    },
    query,
    projection,
  )
}

function nothing(query: AttributeQuery, none: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`select ${emptyKey(query)} as "sortKey", null::text as "sortValue", ${none}`
}

/** Contacts with a value, in its order. */
function withValue(query: AttributeQuery): Prisma.Sql {
  const { organizationId, attribute, match, page } = query
  const { type } = attribute
  const key = indexedColumn(type)
  const order = directionOf(query)
  const { from } = page
  const beyond =
    from === null || from.value === null
      ? Prisma.sql`true`
      : Prisma.sql`(${key}, a.contact_id) ${signOf(query)} (${typedValue(type === 'date' ? 'date_time' : type, from.value)}, ${from.id})`
  const isNarrowed = contactConditions(organizationId, match).length > 0 || created(match).length > 0
  // Those that match are found first: along the index of the values, a filter that hardly any contact matches would be looked for to its end.
  const contacts = Prisma.sql`(select c.* from contacts c where ${contactsMatching(organizationId, match)} ${isNarrowed ? Prisma.sql`offset 0` : Prisma.empty})`
  return Prisma.sql`
    select ${key} as "sortKey", ${textOf(type)} as "sortValue", ${contactColumns}
    from contact_attributes a join ${contacts} c on c.organization_id = ${organizationId} and c.id = a.contact_id
    where ${valuesOf(query)} and ${beyond}
    order by ${key} ${order}, a.contact_id ${order} limit ${limitOf(page)}`
}

/** Contacts without a value, or with one that does not fit, by their ids. */
function withoutValue(query: AttributeQuery): Prisma.Sql {
  const { organizationId, match, page } = query
  const order = directionOf(query)
  const { from } = page
  const beyond = from === null || from.value !== null ? Prisma.sql`true` : Prisma.sql`c.id ${signOf(query)} ${from.id}`
  return Prisma.sql`
    select ${emptyKey(query)} as "sortKey", null::text as "sortValue", ${contactColumns}
    from contacts c
    where ${contactsMatching(organizationId, match)} and ${beyond}
      and not exists (select from contact_attributes a where ${valuesOf(query)} and a.contact_id = c.id)
    order by c.id ${order} limit ${limitOf(page)}`
}

/** The rows of the index that have a value. */
function valuesOf({ organizationId, attribute }: AttributeQuery): Prisma.Sql {
  const column = isOf(attribute.type, 'a.number_value', 'a.time_value', 'a.text_value')
  return Prisma.sql`a.organization_id = ${organizationId} and a.attribute_id = ${attribute.id} and ${column} is not null`
}

function emptyKey({ attribute }: AttributeQuery): Prisma.Sql {
  return isOf(attribute.type, 'null::numeric', 'null::timestamptz', 'null::text collate "C"')
}

function textOf(type: AttributeType): Prisma.Sql {
  const time = `to_char(a.time_value at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  return isOf(type, 'a.number_value::text', time, 'left(a.text_value, 200)')
}

function isOf(type: AttributeType, number: string, time: string, text: string): Prisma.Sql {
  if (type === 'number') return Prisma.raw(number)
  return Prisma.raw(type === 'date' || type === 'date_time' ? time : text)
}

function isAscending({ direction, page }: AttributeQuery): boolean {
  return (direction === 'asc') === (page.direction === 'forward')
}

function directionOf(query: AttributeQuery): Prisma.Sql {
  return isAscending(query) ? Prisma.sql`asc` : Prisma.sql`desc`
}

function signOf(query: AttributeQuery): Prisma.Sql {
  return isAscending(query) ? Prisma.sql`>` : Prisma.sql`<`
}

function limitOf({ limit, more }: AttributeQuery['page']): number {
  return limit + (more === false ? 0 : 1)
}
