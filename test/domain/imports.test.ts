import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCsv } from '../../src/kernel/csv.ts'
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
  const contacts = await gateway.db.prisma.contact.findMany({
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
        gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId, deletedAt: null }, orderBy: { id: 'asc' } })
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

test('a repeated row of a person whose name the holder of its number has got since is about that person', async () => {
  const tenant = await gateway.organization()
  const [phone, email] = ['+14155552671', 'bob@example.com']
  await upload(tenant, csvOf([{ phone, email: '', first_name: 'Bob' }]), 'on_duplicate=update')
  const file = csvOf([
    { phone, email, first_name: 'Ana' },
    { phone, email: '', first_name: 'Ana' },
    { phone, email, first_name: 'Bob' },
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
  expect(await gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })).toBe(3000)
}, 60_000)

const column = { email: 'E-Mail', phone: 'Telefon', name: 'Vorname', note: 'Notiz', language: 'Sprache' }
type Line = Readonly<Record<keyof typeof column, string>>

const texts = fc.constantFrom('Zoë', "'quoted", '=SUM(A1)', '+49', '@handle', 'a;b,c', 'x "y"', 'two\nlines', '-', ' spaced ', '7.0', '')

/** Lines of a file of which some are refused: for an address, for want of one, as a repetition, or for cells that have slipped. */
const lines = fc.array(
  fc.record<Line>({
    email: fc.constantFrom('', 'n/a', 'unfinished@', 'two words@fix.example', 'ana@fix.example', 'bob@fix.example', '=1+1@fix'),
    phone: fc.constantFrom('', '12345', '5,58199E+12', '(0)30', '+4915112345601', '+4915112345602', 'none'),
    name: texts,
    note: texts,
    language: fc.constantFrom('', 'Deutsch', 'Elvish', 'pt-BR'),
  }),
  { minLength: 1, maxLength: 10 },
)

/** How programs save a file: with their delimiter, with or without a byte order mark. */
const program = fc.record({ delimiter: fc.constantFrom(',', ';', '\t'), mark: fc.constantFrom('', '\uFEFF') })

function saved(records: readonly (readonly string[])[], { delimiter, mark }: { delimiter: string; mark: string }): string {
  return mark + records.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join('\r\n')
}

async function recordsOf(text: string): Promise<string[][]> {
  // oxlint-disable-next-line require-await
  const { records } = await readCsv((async function* () { yield new TextEncoder().encode(text) })(), { charset: null, scoreHeader: (cells) => cells.length }) // prettier-ignore
  const all: string[][] = []
  for await (const record of records) all.push([...record])
  return all
}

/** What a person makes of a row that was refused: what is named as wrong is put right, and whom the file has already becomes someone else. */
function correction(rowNumber: string, code: string, field: string): Partial<Line> {
  const isNamed = (name: keyof typeof column) => field.split(' | ').includes(column[name])
  const isAnother = code.includes('DUPLICATE') || code.includes('AMBIGUOUS') || code.includes('ALREADY')
  return {
    ...((isNamed('email') || isAnother || code.includes('MISSING')) && { email: `corrected${rowNumber}@fix.example` }),
    ...((isNamed('phone') || isAnother) && { phone: `+49151999900${rowNumber.padStart(2, '0')}` }),
    ...(isNamed('language') && { language: 'fr' }),
  }
}

test('skipped rows that are corrected and imported again give what the corrected file gives', async () => {
  const keys = Object.keys(column) as (keyof typeof column)[] // proof: the keys of the table
  const header = Object.values(column)
  const contacts = async (tenant: Tenant) => {
    const { body } = await tenant.rest('GET', '?limit=100')
    const shown = body.data.map(({ id: _id, revision: _revision, created_at: _created, updated_at: _updated, ...rest }: Record<string, unknown>) => JSON.stringify(rest)) // prettier-ignore
    return shown.toSorted()
  }
  await fc.assert(
    fc.asyncProperty(lines, program, policy, async (file, format, onDuplicate) => {
      const [one, other] = [await gateway.organization(), await gateway.organization()]
      const query = `on_duplicate=${onDuplicate}`
      const first = await upload(one, saved([header, ...file.map((line) => keys.map((key) => line[key]))], format), query)
      const answer = await one.rest('GET', `/import-jobs/${first.body.data.id}/skipped.csv`)
      const [names = [], ...skipped] = await recordsOf(answer.body)
      const corrections = new Map<number, Partial<Line>>()
      const corrected = skipped.map((record) => {
        const [rowNumber = '', code = '', field = ''] = record
        const change = correction(rowNumber, code, field)
        corrections.set(blankless(file)[Number(rowNumber) - 1] ?? -1, change)
        return record.map((cell, index) => change[keys[header.indexOf(names[index] ?? '')] ?? 'name'] ?? cell)
      })
      if (skipped.length > 0) {
        const second = await upload(one, saved([names, ...corrected], format), query)
        expect(countsOf(second.body.data)).toEqual({ created: skipped.length, updated: 0, unchanged: 0, skipped: 0 })
      }
      const whole = file.map((line, index) => ({ ...line, ...corrections.get(index) }))
      const control = await upload(other, saved([header, ...whole.map((line) => keys.map((key) => line[key]))], format), query)
      expect(countsOf(control.body.data)).toMatchObject({ skipped: 0 })
      expect(await contacts(one)).toEqual(await contacts(other))
    }),
    { numRuns: runs ?? 25 },
  )
}, 1_200_000)

/** The lines that count as rows, by their indexes: others say nothing at all. */
function blankless(file: readonly Line[]): number[] {
  return file.flatMap((line, index) => (Object.values(line).every((cell) => cell.trim() === '') ? [] : [index]))
}
