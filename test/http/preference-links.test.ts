import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConsentState } from '../../src/data/generated/client.ts'
import { deleteContacts, updateContact } from '../../src/domain/contacts/commands.ts'
import type { ContactInput } from '../../src/domain/contacts/rules.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { getSendDecision } from '../../src/domain/sending/queries.ts'
import { upsertTopic } from '../../src/domain/topics/commands.ts'
import { clientAddress } from '../../src/http/client-address.ts'
import { defaultRateLimits } from '../../src/http/settings.ts'
import { browserPath, openBrowser } from '../support/browser.ts'
import { givenContact, unique } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { openDoor } from '../support/http-app.ts'

const publicUrl = 'https://contacts.example.com'
let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway({ publicUrl, rateLimits: defaultRateLimits })
  tenant = await gateway.organization({ name: 'Example & Sons' })
})
afterAll(() => gateway.close())

const at = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)
const person = (input: ContactInput = {}) =>
  givenContact(tenant, { phone: `+1415555${2000 + unique()}`, email: `person${unique()}@example.com`, ...input })

interface Link {
  readonly url: string
  readonly oneClickUrl: string
  readonly listUnsubscribe: string
  readonly listUnsubscribePost: string
  readonly expiresAt: string
}

async function linkFor(contactId: string, input: Record<string, unknown> = {}): Promise<Link> {
  const { body } = await tenant.gql(
    `mutation ($input: CreatePreferenceLinkInput!) { createPreferenceLink(input: $input) {
      ... on CreatePreferenceLinkPayload { link { url oneClickUrl listUnsubscribe listUnsubscribePost expiresAt } } ... on Error { code message } } }`,
    { input: { contactId, ...input } },
  )
  return body.data.createPreferenceLink.link
}

/** Requests what a link leads to, as the proxy in front of the gateway passes it on. */
function send(url: string, init: RequestInit = {}): Promise<Response> {
  return gateway.app.fetch(new Request(url.replace(publicUrl, 'http://localhost:4000'), { redirect: 'manual', ...init }))
}

const post = (url: string, fields: Record<string, string>) => send(url, { method: 'POST', body: new URLSearchParams(fields) })
const oneClick = (url: string) => post(url, { 'List-Unsubscribe': 'One-Click' })

const recordsOf = (contactId: string) =>
  gateway.db.consentRecord.findMany({
    where: { organizationId: tenant.organizationId, contactId },
    orderBy: { recordedAt: 'asc' },
    select: { channel: true, topicId: true, state: true, source: true, textVersion: true, addressKey: true, recordedBy: true },
  })

async function codesOf(contactId: string, options: Record<string, unknown> = {}): Promise<string[]> {
  const { reasons } = await getSendDecision(tenant.context, contactId, { channel: 'email', category: 'marketing', ...options })
  return reasons.map(({ code }) => code)
}

const say = (contactId: string, state: ConsentState, more: Record<string, unknown> = {}) =>
  setPreferences(tenant.context, contactId, [{ channel: 'email', state, source: 'web_form', textVersion: 'v1', ...more }])

