import type { Layout } from '../vocabulary/vocabulary.ts'

/** HubSpot: contacts exported as CSV with labels or internal names, and objects of its API. */
export const hubspot: Layout = {
  tool: 'HubSpot',
  marks: [
    'Record ID, Lifecycle Stage',
    'Record ID - Contact',
    'Marketing contact status',
    'Contact owner, Lead Status',
    'Record ID, Email',
    'hs_object_id',
    'Datensatz-ID',
    'ID de registro',
    'ID do registro',
    "ID de fiche d'informations",
    'ID record',

    'properties.email',
    'properties.phone',
    'vid, firstname',
    'Contact ID, Lifecycle Stage',
  ],
  columns: {
    phone: 'Phone Number, phone, properties.phone',
    'phone:mobile': 'Mobile Phone Number, mobilephone, properties.mobilephone',
    'phone:other': 'WhatsApp Phone Number, hs_whatsapp_phone_number, properties.hs_whatsapp_phone_number, Company Phone Number',
    email: 'Email, properties.email',
    'email:other':
      'Additional email addresses, Work email, hs_additional_emails, work_email, properties.hs_additional_emails, properties.work_email',
    first_name: 'properties.firstname',
    last_name: 'properties.lastname',
    company: 'Company Name, company, properties.company',
    'company:other': 'Associated Company, Primary Associated Company Name, Primary Associated Company, associatedcompany',
    country_code:
      'Country/Region, country, properties.country, Country/Region Code, hs_country_region_code, properties.hs_country_region_code',
    'country_code:other': 'IP Country, IP Country Code, ip_country, ip_country_code, properties.ip_country_code',
    timezone: 'Time Zone, hs_timezone, properties.hs_timezone',
    language: 'Preferred language, hs_language, properties.hs_language',
    lifecycle_stage: 'Lifecycle Stage, lifecyclestage, properties.lifecyclestage',
    first_seen: 'Create Date, createdate, properties.createdate, createdAt',
    tags: 'Tags, properties.tags',
    'opt_out:email':
      'Unsubscribed from all email, hs_email_optout, properties.hs_email_optout, Is globally ineligible, Email address quarantined, hs_email_quarantined, properties.hs_email_quarantined, Invalid email address, hs_email_bad_address, properties.hs_email_bad_address',
    'opt_out_time:email':
      'Email hard bounce reason, hs_email_hard_bounce_reason_enum, hs_email_hard_bounce_reason, properties.hs_email_hard_bounce_reason_enum, Unsubscribe from all email date',
    'external_id:hubspot':
      'Record ID, Record ID - Contact, Contact ID, hs_object_id, properties.hs_object_id, id, vid, canonical-vid, Datensatz-ID, ID de registro, ID do registro, ' +
      "ID de fiche d'informations, ID record",
    attribute:
      'Lead Status, hs_lead_status, properties.hs_lead_status, Contact owner, Marketing contact status, Job Title, archived, updatedAt, Primary Associated Company ID, Associated Company IDs, Last Activity Date, Original Source, Website URL, City, State/Region, Postal Code',
  },
}
