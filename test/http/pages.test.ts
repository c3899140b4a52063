import { readFile, rm } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { routes } from '../../src/http/rest/routes.ts'
import { browserPath, openBrowser, rulesOfForm, violationsIn } from '../support/browser.ts'
import { newDataFolder } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'

// The pages are those of the demo, which is on the embedded database: a run on a server has nothing to add. A machine without a Chromium cannot test them.
describe.skipIf(browserPath === null || inject('template').server !== null)('in a browser that reaches nothing but this server', () => {
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

  /** Opens a page for some work and closes it: pages in the background would take time from the next ones. */
  async function visit(path: string, work: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    await page.goto(server.url + path)
    await work(page)
    await page.close()
    expect(faults).toEqual([])
  }

  /** The serious violations of a page in light and dark, wide and narrow, and by how much it is too wide. */
  async function faultsOf(page: Page, paths: string): Promise<unknown[]> {
    const found: unknown[] = []
    for (const [index, [colorScheme, width]] of forms.entries()) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      const rules = index === 0 ? null : rulesOfForm
      const violations = await violationsIn(page, rules)
      const excess = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
      if (violations.length > 0 || excess > 0) found.push({ paths, colorScheme, width, violations, excess })
    }
    return found
  }

  test('the first page says what runs here and leads everywhere', () =>
    visit('/', async (page) => {
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
      expect(await faultsOf(page, '/')).toEqual([])
    }))

  test('GraphiQL opens with examples, uses the key of the demo, and runs a query', () =>
    visit('/graphql', async (page) => {
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
    }))

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
    await page.close()
  })

  test('GraphiQL has a history of the queries that were run, which outlasts the page and has no key', () =>
    visit('/graphql', async (page) => {
      await page.waitForSelector('.graphiql-execute-button')
      await page.click('[role=tab] >> text=Newest')
      await page.waitForSelector('.graphiql-tab-active >> text=Newest')
      await page.click('.graphiql-execute-button')
      await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('displayName'))
      await page.reload()
      await page.waitForSelector('.graphiql-execute-button')
      await page.click('[aria-label="Show History"]')
      const entry = page.locator('.graphiql-history-item >> text=Newest')
      await entry.waitFor()
      await page.click('[role=tab] >> text=WhoAmI')
      await page.waitForSelector('.graphiql-tab-active >> text=WhoAmI')
      await entry.click()
      await page.waitForSelector('.graphiql-tab-active >> text=Newest')
      const stored = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))
      expect(stored).toContain('query Newest')
      expect(stored).not.toMatch(/dv_live_sk_/)
    }))

  test('the REST reference lists every route, is accessible, and tries routes out with the key', () =>
    visit('/docs/rest', async (page) => {
      await page.waitForSelector('.opblock')
      expect(await page.locator('.opblock').count()).toBe(Object.values(routes).flatMap((methods) => Object.keys(methods)).length)
      // A write unchanged, after another one: no example of a header fits one request only.
      for (const [operation, answer] of [
        ['listContacts', 'Emily Chen'],
        ['createContact', 'Ana'],
        ['updateContact', 'Maya'],
      ] as const) {
        const block = `#operations-Contacts-${operation}`
        await page.click(`${block} .opblock-summary-control`)
        await page.waitForSelector(`${block} .execute`)
        const { height = 0 } = (await page.locator(block).boundingBox()) ?? {}
        expect({ operation, isTall: height > 1800 }).toEqual({ operation, isTall: false })
        await page.click(`${block} .execute`)
        await page.waitForSelector(`${block} .live-responses-table >> text=${answer}`)
      }
      expect(await faultsOf(page, '/docs/rest')).toEqual([])
    }))

  test('the documentation has a page for every file, all accessible, and finds words in it', () =>
    visit('/docs', async (page) => {
      const links = await page.$$eval('.side nav a', (anchors) => anchors.map((anchor) => anchor.getAttribute('href') ?? ''))
      expect(links).toEqual(expect.arrayContaining(['/docs', '/docs/guide/consent', '/docs/production', '/docs/rest', '/docs/changelog']))
      const answers = await Promise.all(
        links.map(async (link) => {
          const response = await fetch(server.url + link)
          return { link, status: response.status, article: /<article>([\s\S]*)<\/article>/.exec(await response.text())?.[1] ?? null }
        }),
      )
      expect(answers.filter(({ status }) => status !== 200)).toEqual([])
      await page.fill('#site-search', 'keyset curs')
      await page.click('#site-results a >> text=Pagination')
      await page.waitForURL('**/docs/guide/pagination#*')
      expect(await page.textContent('h1')).toBe('Pagination')
      // The frame is the same on all pages, so their articles are judged in one: to open each in each form would take a minute.
      const articles = answers.flatMap(({ link, article }) =>
        article === null ? [] : [`<article data-path="${link}">${article}</article>`],
      )
      expect(articles.length).toBeGreaterThan(35)
      await page.evaluate((html) => {
        const article = document.querySelector('article')
        if (article !== null) article.outerHTML = html
      }, articles.join(''))
      expect(await faultsOf(page, 'all articles')).toEqual([])
    }))

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

  test('the schema is served as text, and only read', async () => {
    const schema = await (await fetch(`${server.url}/schema.graphql`)).text()
    expect(schema).toContain('type Contact implements Node')
    for (const path of ['/schema.graphql', '/docs', '/docs/rest', '/llms.txt']) {
      const refused = await fetch(server.url + path, { method: 'POST' })
      expect([path, refused.status, refused.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD, OPTIONS'])
    }
  })

  test('the list of errors has every code under its own address', () =>
    visit('/docs/errors#CONTACT_ALREADY_EXISTS', async (page) => {
      expect(await page.locator('tr:target').innerText()).toMatch(/409/)
    }))

  test('nothing was asked of any other host', () => {
    expect(browser.refused).toEqual([])
  })
})

const forms = [
  ['light', 1440],
  ['dark', 1440],
  ['dark', 390],
  ['light', 390],
] as const
