import type { Layout } from '../vocabulary/vocabulary.ts'

/** Shopify: customers exported as CSV before and after 2022, and customers of its API. */
export const shopify: Layout = {
  tool: 'Shopify',
  marks: [
    'Accepts Email Marketing',
    'Accepts Marketing',
    'Default Address Country Code',
    'Tax Exempt, Total Spent',
    'accepts_marketing',
    'email_marketing_consent.state',
    'default_address.country_code',
    'tax_exempt, verified_email',
    'defaultAddress.countryCodeV2',
    'numberOfOrders',
    'defaultEmailAddress.emailAddress',
  ],
  columns: {
    phone: 'Phone, phone, defaultPhoneNumber.phoneNumber',
    email: 'Email, email, defaultEmailAddress.emailAddress',
    'phone:other': 'Default Address Phone, default_address.phone, defaultAddress.phone',
    company: 'Company, Default Address Company, default_address.company, defaultAddress.company',
    country_code: 'Country Code, Default Address Country Code, default_address.country_code, defaultAddress.countryCodeV2',
    'country_code:other': 'Country, Default Address Country, default_address.country, default_address.country_name, defaultAddress.country',
    language: 'locale, Language',
    tags: 'Tags, tags',
    'opt_in:email':
      'Accepts Marketing, Accepts Email Marketing, accepts_marketing, email_marketing_consent.state, emailMarketingConsent.marketingState, defaultEmailAddress.marketingState',
    'opt_in:sms':
      'Accepts SMS Marketing, sms_marketing_consent.state, smsMarketingConsent.marketingState, defaultPhoneNumber.marketingState',
    'opt_in:whatsapp': 'Accepts WhatsApp Marketing',
    first_seen: 'created_at, createdAt, Created At',
    'external_id:shopify': 'Customer ID, id, legacyResourceId',
    attribute:
      'Total Spent, Total Orders, Note, Tax Exempt, Default Address Address1, Default Address Address2, Default Address City, Default Address Province Code, Default Address Zip, Address1, Address2, City, ' +
      'Province, Province Code, Zip, default_address.address1, default_address.address2, default_address.city, default_address.province, default_address.province_code, default_address.zip, default_address.id, ' +
      'default_address.customer_id, default_address.default, default_address.first_name, default_address.last_name, default_address.name, default_address.latitude, default_address.longitude, ' +
      'email_marketing_consent.opt_in_level, email_marketing_consent.consent_updated_at, sms_marketing_consent.opt_in_level, sms_marketing_consent.consent_updated_at, sms_marketing_consent.consent_collected_from, ' +
      'accepts_marketing_updated_at, marketing_opt_in_level, orders_count, total_spent, state, note, verified_email, tax_exempt, currency, last_order_id, last_order_name, updated_at, multipass_identifier',
    ignored: 'addresses, admin_graphql_api_id, tax_exemptions',
  },
}
