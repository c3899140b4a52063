import type { ReadDb } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import { contactColumns } from './find-contacts.ts'
import { idArray } from './id-array.ts'

/** What a contact can be found by. */
export interface ContactKeys {
  readonly phone: string | null
  /** What the number is compared by; null where that is the number itself. */
  readonly phoneKey: string | null
  readonly phoneExtension: string
  readonly emailKey: string | null
  /** Keys of external ids. */
  readonly externalKeys?: readonly string[]
}

/** The living contacts that have any of these phone numbers, email addresses or external ids, primary or not, as they are now: anyone else may change them. */
export async function selectContactsByKeys(db: ReadDb, organizationId: string, keys: readonly ContactKeys[]): Promise<Contact[]> {
  if (keys.length === 0) return []
  return db.sql<Contact[]>`
    select ${contactColumns}
    from (${idsByKeys(organizationId, keys)}) found
    cross join lateral (select * from contacts c where c.organization_id = ${organizationId} and c.id = found.id limit 1) c
    order by c.id`
}

/** The ids of these contacts. Limits keep the planner at looking up key by key, whatever it believes of a table that has just grown. */
export function idsByKeys(organizationId: string, keys: readonly ContactKeys[]): Prisma.Sql {
  const phones = keys.flatMap(({ phone, phoneKey, phoneExtension }) => (phone === null ? [] : [{ key: phoneKey ?? phone, phoneExtension }]))
  const emailKeys = keys.flatMap(({ emailKey }) => (emailKey === null ? [] : [emailKey]))
  const all = [
    ...phones.map(({ key, phoneExtension }) => ({ kind: 'phone', key, extension: phoneExtension })),
    ...emailKeys.map((key) => ({ kind: 'email', key, extension: '' })),
    ...keys.flatMap(({ externalKeys = [] }) => externalKeys.map((key) => ({ kind: 'external', key, extension: '' }))),
  ]
  return Prisma.sql`
    select p.id from unnest(${idArray(phones.map(({ key }) => key))}, ${idArray(phones.map(({ phoneExtension }) => phoneExtension))}) k(key, extension)
    cross join lateral (
      select c.id from contacts c
      where c.organization_id = ${organizationId} and c.deleted_at is null and coalesce(c.phone_key, c.phone) = k.key and c.phone_extension = k.extension
      limit 1
    ) p
    union
    select e.id from unnest(${idArray(emailKeys)}) k(email_key)
    cross join lateral (
      select c.id from contacts c
      where c.organization_id = ${organizationId} and c.deleted_at is null and c.email_key = k.email_key
      limit 1
    ) e
    union
    select a.contact_id
    from unnest(${idArray(all.map(({ kind }) => kind))}, ${idArray(all.map(({ key }) => key))}, ${idArray(all.map(({ extension }) => extension))})
      k(kind, key, extension)
    cross join lateral (
      select a.contact_id from contact_addresses a
      where a.organization_id = ${organizationId} and a.kind = k.kind::address_kind and a.key = k.key and a.extension = k.extension and a.is_living
      limit 1
    ) a`
}
