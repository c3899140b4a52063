import fc from 'fast-check'
import { isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedDemo } from '../prisma/seed.ts'
import { scopes } from '../src/domain/context.ts'
import { updateContact } from '../src/domain/contacts/commands.ts'
import { importContacts, rollBackImport } from '../src/domain/imports/commands.ts'
import { newId } from '../src/kernel/ids.ts'
import { operationOf, roots, schema } from './support/generate-operations.ts'
import { operations, requestsOf } from './support/generate-requests.ts'
import { type TestGateway, noon, openOwnGateway, type Tenant } from './support/gateway.ts'
import { secretKeys } from './support/secret-keys.ts'

// Made from the schema and from the OpenAPI document, so that whatever is added there is tested here: one organization is full of people, and
// a stranger asks, in every way that there is, about what it has. The stranger must be answered exactly as if it had asked about what no organization
// has, must learn nothing else of it either, and must have changed nothing there.
const generous = { maxCost: 1e9, maxDepth: 100, maxAliases: 1e6, maxDirectives: 1e6, maxTokens: 1e6 }
/** How often each operation is asked in another form; more of it with `ISOLATION_VARIANTS`. */
const variants = Number(process.env['ISOLATION_VARIANTS'] ?? 4)

let gateway: TestGateway
let stranger: Tenant
let ownerId: string
/** What the owner has, and at the same places of the second list what no organization has. */
let pools: readonly [owned: readonly string[], unknown: readonly string[]]
/** Ids and texts that only the owner has. */
let secrets: readonly string[]
beforeAll(async () => {
  gateway = await openOwnGateway({ operationLimits: generous })
  ownerId = await seedDemo(gateway.db, { now: noon, crowd: 5 })
  const actor = { organizationId: ownerId, keyId: newId('apiKey'), name: 'Owner', scopes }
  const owner = { actor, db: gateway.db, now: () => noon, requestId: null, secretKeys }
  // What the demo has none of: an import with a row that was skipped and one that its rollback left alone, and entries of the audit log.
  const rows = [{ first_name: 'Imported' }, { email: 'not an address' }, { email: 'left.alone@example.com', first_name: 'Leftalone' }]
  const { id: importId } = await importContacts(owner, { kind: 'json', contacts: rows }, {})
  const imported = await gateway.db.prisma.contact.findFirstOrThrow({ where: { organizationId: ownerId, email: 'left.alone@example.com' } })
  await updateContact(owner, imported.id, { company: 'Changed since' })
  await rollBackImport(owner, importId)
  stranger = await gateway.organization({ name: 'Stranger', defaultCountry: 'US' })
  const contacts = await gateway.db.prisma.contact.findMany({
    where: { organizationId: ownerId, deletedAt: null, phone: { not: null }, email: { not: null } },
  })
  const [one, other] = contacts
  if (!one?.phone || !one.email || !other?.phone || !other.email) throw new Error('The demo has no contact with both phone and email.')
  const ids = await idsOf(ownerId)
  const kinds = [...new Set(ids.map((id) => prefixOf(id)))]
  const owned = kinds.map((kind) => ids.find((id) => prefixOf(id) === kind) ?? '')
  pools = [
    [one.id, other.id, ...owned, one.phone, other.phone, one.email, other.email],
    [
      'con_00000000000000000000000001',
      'con_00000000000000000000000002',
      ...kinds.map((kind) => `${kind}_00000000000000000000000003`),
      '+447400123999',
      '+447400123998',
      'nobody@example.org',
      'nobody.else@example.org',
    ],
  ]
  secrets = [...ids, ...contacts.flatMap(({ displayName }) => (displayName && displayName.length > 8 ? [displayName] : []))]
})
afterAll(() => gateway.close())

const prefixOf = (id: string) => id.slice(0, id.indexOf('_'))

/** The tables that have an organization's rows. */
async function tables(): Promise<string[]> {
  const rows = await gateway.db.sql<{ name: string }[]>`
    select table_name::text as name from information_schema.columns
    where table_schema = 'public' and column_name = 'organization_id' order by 1`
  return rows.map(({ name }) => name)
}

async function idsOf(organizationId: string): Promise<string[]> {
  const ids: string[] = []
  for (const table of await tables()) {
    const columns = await gateway.db.sql<unknown[]>`
      select 1 from information_schema.columns where table_schema = 'public' and table_name = ${table} and column_name = 'id' and data_type = 'text'`
    if (columns.length === 0) continue
    const rows = await gateway.db.prisma.$queryRawUnsafe<{ id: string }[]>(
      `select id from ${table} where organization_id = $1`,
      organizationId,
    )
    ids.push(...rows.map(({ id }) => id))
  }
  return ids
}

/** Everything that the owner has, in one number for each table. */
async function snapshot(): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {}
  for (const table of await tables()) {
    const sql = `select count(*)::int as rows, md5(string_agg(t::text, '|' order by t::text)) as content from ${table} t where organization_id = $1`
    state[table] = await gateway.db.prisma.$queryRawUnsafe(sql, ownerId)
  }
  return state
}

