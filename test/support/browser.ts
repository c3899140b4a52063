import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

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
 * Opens a browser that reaches this machine and nothing else: whatever a page asks of another host is refused and noted.
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
    ],
  })
  const refused: string[] = []
  await context.route('**', (route) => {
    const url = new URL(route.request().url())
    if (url.hostname === '127.0.0.1' || url.protocol === 'data:' || url.protocol === 'blob:') return route.continue()
    refused.push(url.href)
    return route.abort()
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
