import { dayPattern, timePattern, urlPattern } from '../../kernel/attribute-formats.ts'
import type { ReadDb, Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** The columns of the index, in the order of {@link indexedValues}. */
export const indexColumns = Prisma.sql`organization_id, attribute_id, contact_id, fits, text_value, number_value, time_value`

/** The definitions of an organization that are in use, as a part of a statement that names them `definitions`. */
export function definitionsInUse(organizationId: string): Prisma.Sql {
  return Prisma.sql`select d.id, d.key, d.type, d.options from attribute_definitions d where d.organization_id = ${organizationId} and d.archived_at is null`
}

/**
 * The rows of the index for a contact, as a part of a statement that has `definitions`: one for each defined attribute of which the contact has a value.
 * A value that does not fit its definition is there without its value.
 */
export function indexedValues(organizationId: string, contactId: Prisma.Sql, attributes: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select ${organizationId}, d.id, ${contactId}, f.fits,
      case when f.fits and d.type in ('text', 'url', 'enum', 'boolean') then v.text end,
      case when f.fits and d.type = 'number' then v.text::numeric end,
      case when f.fits and d.type = 'date' then (v.text || 'T00:00:00Z')::timestamptz
        when f.fits and d.type = 'date_time' then date_trunc('milliseconds', v.text::timestamptz) end
    from definitions d
    cross join lateral (
      select jsonb_typeof(${attributes} -> d.key) as kind, ${attributes} ->> d.key as text, left(${attributes} ->> d.key, 10) as day
    ) v
    cross join lateral (
      select case d.type
        when 'number' then v.kind = 'number'
        when 'boolean' then v.kind = 'boolean'
        else v.kind = 'string' and case d.type
          when 'text' then true
          when 'enum' then v.text = any(d.options)
          when 'url' then v.text ~ ${urlPattern}::text
          else case
            when v.text !~ case when d.type = 'date' then ${dayPattern}::text else ${timePattern}::text end then false
            else right(v.day, 2)::int <= extract(day from
              make_date(left(v.day, 4)::int, substr(v.day, 6, 2)::int, 1) + interval '1 month' - interval '1 day') end
          end
        end as fits
    ) f
    where v.kind <> 'null'`
}

/** What becomes of a row of the index that is there already. */
export const replaceIndexed = Prisma.sql`
  on conflict (organization_id, attribute_id, contact_id) do update set fits = excluded.fits, text_value = excluded.text_value,
    number_value = excluded.number_value, time_value = excluded.time_value`

/**
 * Writes the values that the next contacts have of a definition into its index, in the order of their ids. One statement. Contacts cannot change while
 * they are read. @returns the last contact that was looked at; null after the last one
 */
export async function indexNextContacts(
  tx: Tx,
  organizationId: string,
  { definitionId, after, limit }: { readonly definitionId: string; readonly after: string; readonly limit: number },
): Promise<string | null> {
  const rows = await tx.sql<{ last: string | null }[]>`
    with definitions as (
      select d.id, d.key, d.type, d.options from attribute_definitions d where d.organization_id = ${organizationId} and d.id = ${definitionId}
    ),
    given as materialized (
      select c.id, c.custom_attributes from contacts c
      where c.organization_id = ${organizationId} and c.id > ${after} order by c.id limit ${limit}
      for share
    ),
    written as (
      insert into contact_attributes (${indexColumns})
      select i.* from given g cross join lateral (${indexedValues(organizationId, Prisma.sql`g.id`, Prisma.sql`g.custom_attributes`)}) i
      ${replaceIndexed}
    )
    select max(g.id) as last from given g`
  return rows[0]?.last ?? null
}

/** Removes values of a definition from the index. One statement, for at most so many rows. @returns how many */
export async function deleteIndexed(tx: Tx, organizationId: string, definitionId: string, limit: number): Promise<number> {
  return tx.prisma.$executeRaw`
    delete from contact_attributes a
    where a.organization_id = ${organizationId} and a.attribute_id = ${definitionId} and a.contact_id = any(array(
      select b.contact_id from contact_attributes b where b.organization_id = ${organizationId} and b.attribute_id = ${definitionId} limit ${limit}))`
}

/** How many of the living contacts have a value that fits a definition, and how many another one. */
export interface AttributeFit {
  readonly attributeId: string
  readonly fitting: number
  readonly notFitting: number
}

/** Counts the values of definitions. One statement. A definition of which no contact has a value is left out. */
export async function countFitting(db: ReadDb, organizationId: string, ids: readonly string[]): Promise<AttributeFit[]> {
  return db.sql<AttributeFit[]>`
    select a.attribute_id as "attributeId", (count(*) filter (where a.fits))::int as fitting, (count(*) filter (where not a.fits))::int as "notFitting"
    from contact_attributes a
    join contacts c on c.organization_id = ${organizationId} and c.id = a.contact_id and c.deleted_at is null
    where a.organization_id = ${organizationId} and a.attribute_id = any(${idArray(ids)})
    group by a.attribute_id`
}

/** A value that does not fit its definition. */
export interface UnfitValue {
  readonly attributeId: string
  readonly contactId: string
  readonly value: unknown
}

/** Some values that do not fit each definition. One statement. */
export async function selectUnfit(db: ReadDb, organizationId: string, ids: readonly string[], limit: number): Promise<UnfitValue[]> {
  return db.sql<UnfitValue[]>`
    select d.id as "attributeId", u.id as "contactId", u.custom_attributes -> d.key as value
    from attribute_definitions d
    cross join lateral (
      select c.id, c.custom_attributes from contact_attributes a
      join contacts c on c.organization_id = ${organizationId} and c.id = a.contact_id and c.deleted_at is null
      where a.organization_id = ${organizationId} and a.attribute_id = d.id and not a.fits
      order by a.contact_id limit ${limit}
    ) u
    where d.organization_id = ${organizationId} and d.id = any(${idArray(ids)})
    order by d.id, u.id`
}
