import type { EmailAddress } from '../../kernel/email.ts'
import { newId } from '../../kernel/ids.ts'
import type { E164 } from '../../kernel/phone.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Tx } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'
import { definitionsInUse, indexColumns, indexedValues, replaceIndexed } from './contact-attributes.ts'
import { revealSuppressions } from './rekey-suppressions.ts'

/** What of a contact can be written in bulk: all that callers decide, and what is made of it. */
export interface WritableContact extends WritableColumns {
  readonly phone: E164 | null
  readonly email: EmailAddress | null
}

type WritableColumns = Pick<
  Contact,
  | 'id'
  | 'phoneExtension'
  | 'phoneKey'
  | 'emailKey'
  | 'firstName'
  | 'lastName'
  | 'displayName'
  | 'company'
  | 'countryCode'
  | 'timezone'
  | 'language'
  | 'lifecycleStage'
  | 'tags'
  | 'tagKeys'
  | 'customAttributes'
>

/** What is made of the others, to find a contact by and to sort it by its name. */
export interface SearchColumns {
  /** The words of every name, the company and the email address. */
  readonly searchText: string
  /** The digits of the phone number in its spellings, with a space between. */
  readonly searchDigits: string
  readonly searchTerms: readonly number[]
  readonly searchVersion: number
  readonly nameKey: string
}

export type StoredContact = WritableContact & SearchColumns

/** A contact that a statement has written. */
export interface WrittenContact {
  readonly id: string
  /** Whether one of its addresses is new to it, and consent or a suppression may come with that. */
  readonly isAffected: boolean
}

interface CreateOptions {
  readonly source: Contact['source']
  readonly now: Date
  /** Finds suppressions of erased persons by the hashes of their addresses. */
  readonly secretKeys: SecretKeys
  /** Leaves out contacts of which a living one has the phone number or email address. Default: the statement fails. */
  readonly skipTaken?: boolean
}

/**
 * Creates contacts and their addresses, all of them or none, in one statement; in front of it, suppressions of erased persons are found. A contact whose
 * address is blocked is blocked from the start: the block outlives the contact that it was for.
 * @returns those that were created
 */
export async function insertContacts(
  tx: Tx,
  organizationId: string,
  contacts: readonly StoredContact[],
  { source, now, secretKeys, skipTaken = false }: CreateOptions,
): Promise<WrittenContact[]> {
  if (contacts.length === 0) return []
  await revealSuppressions(tx, organizationId, secretKeys, contacts)
  const onConflict = skipTaken ? Prisma.sql`on conflict do nothing` : Prisma.empty
  return tx.sql<WrittenContact[]>`
    with definitions as materialized (${definitionsInUse(organizationId)}),
    given as (
      select r.*, hit.since as blocked_at, hit.note as block_note, hit.created_by as blocked_by, coalesce(hit.any, false) as is_affected
      from ${recordset(contacts)}
      left join lateral (${suppressionsOf(organizationId)}) hit on true
    ),
    created as (
      insert into contacts (
        organization_id, id, phone, phone_extension, phone_key, email, email_key, first_name, last_name, display_name, company, country_code, timezone,
        language, lifecycle_stage, tags, tag_keys, custom_attributes, search_text, search_digits, search_terms, search_version,
        name_key, source, blocked_at, created_at, updated_at
      )
      select ${organizationId}, r.id, r.phone, r."phoneExtension", r."phoneKey", r.email, r."emailKey", r."firstName", r."lastName",
        r."displayName", r.company,
        r."countryCode", r.timezone, r.language, r."lifecycleStage", r.tags, r."tagKeys", r."customAttributes", r."searchText",
        r."searchDigits", r."searchTerms", r."searchVersion", r."nameKey",
        ${source}::contact_source, r.blocked_at, ${now}, ${now}
      from given r
      ${onConflict}
      returning id
    ),
    addresses as (
      insert into contact_addresses (organization_id, kind, key, extension, contact_id, value, created_at)
      select ${organizationId}, a.kind, a.key, a.extension, r.id, a.value, ${now}
      from given r join created on created.id = r.id cross join lateral (${addressesOf}) a
      where a.key is not null
    ),
    attributes as (
      insert into contact_attributes (${indexColumns})
      select i.* from given r join created on created.id = r.id
      cross join lateral (${indexedValues(organizationId, Prisma.sql`r.id`, Prisma.sql`r."customAttributes"`)}) i
    ),
    blocked as (${blocksOf(organizationId, Prisma.sql`join created on created.id = r.id`)})
    select r.id, r.is_affected as "isAffected" from given r join created on created.id = r.id`
}

