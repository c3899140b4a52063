import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isJsonObject } from '../../src/kernel/json.ts'
import { givenContacts } from '../support/factories.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

/** Few people, so that they meet; a person without a name for what is bad. */
const phones = ['+14155552671', '+14155552672', '+14155552673', '+14155552674']
const emails = ['ana@example.com', 'bob@example.com', 'cyd@example.com', 'dan@example.com']
const names = ['Ana', 'Bob', '']

interface Person {
  readonly phone: string
  readonly email: string
  readonly first_name: string
}

const person = fc.record({
  phone: fc.constantFrom(...phones, ''),
  email: fc.constantFrom(...emails, ''),
  first_name: fc.constantFrom(...names),
})
const badRow = fc.constantFrom<Person>(
  { phone: 'N/A', email: '', first_name: '' },
  { phone: '', email: 'nobody', first_name: 'Ana' },
  { phone: '', email: '', first_name: 'Ana' },
)
const rows = fc.array(fc.oneof({ weight: 6, arbitrary: person }, { weight: 1, arbitrary: badRow }), { minLength: 1, maxLength: 12 })
const policy = fc.constantFrom('skip' as const, 'update' as const)

/** Contacts that can live beside one another. */
const there = fc
  .uniqueArray(person, { selector: ({ phone }) => phone || Symbol('none'), maxLength: 3 })
  .map((people) =>
    people.filter(
      ({ phone, email }, index) => (phone !== '' || email !== '') && people.findIndex((other) => other.email === email) === index,
    ),
  )

/** What an import should make of rows, written as plainly as can be: one row after the other, over a list of people. */
function expected(before: readonly Person[], given: readonly Person[], onDuplicate: 'skip' | 'update') {
  const people = before.map((contact) => ({ ...contact, touched: false }))
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0 }
  for (const said of given) {
    // A blank line is no row.
    if (said.phone === '' && said.email === '' && said.first_name === '') continue
    // An invalid number or address never costs the contact: the other one is enough.
    const row = { ...said, phone: phones.includes(said.phone) ? said.phone : '', email: emails.includes(said.email) ? said.email : '' }
    const byPhone = people.find(({ phone }) => phone !== '' && phone === row.phone)
    const byEmail = people.find(({ email }) => email !== '' && email === row.email)
    const isShared = byPhone !== undefined && row.email !== '' && byEmail === undefined && !isSame(byPhone, row)
    const own = isShared ? { ...row, phone: '' } : row
    const match = isShared ? undefined : (byPhone ?? byEmail)
    if (row.phone === '' && row.email === '') counts.skipped += 1
    else if (match === undefined) {
      people.push({ ...own, touched: true })
      counts.created += 1
    } else if (byPhone !== undefined && byEmail !== undefined && byPhone !== byEmail) {
      // Two contacts are meant: it takes a whole name to say which one.
      counts.skipped += 1
    } else if (match.touched) counts.skipped += 1
    else apply(match, row)
  }
  return { counts, people: people.map(({ phone, email, first_name }) => ({ phone, email, first_name })) }

  function apply(match: Person & { touched: boolean }, row: Person): void {
    match.touched = true
    const after = { phone: row.phone || match.phone, email: row.email || match.email, first_name: row.first_name || match.first_name }
    const isUnchanged = after.phone === match.phone && after.email === match.email && after.first_name === match.first_name
    if (onDuplicate === 'skip') counts.skipped += 1
    else counts[isUnchanged ? 'unchanged' : 'updated'] += 1
    if (onDuplicate === 'update') Object.assign(match, after)
  }
}

/** Whether a row with the number of a contact with another address is about that contact all the same: by the name. */
function isSame(holder: Person, row: Person): boolean {
  if (holder.email === '') return holder.first_name === '' || row.first_name === '' || holder.first_name === row.first_name
  return holder.first_name !== '' && holder.first_name === row.first_name
}

async function peopleOf(tenant: Tenant): Promise<Person[]> {
  const contacts = await gateway.db.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
  })
  return contacts.map(({ phone, email, firstName }) => ({ phone: phone ?? '', email: email ?? '', first_name: firstName ?? '' }))
}

function csvOf(given: readonly Person[]): string {
  return ['phone,email,first_name', ...given.map(({ phone, email, first_name }) => `${phone},${email},${first_name}`)].join('\n')
}

function countsOf(job: unknown) {
  if (!isJsonObject(job)) throw new Error('There is no job.')
  const { created, updated, unchanged, skipped } = job
  return { created, updated, unchanged, skipped }
}

async function given(before: readonly Person[]): Promise<Tenant> {
  const tenant = await gateway.organization()
  await givenContacts(
    tenant,
    before.map(({ phone, email, first_name }) => ({ phone: phone || null, email: email || null, firstName: first_name || null })),
  )
  return tenant
}