/** An answer without what differs between any two: what was asked about, new ids, times, numbers. */
function normal(answer: unknown, pool: readonly string[]): string {
  let text = JSON.stringify(answer)
  for (const [index, value] of pool.entries()) {
    for (const form of [value, encodeURIComponent(value)]) text = text.replaceAll(form, `<${index}>`)
  }
  return (
    text
      // Event ids are encrypted, to another text each time.
      .replaceAll(/(?<=")[\w-]{80,100}(?=")/g, '<event>')
      .replaceAll(/[a-z]+_[0-9a-z]{26}/g, '<id>')
      .replaceAll(/sk_…[\w-]{4}/g, '<hint>')
      // Faults of the input itself: they depend on the digits and the beginning of the id that was sent.
      .replaceAll(/is (?:not|too long for|too short for) a phone number/g, 'is no phone number')
      .replaceAll(/Unexpected token '.', \\"[^"]*\\"\.\.\./g, 'Unexpected token')
      .replaceAll(/\d+/g, '#')
  )
}

/** That an answer to a question about what the owner has contains nothing that was not in the question. */
function expectNothing(answer: unknown, question: string): void {
  const text = JSON.stringify(answer)
  expect(secrets.filter((secret) => text.includes(secret) && !question.includes(secret))).toEqual([])
}

/** Each question is asked twice by a stranger that is new to both: about what the owner has, and about what no organization has. */
async function askBoth(ask: (tenant: Tenant, pool: readonly string[]) => Promise<{ question: string; answer: unknown }>): Promise<void> {
  const [owned, unknown] = pools
  const options = { name: 'Stranger', defaultCountry: 'US' }
  const mine = await ask(await gateway.organization(options), owned)
  const unknownAnswer = await ask(await gateway.organization(options), unknown)
  expect(normal(mine.answer, owned)).toBe(normal(unknownAnswer.answer, unknown))
  expectNothing(mine.answer, mine.question)
}

describe.each(roots)('$kind $name', (root) => {
  test('gives and takes nothing of another organization', async () => {
    const before = await snapshot()
    for (let seed = 0; seed < variants; seed += 1) {
      await askBoth(async (tenant, pool) => {
        const question = operationOf(root, { seed, pool, everything: true, sane: true })
        const { status, body } = await tenant.gql(question)
        return { question, answer: { status, body } }
      })
    }
    expect(await snapshot()).toEqual(before)
  })
})

describe.each(operations)('$name', ({ path, method, operation }) => {
  test('gives and takes nothing of another organization', async () => {
    const before = await snapshot()
    for (let seed = 0; seed < variants; seed += 1) {
      await askBoth(async (tenant, pool) => {
        const [request] = fc.sample(requestsOf(path, operation, pool), { seed, numRuns: 1 })
        if (request === undefined) throw new Error('There is no request.')
        const { status, body } = await tenant.rest(method.toUpperCase(), request.url, request.body)
        const { meta: _meta, ...rest } = typeof body === 'object' && body !== null ? body : { text: body }
        return {
          question: `${decodeURIComponent(request.url)} ${request.body ?? ''}`,
          answer: { status, rest, page: body?.meta?.pagination },
        }
      })
    }
    expect(await snapshot()).toEqual(before)
  })
})

test('every field of every type is asked for', () => {
  const asked = new Set<string>()
  const info = new TypeInfo(schema)
  const note = visitWithTypeInfo(info, { Field: ({ name }) => void asked.add(`${info.getParentType()?.name ?? ''}.${name.value}`) })
  for (const root of roots) visit(parse(operationOf(root, { seed: 1, pool: pools[1], everything: true, sane: true })), note)
  const all = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__') ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
  )
  // A contact within a contact is not asked for; its fields are those of any contact.
  expect(all.filter((field) => !asked.has(field))).toEqual(['DuplicateContact.contact'])
})

test('what was not requested does not leak either: a stranger’s lists are empty, and their totals nothing', async () => {
  for (const root of roots.filter(({ kind }) => kind === 'query')) {
    const operation = operationOf(root, { seed: 1, pool: pools[1], everything: true, sane: true })
    const text = JSON.stringify((await stranger.gql(operation)).body)
    expect(text).not.toMatch(/"totalCount":(?!0|null)/)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  }
})

test('a key of another organization shares no remembered answer with it', async () => {
  const [one, other] = [await gateway.organization(), await gateway.organization()]
  const ask = (tenant: Tenant) => tenant.rest('POST', '', { email: 'same@example.com' }, { 'Idempotency-Key': 'same' })
  const [first, second] = [await ask(one), await ask(other)]
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.headers.get('idempotency-replayed')).toBe(null)
  expect(second.body.data.id).not.toBe(first.body.data.id)
})
