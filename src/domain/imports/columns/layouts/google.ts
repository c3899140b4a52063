import type { Layout } from '../vocabulary/vocabulary.ts'

/** Google Contacts as it exports "Google CSV", before and after 2024. `Phone 1 - Value` and its like are found by their pattern. */
export const google: Layout = {
  tool: 'Google Contacts',
  marks: ['E-mail 1 - Value', 'Phone 1 - Value', 'Group Membership, Given Name', 'File As, Labels'],
  columns: {
    company: 'Organization Name, Organization 1 - Name',
    display_name: 'Name',
    'country_code:other': 'Address 1 - Country, Address 2 - Country, Address 3 - Country',
    tags: 'Labels, Group Membership',
    attribute:
      'Additional Name, Middle Name, Phonetic First Name, Phonetic Middle Name, Phonetic Last Name, Yomi Name, Given Name Yomi, Family Name Yomi, Name Prefix, Name Suffix, Nickname, ' +
      'Additional Name Yomi, Maiden Name, Gender, Location, Billing Information, Directory Server, Mileage, Occupation, Hobby, Sensitivity, Priority, ' +
      'File As, Notes, Birthday, Organization Title, Organization Department, Organization 1 - Title, Organization 1 - Department, Organization 1 - Type, Subject, Short Name, Initials',
    ignored: 'Photo',
  },
}
