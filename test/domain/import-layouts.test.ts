import { expect, test } from 'vitest'
import { type Invented, optedOut, people, read, yes } from '../support/layouts.ts'

interface Case {
  readonly header: string
  readonly row: (person: Invented) => string
  readonly tags?: readonly string[]
  readonly stage?: string
  readonly company?: string | null
  readonly optOut?: (index: number) => string[]
}

const layouts: Readonly<Record<string, Case>> = {
  'Google Contacts': {
    header:
      'First Name,Middle Name,Last Name,File As,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Country',
    row: ({ first, last, email, phone }) =>
      `${first},,${last},,Moor Ltd,* myContacts ::: Club,Work,${email},Mobile,${phone},United Kingdom`,
    tags: ['Club'],
  },
  Outlook: {
    header:
      'First Name,Last Name,Company,Business Country/Region,Business Fax,Business Phone,Mobile Phone,Categories,E-mail Address,E-mail Type',
    row: ({ first, last, email, phone }) => `${first},${last},Moor Ltd,United Kingdom,,020 7946 0000,${phone},Club,${email},SMTP`,
    tags: ['Club'],
  },
  'Apple Contacts': {
    header: 'First,Last,Company,Phone (mobile),Phone (work),Email (home),Home address country,Groups',
    row: ({ first, last, email, phone }) => `${first},${last},Moor Ltd,${phone},,${email},United Kingdom,Club`,
    tags: ['Club'],
  },
  HubSpot: {
    header:
      'Record ID - Contact,First Name,Last Name,Email,Phone Number,Company Name,Country/Region,Lifecycle Stage,Unsubscribed from all email,Create Date',
    row: ({ first, last, email, phone, index }) =>
      `${index},${first},${last},${email},${phone},Moor Ltd,United Kingdom,Marketing Qualified Lead,${yes(index, 'true', 'false')},2024-01-02`,
    stage: 'qualified',
    optOut: (index) => optedOut(index, 'email'),
  },
  Salesforce: {
    header: 'Id,FirstName,LastName,Email,MobilePhone,Account.Name,MailingCountry,MailingCountryCode,HasOptedOutOfEmail,DoNotCall',
    row: ({ first, last, email, phone, index }) =>
      `003${index},${first},${last},${email},${phone},Moor Ltd,United Kingdom,GB,${yes(index, 'TRUE', 'FALSE')},${yes(index, '1', '0')}`,
    optOut: (index) => optedOut(index, 'email', 'voice'),
  },
  Mailchimp: {
    header: 'Email Address,First Name,Last Name,Phone Number,Company,MEMBER_RATING,OPTIN_TIME,CC,UNSUB_TIME,LEID,TAGS',
    row: ({ first, last, email, phone, index }) =>
      `${email},${first},${last},${phone},Moor Ltd,2,2023-05-04 10:11:12,GB,${yes(index, '2024-01-02 03:04:05')},1,"""Club"",""Gold, old"""`,
    tags: ['Club', 'Gold, old'],
    optOut: (index) => optedOut(index, 'email'),
  },
  Klaviyo: {
    header:
      'Email,Klaviyo ID,First Name,Last Name,Organization,Phone Number,Country,Email Marketing Consent,SMS Marketing Consent,Profile Created On',
    row: ({ first, last, email, phone, index }) =>
      `${email},01K,${first},${last},Moor Ltd,${phone},United Kingdom,${yes(index, 'UNSUBSCRIBED', 'SUBSCRIBED')},NEVER_SUBSCRIBED,2024-01-02`,
    optOut: (index) => optedOut(index, 'email'),
  },
  Shopify: {
    header:
      'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Country Code,Default Address Phone,Phone,Accepts SMS Marketing,Tags',
    row: ({ first, last, email, phone, index }) =>
      `'7,${first},${last},${email},${yes(index, 'no', 'yes')},Moor Ltd,GB,,'${phone},yes,"Club, Gold"`,
    tags: ['Club', 'Gold'],
    optOut: (index) => optedOut(index, 'email'),
  },
  Intercom: {
    header: 'User ID,Name,Email,Phone,Company name,Country,Last seen,Tag,Unsubscribed from Emails,Time zone',
    row: ({ first, last, email, phone, index }) =>
      `u${index},${first} ${last},${email},${phone},Moor Ltd,United Kingdom,2026-01-01,"Club,Gold",${yes(index, 'true', 'false')},Europe/London`,
    tags: ['Club', 'Gold'],
    optOut: (index) => optedOut(index, 'email'),
  },
  Odoo: {
    header: 'External ID,Complete Name,Email,Phone,Mobile,Company Name,Country,Language,Tags,Blacklist',
    row: ({ first, last, email, phone, index }) =>
      `__export__.p${index},${first} ${last},${email},,${phone},Moor Ltd,United Kingdom,English (UK),"Club,Gold",${yes(index, 'True', 'False')}`,
    tags: ['Club', 'Gold'],
    optOut: (index) => optedOut(index, 'email'),
  },
  ERPNext: {
    header: 'ID,First Name,Last Name,Email ID (Email IDs),Number (Contact Numbers),Company Name,Country,Unsubscribed,Status',
    row: ({ first, last, email, phone, index }) =>
      `C${index},${first},${last},${email},${phone},Moor Ltd,United Kingdom,${yes(index, '1', '0')},Passive`,
    optOut: (index) => optedOut(index, 'email'),
  },
  Twenty: {
    header:
      'Id,Name / First Name,Name / Last Name,Emails / Primary Email,Phones / Primary Phone Number,Phones / Primary Phone Calling Code,Phones / Primary Phone Country Code,Company / Name',
    // It puts a zero-width joiner in front of what a spreadsheet would take for a formula.
    row: ({ first, last, email, phone }) => `1,${first},${last},${email},${phone.slice(3)},\u200d+44,GB,Moor Ltd`,
  },
  Mautic: {
    header: 'id,firstname,lastname,email,mobile,company,country,tags,doNotEmail,points,dateAdded,preferred_locale',
    row: ({ first, last, email, phone, index }) =>
      `1,${first},${last},${email},${phone},Moor Ltd,United Kingdom,Club|Gold,${yes(index, '1', '0')},3,2024-01-01,en_GB`,
    tags: ['Club', 'Gold'],
    optOut: (index) => optedOut(index, 'email'),
  },
  Chatwoot: {
    header: 'id,name,email,phone_number,identifier,company_name,country_code,labels,created_at',
    row: ({ first, last, email, phone, index }) => `${index},${first} ${last},${email},${phone},x,Moor Ltd,GB,"Club,Gold",2024-01-01`,
    tags: ['Club', 'Gold'],
  },
  listmonk: {
    header: 'uuid,email,name,attributes,status,created_at,updated_at',
    row: ({ first, last, email, phone, index }) =>
      `u,${email},${first} ${last},"{""phone"": ""${phone}""}",${yes(index, 'blocklisted', 'enabled')},2024-01-01,2024-01-01`,
    company: null,
    optOut: (index) => optedOut(index, 'email'),
  },
}

