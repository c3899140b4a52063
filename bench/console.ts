// `npm run build && npx tsx bench/console.ts --contacts 100000`: the console in headless Chromium against the built server, on a database of its own
// (with DATABASE_URL beside that one, otherwise embedded). Sizes of its scripts, the first screen with the CPU throttled 4 times, and from a keystroke
// to the list. `--times` says how often each is measured.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright-core'
import { browserPath, openBrowser } from '../test/support/browser.ts'
import { startServer } from '../test/support/process.ts'
import { median, report, withDatabase } from './bulk/support.ts'
import { firstScreenOf } from './first-screen.ts'

const { values: options } = parseArgs({
  options: { contacts: { type: 'string', default: '100000' }, times: { type: 'string', default: '5' } },
})
const times = Number(options.times)
/** Prefixes of names in the rows, typed letter by letter. */
const searches = ['ana s', 'lehm', 'weber', 'per12', 'silva']

if (process.env['DATABASE_URL'] === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-console-bench-'))
  try {
    await run({ DATA_DIR: folder })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
} else await withDatabase((url) => run({ DATABASE_URL: url }))

async function run(database: Readonly<Record<string, string>>): Promise<void> {
  const server = await startServer({ ...database, DEMO_DATA: 'true', LOG_LEVEL: 'error' })
  const { context, close } = await openBrowser()
  const alone = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await context.newPage()
    const firstScreens = await measure(times, async () => firstScreenOf(alone, `${server.url}/console/`, 4))
    await fill(server.url, /dv_live_sk_\S+/.exec(server.output())?.[0] ?? '', Number(options.contacts))
    await page.goto(`${server.url}/console/`)
    await page.locator('[role=row] a').first().waitFor()
    const keystrokes: Keystroke[] = []
    for (let time = 0; time < times; time += 1) for (const search of searches) keystrokes.push(...(await typed(page, search)))
    const sizes = await sizesOf(join(import.meta.dirname, '..', 'dist', 'console', 'assets'))
    report([
      ['first screen, CPU throttled 4 times', `${Math.round(median(firstScreens.map(({ painted }) => painted)))} ms`],
      ['of it the main thread is busy', `${Math.round(median(firstScreens.map(({ busy }) => busy)))} ms`],
      [
        'load of the machine',
        loadavg()
          .map((load) => load.toFixed(1))
          .join(', '),
      ],
      ['keystroke to list', `${Math.round(median(keystrokes.map(({ took }) => took)))} ms`],
      ['the longest of them', longest(keystrokes)],
      ['scripts and styles, gzip', `${Math.round(sizes / 1024)} KB`],
    ])
  } finally {
    await alone.close()
    await close()
    server.process.kill('SIGTERM')
    await server.exit()
  }
}

async function measure<Value>(count: number, once: () => Promise<Value>): Promise<Value[]> {
  const found: Value[] = []
  for (let time = 0; time < count; time += 1) found.push(await once())
  return found
}

interface Keystroke {
  /** What stands in the search with it. */
  readonly typed: string
  /** In milliseconds. */
  readonly took: number
}

function longest(keystrokes: readonly Keystroke[]): string {
  const sorted = keystrokes.toSorted((one, other) => other.took - one.took)
  return sorted
    .slice(0, 5)
    .map(({ typed: letters, took }) => `“${letters}” ${Math.round(took)} ms`)
    .join(', ')
}

/** From each keystroke to the list of what it matches, as the page itself measures it. */
async function typed(page: Page, search: string): Promise<Keystroke[]> {
  const box = page.getByRole('searchbox')
  await box.fill('')
  await page.waitForTimeout(500)
  const found: Keystroke[] = []
  for (const [index, letter] of Array.from(search).entries()) {
    const took = page.evaluate<number>(`new Promise((resolve) => {
      let began = performance.now()
      addEventListener('input', () => (began = performance.now()), { once: true, capture: true })
      const observer = new MutationObserver(() => { observer.disconnect(); resolve(performance.now() - began) })
      observer.observe(document.querySelector('.table [role=rowgroup]') ?? document.querySelector('main'), { childList: true, subtree: true, characterData: true })
      setTimeout(() => { observer.disconnect(); resolve(-1) }, 3000)
    })`)
    await page.waitForTimeout(50)
    await box.press(letter)
    found.push({ typed: search.slice(0, index + 1), took: await took })
  }
  // A letter that changes nothing in sight is no measurement.
  return found.filter(({ took }) => took >= 0)
}

/** Imports contacts, as people do. */
async function fill(url: string, key: string, count: number): Promise<void> {
  const first = ['Ana', 'Jonas', 'Maya', 'Per', 'Chloé', 'Yuki', 'Tomás', 'Olivia']
  const last = ['Silva', 'Lehmann', 'Weber', 'Okafor', 'Dubois', 'Tanaka', 'Rossi', 'Novak', 'Jensen']
  const row = (index: number): string =>
    `${first[index % first.length]},${last[index % last.length]},per${index}@example.com,${index % 3 === 0 ? 'vip' : ''}`
  const body = ['First name,Last name,Email,Tags', ...Array.from({ length: count }, (_, index) => row(index))].join('\n')
  const headers = { 'X-API-Key': key, 'Content-Type': 'text/csv' }
  const answer = await fetch(`${url}/api/v1/contacts/bulk`, { method: 'POST', headers, body })
  const { data } = (await answer.json()) as { data: { id: string } }
  for (let second = 0; second < 600; second += 1) {
    const job = (await (await fetch(`${url}/api/v1/contacts/import-jobs/${data.id}`, { headers })).json()) as { data: { status: string } }
    if (job.data.status === 'completed') return
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  throw new Error('The import did not end within ten minutes.')
}

async function sizesOf(folder: string): Promise<number> {
  const files = await readdir(folder)
  const sizes = await Promise.all(files.map(async (name) => gzipSync(await readFile(join(folder, name))).length))
  return sizes.reduce((sum, size) => sum + size, 0)
}
