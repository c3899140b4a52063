import type { Layout } from '../vocabulary/vocabulary.ts'

/** Apple Contacts exports vCards (see `formats/vcard.ts`); these are the columns of its lists in Numbers and of tools that make CSV of them. */
export const apple: Layout = {
  tool: 'Apple Contacts',
  marks: [
    'First, Last, Phone (mobile)',
    'First name, Last name, Mobile phone, Phonetic first name',
    'iPhone, Home email',
    'Phone : mobile',
    'iPhone',
    'Phone (iPhone)',
  ],
  columns: {
    'phone:mobile':
      'iPhone, Phone (mobile), Phone (iPhone), Phone : mobile, Phone : iPhone, Mobile phone, Apple Watch, Phone (Apple Watch)',
    phone: 'Phone (main), Phone : main, Main phone',
    'phone:other':
      'Phone (home), Phone (work), Phone (other), Phone (school), Phone : home, Phone : work, Phone : other, Home phone, Work phone, Other phone',
    'email:other':
      'Email (home), Email (work), Email (other), Email (iCloud), Email (school), Email : home, Email : work, Email : other, Home email, Work email, iCloud email, Other email',
    company: 'Company, Organization',
    'country_code:other':
      'Home address country, Work address country, Address (home) Country, Address (work) Country, Home country, Work country',
    tags: 'Groups, Lists',
    attribute:
      'Prefix, Suffix, Middle, Middle name, Nickname, Maiden name, Phonetic first name, Phonetic last name, Job title, Department, Birthday, Note, Notes, Home page, Home street, Home city, Home state, Home postal code, Work street, Work city, Work state, Work postal code',
  },
}
