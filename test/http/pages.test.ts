import { readFile, rm } from 'node:fs/promises'
import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../src/http/rest/routes.ts'
import { browserPath, openBrowser } from '../support/browser.ts'
import { newDataFolder } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'

// A machine without a Chromium cannot test pages; the tests say that they were skipped.
describe.skipIf(browserPath === null)('in a browser that reaches nothing but this server', () => {
  let folder: string
  let server: Running
  let browser: Awaited<ReturnType<typeof openBrowser>>
  beforeAll(async () => {
    folder = await newDataFolder()
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
    expect(links).toEqual(
      expect.arrayContaining([
        '/graphql',
        '/docs',
        '/docs/rest',
        '/docs/errors',
        '/schema.graphql',
        '/api/v1/openapi.json',
        '/health',
        '/ready',
      ]),
    )
    for (const link of links) expect((await fetch(server.url + link, { headers: { Accept: 'text/html' } })).status).toBe(200)
    expect(await page.textContent('pre')).toMatch(/X-API-Key: dv_live_sk_/)
    expect(faults).toEqual([])
  })

  test('GraphiQL opens with examples, uses the key of the demo, and runs a query', async () => {
    const { page, faults } = await open('/graphql')
    await page.waitForSelector('.graphiql-execute-button')
    expect(await page.locator('#key-state').innerText()).toMatch(/^In use: dv_live_sk_/)
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

  test('GraphiQL asks for a key once, uses it in every tab, and keeps it for the session only', async () => {
    const key = /X-API-Key: (\S+)'/.exec(await (await fetch(server.url)).text())?.[1] ?? ''
    const page = await browser.context.newPage()
    // Requests through a proxy are not shown the key of the demo.
    await page.setExtraHTTPHeaders({ 'X-Forwarded-For': '203.0.113.9' })
    await page.goto(`${server.url}/graphql`)
    await page.waitForSelector('.graphiql-execute-button')
    expect(await page.locator('#key-state').innerText()).toBe('Enter a key to run operations.')
    await page.fill('#key', key)
    await Promise.all([page.waitForEvent('load'), page.click('#key-form button')])
    await page.click('[role=tab] >> text=WhoAmI')
    await page.waitForSelector('.graphiql-tab-active >> text=WhoAmI')
    await page.click('.graphiql-execute-button')
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('scopes'))
    expect(await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain(key)
  }, 60_000)

  test('the REST reference lists every route, and tries one out with the key', async () => {
    const { page, faults } = await open('/docs/rest')
    await page.waitForSelector('.opblock')
    expect(await page.locator('.opblock').count()).toBe(Object.values(routes).flatMap((methods) => Object.keys(methods)).length)
    await page.click('#operations-Contacts-listContacts')
    await page.click('#operations-Contacts-listContacts .execute')
    await page.waitForFunction(() => document.querySelector('.live-responses-table')?.textContent?.includes('Emily Chen'))
    expect(faults).toEqual([])
  }, 60_000)

  test('the documentation has a page for every file, and finds words in it', async () => {
    const { page, faults } = await open('/docs')
    const links = await page.$$eval('.side nav a', (anchors) => anchors.map((anchor) => anchor.getAttribute('href') ?? ''))
    expect(links).toEqual(expect.arrayContaining(['/docs', '/docs/guide/consent', '/docs/production', '/docs/rest', '/docs/changelog']))
    const answers = await Promise.all(links.map(async (link) => [link, (await fetch(server.url + link)).status]))
    expect(answers.filter(([, status]) => status !== 200)).toEqual([])
    await page.fill('#site-search', 'keyset curs')
    await page.click('#site-results a >> text=Pagination')
    await page.waitForURL('**/docs/guide/pagination#*')
    expect(await page.textContent('h1')).toBe('Pagination')
    expect(faults).toEqual([])
  })

  test('each page of the documentation is also there as Markdown, and llms.txt lists them', async () => {
    const list = await (await fetch(`${server.url}/llms.txt`)).text()
    const urls = [...list.matchAll(/\]\((http[^)]+\.md)\)/g)].map(([, url = '']) => url)
    expect(urls.length).toBeGreaterThan(25)
    const page = await fetch(`${server.url}/docs/guide/pagination.md`)
    expect(page.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(await page.text()).toBe(await readFile('docs/guide/pagination.md', 'utf8'))
    const answers = await Promise.all(urls.map(async (url) => [url, (await fetch(url)).status]))
    expect(answers.filter(([, status]) => status !== 200)).toEqual([])
  })

  test('the schema is served as text', async () => {
    const schema = await (await fetch(`${server.url}/schema.graphql`)).text()
    expect(schema).toContain('type Contact implements Node')
  })

  test.each([
    ['light', 1440],
    ['dark', 390],
    ['dark', 1440],
    ['light', 390],
  ] as const)('pages are accessible and fit: %s, %i px', async (colorScheme, width) => {
    const page = await browser.context.newPage()
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    const found: unknown[] = []
    for (const path of [
      '/',
      '/docs',
      '/docs/errors',
      '/docs/production',
      '/docs/guide/search',
      '/docs/decisions/0012-one-pipeline-two-transports',
    ]) {
      await page.goto(server.url + path)
      // Not as a script of the page: its policy would refuse it.
      await page.evaluate(axe.source)
      const violations = await page.evaluate(seriousViolations)
      const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
      if (violations.length > 0 || excess > 0) found.push({ path, violations, excess })
    }
    await page.close()
    expect(found).toEqual([])
  })

  test('the list of errors has every code under its own address', async () => {
    const { page, faults } = await open('/docs/errors#CONTACT_ALREADY_EXISTS')
    expect(await page.locator('tr:target').innerText()).toMatch(/409/)
    expect(faults).toEqual([])
  })

  test('nothing was asked of any other host', () => {
    expect(browser.refused).toEqual([])
  })
})

/** Runs in the page. */
async function seriousViolations(): Promise<string[]> {
  // proof: the script of axe-core was added to the page, which has it as a global of this name
  const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}
