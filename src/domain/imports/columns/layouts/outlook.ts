import type { Layout } from '../vocabulary/vocabulary.ts'

/** Outlook for Windows and outlook.com: "Comma Separated Values". Other languages' exports are found by the languages' own tables. */
export const outlook: Layout = {
  tool: 'Outlook',
  marks: ['E-mail Address, Business Phone', 'E-mail Address, E-mail Type', 'Business Country/Region', 'Mobile Phone, Business Fax'],
  columns: {
    phone: 'Primary Phone',
    'phone:mobile': 'Mobile Phone',
    'phone:other':
      'Business Phone, Business Phone 2, Home Phone, Home Phone 2, Other Phone, Company Main Phone, Car Phone, Assistant Callback',
    email: 'E-mail Address',
    'email:other': 'E-mail 2 Address, E-mail 3 Address',
    company: 'Company',
    'country_code:other':
      'Business Country/Region, Home Country/Region, Other Country/Region, Business Country, Home Country, Other Country',
    tags: 'Categories',
    attribute:
      'Title, Suffix, Middle Name, Nickname, Given Yomi, Surname Yomi, Company Yomi, Department, Job Title, E-mail Type, E-mail Display Name, E-mail 2 Type, E-mail 2 Display Name, E-mail 3 Type, ' +
      "E-mail 3 Display Name, Notes, Web Page, Personal Web Page, Business Fax, Home Fax, Other Fax, Assistant's Phone, Assistant's Name, Manager's Name, Callback, Radio Phone, Pager, ISDN, Telex, TTY/TDD Phone, " +
      'Business Street, Business City, Business State, Business Postal Code, Home Street, Home City, Home State, Home Postal Code, Office Location, Birthday, Anniversary, Gender, Initials, Account, ' +
      'Sensitivity, Priority, Private, Location, Keywords, Hobby, Mileage, Profession, Spouse, Children, Organizational ID Number, Referred By, User 1, User 2, User 3, User 4, IMAddress, Other Street, Other City, Other State, Other Postal Code, Schools, ' +
      'Given Name Yomi, Family Name Yomi, Business Street 2, Business Street 3, Home Street 2, Home Street 3, Other Street 2, Other Street 3',
    language: 'Language',
  },
}