/**
 * Overwrites contacts and their primary addresses, all of them or none, in one statement; each one's revision grows by one. The contacts must be
 * locked. One that gets a blocked address is blocked.
 * @param moving those that may get another address: in front of the statement, suppressions of erased persons are found for them
 */
export async function updateContacts(
  tx: Tx,
  organizationId: string,
  contacts: readonly StoredContact[],
  { now, secretKeys, moving }: { readonly now: Date; readonly secretKeys: SecretKeys; readonly moving: readonly StoredContact[] },
): Promise<WrittenContact[]> {
  if (contacts.length === 0) return []
  await revealSuppressions(tx, organizationId, secretKeys, moving)
  return tx.sql<WrittenContact[]>`
    with definitions as materialized (${definitionsInUse(organizationId)}),
    given as (
      select r.*, c.custom_attributes is distinct from r."customAttributes" as has_new_attributes, has_moved.has_moved, hit.since as blocked_at, hit.note as block_note, hit.created_by as blocked_by
      from ${recordset(contacts)}
      join contacts c on c.organization_id = ${organizationId} and c.id = r.id
      cross join lateral (select (c.phone, c.phone_extension, c.email) is distinct from (r.phone, r."phoneExtension", r.email) as has_moved) has_moved
      left join lateral (${suppressionsOf(organizationId)}) hit on has_moved.has_moved and c.blocked_at is null
    ),
    changed as (
      update contacts c
      set phone = r.phone, phone_extension = r."phoneExtension", phone_key = r."phoneKey", email = r.email, email_key = r."emailKey", first_name = r."firstName",
        last_name = r."lastName", display_name = r."displayName", company = r.company, country_code = r."countryCode", timezone = r.timezone,
        language = r.language, lifecycle_stage = r."lifecycleStage", tags = r.tags, tag_keys = r."tagKeys",
        custom_attributes = r."customAttributes", search_text = r."searchText", search_digits = r."searchDigits",
        search_terms = r."searchTerms", search_version = r."searchVersion", name_key = r."nameKey",
        blocked_at = coalesce(c.blocked_at, r.blocked_at), revision = c.revision + 1, updated_at = ${now}
      from given r
      where c.organization_id = ${organizationId} and c.id = r.id
    ),
    gone as (
      delete from contact_addresses a using given r
      where a.organization_id = ${organizationId} and a.contact_id = r.id and r.has_moved and a.is_primary and a.kind <> 'external'
        and not exists (select from (${addressesOf}) n where n.kind = a.kind and n.key = a.key and n.extension = a.extension)
    ),
    addresses as (
      insert into contact_addresses (organization_id, kind, key, extension, contact_id, value, created_at)
      select ${organizationId}, a.kind, a.key, a.extension, r.id, a.value, ${now}
      from given r cross join lateral (${addressesOf}) a
      where r.has_moved and a.key is not null
      on conflict (organization_id, kind, key, extension, contact_id) do update set value = excluded.value, is_primary = true
    ),
    lost as (
      delete from contact_attributes a using given r
      where a.organization_id = ${organizationId} and a.contact_id = r.id and r.has_new_attributes
        and not exists (select from definitions d where d.id = a.attribute_id and jsonb_typeof(r."customAttributes" -> d.key) <> 'null')
    ),
    attributes as (
      insert into contact_attributes (${indexColumns})
      select i.* from given r cross join lateral (${indexedValues(organizationId, Prisma.sql`r.id`, Prisma.sql`r."customAttributes"`)}) i
      where r.has_new_attributes
      ${replaceIndexed}
    ),
    blocked as (${blocksOf(organizationId, Prisma.empty)})
    select r.id, r.has_moved as "isAffected" from given r`
}

/**
 * Deletes living contacts, or brings deleted ones back, with their addresses: two statements.
 * @returns the ids of those that were not so before
 */