/** How often each property is tried; few by default. */
const runs = process.env['IMPORT_RUNS'] === undefined ? undefined : Number(process.env['IMPORT_RUNS'])

const upload = (tenant: Tenant, file: string, query: string) => tenant.rest('POST', `/bulk?${query}`, file, { 'Content-Type': 'text/csv' })

test('whatever the file: what is written is what a plain reading says, a dry run says the same, and a rollback brings everything back', async () => {
  await fc.assert(
    fc.asyncProperty(there, rows, policy, async (before, file, onDuplicate) => {
      const tenant = await given(before)
      const plain = expected(before, file, onDuplicate)
      const everything = () =>
        gateway.db.contact.findMany({ where: { organizationId: tenant.organizationId, deletedAt: null }, orderBy: { id: 'asc' } })
      const past = await everything()
      const dry = await upload(tenant, csvOf(file), `on_duplicate=${onDuplicate}&dry_run=true`)
      expect(await everything()).toEqual(past)
      const wet = await upload(tenant, csvOf(file), `on_duplicate=${onDuplicate}`)
      expect([countsOf(dry.body.data), countsOf(wet.body.data)]).toEqual([plain.counts, plain.counts])
      expect(await peopleOf(tenant)).toEqual(plain.people)
      const skipped = await tenant.rest('GET', `/import-jobs/${wet.body.data.id}/skipped.csv`)
      expect(skipped.body.trimEnd().split('\r\n')).toHaveLength(1 + plain.counts.skipped)
      const undone = await tenant.rest('POST', `/import-jobs/${wet.body.data.id}/rollback`)
      expect(undone.body.data.rollback).toEqual({ reversed: plain.counts.created + plain.counts.updated, kept: 0, failed: 0 })
      const ignored = { revision: expect.any(Number), updatedAt: expect.any(Date) }
      expect(await everything()).toEqual(past.map((contact) => ({ ...contact, ...ignored })))
    }),
    { numRuns: runs ?? 25 },
  )
}, 1_200_000)

/** Rows in which no identifier belongs to another contact. */
const honestRows = fc.array(
  fc
    .record({ who: fc.nat({ max: 3 }), says: fc.constantFrom('phone', 'email', 'both'), first_name: fc.constantFrom(...names) })
    .map(({ who, says, first_name }) => ({
      phone: says === 'email' ? '' : (phones[who] ?? ''),
      email: says === 'phone' ? '' : (emails[who] ?? ''),
      first_name,
    })),
  { minLength: 1, maxLength: 12 },
)

test('an import that is repeated changes nothing more', async () => {
  await fc.assert(
    fc.asyncProperty(honestRows, honestRows, async (before, file) => {
      const tenant = await gateway.organization()
      await upload(tenant, csvOf(before), 'on_duplicate=update')
      await upload(tenant, csvOf(file), 'on_duplicate=update')
      const after = await peopleOf(tenant)
      const again = await upload(tenant, csvOf(file), 'on_duplicate=update')
      expect(countsOf(again.body.data)).toMatchObject({ created: 0, updated: 0 })
      expect(await peopleOf(tenant)).toEqual(after)
    }),
    { numRuns: runs ?? 20 },
  )
}, 1_200_000)

test('a repeated row of the person who has a shared number does not rename the one whose import left the number out', async () => {
  const tenant = await gateway.organization()
  const [phone, email] = ['+14155552671', 'ana@example.com']
  const file = csvOf([
    { phone, email: '', first_name: 'Bob' },
    { phone, email, first_name: 'Bob' },
    { phone, email, first_name: 'Ana' },
  ])
  await upload(tenant, file, 'on_duplicate=update')
  const after = await peopleOf(tenant)
  const again = await upload(tenant, file, 'on_duplicate=update')
  expect(countsOf(again.body.data)).toMatchObject({ created: 0, updated: 0 })
  expect(await peopleOf(tenant)).toEqual(after)
})

test('two imports of one file at once create no contact twice, and both report correct counts', async () => {
  const tenant = await gateway.organization()
  const file = ['email', ...Array.from({ length: 3000 }, (_, index) => `person${index}@example.com`)].join('\n')
  const answers = await Promise.all([upload(tenant, file, 'on_duplicate=update'), upload(tenant, file, 'on_duplicate=update')])
  const [one, other] = answers.map(({ body }) => body.data)
  expect([one.created + other.created, one.unchanged + other.unchanged, one.skipped + other.skipped]).toEqual([3000, 3000, 0])
  expect(await gateway.db.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(3000)
}, 60_000)