describe('a preference link', () => {
  test('is a page, and the headers of an email', async () => {
    const link = await linkFor(await person(), { expiresInDays: 30 })
    expect(link).toEqual({
      url: expect.stringMatching(/^https:\/\/contacts\.example\.com\/preferences\/[\w.-]+$/),
      oneClickUrl: `${link.url}/unsubscribe`,
      listUnsubscribe: `<${link.url}/unsubscribe>`,
      listUnsubscribePost: 'List-Unsubscribe=One-Click',
      expiresAt: '2026-03-31T12:00:00.000Z',
    })
    expect(link.url.length).toBeLessThan(300)
    expect(Buffer.from(link.url.split('/').at(-1) ?? '', 'base64url').toString()).not.toMatch(/person|1415/)
  })

  test('opening it changes nothing, sets no cookie and is kept by no cache', async () => {
    const id = await person()
    const { url, oneClickUrl } = await linkFor(id)
    for (const address of [url, oneClickUrl, `${url}?saved`]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await send(address, { method })
        const { headers } = response
        expect([response.status, headers.get('set-cookie'), headers.get('cache-control')]).toEqual([200, null, 'no-store'])
        expect(headers.get('content-security-policy')).toMatch(/default-src 'none';.*form-action 'self'/)
        expect(await response.text()).not.toMatch(/@example\.com|1415555|<script/)
      }
    }
    expect(await recordsOf(id)).toEqual([])
  })

  test('its form records what differs from what it showed, with the link as proof', async () => {
    const id = await person({ language: 'de' })
    const topic = await upsertTopic(tenant.context, null, { key: `news_${unique()}`, name: 'News & offers', channels: ['email'] })
    const { url } = await linkFor(id)
    const page = await (await send(url)).text()
    expect(page).toContain('<html lang="de">')
    expect(page).toContain('Wählen Sie, welche Nachrichten Sie von Example &amp; Sons erhalten.')
    expect(page).toContain('News &amp; offers')
    const topicField = `email.${topic.id}`
    const saved = await post(url, {
      email: 'opted_in',
      'shown.email': 'unknown',
      [topicField]: 'opted_in',
      [`shown.${topicField}`]: 'opted_out',
    })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `${new URL(url).pathname}?saved`])
    const entry = {
      channel: 'email',
      state: 'opted_in',
      source: 'preference_page',
      textVersion: 'preference-page/1 de',
      recordedBy: 'Link',
    }
    expect(await recordsOf(id)).toMatchObject([
      { ...entry, topicId: null },
      { ...entry, topicId: topic.id },
    ])
    expect(await codesOf(id, { topic: topic.key })).toEqual([])
    const shown = await (await send(`${url}?saved`)).text()
    expect(shown).toContain('Ihre Einstellungen sind gespeichert.')
    expect(shown).toMatch(/name="email"\s+value="opted_in"\s+checked/)
    // An unmarked box is not sent.
    gateway.clock.now = at(1)
    await post(url, { email: 'opted_in', 'shown.email': 'opted_in', [`shown.${topicField}`]: 'opted_in' })
    gateway.clock.now = noon
    expect((await recordsOf(id)).slice(2)).toMatchObject([{ topicId: topic.id, state: 'opted_out' }])
    expect(await codesOf(id, { topic: topic.key })).toEqual(['OPTED_OUT'])
  })

  test('a page that was opened before an opt-out does not take it back', async () => {
    const id = await person()
    await say(id, 'opted_in')
    const { url } = await linkFor(id)
    gateway.clock.now = at(1)
    await say(id, 'opted_out')
    gateway.clock.now = at(2)
    await post(url, { email: 'opted_in', 'shown.email': 'opted_in' })
    gateway.clock.now = noon
    expect(await codesOf(id)).toEqual(['OPTED_OUT'])
  })

  test('one button opts out of everything', async () => {
    const id = await person()
    const { url } = await linkFor(id)
    await post(url, { everything: 'opted_out', email: 'opted_in', 'shown.email': 'unknown' })
    const records = await recordsOf(id)
    expect(records.map(({ state }) => state)).toEqual(Array.from({ length: 11 }, () => 'opted_out'))
    expect(await codesOf(id, { channel: 'voice', category: 'service' })).toEqual(['OPTED_OUT'])
  })

  test('fields that mean nothing change nothing', async () => {
    const id = await person()
    const { url } = await linkFor(id)
    const answers = [
      await post(url, { 'shown.email': 'unknown', email: 'whatever', 'shown.pigeon': 'opted_in', pigeon: 'opted_out', 'shown.': '' }),
      await post(url, { 'shown.email.top_00000000000000000000000001': 'opted_out', 'email.top_00000000000000000000000001': 'opted_in' }),
      await send(url, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }),
      await send(url, { method: 'POST', body: 'x', headers: { 'Content-Type': 'multipart/form-data; boundary=y' } }),
      await send(url, { method: 'POST', body: 'x'.repeat(70_000), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
      await send(url, { method: 'PUT' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 400, 400, 413, 404])
    expect(await recordsOf(id)).toEqual([])
  })

  test('nothing that is said on the page ends an entry of the suppression list', async () => {
    const id = await person({ email: 'suppressed@example.com' })
    await tenant.gql('mutation { suppressAddresses(input: { addresses: ["suppressed@example.com"] }) { __typename } }')
    const { url } = await linkFor(id)
    expect(await (await send(url)).text()).toMatch(/Messages to you are stopped here.*value="opted_in"\s+disabled/s)
    await post(url, { email: 'opted_in', 'shown.email': 'unknown' })
    expect(await codesOf(id)).toEqual(['SUPPRESSED'])
  })

  test('of an address that the contact had before only opts out, and for that address too', async () => {
    const id = await person({ email: 'before@example.com' })
    await say(id, 'opted_in')
    const { url } = await linkFor(id)
    await updateContact(tenant.context, id, { email: 'after@example.com' })
    expect(await (await send(url)).text()).toContain('no longer yours here')
    await post(url, { email: 'opted_in', 'shown.email': 'unknown' })
    expect(await codesOf(id)).toEqual(['NO_CONSENT'])
    gateway.clock.now = at(1)
    await post(url, { email: 'opted_out', 'shown.email': 'unknown' })
    gateway.clock.now = noon
    expect(await codesOf(id)).toEqual(['OPTED_OUT'])
    const next = await givenContact(tenant, { email: 'before@example.com' })
    expect(await codesOf(next)).toEqual(['OPTED_OUT'])
  })
})

