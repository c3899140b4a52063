import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clustered, ticks, timeScale } from '../../src/console/contact/journey-scale.ts'
import manifest from '../../src/console/generated/manifest.json' with { type: 'json' }
import { browserPath, openBrowser } from '../support/browser.ts'
import { newDataFolder } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'

test('the registered operations are valid in the schema of today and have the hash of their text', async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'))
  for (const [hash, text] of Object.entries(manifest)) {
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash)
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([])
  }
})

describe('the picture of a journey', () => {
  test('marks closer than the gap are one mark, and no entry is lost', () => {
    const times = [0, 3, 5, 20, 21, 100]
    const marks = clustered(times, timeScale({ from: 0, to: 100 }, 100), 9)
    expect(marks).toEqual([
      { x: 0, entries: [0, 3, 5] },
      { x: 20, entries: [20, 21] },
      { x: 100, entries: [100] },
    ])
  })

  test('an axis has few ticks inside of its range, whatever its length', () => {
    for (const days of [0.01, 1, 30, 400, 4000, 20_000]) {
      const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 1) + days * 86_400_000 }
      const found = ticks(range, 7)
      expect(found.length).toBeLessThanOrEqual(8)
      expect(found.every((time) => time >= range.from && time <= range.to)).toBe(true)
    }
  })
})

// A machine without a Chromium skips these tests.
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
    await page.goto(server.url + path)
    return { page, faults }
  }

  test('a person is found and the question "may we write?" is answered, without typing a key', async () => {
    const { page, faults } = await open('/console/')
    await page.getByRole('searchbox').fill('okafor')
    await page.getByRole('link', { name: 'Maya Okafor' }).click()
    await page.getByRole('heading', { level: 1, name: 'Maya Okafor' }).waitFor()
    await page.getByRole('group', { name: 'Channel' }).getByRole('button', { name: 'WhatsApp' }).click()
    await page.getByRole('group', { name: 'Category' }).getByRole('button', { name: 'Transactional' }).click()
    await page.locator('.answer').waitFor()
    expect(await page.locator('.answer').innerText()).toMatch(/^(?:Yes|No)/)
    await page.getByRole('tab', { name: 'Journey' }).click()
    await page.locator('.journey g.mark').first().waitFor()
    expect(await page.locator('.journey g.band').count()).toBeGreaterThan(0)
    expect([faults, browser.refused]).toEqual([[], []])
    await page.close()
  })

  test('markup in a note is shown as text', async () => {
    const { page, faults } = await open('/console/')
    await page.getByRole('searchbox').fill('okafor')
    await page.getByRole('link', { name: 'Maya Okafor' }).click()
    await page.getByRole('tab', { name: 'Notes' }).click()
    await page.getByLabel('New note').fill('<img src=x onerror="document.title=1"> & <b>bold</b>')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.getByText('<img src=x onerror="document.title=1"> & <b>bold</b>').first().waitFor()
    expect([await page.title(), faults]).toEqual(['Contact gateway', []])
    await page.close()
  })

  test('the page forbids inline scripts, and its assets are immutable and small', async () => {
    const response = await fetch(`${server.url}/console/`)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toContain('unsafe-inline')
    const html = await response.text()
    const assets = [...html.matchAll(/"(\/console\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(assets).toHaveLength(2)
    let bytes = 0
    for (const path of assets) {
      const asset = await fetch(server.url + path)
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      bytes += gzipSync(await asset.text()).length
    }
    expect(bytes).toBeLessThan(180 * 1024)
  })
})
