import type { Layout } from '../vocabulary/vocabulary.ts'

/** Intercom: users and leads exported as CSV, and contacts of its API. */
export const intercom: Layout = {
  tool: 'Intercom',
  marks: [
    'Unsubscribed from Emails',
    'User ID, Last seen',
    'Browser Language',
    'unsubscribed_from_emails',
    'workspace_id',
    'Signed up, Web sessions',
    'signed_up_at, last_seen_at',
    'marked_email_as_spam',
    'Last heard from',
  ],
  columns: {
    phone: 'Phone, phone, Phone number',
    'phone:mobile': 'WhatsApp number, whatsapp_number',
    company: 'Company name, companies.name, company.name, Companies',
    country_code:
      'Country code, Country, location.country_code, location_data.country_code, location.country, location_data.country_name, Continent country',
    timezone: 'Time zone, Timezone, location.timezone, location_data.timezone',
    language: 'Language Override, language_override',
    'language:other': 'Browser Language, browser_language, Browser locale',
    tags: 'Tag, Tags, tags',
    custom_attributes: 'custom_attributes',
    'opt_out:email':
      'Unsubscribed from Emails, unsubscribed_from_emails, Has hard bounced, has_hard_bounced, Marked email as spam, marked_email_as_spam, Unsubscribed from all emails',
    'opt_out:sms': 'Unsubscribed from SMS, unsubscribed_from_sms',
    'opt_in:sms': 'SMS consent, sms_consent',
    first_seen: 'Signed up, signed_up_at, First seen, Signed up (UTC), First Seen (UTC), created_at',
    'external_id:intercom': 'id, Intercom ID',
    'external_id:intercom_user': 'User ID, user_id, external_id',
    attribute:
      'Conversation Rating, type, role, Segment, segments, Last seen, Last contacted, Last heard from, Last opened email, Last clicked on link in email, Web sessions, City, City name, Region, OS, Browser, ' +
      'Browser version, Owner, owner_id, Type, last_seen_at, last_replied_at, last_contacted_at, updated_at, session_count, location.city, location.region, location.continent_code, browser, browser_version, os, ' +
      'Twitter followers, Company ID, Company last seen, Company created at, Job Title, User agent data, referrer, utm_campaign, utm_content, utm_medium, utm_source, utm_term, Lead category, avatar',
    ignored: 'workspace_id, app_id, social_profiles, notes, opted_out_subscription_types, opted_in_subscription_types',
  },
}
