import { expect, test } from 'vitest'
import { planColumns } from '../../src/domain/imports/columns/columns.ts'
import { type Invented, optedOut, people, read, yes } from '../support/layouts.ts'

/** The columns that a tool documents or is seen to export, in full, and what the cells are in which it has something about a person. */
interface Documented {
  readonly header: string
  readonly cells: (person: Invented) => Readonly<Record<string, string>>
  readonly expected: {
    readonly tags?: readonly string[]
    readonly stage?: string
    readonly company?: string | null
    readonly optOut?: (index: number) => string[]
    readonly id: string | null
  }
}

const name = ({ first, last }: Invented) => ({ 'First Name': first, 'Last Name': last })

const mailchimpMember = (person: Invented) => ({
  ...name(person),
  'Email Address': person.email,
  'Phone Number': person.phone,
  Company: 'Moor Ltd',
  CC: 'GB',
})

const documented: Readonly<Record<string, Documented>> = {
  'Google Contacts': {
    header:
      'First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Relation 1 - Label,Relation 1 - Value,Website 1 - Label,Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value',
    cells: (person) => ({
      ...name(person),
      'Organization Name': 'Moor Ltd',
      Labels: 'Club ::: * myContacts',
      'E-mail 1 - Label': '* Work',
      'E-mail 1 - Value': person.email,
      'Phone 1 - Label': 'Work Fax',
      'Phone 1 - Value': '+44 161 496 0199',
      'Phone 2 - Label': 'Mobile',
      'Phone 2 - Value': person.phone,
      'Address 1 - Country': 'GB',
    }),
    expected: { tags: ['Club'], id: null },
  },
  'Google Contacts until 2024': {
    header:
      'Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,Organization 1 - Symbol,Organization 1 - Location,Organization 1 - Job Description',
    cells: ({ first, last, email, phone }) => ({
      Name: `${first} ${last}`,
      'Given Name': first,
      'Family Name': last,
      'Group Membership': '* myContacts ::: Club',
      'E-mail 1 - Value': email,
      'Phone 1 - Type': 'Mobile',
      'Phone 1 - Value': phone,
      'Address 1 - Country': 'United Kingdom',
      'Organization 1 - Name': 'Moor Ltd',
    }),
    expected: { tags: ['Club'], id: null },
  },
  'Outlook on the web': {
    header:
      "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,Company Yomi,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other City,Other State,Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,Anniversary,Notes,Categories",
    cells: (person) => ({
      ...name(person),
      'E-mail Address': person.email,
      'Business Phone': '020 7946 0000',
      'Business Fax': '020 7946 0001',
      'Mobile Phone': person.phone,
      Company: 'Moor Ltd',
      'Home Country/Region': 'United Kingdom',
      Categories: 'Club;Gold',
    }),
    expected: { tags: ['Club', 'Gold'], id: null },
  },
  Shopify: {
    header:
      'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags,Accepts WhatsApp Marketing',
    cells: (person) => ({
      ...name(person),
      'Customer ID': `'721044830112${person.index}`,
      Email: person.email,
      'Accepts Email Marketing': yes(person.index, 'no', 'yes'),
      'Default Address Company': 'Moor Ltd',
      'Default Address Country Code': 'GB',
      'Default Address Phone': '(020) 7946 0000',
      Phone: `'${person.phone}`,
      'Accepts SMS Marketing': 'no',
      'Accepts WhatsApp Marketing': 'yes',
      Tags: 'Club, Gold',
    }),
    expected: { tags: ['Club', 'Gold'], optOut: (index) => [...optedOut(index, 'email'), 'rcs', 'sms'], id: 'shopify' },
  },
  'Mailchimp, unsubscribed': {
    header:
      'Email Address,First Name,Last Name,Address,Phone Number,Birthday,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS',
    cells: (person) => ({
      ...mailchimpMember(person),
      UNSUB_TIME: '2024-01-02 03:04:05',
      UNSUB_REASON: 'NORMAL: No longer interested',
      LEID: `9049${person.index}`,
      TAGS: '"Club","Gold, old"',
    }),
    expected: { tags: ['Club', 'Gold, old'], optOut: () => ['email'], id: 'mailchimp' },
  },
  'Mailchimp, cleaned': {
    header:
      'Email Address,First Name,Last Name,Address,Phone Number,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS',
    cells: (person) => ({
      ...mailchimpMember(person),
      CLEAN_TIME: '2024-01-02 03:04:05',
      LEID: '1',
    }),
    expected: { optOut: () => ['email'], id: 'mailchimp' },
  },
  HubSpot: {
    header:
      'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Primary Associated Company ID,Last Activity Date (GMT+1),Lead Status,Marketing contact status,Create Date (GMT+1),Associated Company,Associated Company IDs,Country/Region,Lifecycle Stage,Unsubscribed from all email,Preferred language,Time Zone,Job Title,Opted out of email: Marketing Information,Email hard bounce reason,Original Source,Website URL,City,State/Region,Postal Code',
    cells: (person) => ({
      ...name(person),
      'Record ID': `10${person.index}`,
      Email: person.email,
      'Phone Number': person.phone,
      'Lead Status': 'OPEN_DEAL',
      'Create Date (GMT+1)': '2024-03-12 09:14',
      'Associated Company': 'Moor Ltd',
      'Country/Region': 'United Kingdom',
      'Lifecycle Stage': 'Sales Qualified Lead',
      'Unsubscribed from all email': yes(person.index, 'Yes'),
    }),
    expected: { stage: 'qualified', optOut: (index) => optedOut(index, 'email'), id: 'hubspot' },
  },
  'Salesforce, report': {
    header:
      'Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal Code,Mailing Country,Phone,Fax,Mobile,Email,Account Owner,Contact ID,Email Opt Out,Fax Opt Out,Do Not Call,Lead Source,Created Date,Last Activity,Email Bounced Date,Home Phone,Other Phone',
    cells: (person) => ({
      ...name(person),
      'Account Name': 'Moor Ltd',
      'Mailing Country': 'United Kingdom',
      Mobile: person.phone,
      Email: person.email,
      'Contact ID': `003Ab00000Cd1e${person.index}`,
      'Email Opt Out': yes(person.index, '1', '0'),
      'Do Not Call': '0',
    }),
    expected: { optOut: (index) => optedOut(index, 'email'), id: 'salesforce' },
  },
  'Salesforce, data export': {
    header:
      'Id,IsDeleted,MasterRecordId,AccountId,LastName,FirstName,Salutation,Name,OtherStreet,OtherCountry,MailingStreet,MailingCity,MailingState,MailingPostalCode,MailingCountry,MailingCountryCode,Phone,Fax,MobilePhone,HomePhone,OtherPhone,AssistantPhone,ReportsToId,Email,Title,Department,AssistantName,LeadSource,Birthdate,Description,OwnerId,HasOptedOutOfEmail,HasOptedOutOfFax,DoNotCall,CreatedDate,CreatedById,LastModifiedDate,SystemModstamp,EmailBouncedReason,EmailBouncedDate,Account.Name',
    cells: ({ first, last, email, phone, index }) => ({
      Id: `003Ab00000Cd1e${index}IAE`,
      FirstName: first,
      LastName: last,
      Name: `${first} ${last}`,
      'Account.Name': 'Moor Ltd',
      MailingCountryCode: 'GB',
      AssistantPhone: '+44 161 496 0150',
      Phone: phone,
      Email: email,
      HasOptedOutOfEmail: 'false',
      DoNotCall: yes(index, 'true', 'false'),
    }),
    expected: { optOut: (index) => optedOut(index, 'voice'), id: 'salesforce' },
  },
  Klaviyo: {
    header:
      'Email,Klaviyo ID,First Name,Last Name,Organization,Title,Phone Number,Address,Address 2,City,State / Region,Country,Zip Code,Latitude,Longitude,Source,IP Address,Email Marketing Consent,Email Marketing Consent Timestamp,SMS Marketing Consent,SMS Marketing Consent Timestamp,Mobile Push Marketing Consent,Email Suppressions,Email Lists,SMS Lists,First Active,Last Active,Profile Created On,Date Added,Last Open,Last Click,Locale,Timezone,Predicted Gender',
    cells: (person) => ({
      ...name(person),
      Email: person.email,
      'Klaviyo ID': `01GDDKASAP8TKDDA2GRZDSV4H${person.index}`,
      Organization: 'Moor Ltd',
      'Phone Number': person.phone,
      Country: 'United Kingdom',
      'Email Marketing Consent': 'NEVER_SUBSCRIBED',
      'SMS Marketing Consent': 'UNSUBSCRIBED',
      'Email Suppressions': yes(person.index, 'HARD_BOUNCE'),
    }),
    expected: { optOut: (index) => [...optedOut(index, 'email'), 'rcs', 'sms'], id: 'klaviyo' },
  },
  Chatwoot: {
    header: 'id,name,email,phone_number',
    cells: ({ first, last, email, phone, index }) => ({ id: String(index + 1), name: `${first} ${last}`, email, phone_number: phone }),
    expected: { company: null, id: 'chatwoot' },
  },
  Mautic: {
    header:
      'id,title,firstname,lastname,company,position,email,mobile,phone,points,fax,address1,address2,city,state,zipcode,country,preferred_locale,timezone,last_active,attribution_date,attribution,website,facebook,foursquare,instagram,linkedin,skype,twitter,tags,stage,owner,dateIdentified,ipAddress',
    cells: ({ first, last, email, phone, index }) => ({
      id: String(index + 1),
      firstname: first,
      lastname: last,
      company: 'Moor Ltd',
      email,
      mobile: phone,
      country: 'United Kingdom',
      tags: 'Club|Gold',
      stage: 'Customer',
    }),
    expected: { tags: ['Club', 'Gold'], stage: 'customer', id: 'mautic' },
  },
  Brevo: {
    header:
      'EMAIL,FIRSTNAME,LASTNAME,SMS,WHATSAPP,EXT_ID,LANDLINE_NUMBER,CONTACT_TIMEZONE,JOB_TITLE,LINKEDIN,OPT_IN,ADDED_TIME,MODIFIED_TIME,Email blocklisted,SMS blocklisted,COMPANY,COUNTRY',
    cells: ({ first, last, email, phone, index }) => ({
      EMAIL: email,
      FIRSTNAME: first,
      LASTNAME: last,
      SMS: phone,
      COMPANY: 'Moor Ltd',
      COUNTRY: 'GB',
      'SMS blocklisted': yes(index, 'true', 'false'),
    }),
    expected: { optOut: (index) => optedOut(index, 'rcs', 'sms'), id: null },
  },
  'Zoho CRM': {
    header:
      'Record Id,Contact Owner,First Name,Last Name,Account Name,Email,Title,Department,Phone,Home Phone,Other Phone,Fax,Mobile,Lead Source,Mailing Street,Mailing City,Mailing Country,Email Opt Out,Unsubscribed Mode,Unsubscribed Time,Tag,Created Time',
    cells: (person) => ({
      ...name(person),
      'Record Id': `zcrm_${person.index}`,
      'Account Name': 'Moor Ltd',
      Email: person.email,
      Mobile: person.phone,
      'Mailing Country': 'United Kingdom',
      'Email Opt Out': yes(person.index, 'true', 'false'),
      Tag: 'Club',
    }),
    expected: { tags: ['Club'], optOut: (index) => optedOut(index, 'email'), id: 'zoho' },
  },
  Pipedrive: {
    header:
      'Person - ID,Person - Name,Person - Label,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Phone - Work,Person - Phone - Mobile,Person - Owner,Person - Marketing status,Person - Person created',
    cells: ({ first, last, email, phone, index }) => ({
      'Person - ID': String(index + 1),
      'Person - Name': `${first} ${last}`,
      'Person - Label': 'Club',
      'Person - Organization': 'Moor Ltd',
      'Person - Email - Work': email,
      'Person - Phone - Mobile': phone,
      'Person - Marketing status': yes(index, 'Unsubscribed', 'No consent'),
    }),
    expected: { tags: ['Club'], optOut: (index) => optedOut(index, 'email'), id: 'pipedrive' },
  },
  ActiveCampaign: {
    header: 'Contact ID,Email,First Name,Last Name,Phone,Customer Account,Tags,Date Created,Status,Unsubscribe Date,Email Bounced,Country',
    cells: (person) => ({
      ...name(person),
      'Contact ID': `5${person.index}`,
      Email: person.email,
      Phone: person.phone,
      'Customer Account': 'Moor Ltd',
      Tags: 'Club,Gold',
      Country: 'United Kingdom',
      Status: yes(person.index, 'Unsubscribed', 'Active'),
    }),
    expected: { tags: ['Club', 'Gold'], optOut: (index) => optedOut(index, 'email'), id: 'activecampaign' },
  },
}