export async function setDeleted(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  deletedAt: Date | null,
  now: Date,
): Promise<string[]> {
  if (ids.length === 0) return []
  const before = deletedAt === null ? Prisma.sql`c.deleted_at is not null` : Prisma.sql`c.deleted_at is null`
  const rows = await tx.sql<{ id: string }[]>`
    update contacts c set deleted_at = ${deletedAt}, updated_at = ${now}, revision = c.revision + 1
    where c.organization_id = ${organizationId} and c.id = any(${ids}::text[]) and ${before}
    returning c.id`
  const changed = rows.map(({ id }) => id)
  if (changed.length === 0) return []
  // The same statement would not see addresses that others have added while it waited for the contacts.
  await tx.prisma.$executeRaw`
    update contact_addresses a set is_living = ${deletedAt === null}
    where a.organization_id = ${organizationId} and a.contact_id = any(${changed}::text[])`
  return changed
}

/** Contacts store the key of their phone number only where it is another than the number. */
const phoneKeyOf = Prisma.sql`coalesce(r."phoneKey", r.phone)`

/** The primary addresses of a row `r`. */
const addressesOf = Prisma.sql`
  select 'phone'::address_kind as kind, ${phoneKeyOf} as key, r."phoneExtension" as extension, r.phone as value
  union all
  select 'email', r."emailKey", '', r.email`

/** What the suppression list has about the addresses of a row `r`: the block, if there is one, and whether there is anything at all. */
function suppressionsOf(organizationId: string): Prisma.Sql {
  const isBlock = Prisma.sql`s.reason = 'block' and (s.lifted_at is null or s.since > s.lifted_at)`
  return Prisma.sql`
    select true as any, max(s.since) filter (where ${isBlock}) as since, max(s.note) filter (where ${isBlock}) as note,
      max(s.created_by) filter (where ${isBlock}) as created_by
    from (
      select p.* from suppressions p where p.organization_id = ${organizationId} and p.kind = 'phone' and p.key = ${phoneKeyOf}
      union all
      select e.* from suppressions e where e.organization_id = ${organizationId} and e.kind = 'email' and e.key = r."emailKey"
    ) s
    having count(*) > 0`
}

/** Blocks of rows `given r` that got a blocked address. */
function blocksOf(organizationId: string, only: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    insert into blocks (organization_id, id, contact_id, reason, blocked_at, blocked_by)
    select ${organizationId}, r."blockId", r.id, r.block_note, r.blocked_at, r.blocked_by from given r ${only} where r.blocked_at is not null`
}

function recordset(contacts: readonly StoredContact[]): Prisma.Sql {
  const rows = contacts.map((contact) => ({ ...contact, blockId: newId('block') }))
  return Prisma.sql`json_to_recordset(${JSON.stringify(rows)}::json) as r(
    id text, phone text, "phoneKey" text, "phoneExtension" text, email text, "emailKey" text, "firstName" text, "lastName" text, "displayName" text,
    company text, "countryCode" text, timezone text, language text, "lifecycleStage" lifecycle_stage, tags text[], "tagKeys" text[],
    "customAttributes" jsonb, "searchText" text, "searchDigits" text, "searchTerms" int[], "searchVersion" int, "nameKey" text, "blockId" text)`
}

export interface Transition {
  readonly id: string
  readonly contactId: string
  readonly fromStage: Contact['lifecycleStage']
  readonly toStage: Contact['lifecycleStage']
}

/** Records changes of lifecycle stages. */
export async function insertTransitions(
  tx: Tx,
  organizationId: string,
  transitions: readonly Transition[],
  how: { readonly changedBy: string; readonly now: Date },
): Promise<void> {
  if (transitions.length === 0) return
  await tx.prisma.$executeRaw`
    insert into lifecycle_transitions (organization_id, id, contact_id, from_stage, to_stage, occurred_at, changed_by)
    select ${organizationId}, r.id, r."contactId", r."fromStage", r."toStage", ${how.now}, ${how.changedBy}
    from json_to_recordset(${JSON.stringify(transitions)}::json)
      as r(id text, "contactId" text, "fromStage" lifecycle_stage, "toStage" lifecycle_stage)`
}