test.each(Object.entries(layouts))(
  'ten people of %s arrive with all that the layout has',
  async (tool, { header, row, tags = [], stage = 'lead', company = 'Moor Ltd', optOut = () => [] }) => {
    const found = await read([header, ...people.map(row), ''].join('\r\n'), 'DE')
    const hasNumber = tool !== 'listmonk'
    expect(found).toEqual({
      tool,
      people: people.map(({ first, last, email, phone, index }) => ({
        phone: hasNumber ? phone : null,
        email,
        name: `${first} ${last}`,
        company,
        countryCode: hasNumber ? 'GB' : null,
        lifecycleStage: stage,
        tags,
        optOut: optOut(index),
      })),
    })
  },
)

const translated: readonly (readonly [tool: string | null, header: string, row: string, optOut: string[]])[] = [
  [
    'HubSpot',
    'Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Unternehmensname,Land/Region,Lifecycle-Phase,Von allen E-Mails abgemeldet,Erstelldatum',
    '77,Lena,Moor,lena@moor.example,+447912345680,Moor GmbH,Vereinigtes Königreich,Kunde,true,2024-01-02',
    ['email'],
  ],
  [
    'HubSpot',
    'ID de registro,Nombre,Apellidos,Correo,Número de teléfono,Nombre de la empresa,País/región,Etapa del ciclo de vida,Anuló la suscripción de todos los correos electrónicos',
    '78,Lena,Moor,lena@moor.example,+447912345680,Moor GmbH,Reino Unido,Cliente,Sí',
    ['email'],
  ],
  [
    'Salesforce',
    'ID du contact,Prénom,Nom,Adresse e-mail,Téléphone,Nom du compte,Pays (adresse postale),Désinscription des e-mails,Ne pas appeler,Phase du cycle de vie',
    '003X,Lena,Moor,lena@moor.example,+447912345680,Moor GmbH,Royaume-Uni,0,1,Client',
    ['voice'],
  ],
  [
    'Odoo',
    'Externe ID,Name,E-Mail,Mobil,Unternehmen,Land,Stichwörter,Phase,Keine SMS',
    'base.p1,Lena Moor,lena@moor.example,+447912345680,Moor GmbH,Großbritannien,Alt,Kunde,x',
    ['rcs', 'sms'],
  ],
  [
    null,
    'Prénom,Nom,Société,Pays/Région (bureau),Téléphone (bureau),Tél. mobile,Adresse de messagerie,Phase du cycle de vie,Liste noire',
    'Lena,Moor,Moor GmbH,Royaume-Uni,,+447912345680,lena@moor.example,Client,',
    [],
  ],
  [
    null,
    'Vorname,Nachname,E-Mail,Akzeptiert E-Mail-Marketing,Firma,Land,Telefon,Akzeptiert SMS-Marketing,Kundenphase',
    'Lena,Moor,lena@moor.example,nein,Moor GmbH,England,+447912345680,ja,Kunde',
    ['email'],
  ],
  [
    null,
    'Voornaam,Achternaam,Bedrijf,Land/regio (werk),Telefoon op werk,E-mailadres,Afgemeld voor alle e-mails,Levenscyclusfase',
    'Lena,Moor,Moor GmbH,Verenigd Koninkrijk,+447912345680,lena@moor.example,ja,Klant',
    ['email'],
  ],
]

test.each(translated)(
  "a file of %s with the columns' names in the language of the account is understood: %s",
  async (tool, header, row, optOut) => {
    const { tool: found, people: persons } = await read([header, row, ''].join('\n'), 'DE')
    expect([found, persons]).toMatchObject([
      tool,
      [{ phone: '+447912345680', email: 'lena@moor.example', name: 'Lena Moor', company: 'Moor GmbH', countryCode: 'GB', optOut }],
    ])
    expect(persons).toMatchObject([{ lifecycleStage: 'customer' }])
  },
)
