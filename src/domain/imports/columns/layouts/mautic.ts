import type { Layout } from '../vocabulary/vocabulary.ts'

/** Mautic: contacts exported as CSV, with aliases or with labels, and contacts of its API. */
export const mautic: Layout = {
  tool: 'Mautic',
  marks: [
    'preferred_locale',
    'doNotEmail',
    'dateIdentified',
    'preferredLocale',
    'dateAdded, points',
    'attribution_date',
    'Preferred Locale',
    'firstname, lastname, points',
    'companyname, points',
    'fields.all.email',
    'Date Last Active, Points',
  ],
  columns: {
    'phone:mobile': 'mobile, Mobile, fields.all.mobile',
    phone: 'phone, Phone, fields.all.phone',
    email: 'email, Email, fields.all.email',
    first_name: 'firstname, First Name, fields.all.firstname',
    last_name: 'lastname, Last Name, fields.all.lastname',
    company: 'company, companyname, Company, Primary company, Company Name, primaryCompany, fields.all.company',
    'company:other': 'companies',
    country_code: 'country, Country, fields.all.country',
    'country_code:other': 'companycountry, Company Country',
    timezone: 'timezone, Timezone, Preferred Timezone, preferred_timezone, fields.all.timezone',
    language: 'preferred_locale, preferredLocale, Preferred Locale, locale, fields.all.preferred_locale',
    lifecycle_stage: 'stage, Stage',
    tags: 'tags, Tags, tag, segments, Segments',
    'opt_out:email': 'doNotEmail, do_not_email, dnc_email, Do Not Email, unsubscribed, bounced, DNC Email, dncEmail, doNotContactEmail',
    'opt_out:sms': 'doNotSms, dnc_sms, Do Not SMS, dncSms',
    'opt_out:all': 'doNotContact, do_not_contact, Do Not Contact, dnc, DNC',
    first_seen: 'dateAdded, date_added, Date Added, dateIdentified, date_identified, Date Identified',
    'external_id:mautic': 'id, ID',
    attribute:
      'title, Title, position, Position, points, Points, owner, Owner, last_active, lastActive, Last Active, fax, website, address1, address2, city, state, zipcode, facebook, linkedin, twitter, instagram, skype, ' +
      'foursquare, attribution, attribution_date, dateModified, date_modified, createdBy, modifiedBy, isPublished, ipAddress, companyaddress1, companycity, companyemail, companyphone, companywebsite',
  },
}
