import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deleteContacts, updateContact } from '../../src/domain/contacts/commands.ts'
import { eraseContacts } from '../../src/domain/erasure/commands.ts'
import { mergeContacts } from '../../src/domain/merging/commands.ts'
import { upsertTopic } from '../../src/domain/topics/commands.ts'
import { defaultRateLimits } from '../../src/http/settings.ts'
import { givenContact, unique } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { at, linksOf, publicUrl } from '../support/links.ts'

let gateway: TestGateway
let tenant: Tenant
let links: ReturnType<typeof linksOf>
beforeAll(async () => {
  gateway = await openGateway({ publicUrl, rateLimits: defaultRateLimits })
  tenant = await gateway.organization({ name: 'Example & Sons' })
  links = linksOf(gateway, tenant)
})
afterAll(() => gateway.close())

describe('a preference link', () => {
  test('is a page, and the headers of an email', async () => {
    const link = await links.linkFor(await links.person(), { expiresInDays: 30 })
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
    const id = await links.person()
    const { url, oneClickUrl } = await links.linkFor(id)
    for (const address of [url, oneClickUrl, `${url}?saved`]) {
      for (const method of ['GET', 'HEAD']) {
        const response = await links.send(address, { method })
        const { headers } = response
        expect([response.status, headers.get('set-cookie'), headers.get('cache-control')]).toEqual([200, null, 'no-store'])
        expect(headers.get('content-security-policy')).toMatch(/default-src 'none';.*form-action 'self'/)
        expect(await response.text()).not.toMatch(/@example\.com|1415555|<script/)
      }
    }
    expect(await links.recordsOf(id)).toEqual([])
  })

  test('its form records what differs from what it showed, with the link as proof', async () => {
    const id = await links.person({ language: 'de' })
    const topic = await upsertTopic(tenant.context, null, { key: `news_${unique()}`, name: 'News & offers', channels: ['email'] })
    const { url } = await links.linkFor(id)
    const page = await (await links.send(url)).text()
    expect(page).toContain('<html lang="de">')
    expect(page).toContain('Wählen Sie, welche Nachrichten Sie von Example &amp; Sons erhalten.')
    expect(page).toContain('News &amp; offers')
    const topicField = `email.${topic.id}`
    const saved = await links.post(url, {
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
    expect(await links.recordsOf(id)).toMatchObject([
      { ...entry, topicId: null },
      { ...entry, topicId: topic.id },
    ])
    expect(await links.codesOf(id, { topic: topic.key })).toEqual([])
    const shown = await (await links.send(`${url}?saved`)).text()
    expect(shown).toContain('Ihre Einstellungen sind gespeichert.')
    expect(shown).toMatch(/name="email"\s+value="opted_in"\s+checked/)
    // An unmarked box is not sent.
    gateway.clock.now = at(1)
    await links.post(url, { email: 'opted_in', 'shown.email': 'opted_in', [`shown.${topicField}`]: 'opted_in' })
    gateway.clock.now = noon
    expect((await links.recordsOf(id)).slice(2)).toMatchObject([{ topicId: topic.id, state: 'opted_out' }])
    expect(await links.codesOf(id, { topic: topic.key })).toEqual(['OPTED_OUT'])
  })

  test('a page that was opened before an opt-out does not take it back', async () => {
    const id = await links.person()
    await links.say(id, 'opted_in')
    const { url } = await links.linkFor(id)
    gateway.clock.now = at(1)
    await links.say(id, 'opted_out')
    gateway.clock.now = at(2)
    await links.post(url, { email: 'opted_in', 'shown.email': 'opted_in' })
    gateway.clock.now = noon
    expect(await links.codesOf(id)).toEqual(['OPTED_OUT'])
  })

  test('one button opts out of everything', async () => {
    const id = await links.person()
    const { url } = await links.linkFor(id)
    await links.post(url, { everything: 'opted_out', email: 'opted_in', 'shown.email': 'unknown' })
    const records = await links.recordsOf(id)
    expect(records.map(({ state }) => state)).toEqual(Array.from({ length: 11 }, () => 'opted_out'))
    expect(await links.codesOf(id, { channel: 'voice', category: 'service' })).toEqual(['OPTED_OUT'])
  })

  test('fields that mean nothing change nothing', async () => {
    const id = await links.person()
    const { url } = await links.linkFor(id)
    const answers = [
      await links.post(url, { 'shown.email': 'unknown', email: 'whatever', 'shown.pigeon': 'opted_in', pigeon: 'opted_out', 'shown.': '' }),
      await links.post(url, {
        'shown.email.top_00000000000000000000000001': 'opted_out',
        'email.top_00000000000000000000000001': 'opted_in',
      }),
      await links.send(url, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }),
      await links.send(url, { method: 'POST', body: 'x', headers: { 'Content-Type': 'multipart/form-data; boundary=y' } }),
      await links.send(url, { method: 'POST', body: 'x'.repeat(70_000), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
      await links.send(url, { method: 'PUT' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 400, 400, 413, 405])
    expect(await links.recordsOf(id)).toEqual([])
  })

  test('nothing that is said on the page ends an entry of the suppression list', async () => {
    const id = await links.person({ email: 'suppressed@example.com' })
    await tenant.gql('mutation { suppressAddresses(input: { addresses: ["suppressed@example.com"] }) { __typename } }')
    const { url } = await links.linkFor(id)
    expect(await (await links.send(url)).text()).toMatch(/Messages to you are stopped here.*value="opted_in"\s+disabled/s)
    await links.post(url, { email: 'opted_in', 'shown.email': 'unknown' })
    expect(await links.codesOf(id)).toEqual(['SUPPRESSED'])
  })

  test('of an address that the contact had before only opts out, and for that address too', async () => {
    const id = await links.person({ email: 'before@example.com' })
    await links.say(id, 'opted_in')
    const { url } = await links.linkFor(id)
    await updateContact(tenant.context, id, { email: 'after@example.com' })
    expect(await (await links.send(url)).text()).toContain('no longer yours here')
    await links.post(url, { email: 'opted_in', 'shown.email': 'unknown' })
    expect(await links.codesOf(id)).toEqual(['NO_CONSENT'])
    gateway.clock.now = at(1)
    await links.post(url, { email: 'opted_out', 'shown.email': 'unknown' })
    gateway.clock.now = noon
    expect(await links.codesOf(id)).toEqual(['OPTED_OUT'])
    const next = await givenContact(tenant, { email: 'before@example.com' })
    expect(await links.codesOf(next)).toEqual(['OPTED_OUT'])
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
    const id = await links.person({ email: `oneclick${unique()}@example.com` })
    await links.say(id, 'opted_in', { recordedAt: at(-60) })
    const { oneClickUrl } = await links.linkFor(id)
    const response = await links.send(oneClickUrl, { method: 'POST', ...init })
    expect([response.status, response.headers.get('location'), response.headers.get('set-cookie')]).toEqual([200, null, null])
    expect(await links.codesOf(id)).toEqual(['OPTED_OUT'])
    expect((await links.recordsOf(id)).at(-1)).toMatchObject({ channel: 'email', topicId: null, state: 'opted_out', source: 'one_click' })
  })

  test.each<[string, RequestInit]>([
    ['another value', { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'No' }) }],
    ['no body', { method: 'POST' }],
    ['JSON', { method: 'POST', body: '{"List-Unsubscribe":"One-Click"}', headers: { 'Content-Type': 'application/json' } }],
  ])('changes nothing with %s', async (_name, init) => {
    const id = await links.person()
    const { oneClickUrl } = await links.linkFor(id)
    expect((await links.send(oneClickUrl, init)).status).toBe(400)
    expect(await links.recordsOf(id)).toEqual([])
  })

  test('of a topic opts out of the topic alone, and again after a later opt-in', async () => {
    const topic = await upsertTopic(tenant.context, null, { key: `alone_${unique()}`, name: 'Alone', defaultState: 'subscribed' })
    const id = await links.person()
    await links.say(id, 'opted_in', { recordedAt: at(-60) })
    const { oneClickUrl } = await links.linkFor(id, { topic: topic.key })
    await links.oneClick(oneClickUrl)
    expect([await links.codesOf(id, { topic: topic.key }), await links.codesOf(id)]).toEqual([['OPTED_OUT'], []])
    gateway.clock.now = at(1)
    await links.say(id, 'opted_in', { topic: topic.key })
    expect(await links.codesOf(id, { topic: topic.key })).toEqual([])
    gateway.clock.now = at(2)
    await links.oneClick(oneClickUrl)
    gateway.clock.now = noon
    expect(await links.codesOf(id, { topic: topic.key })).toEqual(['OPTED_OUT'])
  })

  test('counts after the link has expired and for a deleted contact, and holds for the address', async () => {
    const id = await links.person({ email: 'gone@example.com' })
    const { url, oneClickUrl } = await links.linkFor(id, { expiresInDays: 1 })
    await deleteContacts(tenant.context, [id])
    gateway.clock.now = at(3 * 24 * 60)
    expect([(await links.send(url)).status, (await links.oneClick(oneClickUrl)).status]).toEqual([410, 200])
    expect(await links.codesOf(await givenContact(tenant, { email: 'gone@example.com' }))).toEqual(['OPTED_OUT'])
    gateway.clock.now = noon
  })

  test('of a contact that was merged acts on the contact that stayed, and on the address that it was sent to', async () => {
    const [into, from] = [await links.person({ email: 'stays@example.com' }), await links.person({ email: 'merged@example.com' })]
    const { url, oneClickUrl } = await links.linkFor(from)
    await mergeContacts(tenant.context, { intoId: into, fromIds: [from] })
    expect((await links.send(url)).status).toBe(200)
    expect((await links.post(url, { email: 'opted_in', 'shown.email': 'unknown' })).status).toBe(303)
    expect(await links.codesOf(into)).toEqual([])
    gateway.clock.now = at(1)
    expect((await links.oneClick(oneClickUrl)).status).toBe(200)
    gateway.clock.now = noon
    expect(await links.codesOf(into)).toEqual(['OPTED_OUT'])
    await deleteContacts(tenant.context, [into])
    expect(await links.codesOf(await givenContact(tenant, { email: 'merged@example.com' }))).toEqual(['OPTED_OUT'])
  })

  test('of an erased person keeps the opt-out under the hash of the address', async () => {
    const id = await links.person({ email: 'erased@example.com' })
    const { oneClickUrl } = await links.linkFor(id)
    await eraseContacts(tenant.context, { ids: [id], reason: 'Request of May' })
    expect((await links.oneClick(oneClickUrl)).status).toBe(200)
    expect(await links.codesOf(await givenContact(tenant, { email: 'erased@example.com' }))).toEqual(['SUPPRESSED', 'OPTED_OUT'])
  })
})

test.each(['', '/unsubscribe', '/confirm'])('other methods than GET and POST are refused with the methods to use: %j', async (path) => {
  const { url } = await links.linkFor(await links.person())
  const refused = await links.send(`${url}${path}`, { method: 'PUT' })
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  const asked = await links.send(`${url}${path}`, { method: 'OPTIONS' })
  expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
})
