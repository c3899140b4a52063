import type { Layout } from '../vocabulary/vocabulary.ts'

/** Twenty: people exported as CSV, and people of its API. */
export const twenty: Layout = {
  tool: 'Twenty',
  marks: [
    'Emails / Primary Email',
    'Name / First Name',
    'Phones / Primary Phone Number',
    'emails.primaryEmail',
    'phones.primaryPhoneNumber',
    'Emails Primary Email',
    'Phones Primary Phone Number',
    'emailsPrimaryEmail',
    'phonesPrimaryPhoneNumber',
    'name.firstName',
    'Primary Phone Calling Code',
    'Primary Phone Number, Primary Email',
  ],
  columns: {
    phone:
      'Phones / Primary Phone Number, Phones / Primary Phone, phones.primaryPhoneNumber, phonesPrimaryPhoneNumber, Phones, Primary Phone Number, phone',
    'phone:mobile': 'WhatsApp / Primary Phone Number, whatsapp.primaryPhoneNumber, Mobile / Primary Phone Number',
    'phone:other': 'Phones / Additional Phones, phones.additionalPhones, phonesAdditionalPhones, Additional Phones',
    email: 'Emails / Primary Email, emails.primaryEmail, emailsPrimaryEmail, Primary Email, Emails, email',
    'email:other': 'Emails / Additional Emails, emails.additionalEmails, emailsAdditionalEmails, Additional Emails',
    first_name: 'Name / First Name, name.firstName, nameFirstName, First Name',
    last_name: 'Name / Last Name, name.lastName, nameLastName, Last Name',
    company: 'Company / Name, company.name, Company, companyName, Company Name',
    'country_code:other':
      'Phones / Primary Phone Country Code, phones.primaryPhoneCountryCode, phonesPrimaryPhoneCountryCode, Primary Phone Country Code, Address / Country, address.addressCountry, Address / Address Country, addressAddressCountry',
    country_code: 'Country',
    dialling_code:
      'Phones / Primary Phone Calling Code, phones.primaryPhoneCallingCode, phonesPrimaryPhoneCallingCode, Primary Phone Calling Code',
    lifecycle_stage: 'Stage, stage, Lifecycle Stage',
    tags: 'Tags, tags, Labels',
    first_seen: 'Creation date, createdAt, Creation Date, Created at',
    'external_id:twenty': 'Id, id',
    attribute:
      'Company Id, companyId, Company / Id, company.id, City, city, Job Title, jobTitle, Intro, Work Preference, Linkedin / Link URL, Linkedin / Link Label, X / Link URL, X / Link Label, Position, position, Avatar, avatarUrl, ' +
      'Created by / Name, Created by / Source, Last update, updatedAt, Deleted at, deletedAt',
    ignored: '__typename',
  },
}
