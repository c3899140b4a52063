import { Prisma } from '../generated/client.ts'

/** The lists of addresses of an export, and the kind of address in each. */
export const addressLists = { phone_numbers: 'phone', email_addresses: 'email', external_ids: 'external' } as const

export type AddressList = keyof typeof addressLists

/** All addresses of a contact `c` as `addresses`: one look at them for all lists of an export. */
export function joinAddresses(organizationId: string): Prisma.Sql {
  const common = Prisma.sql`'label', a.label, 'is_primary', a.is_primary`
  return Prisma.sql`
    left join lateral (
      select
        ${listOf('phone', Prisma.sql`json_build_object('value', a.value, 'extension', nullif(a.extension, ''), ${common})`)} as phone_numbers,
        ${listOf('email', Prisma.sql`json_build_object('value', a.value, ${common})`)} as email_addresses,
        ${listOf('external', Prisma.sql`json_build_object('system', split_part(a.key, ':', 1), 'value', a.value)`)} as external_ids,
        bool_or(a.kind = 'phone' and ${isMore}) as more_phone_numbers,
        bool_or(a.kind = 'email' and ${isMore}) as more_email_addresses,
        bool_or(a.kind = 'external') as more_external_ids
      from contact_addresses a
      where a.organization_id = ${organizationId} and a.contact_id = c.id
    ) addresses on true`
}

/** What the columns of the primary addresses do not say. */
const isMore = Prisma.sql`(not a.is_primary or a.label is not null)`

export function addressesAsJson(list: AddressList): Prisma.Sql {
  return Prisma.sql`coalesce(addresses.${Prisma.raw(list)}, '[]')`
}

/** The same as text, where the columns of the primary addresses do not say all of it; else null. */
export function furtherAddresses(list: AddressList): Prisma.Sql {
  return Prisma.sql`(case when addresses.${Prisma.raw(`more_${list}`)} then addresses.${Prisma.raw(list)}::text end)`
}

function listOf(kind: string, object: Prisma.Sql): Prisma.Sql {
  const inOrder = Prisma.sql`order by a.is_primary desc, a.created_at, a.key, a.extension`
  return Prisma.sql`json_agg(${object} ${inOrder}) filter (where a.kind = ${Prisma.raw(`'${kind}'`)})`
}
