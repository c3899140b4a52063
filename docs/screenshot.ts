// Draws docs/contact-page.png: `npm start` in one terminal, `npx tsx docs/screenshot.ts` in another. Needs a Chromium.
import { join } from 'node:path'
import { openBrowser } from '../test/support/browser.ts'

const { context, close } = await openBrowser()
const page = await context.newPage()
await page.setViewportSize({ width: 1440, height: 900 })
await page.goto(`${process.argv[2] ?? 'http://127.0.0.1:4000'}/console/`)
await page.getByRole('searchbox').fill('okafor')
await page.getByRole('link', { name: 'Maya Okafor' }).click()
await page.getByRole('tab', { name: 'Journey' }).click()
await page.locator('.journey g.mark').first().waitFor()
await page.locator('.answer').waitFor()
await page.screenshot({ path: join(import.meta.dirname, 'contact-page.png') })
await close()
