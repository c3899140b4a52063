import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import { type BrowserContext, chromium, type Page, type Request } from 'playwright-core'

/** A Chromium on this machine; null where there is none, and pages cannot be tested. */
export const browserPath =
  [
    process.env['CHROMIUM_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ].find((path) => path !== undefined && existsSync(path)) ?? null

/**
 * Opens a browser that reaches this machine and nothing else: no other host has an address, and whatever a page asks of one is noted. Requests
 * are not intercepted, for which the browser would give up its cache.
 */
export async function openBrowser(): Promise<{ context: BrowserContext; refused: string[]; close: () => Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'contact-gateway-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browserPath ?? '',
    headless: true,
    viewport: { width: 1280, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
  const refused: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (url.hostname !== '127.0.0.1' && url.protocol !== 'data:' && url.protocol !== 'blob:') refused.push(url.href)
  })
  return {
    context,
    refused,
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** The names of the operations that a request sends; trusted documents have theirs beside the hash. */
export function operationsOf(request: Request): string[] {
  if (request.method() !== 'POST' || new URL(request.url()).pathname !== '/graphql') return []
  const { operationName } = request.postDataJSON() as { operationName?: string }
  return operationName === undefined ? [] : [operationName]
}

/** The rules about colours and sizes, which depend on the scheme and the width. Names, roles and structure do not: they are checked once. */
export const rulesOfForm: readonly string[] = ['color-contrast', 'target-size', 'scrollable-region-focusable']

/** What axe-core finds in a page that is serious or critical. @param rules those that are checked; null: all */
export async function violationsIn(page: Page, rules: readonly string[] | null = null): Promise<string[]> {
  // Not as a script of the page: its policy would refuse it.
  await page.evaluate(axe.source)
  return page.evaluate(seriousViolations, rules)
}

/** Runs in the page, with all rules or some. */
async function seriousViolations(rules: readonly string[] | null): Promise<string[]> {
  // proof: the script of axe-core was added to the page, which has it as a global of this name
  const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
    resultTypes: ['violations'],
    // Off by default, because it is new in WCAG 2.2.
    rules: { 'target-size': { enabled: true } },
    ...(rules !== null && { runOnly: [...rules] }),
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
}
