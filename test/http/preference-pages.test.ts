import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { deleteContacts, updateContact } from '../../src/domain/contacts/commands.ts'
import { upsertTopic } from '../../src/domain/topics/commands.ts'
import { subscriberOf } from '../../src/http/pages/preferences/limits.ts'
import { defaultRateLimits } from '../../src/http/settings.ts'
import { browserPath, openBrowser } from '../support/browser.ts'
import { givenContact, unique } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { startHttpServer } from '../support/http-app.ts'
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

describe('a link that serves nothing', () => {
  test('is a plain page with its status, and changes nothing', async () => {
    const id = await links.person()
    const { url } = await links.linkFor(id, { expiresInDays: 1 })
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
      expect([
        (await links.send(`${base}/${token}`)).status,
        (await links.post(`${base}/${token}`, { everything: 'opted_out' })).status,
      ]).toEqual([404, 404])
      expect((await links.oneClick(`${base}/${token}/unsubscribe`)).status).toBe(404)
    }
    expect((await links.send(`${url}/confirm`)).status).toBe(404)
    gateway.clock.now = at(25 * 60)
    expect([(await links.send(url)).status, (await links.post(url, { everything: 'opted_out' })).status]).toEqual([410, 410])
    gateway.clock.now = noon
    await deleteContacts(tenant.context, [id])
    const gone = await links.send(url, { headers: { 'Accept-Language': 'xx, pl;q=0.9, en;q=0.1' } })
    expect([gone.status, await gone.text()]).toEqual([410, expect.stringContaining('Ten link jest już nieważny')])
    expect((await links.post(url, { everything: 'opted_out' })).status).toBe(410)
    expect(await links.recordsOf(id)).toEqual([])
  })

  test('is refused by name where it is created', async () => {
    const id = await links.person()
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
    const id = await links.person()
    await links.say(id, 'opted_in', { topic: topic.key, recordedAt: at(-10) })
    const link = await links.confirmationLinkFor(id, topic.key)
    return { id, ...link, codes: () => links.codesOf(id, { topic: topic.key }), topic }
  }

  test('waits for a POST of the page; twice is one confirmation', async () => {
    const { id, url, codes } = await pending()
    expect(await codes()).toEqual(['UNCONFIRMED'])
    const page = await (await links.send(url)).text()
    expect(page).toContain('Do you want to receive messages from Example &amp; Sons: Weekly letter (Email)?')
    expect(await codes()).toEqual(['UNCONFIRMED'])
    for (let times = 0; times < 2; times += 1) {
      const response = await links.post(url, { confirm: 'yes' })
      expect([response.status, response.headers.get('location')]).toEqual([303, new URL(url).pathname])
    }
    expect(await (await links.send(url)).text()).toContain('Your subscription is confirmed.')
    expect(await codes()).toEqual([])
    expect((await links.recordsOf(id)).map(({ state, source, textVersion }) => [state, source, textVersion])).toEqual([
      ['pending', 'web_form', 'v1'],
      ['opted_in', 'double_opt_in', 'v1'],
    ])
  })

  test('does not open again what was opted out of after it', async () => {
    const { id, url, codes, topic } = await pending()
    await links.post(url, { confirm: 'yes' })
    gateway.clock.now = at(1)
    await links.say(id, 'opted_out', { topic: topic.key })
    gateway.clock.now = at(2)
    expect([(await links.post(url, { confirm: 'yes' })).status, await codes()]).toEqual([410, ['OPTED_OUT']])
    gateway.clock.now = noon
  })

  test('does not count for another address or after its time', async () => {
    const moved = await pending()
    await updateContact(tenant.context, moved.id, { email: `moved${unique()}@example.com` })
    expect([(await links.send(moved.url)).status, (await links.post(moved.url, { confirm: 'yes' })).status]).toEqual([410, 410])
    const late = await pending()
    gateway.clock.now = at(8 * 24 * 60)
    expect([(await links.send(late.url)).status, (await links.post(late.url, { confirm: 'yes' })).status]).toEqual([410, 410])
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
    const id = await links.person()
    const fields = Object.fromEntries(
      ['email', 'sms'].flatMap((name) => [
        [`${name}.${topic.id}`, 'opted_in'],
        [`shown.${name}.${topic.id}`, 'opted_out'],
      ]),
    )
    await links.post((await links.linkFor(id)).url, fields)
    const states = (await links.recordsOf(id)).map(({ channel, state }) => [channel, state])
    expect(Object.fromEntries(states)).toEqual({ email: 'opted_in', sms: 'pending' })
  })
})

