import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

const text = 'First Name,Surname,Email\r\nBjörn,Ökvist,bo@fjord.example\r\n'
const bjorn = { first_name: 'Björn', last_name: 'Ökvist', email: 'bo@fjord.example' }

/** The contacts of an upload as they would be; the preview reads like the import, and leaves the organization empty. */
async function read(body: unknown, headers: Record<string, string>, query = '') {
  const answer = await tenant.rest('POST', `/bulk/preview${query}`, body, headers)
  expect(answer.body.error).toBeUndefined()
  return answer.body.data.rows.map(({ contact }: { contact: Record<string, unknown> }) => contact)
}

/** A form as browsers and programs send it. */
function form(name: string, type: string, content: Buffer, fields: Record<string, string> = {}) {
  const part = (head: string) => `--frontier\r\nContent-Disposition: form-data; ${head}\r\n`
  const texts = Object.entries(fields).map(([field, value]) => `${part(`name="${field}"`)}\r\n${value}\r\n`)
  const file = `${part(`name="file"; filename="${name}"`)}Content-Type: ${type}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(texts.join('') + file), content, Buffer.from('\r\n--frontier--\r\n')])
  return { body, headers: { 'Content-Type': 'multipart/form-data; boundary=frontier' } }
}

async function readForm(...given: Parameters<typeof form>) {
  const { body, headers } = form(...given)
  return read(body, headers)
}

test.each([
  'text/csv',
  'Text/CSV; header=present',
  'application/csv',
  'text/x-csv',
  'application/x-csv',
  'text/comma-separated-values',
  'application/vnd.ms-excel',
  'text/plain',
])('CSV is read as %s, with any delimiter', async (type) => {
  for (const delimiter of [',', ';', '\t', '|']) {
    expect(await read(text.replaceAll(',', delimiter), { 'Content-Type': type })).toMatchObject([bjorn])
  }
})

describe('the charset', () => {
  const little = Buffer.from(text, 'utf16le')
  const big = Buffer.from(little).swap16()
  test.each([
    ['UTF-16LE behind a byte order mark', Buffer.concat([Buffer.from([0xff, 0xfe]), little]), ''],
    ['UTF-16BE behind a byte order mark', Buffer.concat([Buffer.from([0xfe, 0xff]), big]), ''],
    ['UTF-16LE without one', little, ''],
    ['UTF-16BE without one', big, ''],
    ['UTF-16BE that is declared', big, '; charset=utf-16be'],
    ['UTF-8 behind a byte order mark, whatever is declared', Buffer.from(`\ufeff${text}`), '; charset=iso-8859-1'],
    ['Latin 1 that is declared', Buffer.from(text, 'latin1'), '; charset=ISO-8859-1'],
    ['Windows-1252 that is declared in quotes', Buffer.from(text, 'latin1'), '; charset="windows-1252"'],
  ])('%s is recognized', async (_what, body, charset) => {
    expect(await read(body, { 'Content-Type': `text/csv${charset}` })).toMatchObject([bjorn])
  })

  test('can be an option, and one that does not exist is refused', async () => {
    const body = Buffer.from(text, 'latin1')
    expect(await read(body, { 'Content-Type': 'text/csv' }, '?charset=iso-8859-15')).toMatchObject([bjorn])
    const { status, body: refused } = await tenant.rest('POST', '/bulk', body, { 'Content-Type': 'text/csv; charset=runic' })
    expect([status, refused.error.details.field]).toEqual([422, 'charset'])
  })
})

describe('a form', () => {
  test.each([
    ['a.csv', 'text/csv', Buffer.from(text)],
    ['a.csv', 'application/octet-stream', Buffer.from(text)],
    ['a.txt', 'text/plain; charset=windows-1252', Buffer.from(text, 'latin1')],
    ['a.json', 'application/json', Buffer.from(JSON.stringify([bjorn]))],
    ['a.vcf', 'text/directory', Buffer.from('BEGIN:VCARD\nN:Ökvist;Björn\nEMAIL:bo@fjord.example\nEND:VCARD\n')],
  ])('with the file %s as %s', async (name, type, content) => {
    expect(await readForm(name, type, content)).toMatchObject([bjorn])
  })

  test('has its options beside the file', async () => {
    const fields = { columns: '{"Surname": null}', add_tags: 'fair,2026' }
    expect(await readForm('a.csv', 'text/csv', Buffer.from(text), fields)).toMatchObject([{ last_name: null, tags: ['fair', '2026'] }])
  })

  test('without a file is refused', async () => {
    const body = '--frontier\r\nContent-Disposition: form-data; name="tags"\r\n\r\nadd\r\n--frontier--\r\n'
    const { status, body: refused } = await tenant.rest('POST', '/bulk', body, { 'Content-Type': 'multipart/form-data; boundary=frontier' })
    expect([status, refused.error.details.field]).toEqual([422, 'file'])
  })
})

describe('vCards', () => {
  test.each([
    [
      '2.1',
      'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96kvist;Bj=C3=B6rn\r\nTEL;CELL:+46 70 123 45 67\r\nEMAIL;INTERNET:bo@fjord.example\r\n' +
        'PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\r\n /2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH\r\n\r\n',
    ],
    [
      '2.1',
      'N;CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:=D6kvist;Bj=F6rn\r\nTEL;WORK;FAX:+46 8 1\r\nTEL;PREF:+46701234567\r\nEMAIL:bo@fjord.example\r\n',
    ],
    [
      '3.0',
      'N:Ökvist;Björn;;;\r\nFN:Björn\r\n  Ökvist\r\nTEL;type=WORK:+46 8 123 456 78\r\nitem1.TEL:+46 70-123 45 67\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\n' +
        'EMAIL;type=HOME:b@fjord.example\r\nEMAIL;type=pref:bo@fjord.example\r\n',
    ],
    [
      '4.0',
      'N:Ökvist;Björn;;;\r\nFN:Björn Ökvist\r\nTEL;VALUE=uri;PREF=2;TYPE="voice,work":tel:+46-8-123-456-78\r\nTEL;VALUE=uri;PREF=1:tel:+46-70-123-45-67\r\n' +
        'EMAIL;PREF=2:b@fjord.example\r\nEMAIL;PREF=1:bo@fjord.example\r\n',
    ],
  ])('of version %s', async (version, lines) => {
    const card = `BEGIN:VCARD\r\nVERSION:${version}\r\n${lines}END:VCARD\r\n`
    for (const body of [card, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(card, 'utf16le')])]) {
      expect(await read(body, { 'Content-Type': 'text/vcard' })).toMatchObject([{ ...bjorn, phone: '+46701234567', country_code: 'SE' }])
    }
  })
})

/** What the APIs of other tools answer with, after their documentation. */
const answers: Record<string, unknown> = {
  HubSpot: {
    results: [
      {
        id: '9',
        properties: { email: 'ivy@lark.example', firstname: 'Ivy', phone: '+14155552677', company: 'Lark Inc', hs_email_optout: 'true' },
      },
    ],
    paging: { next: { after: '10' } },
  },
  'HubSpot, first version': {
    contacts: [
      {
        vid: 9,
        properties: {
          email: { value: 'ivy@lark.example' },
          firstname: { value: 'Ivy' },
          phone: { value: '+14155552677' },
          company: { value: 'Lark Inc' },
          hs_email_optout: { value: 'true' },
        },
      },
    ],
    'has-more': false,
    'vid-offset': 9,
  },
  Intercom: {
    type: 'list',
    data: [
      {
        type: 'contact',
        id: '5f',
        email: 'ivy@lark.example',
        phone: '+14155552677',
        name: 'Ivy',
        companies: { type: 'list', data: [{ type: 'company', id: '1', name: 'Lark Inc' }] },
        unsubscribed_from_emails: true,
      },
    ],
    pages: { type: 'pages', total_pages: 1 },
  },
  Mailchimp: {
    members: [
      {
        id: 'f1',
        email_address: 'ivy@lark.example',
        status: 'unsubscribed',
        merge_fields: { FNAME: 'Ivy', PHONE: '+1 415-555-2677', COMPANY: 'Lark Inc' },
      },
    ],
    total_items: 1,
  },
  Klaviyo: {
    data: [
      {
        type: 'profile',
        id: '01H',
        attributes: {
          email: 'ivy@lark.example',
          phone_number: '+14155552677',
          first_name: 'Ivy',
          organization: 'Lark Inc',
          subscriptions: { email: { marketing: { consent: 'UNSUBSCRIBED' } } },
        },
      },
    ],
    links: { self: 'https://a.example' },
  },
  Shopify: {
    customers: [
      {
        id: 7,
        email: 'ivy@lark.example',
        first_name: 'Ivy',
        phone: '+14155552677',
        email_marketing_consent: { state: 'unsubscribed' },
        default_address: { company: 'Lark Inc', country_code: 'US' },
      },
    ],
  },
  'Shopify, GraphQL': {
    data: {
      customers: {
        edges: [
          {
            node: {
              id: 'gid://shopify/Customer/7',
              firstName: 'Ivy',
              defaultEmailAddress: { emailAddress: 'ivy@lark.example', marketingState: 'UNSUBSCRIBED' },
              defaultPhoneNumber: { phoneNumber: '+14155552677' },
              defaultAddress: { company: 'Lark Inc', countryCodeV2: 'US' },
            },
          },
        ],
      },
    },
  },
}

test.each(Object.entries(answers))('an answer of the API of %s', async (_tool, json) => {
  const { body } = await tenant.rest('POST', '/bulk/preview', json)
  const [row] = body.data.rows
  expect(row.contact).toMatchObject({ email: 'ivy@lark.example', phone: '+14155552677', company: 'Lark Inc', country_code: 'US' })
  expect([row.contact.first_name ?? row.contact.display_name, row.opt_outs]).toEqual(['Ivy', ['email']])
})

describe('a list of suppressed addresses', () => {
  const suppressions = async (own: Tenant) => {
    const { data }: { data: { address: string; reason: string }[] } = (await own.rest('GET', '/suppressions')).body
    return data.map(({ address, reason }) => [address, reason]).toSorted()
  }

  test.each([
    ['status,reason,email,created', '550,"550 5.1.1 unknown user",OUT@ebb.example,1443651125', '421,,two@ebb.example,1443651126'],
    [
      'EmailAddress,SuppressionReason,Origin,CreatedAt',
      'out@ebb.example,SpamComplaint,Recipient,2024-01-01',
      'two@ebb.example,HardBounce,Admin,2024-01-01',
    ],
  ])('goes to the suppression list where no contact has the address: %s', async (...lines) => {
    const own = await gateway.organization()
    const id = await givenContact(own, { email: 'two@ebb.example' })
    const file = [...lines, lines[1]?.replace(/out/i, 'three')].join('\n')
    const preview = await own.rest('POST', '/bulk/preview', file, { 'Content-Type': 'text/csv' })
    const { body } = await own.rest('POST', '/bulk', file, { 'Content-Type': 'text/csv' })
    expect(body.data).toMatchObject({ layout: 'Suppression list', created: 0, skipped: 3, warnings: [] })
    expect(preview.body.data).toMatchObject({ skipped: 3, reasons: body.data.reasons })
    expect(body.data.reasons).toEqual([
      { code: 'ADDRESS_SUPPRESSED', count: 2 },
      { code: 'CONTACT_ALREADY_EXISTS', count: 1 },
    ])
    expect(await gateway.db.prisma.contact.count({ where: { organizationId: own.organizationId } })).toBe(1)
    const listed = await suppressions(own)
    expect(listed.filter(([, reason]) => reason === 'imported')).toEqual([
      ['out@ebb.example', 'imported'],
      ['three@ebb.example', 'imported'],
    ])
    const { preferences } = (await own.rest('GET', `/${id}/preferences`)).body.data
    expect(preferences.email).toBe(file.startsWith('status') ? 'unknown' : 'opted_out')
    await own.rest('POST', '/bulk', file, { 'Content-Type': 'text/csv' })
    expect(await suppressions(own)).toEqual(listed)
  })

  test('needs the scope of the suppression list', async () => {
    const writer = await (await gateway.organization()).withScopes('contacts:read', 'contacts:write')
    const { status, body } = await writer.rest('POST', '/bulk', 'Phone,Reason\n+14155552671,STOP\n', { 'Content-Type': 'text/csv' })
    expect([status, body.error.code]).toEqual([403, 'INSUFFICIENT_PERMISSIONS'])
  })
})
