import type { Layout } from '../vocabulary/vocabulary.ts'

/** Klaviyo: profiles exported as CSV, and profiles of its API. */
export const klaviyo: Layout = {
  tool: 'Klaviyo',
  marks: [
    'Klaviyo ID',
    'Email Marketing Consent',
    'attributes.email',
    'attributes.phone_number',
    'Email Suppressions',
    'attributes.external_id',
  ],
  columns: {
    phone: 'Phone Number, Phone, $phone_number, attributes.phone_number',
    email: 'Email, $email, attributes.email',
    first_name: 'First Name, $first_name, attributes.first_name',
    last_name: 'Last Name, $last_name, attributes.last_name',
    company: 'Organization, Company, $organization, attributes.organization',
    country_code: 'Country, $country, attributes.location.country, Country Code',
    timezone: '$timezone, Timezone, attributes.location.timezone',
    language: 'Locale, Language, attributes.locale, $locale',
    tags: 'Tags, Lists, attributes.properties.tags',
    custom_attributes: 'attributes.properties',
    first_seen: 'Profile Created On, Date Added, attributes.created, Created, First Active',
    'opt_in:email':
      'Email Marketing Consent, Email Marketing Status, Email Marketing, attributes.subscriptions.email.marketing.consent, attributes.subscriptions.email.marketing.can_receive_email_marketing, Can Receive Email Marketing',
    'opt_in:sms':
      'SMS Marketing Consent, SMS Marketing Status, SMS Marketing, attributes.subscriptions.sms.marketing.consent, attributes.subscriptions.sms.marketing.can_receive_sms_marketing, Can Receive SMS Marketing, SMS Consent',
    'opt_in:push': 'Push Marketing Consent, Mobile Push Marketing Consent, attributes.subscriptions.mobile_push.marketing.consent',
    'opt_in:whatsapp': 'WhatsApp Marketing Consent, attributes.subscriptions.whatsapp.marketing.consent',
    'opt_out_time:email':
      'Email Suppressions, Email Suppression Timestamp, Suppression Timestamp, Suppression Reason, attributes.subscriptions.email.marketing.suppression',
    'opt_out_time:sms': 'SMS Suppressions, SMS Suppression Timestamp',
    'external_id:klaviyo': 'Klaviyo ID, id',
    attribute:
      'Email Lists, SMS Lists, Predicted Gender, External ID, attributes.external_id, Title, attributes.title, Address, Address 2, City, State / Region, Zip Code, Latitude, Longitude, Source, IP Address, Email Marketing Consent Timestamp, ' +
      'SMS Marketing Consent Timestamp, Last Active, Last Open, Last Click, Initial Referring Domain, Last Source, Initial Source, type, attributes.updated, attributes.image, attributes.last_event_date, ' +
      'attributes.location.city, attributes.location.region, attributes.location.zip, attributes.location.address1, attributes.location.address2',
    ignored: 'links, relationships',
  },
}
