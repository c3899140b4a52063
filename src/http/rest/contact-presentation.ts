import { z } from '@hono/zod-openapi'
import type { Contact } from '../../data/generated/client.ts'
import type { StoredAddress } from '../../data/sql/contact-addresses.ts'
import { displayNameOf } from '../../domain/contacts/names.ts'
import { addressesByContact, contactsById } from '../../domain/contacts/queries.ts'
import type { ReadContext } from '../../domain/context.ts'
import { findLifecycleStage } from '../../kernel/lifecycle.ts'
import { contactPointsSchema, presentContactPoints } from './contact-points.ts'
import { jsonObject } from './fields.ts'

export const stages = ['subscriber', 'lead', 'qualified', 'opportunity', 'customer', 'advocate', 'churned'] as const
export const lifecycleStage = z.enum(stages, { error: `expected one of ${stages.join(', ')}` })
/** A stage of a filter: in any case, or what other tools call it. */
export const filteredStage = z
  .string()
  .transform((text): string => findLifecycleStage(text) ?? text)
  .pipe(lifecycleStage)
  .openapi({ type: 'string', enum: [...stages] })
export const sources = ['api', 'import', 'activity', 'demo'] as const

export const contactSchema = z
  .object({
    id: z.string(),
    phone: z.string().nullable().openapi({ description: 'E.164.', example: '+14155551234' }),
    phone_extension: z.string().nullable(),
    email: z.string().nullable(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    display_name: z
      .string()
      .openapi({ description: 'The one that was set, else first and last name, else the email address, else the phone number.' }),
    company: z.string().nullable(),
    country_code: z.string().nullable().openapi({ description: 'ISO 3166-1 alpha-2.' }),
    timezone: z.string().nullable().openapi({ description: 'IANA time zone.' }),
    language: z.string().nullable().openapi({ description: 'ISO 639-1.' }),
    lifecycle_stage: lifecycleStage,
    tags: z.array(z.string()),
    custom_attributes: jsonObject,
    ...contactPointsSchema,
    is_blocked: z.boolean(),
    revision: z.int().openapi({ description: 'Increases with every change; the ETag of the contact.', example: 7 }),
    source: z.enum(sources),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .openapi('Contact')

/** A contact that was read, or has just been written, with its addresses: one statement. */
export async function presentOne(context: ReadContext, contact: Contact): Promise<z.input<typeof contactSchema>> {
  const addresses = await addressesByContact(context, [contact.id])
  return presentContact(contact, addresses.get(contact.id) ?? [])
}

/** Contacts with their addresses, in their order: one statement, however many. */
export async function presentContacts(context: ReadContext, contacts: readonly Contact[]): Promise<z.input<typeof contactSchema>[]> {
  const addresses = await addressesByContact(
    context,
    contacts.map(({ id }) => id),
  )
  return contacts.map((contact) => presentContact(contact, addresses.get(contact.id) ?? []))
}

/** The living contacts among these ids, in REST's spelling. The id of a merged contact stands for none. Two statements. */
export async function presentContactsById(
  context: ReadContext,
  ids: readonly string[],
): Promise<Map<string, z.input<typeof contactSchema>>> {
  const found = [...(await contactsById(context, ids))].flatMap(([id, contact]) => (contact.id === id ? [contact] : []))
  return new Map((await presentContacts(context, found)).map((contact) => [contact.id, contact]))
}

/** A contact in REST's spelling. */
export function presentContact(contact: Contact, addresses: readonly StoredAddress[]): z.input<typeof contactSchema> {
  return {
    id: contact.id,
    phone: contact.phone,
    phone_extension: contact.phoneExtension || null,
    email: contact.email,
    first_name: contact.firstName,
    last_name: contact.lastName,
    display_name: displayNameOf(contact),
    company: contact.company,
    country_code: contact.countryCode,
    timezone: contact.timezone,
    language: contact.language,
    lifecycle_stage: contact.lifecycleStage,
    tags: contact.tags,
    // proof: the database checks that the column holds an object
    custom_attributes: contact.customAttributes as Record<string, unknown>,
    ...presentContactPoints(addresses),
    is_blocked: contact.blockedAt !== null,
    revision: contact.revision,
    source: contact.source,
    created_at: contact.createdAt.toISOString(),
    updated_at: contact.updatedAt.toISOString(),
  }
}
