import type { Layout } from '../vocabulary/vocabulary.ts'

/** Chatwoot: contacts exported as CSV, and contacts of its API. */
export const chatwoot: Layout = {
  tool: 'Chatwoot',
  marks: [
    'phone_number, identifier',
    'additional_attributes',
    'id, name, email, phone_number',
    'contact_type, phone_number',
    'contact_inboxes',
    'last_activity_at, phone_number',
    'additional_attributes.company_name',
    'availability_status, phone_number',
  ],
  columns: {
    phone: 'phone_number',
    first_name: 'first_name',
    // Chatwoot has kept whole names in `name`, beside empty middle and last names, for most of its life.
    display_name: 'name',
    company: 'company_name, company, additional_attributes.company_name, company.name',
    country_code: 'country_code, additional_attributes.country_code, additional_attributes.country, country',
    language: 'additional_attributes.browser_language, language',
    lifecycle_stage: 'contact_type',
    tags: 'labels, label_list, tags',
    custom_attributes: 'custom_attributes',
    'opt_out:all': 'blocked',
    first_seen: 'created_at, additional_attributes.created_at',
    'external_id:chatwoot': 'id',
    attribute:
      'identifier, city, additional_attributes.city, additional_attributes.description, additional_attributes.social_profiles, additional_attributes.created_at_ip, last_activity_at, location, middle_name, source, inbox, ' +
      'availability_status, updated_at, account_id, company_id, additional_attributes.timezone',
    ignored: 'thumbnail, contact_inboxes, avatar_url',
  },
}
