import { join } from 'node:path'
import { SignJWT } from 'jose'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { browserPath, openBrowser, operationsOf, violationsIn } from '../support/browser.ts'
import { copyTemplate } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'
import { testOrganizationWrites } from './organization-writes.ts'
import { testRequests } from './requests.ts'
import { testWrites } from './writes.ts'

const markup = '<img src=x onerror="document.title=1"> & <b>bold</b>'

const secret = 'a secret that is long enough for tests'

/** With `CONSOLE_SCREENSHOTS`, the screens are written into that folder to be looked at. */
const screenshots = process.env['CONSOLE_SCREENSHOTS']

// A machine without a Chromium skips these tests.
describe.skipIf(browserPath === null)('the console, in a browser that reaches nothing but this server', () => {
  let server: Running
  let browser: Awaited<ReturnType<typeof openBrowser>>
  let page: Page
  let key: string
  let removeDatabase: () => Promise<void>
  const faults: string[] = []
  const requests: string[] = []

  beforeAll(async () => {
    const { config, remove } = await copyTemplate()
    removeDatabase = remove
    server = await startServer({
      LOG_LEVEL: 'error',
      DEMO_DATA: 'true',
      JWT_SECRET: secret,
      ...(config.url === null ? { DATA_DIR: config.dataDir } : { DATABASE_URL: config.url }),
    })
    key = /dv_live_sk_\S+/.exec(server.output())?.[0] ?? ''
    browser = await openBrowser()
    page = await browser.context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('request', (request) => operationsOf(request).forEach((name) => requests.push(name)))
  })
  afterAll(async () => {
    await browser.close()
    server.process.kill('SIGTERM')
    await server.exit()
    await removeDatabase()
  })

  async function openContact(search: string, name: string): Promise<void> {
    await page.goto(`${server.url}/console/`)
    await page.getByRole('searchbox').fill(search)
    await page.getByRole('link', { name }).first().click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.locator('.answer').waitFor()
  }

  test('a person is found and the question "may we write?" is answered, without typing a key', async () => {
    await openContact('okafor', 'Maya Okafor')
    const answer = page.locator('.answer')
    await page.getByRole('group', { name: 'Channel' }).getByRole('button', { name: 'SMS' }).click()
    await answer.filter({ hasText: /^No/ }).waitFor()
    expect(await page.locator('.refusals').innerText()).toContain('OPTED_OUT')
    await page.getByRole('button', { name: 'Consent ledger' }).first().click()
    await page.getByRole('dialog', { name: 'Consent on SMS' }).getByText('preference_page').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('group', { name: 'Channel' }).getByRole('button', { name: 'Email' }).click()
    await page.getByLabel('Topic').selectOption({ label: 'Fairs and events' })
    await page.locator('input[type=datetime-local]').fill('2030-01-15T12:00')
    await answer.filter({ hasText: /^No/ }).waitFor()
    await page.getByLabel('Topic').selectOption({ label: 'none' })
    await answer.filter({ hasText: /^Yes/ }).waitFor()
  })

  test('a suggestion that is done leaves the list, and its message is shown', async () => {
    await openContact('okafor', 'Maya Okafor')
    const suggestion = page.getByRole('article', { name: 'Reply to' })
    await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: 'Call' }).click()
    await suggestion.getByRole('button', { name: 'Yes please' }).click()
    await page.locator('.entry.shown').waitFor()
    await suggestion.getByRole('button', { name: 'Done' }).click()
    await suggestion.waitFor({ state: 'detached' })
    expect(await page.locator('.next').getByRole('status').innerText()).toContain('Recorded for “Reply to”')
  })

  test('a German file of another charset is imported with a mapping, and rolled back', async () => {
    const rows = [
      'Vorname;Nachname;E-Mail;Telefon;Land;Kundennr',
      'Jürgen;Groß;juergen@example.de;030 901820;Deutschland;K-17',
      'Ohne;Adresse;;;;K-18',
    ]
    await page.goto(`${server.url}/console/imports`)
    await page.getByLabel('File').setInputFiles({
      name: `kunden ${markup.replaceAll('/', '')}.csv`,
      mimeType: 'text/csv',
      buffer: Buffer.from(rows.join('\n'), 'latin1'),
    })
    await page.getByRole('cell', { name: 'Jürgen' }).waitFor()
    await page.getByLabel('Kundennr becomes').selectOption('custom_attributes.kundennr')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByRole('cell', { name: 'Jürgen Groß' }).waitFor()
    expect(await page.locator('.counts').innerText()).toMatch(/Created\s+1\s+Updated\s+0\s+Unchanged\s+0\s+Skipped\s+1\s+Rows\s+2/)
    await page.getByRole('button', { name: 'Import 1 contact' }).click()
    await page.getByRole('button', { name: 'Download skipped rows' }).waitFor()
    await page.getByText('MISSING_REQUIRED_FIELD').waitFor()
    await page.getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('As before: 1. Changed since and kept: 0.').waitFor()
    await page.goto(`${server.url}/console/?q=juergen@example.de`)
    await page.getByText('No contact matches.').waitFor()
    expect(await page.locator('.count').innerText()).toBe('0 contacts')
  })

  test('two contacts are merged after a preview, and the merge is taken back', async () => {
    await openContact('emily.chen', 'Emily Chen')
    await page.getByLabel('More', { exact: true }).click()
    await page.getByRole('button', { name: 'Merge…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Merge into Emily Chen' })
    await dialog.getByRole('searchbox').fill('leila.haddad')
    await dialog.getByRole('button', { name: 'Leila Haddad' }).click()
    await dialog.getByRole('row', { name: 'First name' }).getByText('Leila').waitFor()
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
    await dialog.getByText('Leila Haddad is merged.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('leila.haddad@example.org').waitFor()
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByText('leila.haddad@example.org').waitFor({ state: 'detached' })
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Emily Chen')
  })

  test('a contact is blocked with a reason, and unblocked', async () => {
    await openContact('emily.chen', 'Emily Chen')
    await page.getByRole('button', { name: 'Block' }).click()
    await page.getByLabel('Reason').fill('Silent calls')
    await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
    await page.locator('.contact-header').getByText('Silent calls').waitFor()
    await page.getByRole('button', { name: 'Unblock' }).click()
    await page.getByRole('button', { name: 'Block', exact: true }).waitFor()
    expect(await page.locator('.contact-header .badge').count()).toBe(0)
    await page.keyboard.press('/')
    await page.locator('input[type=search]:focus').waitFor()
  })

  test('a changed quiet hour changes a decision', async () => {
    await page.goto(`${server.url}/console/organization`)
    await page.getByLabel('Email, everywhere: Opens').fill('01:00')
    await page.getByLabel('Email, everywhere: Closes').fill('02:00')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await openContact('okafor', 'Maya Okafor')
    await page.locator('input[type=datetime-local]').fill('2030-01-15T12:00')
    await page.locator('.answer').filter({ hasText: /^No/ }).waitFor()
    expect(await page.locator('.refusals').innerText()).toContain('QUIET_HOURS')
  })

  test('many contacts are tagged: the count is shown before, the outcome after; and the conditions compose', async () => {
    await page.goto(`${server.url}/console/`)
    await page.getByLabel('Add Stage').selectOption('CUSTOMER')
    await page.getByLabel('Add Consent').selectOption({ label: 'Email: opted in' })
    await page.getByRole('button', { name: 'Remove Customer' }).waitFor()
    await page.getByLabel('Select the rows that are loaded').check()
    const count = /^[\d,]+/.exec(await page.locator('.bulk-bar strong').innerText())?.[0] ?? ''
    await page.getByLabel('Add tag', { exact: true }).fill('spring')
    await page.getByLabel('Add tag', { exact: true }).press('Enter')
    await page.getByRole('dialog', { name: `Add tag “spring”: ${count} contacts?` }).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Add tag' }).click()
    const outcome = page.getByRole('dialog').getByRole('status')
    expect(await outcome.innerText()).toBe(`${count} changed, 0 unchanged, 0 failed`)
  })

  test('a page of the same origin embeds the console and hands a token over, whose scopes count', async () => {
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
    const asked = { method: 'POST', headers, body: JSON.stringify({ query: '{ viewer { organization { id } } }' }) }
    const { data } = (await (await fetch(`${server.url}/graphql`, asked)).json()) as { data: { viewer: { organization: { id: string } } } }
    const claims = { organization_id: data.viewer.organization.id, sub: 'user 7', scope: 'contacts:read' }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret))
    const embedding = `${server.url}/embedding`
    await page.route(embedding, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<iframe src="/console/" title="Contacts" width="1200" height="800"></iframe>' }),
    )
    await page.goto(embedding)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('searchbox').waitFor()
    const withToken = page.waitForRequest((request) => request.headers()['authorization'] === `Bearer ${token}`)
    await page.evaluate(
      (given) =>
        document.querySelector('iframe')?.contentWindow?.postMessage({ type: 'contact-gateway:token', token: given }, location.origin),
      token,
    )
    expect((await (await withToken).response())?.status()).toBe(200)
    await frame.getByRole('searchbox').fill('okafor')
    await frame.getByRole('link', { name: 'Maya Okafor' }).click()
    await frame.locator('.answer').waitFor()
    expect(await frame.getByRole('button', { name: 'Block' }).count()).toBe(0)
  })

  test('a typed key is kept in the session storage of the tab only', async () => {
    await page.goto(`${server.url}/console/`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('API key or token').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'Emily Chen' }).waitFor()
    expect(await page.evaluate<number>('localStorage.length')).toBe(0)
  })

  test('markup in names, attributes, tags, notes, activities and file names is shown as text', async () => {
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
    const fields = {
      first_name: markup,
      email: 'markup@example.com',
      company: markup,
      tags: ['<i>tag</i>'],
      custom_attributes: { '<b>key</b>': markup },
    }
    const created = await fetch(`${server.url}/api/v1/contacts`, { method: 'POST', headers, body: JSON.stringify(fields) })
    const { data } = (await created.json()) as { data: { id: string } }
    const at = new Date().toISOString()
    const message = { channel: 'EMAIL', direction: 'INBOUND', status: 'RECEIVED', body: markup, subject: markup, occurredAt: at }
    const event = { name: 'form', properties: { text: markup }, occurredAt: at }
    const contact = { id: data.id }
    const input = { activities: [{ message: { ...message, contact } }, { event: { ...event, contact } }] }
    const query =
      'mutation ($input: RecordActivitiesInput!) { recordActivities(input: $input) { ... on RecordActivitiesPayload { outcomes { activityId message } } } }'
    const recorded = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables: { input } }),
    })
    expect(JSON.stringify(await recorded.json())).toContain('"activityId":"msg_')
    await page.goto(`${server.url}/console/contacts/${data.id}`)
    await page.getByRole('tab', { name: 'Notes' }).click()
    await page.getByLabel('New note').fill(markup)
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.locator('.multiline').getByText(markup).waitFor()
    await page.getByRole('tab', { name: 'Journey' }).click()
    await page.locator('.journey g.mark').first().hover()
    await page.getByRole('tab', { name: 'Timeline' }).click()
    await page.getByText(markup).nth(2).waitFor()
    expect(await page.locator('img, b, i').count()).toBe(0)
    expect(await page.title()).toBe('Contact gateway')
  })

  testRequests(() => ({ page, url: server.url, requests }))
  testWrites(() => ({ page, url: server.url }))
  testOrganizationWrites(() => ({ page, url: server.url }))

  // How a screen looks does not depend on the database, nor what axe finds on how much wider the window is.
  describe.skipIf(inject('template').server !== null)(
    'screens are accessible and fit, light and dark, on a phone and on a wide window',
    () => {
      test.each([
        ['contacts', '/console/', '[role=row] a', null],
        ['contact', null, '.answer', null],
        ['journey', null, '.answer', 'Journey'],
        ['imports', '/console/imports', 'td', null],
        ['figures', '/console/figures', '.figure', null],
        ['organization', '/console/organization', '.editor', null],
        ['caps', '/console/organization/caps', 'td', null],
        ['topics', '/console/organization/topics', 'td', null],
        ['attributes', '/console/organization/attributes', 'td, .empty', null],
        ['duplicates', '/console/duplicates', '.empty', null],
        ['suppressions', '/console/organization/suppressions', 'td', null],
        ['keys', '/console/organization/keys', 'td', null],
        ['audit', '/console/audit', 'td, .empty', null],
      ] as const)('%s', async (name, path, ready, tab) => {
        if (path === null) await openContact('okafor', 'Maya Okafor')
        else await page.goto(server.url + path)
        await page.locator(ready).first().waitFor()
        if (tab !== null) await page.getByRole('tab', { name: tab }).click()
        if (tab === 'Journey') await page.locator('.journey g.mark').first().waitFor()
        await page.locator('.skeleton').first().waitFor({ state: 'detached' })
        const found: unknown[] = []
        for (const [colorScheme, width, isAudited] of [
          ['light', 1440, true],
          ['dark', 390, true],
          ['dark', 1920, false],
        ] as const) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 900 })
          if (screenshots !== undefined) await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}-${width}.png`) })
          const violations = isAudited ? await violationsIn(page) : []
          const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
          if (violations.length > 0 || excess > 0) found.push({ colorScheme, width, violations, excess })
        }
        expect(found).toEqual([])
      })
    },
  )

  test('nothing failed in the pages, and nothing was asked of any other host', () => {
    expect([faults, browser.refused]).toEqual([[], []])
  })
})
