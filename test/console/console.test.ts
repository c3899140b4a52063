import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSchema, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clustered, inRows, ticks, timeScale } from '../../src/console/contact/journey-scale.ts'
import manifest from '../../src/console/generated/manifest.json' with { type: 'json' }
import { openGateway, type TestGateway } from '../support/gateway.ts'
import { orderOf, readListState } from '../../src/console/contacts/list-request.ts'
import { changesBetween, emptyDraft } from '../../src/console/contact/edit-draft.ts'
import { restForm } from '../../src/console/contacts/export.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway({ console: true })
})
afterAll(() => gateway.close())

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

  test('tickets that overlap are in different rows, and none is lost where there are more than rows', () => {
    const bars = [
      { from: 10, to: 12 },
      { from: 0, to: 5 },
      { from: 3, to: 20 },
      { from: 4, to: 20 },
      { from: 6, to: 9 },
    ]
    expect(inRows(bars, 2).map(({ bar, row }) => [bar.from, row])).toEqual([
      [0, 0],
      [3, 1],
      [4, 1],
      [6, 0],
      [10, 0],
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

test('a list is found again by its address, and an address that cannot be read is the whole list', () => {
  const filter = { tags: ['a&b'], consent: { channel: 'EMAIL', states: ['OPTED_IN'] } }
  const query = new URLSearchParams({ q: 'ana', filter: JSON.stringify(filter), sort: '-attribute:seats' }).toString()
  expect(readListState(`?${query}`)).toEqual({ search: 'ana', filter, sort: '-attribute:seats' })
  expect(readListState('?filter={')).toEqual({ search: '', filter: {}, sort: '' })
  expect(readListState('')).toEqual({ search: '', filter: {}, sort: '' })
  const orders = ['', 'NAME', '-UPDATED_AT', '-attribute:seats', 'SHOE_SIZE'].map(orderOf)
  expect(orders).toEqual([
    null,
    { field: 'NAME', direction: 'ASC' },
    { field: 'UPDATED_AT', direction: 'DESC' },
    { field: 'ATTRIBUTE', attribute: 'seats', direction: 'DESC' },
    null,
  ])
})

test('an export has the conditions of the list under the names of the REST API, and what people typed as it is', () => {
  const filter = {
    search: 'VIP',
    tags: ['VIP'],
    lifecycleStage: ['CUSTOMER'],
    countryCode: ['DE'],
    hasEmail: true,
    consent: { channel: 'EMAIL', states: ['OPTED_IN'] },
    attributes: [
      { key: 'planCode', startsWith: 'GOLD' },
      { key: 'seats', gte: 12 },
    ],
  }
  expect(restForm(filter)).toEqual({
    search: 'VIP',
    tags: ['VIP'],
    lifecycle_stage: ['customer'],
    country_code: ['DE'],
    has_email: true,
    consent: { channel: 'email', states: ['opted_in'] },
    attributes: [
      { key: 'planCode', starts_with: 'GOLD' },
      { key: 'seats', gte: 12 },
    ],
  })
})

test('an edit sends only what was changed: a derived name stays derived, an emptied field and a removed attribute are null', () => {
  const before = { ...emptyDraft, displayName: 'Ana', company: 'Silva', tags: ['a'], attributes: { seats: 12, plan: 'pro' } }
  const phone = { value: ' +351211234567', extension: '12', label: '', isPrimary: true }
  expect(changesBetween(before, before)).toEqual({})
  expect(
    changesBetween(before, {
      ...before,
      firstName: 'Ana ',
      company: ' ',
      tags: [],
      phones: [phone],
      attributes: { seats: 12, plan: null },
    }),
  ).toEqual({
    firstName: 'Ana',
    company: null,
    tags: [],
    phoneNumbers: [{ value: '+351211234567', extension: '12', isPrimary: true }],
    customAttributes: { plan: null },
  })
})

test('the page of a contact takes two operations with a fixed number of statements', async () => {
  const tenant = await gateway.organization()
  const created = await tenant.rest('POST', '', { email: 'ana@example.com', phone: '+351211234567' })
  const { id } = created.body.data as { id: string }
  const textOf = (name: string): string => Object.values(manifest).find((text) => text.startsWith(`query ${name}(`)) ?? ''
  const contact = await tenant.gql(textOf('Contact'), { id })
  expect(contact.body.data.contact.displayName).toBe('ana@example.com')
  const decision = await tenant.gql(textOf('SendDecision'), { id, channel: 'EMAIL', category: 'MARKETING' })
  expect([contact.statements.length, decision.statements.length]).toEqual([21, 6])
})

test('the list with attributes is one operation, whose statements do not depend on the number of rows', async () => {
  const tenant = await gateway.organization()
  const text = Object.values(manifest).find((document) => document.startsWith('query Contacts(')) ?? ''
  const variables = { first: 50, withLast: true, withAttributes: true, keys: ['plan'], withDefinitions: true }
  const counts: number[] = []
  for (const count of [1, 6]) {
    for (let index = 0; index < count; index += 1)
      await tenant.rest('POST', '', { email: `${count}-${index}@example.com`, custom_attributes: { plan: 'pro' } })
    const { body, statements } = await tenant.gql(text, variables)
    expect(body.data.contacts.nodes[0].attributes).toMatchObject([{ key: 'plan', json: 'pro' }])
    counts.push(statements.length)
  }
  expect(counts).toEqual([3, 3])
})

test('the page forbids inline scripts, and its assets are immutable and small', async () => {
  const get = async (path: string) => await gateway.app.fetch(new Request(`http://localhost:4000${path}`))
  const response = await get('/console/')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toContain('unsafe-inline')
  const html = await response.text()
  // The style, the script, and what the script imports before it runs.
  const assets = [...html.matchAll(/"(\/console\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  expect(assets.length).toBeGreaterThan(2)
  const imported = new Set<string>()
  const firstScreen = await Promise.all(
    assets.map(async (path) => {
      const asset = await get(path)
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      const content = await asset.text()
      for (const [, name = ''] of content.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) imported.add(`/console/assets/${name}`)
      return gzipSync(content).length
    }),
  )
  expect(sum(firstScreen)).toBeLessThan(180 * 1024)
  expect([...imported].filter((path) => !assets.includes(path))).toEqual([])
  const folder = join('dist', 'console', 'assets')
  const files = await readdir(folder)
  const whole = await Promise.all(files.map(async (name) => gzipSync(await readFile(join(folder, name))).length))
  expect(sum(whole)).toBeLessThan(400 * 1024)
})

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)
