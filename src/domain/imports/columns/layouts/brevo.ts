import type { Layout } from '../vocabulary/vocabulary.ts'

/** Brevo: contacts exported as CSV, with the names of their attributes. The column `SMS` holds the mobile number. */
export const brevo: Layout = {
  tool: 'Brevo',
  marks: [
    'LASTNAME, SMS',
    'FIRSTNAME, SMS',
    'NOM, PRENOM, SMS',
    'NACHNAME, VORNAME, SMS',
    'EXT_ID, SMS',
    'EXT_ID, OPT_IN',
    'DOUBLE_OPT-IN, EMAIL',
  ],
  columns: {
    'phone:mobile': 'SMS',
    'phone:other': 'WHATSAPP, LANDLINE_NUMBER',
    timezone: 'CONTACT_TIMEZONE',
    'opt_out:email': 'Email blocklisted, emailBlacklisted, BLACKLIST_EMAIL',
    'opt_out:sms': 'SMS blocklisted, smsBlacklisted, BLACKLIST_SMS',
    'opt_out:whatsapp': 'WhatsApp blocklisted, whatsappBlacklisted',
    first_seen: 'ADDED_TIME, createdAt',
    'external_id:brevo': 'CONTACT ID, Contact ID, id',
    attribute: 'EXT_ID, JOB_TITLE, LINKEDIN, MODIFIED_TIME, modifiedAt',
  },
}
