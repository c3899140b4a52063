import type { JsonObject } from '../../kernel/json.ts'
import type { ContactFields } from '../contacts/rules.ts'

/** A contact of a preview: the fields that callers know, by their names in snake_case. */
export function previewContact(fields: ContactFields): JsonObject {
  return {
    phone: fields.phone,
    phone_extension: fields.phoneExtension || null,
    email: fields.email,
    first_name: fields.firstName,
    last_name: fields.lastName,
    display_name: fields.displayName,
    company: fields.company,
    country_code: fields.countryCode,
    timezone: fields.timezone,
    language: fields.language,
    lifecycle_stage: fields.lifecycleStage,
    tags: [...fields.tags],
    custom_attributes: fields.customAttributes,
  }
}
