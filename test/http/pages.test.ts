import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../src/http/rest/routes.ts'
import { browserPath, openBrowser } from '../support/browser.ts'
import { type Running, startServer } from '../support/process.ts'

// A machine without a Chromium cannot test pages; the tests say that they were skipped.
describe.skipIf(browserPath === null)('in a browser that reaches nothing but this server', () => {
  let folder: string
  let server: Running
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contact-gateway-pages-'))
    server = await startServer({ DATA_DIR: folder, LOG_LEVEL: 'error' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    server.process.kill('SIGTERM')
    await server.exit()
    await rm(folder, { recursive: true, force: true })
  })

  async function open(path: string) {
    const page = await browser.context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    await page.goto(server.url + path)
    return { page, faults }
  }

  test('the first page says what runs here and leads everywhere', async () => {
    const { page, faults } = await open('/')
    expect(await page.textContent('h1')).toBe('Contact gateway')
    const links = await page.$$eval('main a', (anchors) => anchors.map((anchor) => anchor.getAttribute('href') ?? ''))
    expect(links).toEqual(expect.arrayContaining(['/graphql', '/docs', '/docs/errors', '/api/v1/openapi.json', '/health', '/ready']))
    for (const link of links) expect((await fetch(server.url + link, { headers: { Accept: 'text/html' } })).status).toBe(200)
    expect(await page.textContent('pre')).toMatch(/X-API-Key: dv_live_sk_/)
    expect(faults).toEqual([])
  })

  test('GraphiQL opens with examples and the key, and runs a query', async () => {
    const { page, faults } = await open('/graphql')
    await page.waitForSelector('.graphiql-execute-button')
    const headers = page.locator('.graphiql-editor-tool')
    await page.waitForFunction(() => document.body.innerText.includes('X-API-Key'))
    expect(await headers.innerText()).toMatch(/dv_live_sk_/)
    expect(await page.locator('[role=tab]').allInnerTexts()).toEqual(
      expect.arrayContaining(['Story', 'Newest', 'Search', 'Create', 'Record', 'WhoAmI']),
    )
    await page.click('.graphiql-execute-button')
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('Maya'))
    // The editor writes its spaces as non-breaking ones.
    expect((await page.locator('.result-window').innerText()).replaceAll('\u00a0', ' ')).toContain('"preferredChannel": "WHATSAPP"')
    for (const tab of ['Search', 'Newest', 'WhoAmI']) {
      await page.click(`[role=tab] >> text=${tab}`)
      await page.waitForSelector(`.graphiql-tab-active >> text=${tab}`)
    }
    expect(faults).toEqual([])
  }, 60_000)

  test('the REST reference lists every route, and tries one out with the key', async () => {
    const { page, faults } = await open('/docs')
    await page.waitForSelector('.opblock')
    expect(await page.locator('.opblock').count()).toBe(Object.values(routes).flatMap((methods) => Object.keys(methods)).length)
    const key = /X-API-Key: (\S+)'/.exec(await (await fetch(server.url)).text())?.[1] ?? ''
    await page.click('.btn.authorize')
    await page.locator('.auth-container input').first().fill(key)
    await page.locator('.auth-btn-wrapper .authorize').first().click()
    await page.click('.btn-done')
    await page.click('#operations-Contacts-listContacts')
    await page.click('#operations-Contacts-listContacts .execute')
    await page.waitForFunction(() => document.querySelector('.live-responses-table')?.textContent?.includes('Emily Chen'))
    expect(faults).toEqual([])
  }, 60_000)

  test('the list of errors has every code under its own address', async () => {
    const { page, faults } = await open('/docs/errors#CONTACT_ALREADY_EXISTS')
    expect(await page.locator('tr:target').innerText()).toMatch(/409/)
    expect(faults).toEqual([])
  })

  test('nothing was asked of any other host', () => {
    expect(browser.refused).toEqual([])
  })
})