describe('the one-click request of RFC 8058', () => {
  const boundary = '---FormBoundaryjWmhtjORrn'
  test.each<[string, RequestInit]>([
    ['as Gmail sends it', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' }],
    [
      'as a form of parts',
      {
        headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
        body: `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`,
      },
    ],
    [
      'as the example of the RFC has it, with two hyphens less',
      {
        headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
        body: `${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n${boundary}--\r\n`,
      },
    ],
  ])('opts out without a redirect or a cookie: %s', async (_name, init) => {
    const id = await person({ email: `oneclick${unique()}@example.com` })
    await say(id, 'opted_in', { recordedAt: at(-60) })
    const { oneClickUrl } = await linkFor(id)
    const response = await send(oneClickUrl, { method: 'POST', ...init })
    expect([response.status, response.headers.get('location'), response.headers.get('set-cookie')]).toEqual([200, null, null])
    expect(await codesOf(id)).toEqual(['OPTED_OUT'])
    expect((await recordsOf(id)).at(-1)).toMatchObject({ channel: 'email', topicId: null, state: 'opted_out', source: 'one_click' })
  })

  test.each<[string, RequestInit]>([
    ['another value', { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'No' }) }],
    ['no body', { method: 'POST' }],
    ['JSON', { method: 'POST', body: '{"List-Unsubscribe":"One-Click"}', headers: { 'Content-Type': 'application/json' } }],
  ])('changes nothing with %s', async (_name, init) => {
    const id = await person()
    const { oneClickUrl } = await linkFor(id)
    expect((await send(oneClickUrl, init)).status).toBe(400)
    expect(await recordsOf(id)).toEqual([])
  })

  test('of a topic opts out of the topic alone, and again after a later opt-in', async () => {
    const topic = await upsertTopic(tenant.context, null, { key: `alone_${unique()}`, name: 'Alone', defaultState: 'subscribed' })
    const id = await person()
    await say(id, 'opted_in', { recordedAt: at(-60) })
    const { oneClickUrl } = await linkFor(id, { topic: topic.key })
    await oneClick(oneClickUrl)
    expect([await codesOf(id, { topic: topic.key }), await codesOf(id)]).toEqual([['OPTED_OUT'], []])
    gateway.clock.now = at(1)
    await say(id, 'opted_in', { topic: topic.key })
    expect(await codesOf(id, { topic: topic.key })).toEqual([])
    gateway.clock.now = at(2)
    await oneClick(oneClickUrl)
    gateway.clock.now = noon
    expect(await codesOf(id, { topic: topic.key })).toEqual(['OPTED_OUT'])
  })

  test('counts after the link has expired and for a deleted contact, and holds for the address', async () => {
    const id = await person({ email: 'gone@example.com' })
    const { url, oneClickUrl } = await linkFor(id, { expiresInDays: 1 })
    await deleteContacts(tenant.context, [id])
    gateway.clock.now = at(3 * 24 * 60)
    expect([(await send(url)).status, (await oneClick(oneClickUrl)).status]).toEqual([410, 200])
    expect(await codesOf(await givenContact(tenant, { email: 'gone@example.com' }))).toEqual(['OPTED_OUT'])
    gateway.clock.now = noon
  })
})

