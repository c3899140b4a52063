import type { Layout } from '../vocabulary/vocabulary.ts'

/** Zoho CRM: contacts and leads exported as CSV. */
export const zoho: Layout = {
  tool: 'Zoho CRM',
  marks: [
    'Record Id, Contact Owner, Account Name',
    'Record Id, Lead Owner',
    'Unsubscribed Mode',
    'Record Id, Account Name',
    'Record Id, Lead Source',
    'Record Id, Tag',
    'Contact Owner.id',
    'Record Id, Email Opt Out',
  ],
  columns: {
    phone: 'Phone',
    'phone:mobile': 'Mobile',
    'phone:other': 'Home Phone, Other Phone',
    email: 'Email',
    'email:other': 'Secondary Email',
    first_name: 'First Name',
    last_name: 'Last Name',
    company: 'Account Name, Company',
    'country_code:other': 'Mailing Country, Other Country, Country',
    'lifecycle_stage:other': 'Lead Status',
    tags: 'Tag',
    'opt_out:email': 'Email Opt Out',
    'opt_out_time:email': 'Unsubscribed Mode, Unsubscribed Time',
    first_seen: 'Created Time',
    'external_id:zoho': 'Record Id',
    attribute:
      'Contact Owner, Contact Owner.id, Lead Owner, Account Name.id, Title, Department, Fax, Lead Source, Mailing Street, Mailing City, Mailing State, Mailing Zip, Date of Birth, Description, ' +
      'Modified Time, Last Activity Time, Salutation, Assistant, Asst Phone, Reporting To',
  },
}