test.each(Object.entries(documented))(
  'ten people in all columns of %s arrive, and no column is unknown',
  async (tool, { header, cells, expected }) => {
    const columns = header.split(',')
    const lines = people.map((person) => {
      const given = cells(person)
      expect(Object.keys(given).filter((column) => !columns.includes(column))).toEqual([])
      return columns.map((column) => `"${(given[column] ?? '').replaceAll('"', '""')}"`).join(',')
    })
    const { tags = [], stage = 'lead', company = 'Moor Ltd', optOut = () => [], id } = expected
    const file = [header, ...lines, ''].join('\r\n')
    expect(await read(file, 'DE')).toEqual({
      tool: tool.replace(/,.*| (?:on|until) .*/, ''),
      people: people.map(({ first, last, email, phone, index }) => ({
        phone,
        email,
        name: `${first} ${last}`,
        company,
        countryCode: 'GB',
        lifecycleStage: stage,
        tags,
        optOut: optOut(index),
      })),
    })
    const plan = planColumns(columns, null)
    expect(plan.columns.filter(({ target }) => target.kind === 'attribute' && !target.known).map((column) => column.name)).toEqual([])
    expect(plan.columns.flatMap(({ target }) => (target.kind === 'externalId' ? [target.system] : []))).toEqual(id === null ? [] : [id])
  },
)
