import { expect, test } from 'vitest'
import type { Opened } from './writes.ts'

/** The writes of the organization's pages, and of many contacts at once. */
export function testOrganizationWrites(opened: () => Opened): void {
  const dialog = () => opened().page.getByRole('dialog')
  const openTab = async (tab: string) => {
    const { page, url } = opened()
    await page.goto(`${url}/console/organization`)
    await page.getByRole('tab', { name: tab }).click()
    return page
  }

  test('settings are switched, and a country that is none is refused', async () => {
    const page = await openTab('Settings')
    const optIn = page.locator('label', { hasText: 'Marketing needs an opt-in' })
    await optIn.click()
    await optIn.locator('input:not(:checked)').waitFor()
    await page.reload()
    await optIn.locator('input:not(:checked)').waitFor()
    await optIn.click()
    await optIn.locator('input:checked').waitFor()
    await page.getByLabel('Country of phone numbers without a prefix').fill('XX')
    await page.getByLabel('Country of phone numbers without a prefix').press('Tab')
    expect(await page.locator('.failure code').innerText()).toBe('VALIDATION_ERROR')
  })

  test('a quiet hour of a country is refused, corrected and removed', async () => {
    const page = await openTab('Settings')
    await page.getByRole('button', { name: 'Add a rule for a country' }).click()
    await page.getByLabel('Calls, SMS, RCS, : Country').fill('FR')
    await page.getByLabel('Calls, SMS, RCS, FR: Opens').fill('noon')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.failure').waitFor()
    await page.getByLabel('Calls, SMS, RCS, FR: Opens').fill('10:00')
    await page.getByLabel('Calls, SMS, RCS, FR: Closed dates').fill('12-25, 2027-01-01')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.reload()
    expect(await page.getByLabel('Calls, SMS, RCS, FR: Closed dates').inputValue()).toBe('12-25, 2027-01-01')
    await page.getByRole('button', { name: 'Remove' }).last().click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    expect(await page.getByLabel('Calls, SMS, RCS, FR: Opens').count()).toBe(0)
  })

  test('a frequency cap is added, switched off and removed', async () => {
    const page = await openTab('Frequency caps')
    await page.locator('summary', { hasText: 'Add a rule' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Two texts a week')
    await page.getByRole('spinbutton', { name: 'Messages' }).fill('2')
    await page.locator('.record select').first().selectOption('SMS')
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByRole('row', { name: 'Two texts a week' }).getByText('2 in 7 d').waitFor()
    expect(await page.getByRole('row', { name: 'Two texts a week' }).innerText()).toMatch(/everyone\s+\d+ of \d+/)
    await page.getByLabel('Two texts a week is on').click()
    await page.locator('input[aria-label="Two texts a week is on"]:not(:checked)').waitFor()
    await page.getByRole('button', { name: 'Remove Two texts a week' }).click()
    await page.getByRole('row', { name: 'Two texts a week' }).waitFor({ state: 'detached' })
    expect(await page.locator('.failure').count()).toBe(0)
  })

  test('a topic is added, a taken key is refused, and it is archived', async () => {
    const page = await openTab('Topics')
    await page.getByRole('button', { name: 'Add a topic' }).click()
    await dialog().getByLabel('Name').fill('Repairs')
    await dialog().getByLabel('Key').fill('repairs')
    await dialog().getByLabel('Email').check()
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByRole('cell', { name: 'Repairs', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Add a topic' }).click()
    await dialog().getByLabel('Name').fill('Repairs again')
    await dialog().getByLabel('Key').fill('repairs')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().locator('.failure').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edit Repairs' }).click()
    await dialog().getByLabel('archived').check()
    await dialog().getByRole('button', { name: 'Save' }).click()
    expect(await page.getByRole('row', { name: 'Repairs' }).locator('.badge').innerText()).toBe('archived')
  })

  test('addresses are suppressed, a wrong one is refused, and a suppression is lifted', async () => {
    const page = await openTab('Suppression list')
    await page.locator('summary', { hasText: 'Suppress addresses' }).click()
    await page.getByLabel('Addresses, one a line').fill('not an address')
    await page.getByRole('button', { name: 'Suppress addresses' }).click()
    await page.locator('.failure').waitFor()
    await page.getByLabel('Addresses, one a line').fill('stop@example.com\n+4930901820')
    await page.getByLabel('Note').fill('By letter')
    await page.getByRole('button', { name: 'Suppress addresses' }).click()
    await page.getByRole('row', { name: 'stop@example.com' }).waitFor()
    await page.getByRole('button', { name: 'Lift stop@example.com' }).click()
    await dialog().getByLabel('Why it is lifted').fill('A mistake')
    await dialog().getByRole('button', { name: 'Lift' }).click()
    await page.getByRole('row', { name: 'stop@example.com' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('row', { name: '+4930901820' }).innerText()).toContain('By letter')
  })

  test.each([
    ['Set stage Qualified', 'stage'],
    ['Remove tag “spring”', 'untag'],
    ['Block', 'Block'],
    ['Unblock', 'Unblock'],
    ['Delete', 'Delete'],
  ] as const)('many contacts at once: %s', async (label, action) => {
    const { page, url } = opened()
    await page.goto(`${url}/console/?q=sullivan`)
    await page.getByLabel('Select the rows that are loaded').check()
    if (action === 'stage') await page.getByLabel('Set stage…').selectOption('QUALIFIED')
    else if (action === 'untag') await page.getByLabel('Remove tag').fill('spring')
    else await page.getByRole('toolbar').getByRole('button', { name: action, exact: true }).click()
    if (action === 'untag') await page.getByLabel('Remove tag').press('Enter')
    await dialog().getByRole('button', { name: label }).click()
    const outcome = await dialog().getByRole('status').innerText()
    expect(outcome).toMatch(/^\d+ changed, \d+ unchanged, 0 failed$/)
    await page.keyboard.press('Escape')
    await page.getByRole('toolbar').waitFor({ state: 'detached' })
    if (action === 'Delete') await page.getByText('No contact matches.').waitFor()
  })
}