describe('a link that serves nothing', () => {
  test('is a plain page with its status, and changes nothing', async () => {
    const id = await person()
    const { url } = await linkFor(id, { expiresInDays: 1 })
    const [payload = '', signature = ''] = (url.split('/').at(-1) ?? '').split('.')
    const base = `${publicUrl}/preferences`
    const tampered = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('email', 'whatsapp')).toString('base64url')
    const broken = [
      `${tampered}.${signature}`,
      `${payload}.${signature.slice(0, -1)}`,
      payload,
      'x',
      `${payload}.${signature}.x`,
      `${payload}=.${signature}`,
    ]
    for (const token of broken) {
      expect([(await send(`${base}/${token}`)).status, (await post(`${base}/${token}`, { everything: 'opted_out' })).status]).toEqual([
        404, 404,
      ])
      expect((await oneClick(`${base}/${token}/unsubscribe`)).status).toBe(404)
    }
    expect((await send(`${url}/confirm`)).status).toBe(404)
    gateway.clock.now = at(25 * 60)
    expect([(await send(url)).status, (await post(url, { everything: 'opted_out' })).status]).toEqual([410, 410])
    gateway.clock.now = noon
    await deleteContacts(tenant.context, [id])
    const gone = await send(url, { headers: { 'Accept-Language': 'xx, pl;q=0.9, en;q=0.1' } })
    expect([gone.status, await gone.text()]).toEqual([410, expect.stringContaining('Ten link jest już nieważny')])
    expect((await post(url, { everything: 'opted_out' })).status).toBe(410)
    expect(await recordsOf(id)).toEqual([])
  })

  test('is refused by name where it is created', async () => {
    const id = await person()
    const foreign = await givenContact(await gateway.organization())
    const create = async (input: Record<string, unknown>, field = 'createPreferenceLink') => {
      const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`
      const { body } = await tenant.gql(`mutation ($input: ${type}) { ${field}(input: $input) { ... on Error { code message } } }`, {
        input,
      })
      return body.data[field].code
    }
    expect(await create({ contactId: foreign })).toBe('NOT_FOUND')
    expect(await create({ contactId: 'x' })).toBe('VALIDATION_ERROR')
    expect(await create({ contactId: id, expiresInDays: 0 })).toBe('VALIDATION_ERROR')
    expect(await create({ contactId: id, topic: 'unknown' })).toBe('VALIDATION_ERROR')
    expect(await create({ contactId: id }, 'createConfirmationLink')).toBe('VALIDATION_ERROR')
  })
})

describe('double opt-in', () => {
  async function pending() {
    const topic = await upsertTopic(tenant.context, null, {
      key: `double_${unique()}`,
      name: 'Weekly letter',
      channels: ['email'],
      doubleOptIn: true,
    })
    const id = await person()
    await say(id, 'opted_in', { topic: topic.key, recordedAt: at(-10) })
    const { body } = await tenant.gql(
      `mutation ($input: CreateConfirmationLinkInput!) { createConfirmationLink(input: $input) {
        ... on CreateConfirmationLinkPayload { link { url token } } ... on Error { code message } } }`,
      { input: { contactId: id, topic: topic.key } },
    )
    const link: { url: string; token: string } = body.data.createConfirmationLink.link
    return { id, ...link, codes: () => codesOf(id, { topic: topic.key }), topic }
  }

  test('waits for a POST of the page; twice is one confirmation', async () => {
    const { id, url, codes } = await pending()
    expect(await codes()).toEqual(['UNCONFIRMED'])
    const page = await (await send(url)).text()
    expect(page).toContain('Do you want to receive messages from Example &amp; Sons: Weekly letter (Email)?')
    expect(await codes()).toEqual(['UNCONFIRMED'])
    for (let times = 0; times < 2; times += 1) {
      const response = await post(url, { confirm: 'yes' })
      expect([response.status, response.headers.get('location')]).toEqual([303, new URL(url).pathname])
    }
    expect(await (await send(url)).text()).toContain('Your subscription is confirmed.')
    expect(await codes()).toEqual([])
    expect((await recordsOf(id)).map(({ state, source, textVersion }) => [state, source, textVersion])).toEqual([
      ['pending', 'web_form', 'v1'],
      ['opted_in', 'double_opt_in', 'v1'],
    ])
  })

  test('does not open again what was opted out of after it', async () => {
    const { id, url, codes, topic } = await pending()
    await post(url, { confirm: 'yes' })
    gateway.clock.now = at(1)
    await say(id, 'opted_out', { topic: topic.key })
    gateway.clock.now = at(2)
    expect([(await post(url, { confirm: 'yes' })).status, await codes()]).toEqual([410, ['OPTED_OUT']])
    gateway.clock.now = noon
  })

  test('does not count for another address or after its time', async () => {
    const moved = await pending()
    await updateContact(tenant.context, moved.id, { email: `moved${unique()}@example.com` })
    expect([(await send(moved.url)).status, (await post(moved.url, { confirm: 'yes' })).status]).toEqual([410, 410])
    const late = await pending()
    gateway.clock.now = at(8 * 24 * 60)
    expect([(await send(late.url)).status, (await post(late.url, { confirm: 'yes' })).status]).toEqual([410, 410])
    gateway.clock.now = noon
    expect(await late.codes()).toEqual(['UNCONFIRMED'])
  })

  test('is confirmed by a page of one’s own with confirmConsent, in the same organization', async () => {
    const { token, codes, id } = await pending()
    const confirm = async (by: Tenant, text: string) => {
      const { body } = await by.gql(
        `mutation ($token: String!) { confirmConsent(input: { token: $token }) { ... on ConfirmConsentPayload { contact { id } } ... on Error { code } } }`,
        { token: text },
      )
      return body.data.confirmConsent
    }
    expect(await confirm(await gateway.organization(), token)).toEqual({ code: 'VALIDATION_ERROR' })
    expect(await confirm(tenant, `${token}x`)).toEqual({ code: 'VALIDATION_ERROR' })
    expect(await codes()).toEqual(['UNCONFIRMED'])
    expect(await confirm(tenant, token)).toEqual({ contact: { id } })
    expect(await codes()).toEqual([])
  })

  test('is done on the page of a link that came by the same address, and waits on the page of another', async () => {
    const topic = await upsertTopic(tenant.context, null, {
      key: `both_${unique()}`,
      name: 'Both',
      channels: ['email', 'sms'],
      doubleOptIn: true,
    })
    const id = await person()
    const fields = Object.fromEntries(
      ['email', 'sms'].flatMap((name) => [
        [`${name}.${topic.id}`, 'opted_in'],
        [`shown.${name}.${topic.id}`, 'opted_out'],
      ]),
    )
    await post((await linkFor(id)).url, fields)
    const states = (await recordsOf(id)).map(({ channel, state }) => [channel, state])
    expect(Object.fromEntries(states)).toEqual({ email: 'opted_in', sms: 'pending' })
  })
})

describe('requests with links', () => {
  test('leave neither token nor address in the log', async () => {
    gateway.log.length = 0
    const { url, oneClickUrl } = await linkFor(await person({ email: 'logged@example.com' }))
    await send(url)
    await oneClick(oneClickUrl)
    await send(`${url}/nothing/here`)
    await send(`${url.replace('/preferences', '//preferences')}`)
    const text = JSON.stringify(gateway.log)
    expect(text).not.toContain(url.split('/').at(-1)?.slice(0, 40))
    expect(text).not.toContain('logged@')
    expect(gateway.log.map(({ path }) => path)).toContain('/preferences/[token]/unsubscribe')
  })

  test('are limited for each link', async () => {
    const { url } = await linkFor(await person())
    const statuses: number[] = []
    for (let request = 0; request < 61; request += 1) statuses.push((await send(url, { method: 'HEAD' })).status)
    expect(statuses.slice(-2)).toEqual([200, 429])
    const refused = await send(url, { headers: { 'Accept-Language': 'fr-CH' } })
    expect([refused.headers.get('retry-after'), await refused.text()]).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringContaining('Trop de requêtes'),
    ])
    expect((await send((await linkFor(await person())).url)).status).toBe(200)
  })

  test.each([
    ['203.0.113.9', null, '203.0.113.9'],
    ['::ffff:203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.0.0.1', '198.51.100.7, 203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', null, '2001:db8:1:2::/64'],
    ['::1', '2001:db8::6', '2001:db8:0:0::/64'],
    [null, '203.0.113.9', null],
  ])('from %s for %s are counted for %s', (connected, forwarded, counted) => {
    const headers = new Headers(forwarded === null ? {} : { 'X-Forwarded-For': forwarded })
    expect(clientAddress({ address: connected, httpVersion: '1.1' }, headers)).toBe(counted)
  })
})

// A machine without a Chromium skips these tests.
test.skipIf(browserPath === null)(
  'the page is accessible in light and dark, wide and narrow, and its form works in a browser',
  async () => {
    const topic = await upsertTopic(tenant.context, null, { key: `seen_${unique()}`, name: 'Product news', channels: ['email', 'sms'] })
    const id = await person()
    await say(id, 'opted_in', { recordedAt: at(-60) })
    const door = await openDoor(gateway)
    const browser = await openBrowser()
    try {
      const page = await browser.context.newPage()
      const { url } = await linkFor(id)
      const address = url.replace(publicUrl, `http://${door.host}`)
      for (const [colorScheme, width] of [
        ['light', 1440],
        ['dark', 390],
      ] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        for (const shown of [address, address.slice(0, -1)]) {
          await page.goto(shown)
          await page.evaluate(axe.source)
          const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
          expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
        }
      }
      await page.goto(address)
      await page.getByRole('group', { name: 'Email' }).getByRole('radio', { name: 'No messages' }).check()
      await page.getByRole('group', { name: 'Product news' }).getByRole('checkbox', { name: 'SMS' }).check()
      await page.getByRole('button', { name: 'Save' }).press('Enter')
      await page.getByRole('status').waitFor()
      expect(browser.refused).toEqual([])
    } finally {
      await browser.close()
      await door.close()
    }
    expect(await codesOf(id)).toEqual(['OPTED_OUT'])
    expect((await recordsOf(id)).slice(1).map(({ channel, state, topicId }) => [channel, state, topicId])).toEqual([
      ['email', 'opted_out', null],
      ['sms', 'opted_in', topic.id],
    ])
  },
)
