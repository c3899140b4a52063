import type { Layout } from '../vocabulary/vocabulary.ts'

/** Odoo: partners, mailing contacts and leads, with labels or with technical names. */
export const odoo: Layout = {
  tool: 'Odoo',
  marks: [
    'category_id',
    'country_id',
    'parent_id',
    'company_type',
    'is_company',
    'External ID, Complete Name',
    'External ID, Tags, Name',
    'Externe ID, Name',
    'ID externe, Nom',
    'ID externa, Nombre',
    'Company Type',
    'Related Company',
    'Complete Name',
    'Is a Company',
    'is_blacklisted',
    'country_id/code',
    'Company Name Entity',
    'lang, tz',
    'Salesperson',
  ],
  columns: {
    phone: 'Phone, phone, phone_sanitized, Sanitized Number',
    'phone:mobile': 'Mobile, mobile, mobile_sanitized',
    email: 'Email, email, Email From, email_from',
    'email:other': 'Normalized Email, email_normalized, Formatted Email, email_formatted',
    display_name: 'Name, name, Complete Name, complete_name, Display Name, display_name, Contact Name, contact_name, Customer/Contact Name',
    company:
      'Related Company, Related Company/Name, Company Name, company_name, Company Name Entity, commercial_company_name, parent_id/name, parent_id, parent_name, Parent name, Customer/Company, partner_name, Company',
    country_code: 'Country/Country Code, country_id/code, Country Code, country_code, Country/Code',
    'country_code:other':
      'Country, country_id, country_id/name, Country/Country Name, country_id/id, Country/Name, Country/Display Name, country_id/display_name',
    timezone: 'Timezone, tz',
    language: 'Language, lang, lang_id',
    lifecycle_stage: 'Stage, stage_id, stage_id/name, Stage/Stage Name',
    tags: 'Tags, category_id, category_id/name, Tags/Name, Tags/Display Name, tag_ids, tag_ids/name, Tags/Tag Name, Mailing Lists, list_ids, list_ids/name, category_id/display_name',
    'opt_out:email': 'Blacklist, is_blacklisted, Is Blacklisted, Opt Out, opt_out, Opted Out, Mailing Opt-Out, message_bounce_blocked',
    'opt_out:sms':
      'Phone Blacklisted, phone_blacklisted, phone_sanitized_blacklisted, Blacklisted Phone is Phone, Blacklisted Phone Is Mobile, mobile_blacklisted, Phone/Mobile Blacklisted',
    first_seen: 'Created on, create_date, Creation Date',
    'external_id:odoo': 'External ID, ID, id, .id, Externe ID, ID externe, ID externa',
    attribute:
      'Company Type, company_type, Is a Company, is_company, Job Position, function, Title, title, Street, street, Street2, street2, City, city, State, state_id, state_id/name, Zip, zip, Website, website, ' +
      'Tax ID, vat, Salesperson, user_id, Reference, ref, Notes, comment, Active, active, Bounce, message_bounce, Address Type, type, Color Index, Barcode, Credit Limit, Last Updated on, write_date',
  },
}
