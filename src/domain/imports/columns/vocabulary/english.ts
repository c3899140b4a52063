import type { Vocabulary } from './vocabulary.ts'

export const english: Vocabulary = {
  phone:
    'phone, phone number, phone no, phone nr, telephone, telephone number, telephone no, tel, tel no, contact number, contact no, contact phone, primary phone, ' +
    'primary phone number, main phone, msisdn, phone e164, phone international, person phone, contact phone number, ph, phn, fone',
  'phone:mobile':
    'mobile, mobile phone, mobile number, mobile phone number, mobile no, mobile telephone, mobile tel, cell, cellphone, cell phone, cell number, cell no, ' +
    'cell phone number, cellular, cellular phone, sms phone, sms number, sms phone number, phone mobile, phone cell, smartphone, mob, mobil, text number, text message number, texting number',
  'phone:other':
    'home phone, home number, home telephone, home tel, business phone, business number, business telephone, work phone, work number, work telephone, office phone, ' +
    'office number, office telephone, direct phone, direct line, direct dial, direct number, other phone, secondary phone, alternate phone, alternative phone, ' +
    'whatsapp, whatsapp number, whatsapp phone, whatsapp phone number, company phone, company main phone, car phone, landline, private phone, daytime phone, evening phone',
  phone_extension: 'phone extension, extension, ext, phone ext, extension number, work phone extension',
  email:
    'email, email address, mail, mail address, e mail, e mail address, primary email, primary email address, main email, email id, contact email, customer email, person email, ' +
    'contact email address, customer email address, subscriber email, user email, recipient, recipient email, email addr, eml',
  'email:other':
    'work email, work email address, business email, business email address, home email, home email address, personal email, personal email address, private email, other email, ' +
    'secondary email, secondary email address, additional email, additional emails, alternate email, alternative email, alternate email address, company email, office email',
  first_name: 'first name, given name, forename, fname, first, christian name, contact first name, customer first name',
  last_name: 'last name, family name, surname, lname, last, second name, contact last name, customer last name',
  display_name:
    'display name, full name, complete name, contact name, customer name, person name, name and surname, lead name, person, contact',
  name: 'name',
  company:
    'company, company name, org, org name, employer name, current company, current employer, organization, organisation, organization name, organisation name, employer, account name, account, business name, firm, company organization, ' +
    'primary associated company, associated company, associated company primary, parent company, related company, workplace',
  country_code:
    'country, country code, country iso, country iso code, iso country code, country region, country name, country of residence, residence country, location country, iso country, iso2, iso 2, iso alpha 2, iso3, country territory, territory country',
  'country_code:other':
    'mailing country, mailing country code, billing country, billing country code, shipping country, shipping country code, home country, home country region, home country code, ' +
    'business country, business country region, business country code, other country, other country region, work country, default address country, default address country code, ' +
    'address country, address country code, company country, phone country, phone country code, phone country prefix, primary phone country code, primary address country, postal country, cc',
  dialling_code: 'calling code, country calling code, dialling code, dialing code, phone calling code, phone prefix, country prefix',
  timezone: 'timezone, time zone, tz, timezone name, time zone iana, iana time zone, time zone name',
  language:
    'language, language code, locale code, preferred language, lang, locale, preferred locale, spoken language, contact language, communication language, mother tongue',
  'language:other': 'browser language, language override, print language, correspondence language',
  lifecycle_stage:
    'lifecycle stage, lifecycle, stage, contact stage, customer stage, life cycle stage, lead stage, customer lifecycle stage, funnel stage, lifecycle status, life cycle status, lifecycle phase',
  'lifecycle_stage:other':
    'lead status, contact status, customer status, contact type, customer type, deal stage, pipeline stage, sales stage, type',
  tags: 'tags, tag, labels, label, tag list, categories, category, contact tags, customer tags, groups, group, segments, lists, group membership, keywords, topics, interests tags, keyword, tag names, tag name, label names, segment, audience, audiences, list, list name, list names, mailing list, mailing lists, group name, group names, contact list, contact lists, contact groups',
  custom_attributes: 'custom attributes, metadata, custom fields, attributes json, attribs',
  first_seen:
    'created at, create date, created, creation date, date created, created date, created on, creation time, date added, added on, added at, signed up, signed up at, signup date, sign up date, ' +
    'registration date, registered at, registered on, subscribed at, subscribe date, first seen, first seen at, customer since, member since, added time, created time, profile created on',
  'opt_out:email':
    'unsubscribed, is unsubscribed, unsubscribe, unsubscribed from emails, unsubscribed from email, unsubscribed from all email, unsubscribed from all emails, email unsubscribed, ' +
    'has opted out of email, opted out of email, email opt out, email opted out, opt out email, opted out email, no email, no emails, do not email, dont email, do not e mail, do not bulk email, ' +
    'do not send email, email blacklisted, email blocklisted, email suppressed, hard bounced, has hard bounced, bounced, is bounced, email bounced, email bounce, marked email as spam, ' +
    'email hard bounced, invalid email, email invalid, email marketing opt out, newsletter opt out, marked as spam, complained, spam complaint, mailing opt out, opt out mailing',
  'opt_out:sms':
    'sms opt out, sms opted out, opt out sms, text opt out, has opted out of sms, opted out of sms, sms unsubscribed, unsubscribed from sms, do not sms, do not text, no sms, no texts, sms blacklisted, sms blocklisted, sms blocked, ' +
    'sms stop, sms marketing opt out',
  'opt_out:voice':
    'do not call, dont call, no calls, no call, call opt out, calls opt out, phone opt out, opted out of calls, has opted out of calls, do not phone, no phone calls, dnc, phone blacklisted, do not call list, ' +
    'do not call registry, phone do not call',
  'opt_out:fax': 'fax opt out, do not fax, has opted out of fax, no fax, opted out of fax',
  'opt_out:whatsapp':
    'whatsapp opt out, whatsapp opted out, do not whatsapp, opted out of whatsapp, no whatsapp, unsubscribed from whatsapp, whatsapp blocklisted, whatsapp blacklisted',
  'opt_out:push': 'push opt out, do not push, no push, unsubscribed from push',
  'opt_out:all':
    'do not contact, dont contact, no contact, opt out, opted out, is opted out, optout, has opted out, do not disturb, dnd, blacklisted, is blacklisted, blacklist, blocklisted, is blocklisted, blocklist, ' +
    'blocked, suppressed, is suppressed, global opt out, opted out of all, unsubscribed from all, unsubscribed all, no marketing, do not market, marketing opt out, opted out of marketing, ' +
    'do not solicit, do not send marketing, do not send marketing materials, gdpr opt out, contact opt out',
  'opt_in:email':
    'accepts marketing, accepts email marketing, email marketing consent, email consent, email opt in, opted in to email, email subscribed, subscribed to email, subscribed to emails, email marketing, ' +
    'email marketing status, email subscription status, email marketing state, newsletter, newsletter opt in, newsletter consent, newsletter subscription, subscribed, is subscribed, subscribe, ' +
    'email permission, allow email, allow emails, can email, ok to email, email allowed, receives newsletter, blog subscriber, email subscriber status, email status, subscription status, ' +
    'subscriber status, customer email marketing status, email permission status, accepts newsletter',
  'opt_in:sms':
    'accepts sms marketing, sms marketing consent, sms consent, sms opt in, text opt in, opted in to sms, sms subscribed, subscribed to sms, sms marketing, sms marketing status, sms permission, allow sms, ' +
    'sms subscription status, sms marketing state, can text, ok to text, sms status, text consent, sms subscriber status, sms permission status, allow texts, sms allowed',
  'opt_in:voice':
    'call consent, phone consent, call opt in, phone opt in, can call, ok to call, allow calls, phone permission, voice consent, calls allowed, consent to call',
  'opt_in:whatsapp':
    'whatsapp consent, whatsapp opt in, whatsapp marketing consent, accepts whatsapp marketing, whatsapp subscribed, whatsapp marketing, whatsapp subscription status, allow whatsapp',
  'opt_in:push': 'push consent, push opt in, push subscribed, push marketing consent, mobile push consent, mobile push marketing',
  'opt_in:all':
    'consent, marketing consent, gdpr consent, consent given, consent status, opt in, opted in, optin, marketing status, marketing opt in, marketing permission, marketing permissions, marketing allowed, allow marketing, ' +
    'can contact, contact permission, permission to contact, agreed to marketing, accepts contact, gdpr, consent to marketing, data processing consent, ok to contact, marketing preferences',
  'opt_out_time:email':
    'unsub time, unsubscribed time, unsubscribed mode, unsubscribed at, unsubscribe date, unsubscribe time, unsubscribed on, unsubscribed date, date unsubscribed, clean time, cleaned at, bounced at, bounce date, bounced on, email opt out date, ' +
    'opted out of email at, suppressed at, suppression time, suppression date, email suppression timestamp, email suppressions, suppression reason, email hard bounce reason, email unsubscribed at, complained at',
  'opt_out_time:sms': 'sms unsubscribed at, sms opt out date, sms opted out at, sms suppression timestamp, sms suppressions',
  'opt_out_time:all':
    'opt out date, opted out at, opt out time, opted out on, opt out at, date opted out, do not contact since, blacklisted at, blocked at',
  'status:email': 'status, member status, contact state',
}
