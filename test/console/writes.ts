import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'

/** What the tests of writes share with those of the journeys: one browser and one server. */
export interface Opened {
  readonly page: Page
  readonly url: string
}

/** Every write of the console that the journeys do not make, and how a refusal of each kind is shown. */
export function testWrites(opened: () => Opened): void {
  const dialog = (): Locator => opened().page.getByRole('dialog')

  async function openContact(search: string, name: string): Promise<Page> {
    const { page, url } = opened()
    await page.goto(`${url}/console/?q=${encodeURIComponent(search)}`)
    await page.getByRole('link', { name }).first().click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.locator('.answer').waitFor()
    return page
  }
  async function openTab(tab: string): Promise<Page> {
    const { page, url } = opened()
    await page.goto(`${url}/console/organization`)
    await page.getByRole('tab', { name: tab }).click()
    return page
  }
  async function chooseMore(action: string): Promise<void> {
    await opened().page.getByLabel('More', { exact: true }).click()
    await opened().page.getByRole('button', { name: action }).click()
  }

  test('an attribute is defined; what does not fit is reported, and enforcing is refused until it does', async () => {
    const page = await openTab('Attributes')
    for (const [key, label, type] of [
      ['plan', 'Plan', 'ENUM'],
      ['seats', 'Seats', 'NUMBER'],
      ['renewal', 'Renewal', 'DATE'],
    ] as const) {
      await page.getByRole('button', { name: 'Define an attribute' }).first().click()
      await dialog().getByLabel('Key').fill(key)
      await dialog().getByLabel('Label').fill(label)
      await dialog().getByLabel('Type').selectOption(type)
      if (type === 'ENUM') await dialog().getByLabel('New tag').fill('starter')
      if (type === 'ENUM') await dialog().getByLabel('New tag').press('Enter')
      await dialog().getByRole('button', { name: 'Define an attribute' }).click()
      await page.getByRole('cell', { name: label, exact: true }).waitFor()
    }
    await page.getByText('2 do not fit').click()
    await page.getByRole('link', { name: 'enterprise' }).waitFor()
    await page.getByLabel('Plan is enforced').click()
    expect(await page.locator('.failure').innerText()).toMatch(/^2 contacts have values that do not fit.*VALIDATION_ERROR$/s)
    await page.getByRole('button', { name: 'Edit Plan' }).click()
    for (const option of ['business', 'enterprise']) {
      await dialog().getByLabel('New tag').fill(option)
      await dialog().getByLabel('New tag').press('Enter')
    }
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByText('3 fit').first().waitFor()
    await page.getByLabel('Plan is enforced').click()
    await page.locator('input[aria-label="Plan is enforced"]:checked').waitFor()
    await page.getByRole('button', { name: 'Archive Renewal' }).click()
    await page.getByRole('button', { name: 'Use again Renewal' }).click()
    await page.getByRole('button', { name: 'Archive Renewal' }).waitFor()
  })

  test('a contact is edited: fields, addresses, tags and typed attributes; a refusal is shown as the API words it', async () => {
    const page = await openContact('okafor', 'Maya Okafor')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await dialog().getByLabel('Time zone').fill('Nowhere/City')
    await dialog().getByLabel('Language').fill('nonsense')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().locator('.failure li').nth(1).waitFor()
    await dialog().getByLabel('Time zone').fill('Europe/London')
    await dialog().getByLabel('Language').fill('en')
    await dialog().getByLabel('Company').fill('Okafor & Sons')
    await dialog().getByLabel('Plan').selectOption('enterprise')
    await dialog().getByLabel('Seats').fill('15')
    await dialog().getByLabel('Renewal').fill('2027-01-15')
    await dialog().getByLabel('New tag').fill('friend')
    await dialog().getByRole('button', { name: 'Add an email address' }).click()
    await dialog().getByLabel('Email address 2', { exact: true }).fill('maya.home@example.com')
    await dialog().getByLabel('Label of Email address 2').fill('home')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('maya.home@example.com').waitFor()
    const identity = await page.locator('.panel', { hasText: 'Identity' }).first().innerText()
    for (const shown of ['Okafor & Sons', 'friend', 'enterprise', '15 Jan 2027']) expect(identity).toContain(shown)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await dialog().getByRole('button', { name: 'Save' }).click()
    expect(await dialog().getByRole('status').innerText()).toBe('Nothing has been changed.')
    await dialog().getByLabel('Name to show').fill('Maya')
    await otherChange(page)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().getByText('REVISION_CONFLICT').waitFor()
    await dialog().getByRole('button', { name: 'Load the present values' }).click()
    await dialog().locator('input[value="Changed meanwhile"]').waitFor()
    await page.keyboard.press('Escape')
  })

  /** Changes the contact of the page as another client would. */
  async function otherChange(page: Page): Promise<void> {
    const id = page.url().split('/').at(-1)
    const key = await page.locator('meta[name="demo-key"]').getAttribute('content')
    const headers = { 'X-API-Key': key ?? '', 'Content-Type': 'application/json' }
    const body = JSON.stringify({ company: 'Changed meanwhile' })
    const answer = await fetch(`${opened().url}/api/v1/contacts/${id}`, { method: 'PATCH', headers, body })
    expect(answer.status).toBe(200)
  }

  test('the list is narrowed by an attribute and shows it as a column', async () => {
    const { page, url } = opened()
    await page.goto(`${url}/console/`)
    await page.getByRole('button', { name: '+ Attribute' }).click()
    await dialog().getByLabel('Attribute').selectOption({ label: 'Seats' })
    await dialog().getByLabel('Operator').selectOption('gte')
    await dialog().getByLabel('Value', { exact: true }).fill('15')
    await dialog().getByRole('button', { name: 'Add condition' }).click()
    await page.getByRole('button', { name: 'Remove Seats ≥ 15' }).waitFor()
    await page.getByText('2 contacts').waitFor()
    await page.locator('summary', { hasText: 'Columns' }).click()
    await page.getByLabel('Seats', { exact: true }).check()
    await page.getByRole('cell', { name: '140', exact: true }).waitFor()
    await page.getByLabel('Select the rows that are loaded').check()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    expect((await download).suggestedFilename()).toBe('contacts.csv')
  })

  test('notes are refused, written, pinned, changed and deleted', async () => {
    const page = await openContact('okafor', 'Maya Okafor')
    await page.keyboard.press('n')
    await page.locator('textarea:focus').waitFor()
    await page.getByLabel('New note').fill('x'.repeat(20_001))
    await page.getByRole('button', { name: 'Add note' }).click()
    expect(await page.locator('.failure code').innerText()).toBe('VALIDATION_ERROR')
    await page.getByLabel('New note').fill('A first text')
    await page.getByRole('button', { name: 'Add note' }).click()
    const first = page.locator('li.entry', { hasText: 'A first text' })
    await first.getByRole('button', { name: 'Pin' }).click()
    await first.getByText('Pinned').waitFor()
    await first.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Text of the note').fill('A second text')
    await page.getByRole('button', { name: 'Save' }).click()
    const second = page.locator('li.entry', { hasText: 'A second text' })
    await second.getByRole('button', { name: 'Delete' }).click()
    await second.waitFor({ state: 'detached' })
  })

  test('an opt-in after an opt-out is refused without a proof, and recorded with one', async () => {
    const page = await openContact('okafor', 'Maya Okafor')
    await page.getByRole('button', { name: 'SMS: Opted out' }).click()
    await dialog().getByText('Record consent').click()
    await dialog().getByLabel('State').selectOption('OPTED_IN')
    await dialog().getByRole('button', { name: 'Record' }).click()
    expect(await dialog().locator('.failure code').innerText()).toBe('CONSENT_NEEDS_PROOF')
    await dialog().getByLabel('Source').fill('phone_call')
    await dialog().getByLabel('Wording').fill('2026-11')
    await dialog().getByRole('button', { name: 'Record' }).click()
    await dialog().getByText('before: opted out').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'SMS: Opted in' }).waitFor()
  })

  test('a suggestion is put off, and another one dismissed', async () => {
    const page = await openContact('okafor', 'Maya Okafor')
    const more = page.getByRole('article', { name: 'Offer more' })
    await more.getByLabel('Later…').selectOption({ label: 'tomorrow' })
    await more.waitFor({ state: 'detached' })
    const rest = page.locator('.suggestion')
    const count = await rest.count()
    await rest.last().getByRole('button', { name: 'Dismiss' }).click()
    await rest.nth(count - 1).waitFor({ state: 'detached' })
    expect(await page.locator('.next').getByRole('status').innerText()).toMatch(/It can return/)
  })

  test('a contact is created, deleted and restored; a taken address is refused', async () => {
    const { page, url } = opened()
    await page.goto(`${url}/console/`)
    await page.getByRole('button', { name: 'New contact' }).click()
    await dialog().getByRole('button', { name: 'Create contact' }).click()
    await dialog().getByText('MISSING_REQUIRED_FIELD').waitFor()
    await dialog().getByLabel('Email address 1', { exact: true }).fill('leila.haddad@example.org')
    await dialog().getByRole('button', { name: 'Create contact' }).click()
    await dialog().getByText('CONTACT_ALREADY_EXISTS').waitFor()
    await dialog().getByLabel('Email address 1', { exact: true }).fill('leila.haddad+fair@example.org')
    await dialog().getByLabel('First name').fill('Leila')
    await dialog().getByLabel('Last name').fill('Haddad')
    await dialog().getByRole('button', { name: 'Create contact' }).click()
    await page.getByRole('heading', { level: 1, name: 'Leila Haddad' }).waitFor()
    await chooseMore('Delete…')
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await dialog().getByText('Leila Haddad is deleted.').waitFor()
    await dialog().getByRole('button', { name: 'Restore' }).click()
    await dialog().waitFor({ state: 'detached' })
    const download = page.waitForEvent('download')
    await chooseMore('Subject data')
    expect((await download).suggestedFilename()).toMatch(/^con_.*-subject-data\.json$/)
  })

  test('duplicates are merged from their list after a preview, and others are known to be different people', async () => {
    const { page, url } = opened()
    await page.goto(`${url}/console/duplicates`)
    const group = page.locator('.panel', { hasText: 'leila.haddad+fair@example.org' })
    await group.getByRole('radio').last().check()
    await group.getByRole('button', { name: 'Merge…' }).click()
    await dialog().getByRole('row', { name: 'Email' }).getByText('leila.haddad+fair@example.org').first().waitFor()
    await dialog().getByRole('button', { name: 'Merge', exact: true }).click()
    await dialog().getByText('is merged').waitFor()
    await page.keyboard.press('Escape')
    await group.waitFor({ state: 'detached' })
    await page.goto(`${url}/console/?q=leila.haddad`)
    await page.getByText('1 contact').first().waitFor()
    await page.getByRole('link', { name: 'Leila Haddad' }).click()
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByRole('button', { name: 'Take back' }).waitFor({ state: 'detached' })
    await page.goto(`${url}/console/duplicates`)
    await group.getByRole('button', { name: 'Different people' }).click()
    await group.waitFor({ state: 'detached' })
    await page.reload()
    expect(await page.locator('.empty').innerText()).toBe('No contacts are that much alike.')
  })

  test('a contact is erased after its name was typed', async () => {
    const page = await openContact('leila.haddad+fair', 'Leila Haddad')
    await chooseMore('Erase…')
    await dialog().getByLabel('Reason').fill('At the request of the person')
    expect(await dialog().getByRole('button', { name: 'Erase for good' }).isDisabled()).toBe(true)
    await dialog().getByLabel('Type “Leila Haddad” to confirm').fill('Leila Haddad')
    await dialog().getByRole('button', { name: 'Erase for good' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.goto(`${opened().url}/console/?q=leila.haddad%2Bfair`)
    await page.getByText('No contact matches.').waitFor()
  })
}
