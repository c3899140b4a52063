import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

interface Subject {
  readonly page: Page
  readonly url: string
  /** The names of the operations that the page has sent. */
  readonly requests: string[]
}

/** Which operations the pages of the console send, and in which order they ask for contacts. */
export function testRequests(subject: () => Subject): void {
  test('a contact is two operations and one subscription', async () => {
    const { page, url, requests } = subject()
    await page.goto(`${url}/console/?q=okafor`)
    await page.getByRole('link', { name: 'Maya Okafor' }).waitFor()
    await page.waitForLoadState('networkidle')
    requests.length = 0
    await page.getByRole('link', { name: 'Maya Okafor' }).click()
    await page.locator('.answer').waitFor()
    expect(requests.toSorted()).toEqual(['Contact', 'SendDecision', 'TimelineAdded'])
  })

  test('the first requests of a page are sent ahead of the console, once each', async () => {
    const { page, url, requests } = subject()
    const contact = page.url()
    for (const [address, ready, operations] of [
      [`${url}/console/?q=okafor`, '[role=row] a', ['Contacts', 'Viewer']],
      [contact, '.answer', ['Contact', 'SendDecision', 'TimelineAdded', 'Viewer']],
    ] as const) {
      await page.goto('about:blank')
      requests.length = 0
      await page.goto(address)
      await page.locator(ready).first().waitFor()
      await page.locator('nav a').first().waitFor()
      expect(requests.toSorted()).toEqual(operations)
      expect(await page.evaluate<number>('window.earlyResponses.size')).toBe(0)
    }
  })

  test('the list is sorted by what is chosen, and its address keeps the order', async () => {
    const { page, url } = subject()
    await page.goto(`${url}/console/`)
    await page.getByLabel('Sort by').selectOption({ label: 'Name, Z to A' })
    await page.waitForURL(/sort=-NAME/)
    for (const visit of ['chosen', 'again']) {
      if (visit === 'again') await page.reload()
      await page.getByRole('link', { name: /^Z/ }).first().waitFor()
      const names = (await page.locator('[role=row] a').allInnerTexts()).slice(0, 10)
      expect(names).toEqual(names.toSorted(new Intl.Collator('en', { sensitivity: 'base' }).compare).toReversed())
    }
  })
}