describe('requests with links', () => {
  test('leave neither token nor address in the log', async () => {
    gateway.log.length = 0
    const { url, oneClickUrl } = await links.linkFor(await links.person({ email: 'logged@example.com' }))
    await links.send(url)
    await links.oneClick(oneClickUrl)
    await links.send(`${url}/nothing/here`)
    await links.send(url.replace('/preferences', '//preferences'))
    const text = JSON.stringify(gateway.log)
    expect(text).not.toContain(url.split('/').at(-1)?.slice(0, 40))
    expect(text).not.toContain('logged@')
    expect(gateway.log.map(({ path }) => path)).toContain('/preferences/[token]/unsubscribe')
  })

  test('are limited for each link', async () => {
    const { url } = await links.linkFor(await links.person())
    const statuses: number[] = []
    for (let request = 0; request < 61; request += 1) statuses.push((await links.send(url, { method: 'HEAD' })).status)
    expect(statuses.slice(-2)).toEqual([200, 429])
    const refused = await links.send(url, { headers: { 'Accept-Language': 'fr-CH' } })
    expect([refused.headers.get('retry-after'), await refused.text()]).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringContaining('Trop de requêtes'),
    ])
    expect((await links.send((await links.linkFor(await links.person())).url)).status).toBe(200)
  })

  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['2001:db8:1::', '2001:db8:1:0'],
  ])('from %s are counted for %s', (client, counted) => {
    expect(subscriberOf(client)).toBe(counted)
  })
})

// A machine without a Chromium skips these tests.
describe.skipIf(browserPath === null)('in a browser', () => {
  let httpServer: Awaited<ReturnType<typeof startHttpServer>>
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    httpServer = await startHttpServer(gateway)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await httpServer.close()
  })

  /** The address of a link on the server of this test. */
  const here = (url: string): string => url.replace(publicUrl, `http://${httpServer.host}`)

  /** What axe finds on a page in light and dark, wide and narrow, and by how much the page is too wide. */
  async function faultsOf(page: Page, name: string): Promise<unknown[]> {
    await page.evaluate(axe.source)
    const found: unknown[] = []
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1440, 390]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        if (violations.length > 0 || excess > 0)
          found.push({
            name,
            colorScheme,
            width,
            excess,
            violations: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          })
      }
    return found
  }

  // What a page looks like does not depend on the database.
  test.skipIf(inject('template').server !== null)(
    'every page that a link leads to is accessible in light and dark, wide and narrow',
    async () => {
      const page = await browser.context.newPage()
      const topic = { key: `axe_${unique()}`, name: 'Weekly letter', channels: ['email', 'sms'], doubleOptIn: true }
      await upsertTopic(tenant.context, null, topic)
      const id = await links.person({ language: 'de' })
      await links.say(id, 'opted_in', { recordedAt: at(-60) })
      const preferences = await links.linkFor(id)
      await links.say(id, 'opted_in', { topic: topic.key, recordedAt: at(-10) })
      const confirmation = (await links.confirmationLinkFor(id, topic.key)).url
      const limited = await links.linkFor(await links.person())
      for (let request = 0; request < 60; request += 1) await links.send(limited.url, { method: 'HEAD' })
      const expiring = await links.linkFor(await links.person(), { expiresInDays: 1 })
      const faults: unknown[] = []
      const look = async (name: string, url: string, status = 200): Promise<void> => {
        const response = await page.goto(here(url))
        expect([name, response?.status()]).toEqual([name, status])
        faults.push(...(await faultsOf(page, name)))
      }
      await look('preferences', preferences.url)
      await page.getByRole('button').last().click()
      await page.getByRole('status').waitFor()
      faults.push(...(await faultsOf(page, 'preferences after saving')))
      await look('confirmation', confirmation)
      await page.getByRole('button').click()
      await page.waitForLoadState()
      faults.push(...(await faultsOf(page, 'confirmed')))
      await look('one-click page in a browser', preferences.oneClickUrl, (await links.send(preferences.oneClickUrl)).status)
      await look('tampered link', preferences.url.slice(0, -1), 404)
      await look('too many requests', limited.url, 429)
      gateway.clock.now = at(25 * 60)
      await look('expired link', expiring.url, 410)
      gateway.clock.now = noon
      await page.close()
      expect(faults).toEqual([])
    },
  )

  test('the form of the page works with the keyboard and without another host', async () => {
    const topic = await upsertTopic(tenant.context, null, { key: `seen_${unique()}`, name: 'Product news', channels: ['email', 'sms'] })
    const id = await links.person()
    await links.say(id, 'opted_in', { recordedAt: at(-60) })
    const page = await browser.context.newPage()
    await page.goto(here((await links.linkFor(id)).url))
    await page.getByRole('group', { name: 'Email' }).getByRole('radio', { name: 'No messages' }).check()
    await page.getByRole('group', { name: 'Product news' }).getByRole('checkbox', { name: 'SMS' }).check()
    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('status').waitFor()
    expect(browser.refused).toEqual([])
    expect(await links.codesOf(id)).toEqual(['OPTED_OUT'])
    expect((await links.recordsOf(id)).slice(1).map(({ channel, state, topicId }) => [channel, state, topicId])).toEqual([
      ['email', 'opted_out', null],
      ['sms', 'opted_in', topic.id],
    ])
  })
})
