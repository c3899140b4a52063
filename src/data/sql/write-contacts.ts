import type { Tx } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'

/** What of a contact can be written in bulk: all that callers decide, and what is made of it. */
export type WritableContact = Pick<
  Contact,
  | 'id'
  | 'phone'
  | 'phoneExtension'
  | 'phoneKey'
  | 'email'
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
  | 'searchText'
  | 'nameKey'
>

/** Creates contacts, all of them or none, in one statement. */
export async function insertContacts(
  tx: Tx,
  organizationId: string,
  contacts: readonly WritableContact[],
  how: { readonly source: Contact['source']; readonly now: Date },
): Promise<void> {
  if (contacts.length === 0) return
  await tx.$executeRaw`
    insert into contacts (
      organization_id, id, phone, phone_extension, phone_key, email, email_key, first_name, last_name, display_name, company, country_code, timezone,
      language, lifecycle_stage, tags, tag_keys, custom_attributes, search_text, name_key, source, created_at, updated_at
    )
    select ${organizationId}, r.id, r.phone, r."phoneExtension", r."phoneKey", r.email, r."emailKey", r."firstName", r."lastName", r."displayName", r.company,
      r."countryCode", r.timezone, r.language, r."lifecycleStage", r.tags, r."tagKeys", r."customAttributes", r."searchText", r."nameKey",
      ${how.source}::contact_source, ${how.now}, ${how.now}
    from ${recordset(contacts)}`
}

/** Overwrites contacts, all of them or none, in one statement; each one's revision grows by one. */
export async function updateContacts(tx: Tx, organizationId: string, contacts: readonly WritableContact[], now: Date): Promise<void> {
  if (contacts.length === 0) return
  await tx.$executeRaw`
    update contacts c
    set phone = r.phone, phone_extension = r."phoneExtension", phone_key = r."phoneKey", email = r.email, email_key = r."emailKey", first_name = r."firstName",
      last_name = r."lastName", display_name = r."displayName", company = r.company, country_code = r."countryCode", timezone = r.timezone,
      language = r.language, lifecycle_stage = r."lifecycleStage", tags = r.tags, tag_keys = r."tagKeys",
      custom_attributes = r."customAttributes", search_text = r."searchText", name_key = r."nameKey",
      revision = c.revision + 1, updated_at = ${now}
    from ${recordset(contacts)}
    where c.organization_id = ${organizationId} and c.id = r.id`
}

function recordset(contacts: readonly WritableContact[]): Prisma.Sql {
  return Prisma.sql`json_to_recordset(${JSON.stringify(contacts)}::json) as r(
    id text, phone text, "phoneExtension" text, "phoneKey" text, email text, "emailKey" text, "firstName" text, "lastName" text, "displayName" text,
    company text, "countryCode" text, timezone text, language text, "lifecycleStage" lifecycle_stage, tags text[], "tagKeys" text[],
    "customAttributes" jsonb, "searchText" text, "nameKey" text)`
}

export interface Transition {
  readonly id: string
  readonly contactId: string
  readonly fromStage: Contact['lifecycleStage']
  readonly toStage: Contact['lifecycleStage']
}

/** Writes down changes of lifecycle stages. */
export async function insertTransitions(
  tx: Tx,
  organizationId: string,
  transitions: readonly Transition[],
  how: { readonly changedBy: string; readonly now: Date },
): Promise<void> {
  if (transitions.length === 0) return
  await tx.$executeRaw`
    insert into lifecycle_transitions (organization_id, id, contact_id, from_stage, to_stage, occurred_at, changed_by)
    select ${organizationId}, r.id, r."contactId", r."fromStage", r."toStage", ${how.now}, ${how.changedBy}
    from json_to_recordset(${JSON.stringify(transitions)}::json)
      as r(id text, "contactId" text, "fromStage" lifecycle_stage, "toStage" lifecycle_stage)`
}
