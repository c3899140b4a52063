import type { Layout } from '../vocabulary/vocabulary.ts'

/** Mailchimp: the files of an audience (subscribed, unsubscribed, cleaned), and members of its API. */
export const mailchimp: Layout = {
  tool: 'Mailchimp',
  marks: [
    'MEMBER_RATING',
    'LEID',
    'EUID',
    'OPTIN_TIME',
    'UNSUB_TIME',
    'CLEAN_TIME',
    'merge_fields.FNAME',
    'email_address, merge_fields.LNAME',
    'unique_email_id',
    'email_address, list_id',
  ],
  columns: {
    phone: 'Phone Number, Phone, merge_fields.PHONE, MERGE4',
    'phone:mobile': 'SMS Phone Number, SMS Phone, sms_phone_number',
    email: 'Email Address, email_address',
    first_name: 'First Name, merge_fields.FNAME, FNAME',
    last_name: 'Last Name, merge_fields.LNAME, LNAME',
    display_name: 'full_name',
    company: 'Company, Company Name, merge_fields.COMPANY',
    country_code: 'CC, location.country_code, Country, merge_fields.COUNTRY',
    timezone: 'TIMEZONE, location.timezone',
    language: 'LANGUAGE, language',
    tags: 'TAGS, tags',
    first_seen: 'OPTIN_TIME, timestamp_opt, timestamp_signup',
    'status:email': 'status, Email Marketing Status, Email Permission Status, Email subscription status',
    'status:sms': 'SMS Marketing Status, SMS Permission Status, sms_subscription_status',
    'opt_out_time:email': 'UNSUB_TIME, CLEAN_TIME',
    'external_id:mailchimp': 'LEID, web_id, contact_id',
    attribute:
      'MEMBER_RATING, OPTIN_IP, CONFIRM_TIME, CONFIRM_IP, LATITUDE, LONGITUDE, GMTOFF, DSTOFF, REGION, LAST_CHANGED, EUID, NOTES, UNSUB_CAMPAIGN_TITLE, UNSUB_CAMPAIGN_ID, UNSUB_REASON, UNSUB_REASON_OTHER, ' +
      'CLEAN_CAMPAIGN_TITLE, CLEAN_CAMPAIGN_ID, Address, Birthday, merge_fields.ADDRESS, merge_fields.BIRTHDAY, id, unique_email_id, list_id, email_type, vip, email_client, location.latitude, ' +
      'location.longitude, location.gmtoff, location.dstoff, location.region, ip_signup, ip_opt, member_rating, last_changed, source, stats, interests, unsubscribe_reason, tags_count',
    ignored: '_links',
  },
}
