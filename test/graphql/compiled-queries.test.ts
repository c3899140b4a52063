import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedDemo } from '../../prisma/seed.ts'
import { type App, createApp } from '../../src/app.ts'
import { type Db, openDatabase } from '../../src/data/database.ts'
import { createApiKey } from '../../src/domain/api-keys/commands.ts'
import { type Scope, scopes } from '../../src/domain/context.ts'
import { defaultHttpSettings } from '../../src/http/settings.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { createLog } from '../../src/log.ts'
import { operationOf, type Root, roots } from '../support/generate-operations.ts'
import { copyTemplate, countingLookups, noon } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

// Contacts with their lists are read by one statement and written without resolvers (src/http/graphql/compiler/compiled-query.ts). Whatever is asked, the answer
// is the one that is found field by field, which is how an operation is executed that asks for something else besides; and it is the same on the fast path.
let app: App
let db: Db
let organizationId: string
let contacts: string[]
let keyOf: (...granted: Scope[]) => Promise<string>
let key: string
let close: () => Promise<void>

beforeAll(async () => {
  const { config, remove } = await copyTemplate()
  const database = await openDatabase(config)
  db = database.db
  const now = () => noon
  organizationId = await seedDemo(db, { now: noon, crowd: 60 })
  keyOf = async (...granted) => (await createApiKey({ db, now, organizationId }, { name: 'Reader', scopes: granted })).key
  key = await keyOf(...scopes)
  // Operations that are made up ask for much at once, each field under an alias.
  const operationLimits = { ...defaultHttpSettings.operationLimits, maxAliases: 10_000, maxCost: 10_000_000 }
  app = createApp({
    database,
    now,
    log: createLog('silent'),
    secretKeys,
    settings: { ...defaultHttpSettings, rateLimits: null, operationLimits },
  })
  const found = await db.contact.findMany({ where: { organizationId }, select: { id: true }, orderBy: { id: 'asc' } })
  contacts = found.map(({ id }) => id)
  close = async () => {
    await app.close()
    await remove()
  }
}, 180_000)
afterAll(() => close())

interface Asked {
  readonly data: unknown
  readonly errors?: unknown
  readonly statements: number
}

async function ask(query: string, variables: object = {}, as = key): Promise<Asked> {
  const { result: response, statements } = await countingLookups(() => post(query, variables, as))
  const { data, errors } = Object(await response.json())
  return { data, ...(errors !== undefined && { errors }), statements }
}

function post(query: string, variables: object, as: string): Promise<Response> {
  const headers = { 'X-API-Key': as, 'Content-Type': 'application/json' }
  return app.fetch(new Request('http://localhost:4000/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) }))
}

/**
 * As a whole, and field by field, as everything is read that stands in a fragment of the root. As a whole it is asked twice: the second time it is known, and
 * answered on the fast path.
 */
async function askBoth(query: string, variables: object = {}, { as = key, fragments = '' } = {}): Promise<[whole: Asked, apart: Asked]> {
  const at = query.indexOf('{ ')
  const whole = await ask(`${query} ${fragments}`, variables, as)
  expect({ query, ...(await ask(`${query} ${fragments}`, variables, as)) }).toEqual({ query, ...whole })
  return [whole, await ask(`${query.slice(0, at)}{ ... ${query.slice(at)} } ${fragments}`, variables, as)]
}

function withoutLocations({ errors, data }: Asked): object {
  return { data, errors: Array.isArray(errors) ? errors.map(({ message, path, extensions }) => ({ message, path, extensions })) : errors }
}

const notAlong = new Set([
  ...['block', 'consentRecords', 'frequencyCaps', 'journey', 'nextBestActions', 'phoneFormatted', 'profile', 'sendDecision'].map(
    (field) => `Contact.${field}`,
  ),
  'NoteConnection.totalCount',
  'TimelineConnection.totalCount',
  'ChannelPreference.record',
])
const fromTheEnd = new Set(['last', 'before', 'after'])

/** What comes along with a contact, once. No cursor is made up: it would be one of no list. */
function along(seed: number): (of: string, name: string) => boolean {
  const otherWay = `ContactConnection.${seed % 2 === 0 ? 'nodes' : 'edges'}`
  return (of, name) => !notAlong.has(`${of}.${name}`) && !fromTheEnd.has(name) && `${of}.${name}` !== otherWay
}

function rootOf(name: string): Root {
  const root = roots.find((one) => one.kind === 'query' && one.name === name)
  if (root === undefined) throw new Error(`There is no query ${name}.`)
  return root
}

describe('the answer is the same', () => {
  test.each(['contact', 'contacts'])('%s, and what comes along costs one statement', async (name) => {
    let answered = 0
    for (let seed = 1; seed <= 200; seed += 1) {
      const pool = [contacts[seed % contacts.length] ?? '', 'Anna', 'vip']
      const query = operationOf(rootOf(name), { seed, pool, everything: seed % 3 === 0, sane: seed % 5 !== 0, isWanted: along(seed) })
      const [whole, apart] = await askBoth(query)
      expect({ query, ...withoutLocations(whole) }).toEqual({ query, ...withoutLocations(apart) })
      if (whole.errors !== undefined) continue
      answered += 1
      expect({ query, statements: whole.statements }).toEqual({ query, statements: 1 })
    }
    expect(answered).toBeGreaterThan(50)
  })

  test.each(['contact', 'contacts', 'contactBy', 'node'])('%s, whatever else is asked of it', async (name) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const query = operationOf(rootOf(name), { seed, pool: contacts.slice(0, 5), everything: seed % 4 === 0, sane: true })
      const [whole, apart] = await askBoth(query)
      expect({ query, ...withoutLocations(whole) }).toEqual({ query, ...withoutLocations(apart) })
    }
  })

  test('page after page, forward and backward, of contacts and of one contact’s lists', async () => {
    const list = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: ContactOrder) { contacts(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id displayName notes(last: 2) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } } }`
    for (const orderBy of [null, { field: 'NAME', direction: 'ASC' }, { field: 'UPDATED_AT', direction: 'DESC' }]) {
      const pages = await walk(list, { orderBy }, 17, (data) => data.contacts)
      expect(pages.flatMap(({ edges }) => edges.map(({ node }) => node.id)).toSorted()).toEqual(contacts)
    }
    const timeline = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { contact(id: $id) { timeline(first: $first, after: $after, last: $last, before: $before, kinds: [MESSAGE, CALL]) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { __typename id title occurredAt } } } } }`
    const [busy] = await db.$queryRaw<{ id: string; entries: number }[]>`
      select c.id, (select count(*)::int from messages m where m.organization_id = c.organization_id and m.contact_id = c.id)
        + (select count(*)::int from calls k where k.organization_id = c.organization_id and k.contact_id = c.id) as entries
      from contacts c where c.organization_id = ${organizationId} order by 2 desc limit 1`
    const pages = await walk(timeline, { id: busy?.id }, 3, (data) => data.contact.timeline)
    expect(pages.flatMap(({ edges }) => edges)).toHaveLength(busy?.entries ?? 0)
  })
})

interface PageSeen {
  readonly edges: readonly { readonly node: { readonly id: string } }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string
    readonly endCursor: string
  }
}

/** Goes through a list from its beginning to its end and back, each page asked for as a whole and field by field. @returns the pages on the way forth */
// oxlint-disable-next-line no-explicit-any
async function walk(query: string, variables: object, size: number, pageOf: (data: any) => PageSeen): Promise<PageSeen[]> {
  const pageAt = async (place: object) => {
    const [whole, apart] = await askBoth(query, { ...variables, ...place })
    expect(withoutLocations(whole)).toEqual(withoutLocations(apart))
    expect([whole.errors, whole.statements]).toEqual([undefined, 1])
    return pageOf(whole.data)
  }
  const pages = [await pageAt({ first: size })]
  for (let page = pages[0]; page?.pageInfo.hasNextPage; page = pages.at(-1))
    pages.push(await pageAt({ first: size, after: page.pageInfo.endCursor }))
  const back = [pages.at(-1)]
  for (let page = back[0]; page?.pageInfo.hasPreviousPage; page = back.at(-1))
    back.push(await pageAt({ last: size, before: page.pageInfo.startCursor }))
  const ids = (seen: readonly (PageSeen | undefined)[]) => seen.flatMap((page) => page?.edges.map(({ node }) => node.id) ?? [])
  expect(ids(back.toReversed())).toEqual(ids(pages))
  return pages
}

test('fields of any name are answered, merged ones once', async () => {
  const [id] = contacts
  const query = `query Odd($id: ID!) { one: contact(id: $id) { constructor: phone toString: id ...Names notes(first: 1) { nodes { id } } notes(first: 1) { nodes { body } }
    timeline(first: 2) { nodes { ... on Node { id } ... on TimelineEntry { at: occurredAt } ... on Message { status } ... on Call { outcome: status } } } } }`
  const fragments = 'fragment Names on Contact { names: displayName ... { ... on Node { id } } }'
  const [whole, apart] = await askBoth(query, { id }, { fragments })
  expect(whole.data).toEqual(apart.data)
  expect([whole.errors, whole.statements]).toEqual([undefined, 1])
  expect(Object.keys(Object(whole.data).one).slice(0, 4)).toEqual(['constructor', 'toString', 'names', 'id'])
})

test('even the name that objects have a use for', async () => {
  const [whole, apart] = await askBoth('query Odd($id: ID!) { contact(id: $id) { __proto__: id phone } }', { id: contacts[0] })
  expect(JSON.stringify(whole.data)).toBe(JSON.stringify(apart.data))
  expect(Object.keys(Object(whole.data).contact)).toEqual(['__proto__', 'phone'])
})

describe('what the database writes', () => {
  const odd = [
    '"quoted" \\ and /slashed/',
    'tab\tline\nreturn\r\u0001\u001f\u007f',
    'Zoë 🦊 \u2028\u2029 İıſß',
    "it's ${1} $1 %s :x ?",
    '{"a":[null]}',
    ' ',
  ]

  test('is what the executor writes, whatever the values', async () => {
    const id = contacts[0] ?? ''
    const on = { organizationId, contactId: id }
    const moments = ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2026-03-29T01:30:00.070Z', '1969-12-31T23:59:59.999Z']
    await db.note.createMany({
      data: odd.map((body, at) => ({
        ...on,
        id: `note_01k1twza00eba8v9pmc9rwk3${String(at).padStart(2, '0')}`,
        body,
        author: body,
        pinned: at % 2 === 0,
        createdAt: new Date(moments[at % moments.length] ?? 0),
        updatedAt: noon,
      })),
    })
    await db.channelPreference.deleteMany({ where: { ...on, channel: { in: ['email', 'sms'] } } })
    await db.contact.update({
      where: { organizationId_id: { organizationId, id } },
      data: {
        company: odd[0] ?? '',
        firstName: null,
        lastName: odd[2] ?? '',
        tags: odd,
        tagKeys: odd,
        createdAt: new Date(moments[2] ?? 0),
      },
    })
    const query = `query ($id: ID!) { contact(id: $id) { __typename id company firstName lastName tags createdAt isBlocked lifecycleStage source displayName customAttributes
      notes(first: 50) { nodes { __typename id body author pinned createdAt } } preferences { channel state recordedAt __typename }
      timeline(first: 50) { nodes { __typename id occurredAt direction externalId ... on Message { status subject body channel category readAt } ... on Call { outcome: status durationSeconds }
        ... on Ticket { progress: status priority closedAt about: subject } ... on Event { name } } } } }`
    const [whole, apart] = await askBoth(query, { id })
    expect(JSON.stringify(whole.data)).toBe(JSON.stringify(apart.data))
    expect([whole.errors, whole.statements]).toEqual([undefined, 1])
    const { notes, preferences } = Object(whole.data).contact
    expect(notes.nodes.map(({ body }: { body: string }) => body)).toEqual(expect.arrayContaining(odd))
    expect(preferences.filter(({ state }: { state: string }) => state === 'UNKNOWN').length).toBeGreaterThanOrEqual(2)
  })

  test('may be more than a function of the database takes', async () => {
    const fields = Array.from({ length: 150 }, (_, at) => `a${at}: phone b${at}: createdAt`).join(' ')
    const [whole, apart] = await askBoth(
      `query ($id: ID!) { contact(id: $id) { ${fields} notes(first: 1) { nodes { ${fields.replaceAll('phone', 'body')} } } } }`,
      {
        id: contacts[0],
      },
    )
    expect(JSON.stringify(whole.data)).toBe(JSON.stringify(apart.data))
    expect([whole.errors, whole.statements]).toEqual([undefined, 1])
  })

  test('stands beside what the gateway tells of an operation', async () => {
    const response = await post(`{ contact(id: "${contacts[1]}") { id } }`, {}, key)
    expect(await response.json()).toEqual({
      data: { contact: { id: contacts[1] } },
      extensions: { cost: { cost: expect.any(Number), limit: expect.any(Number) } },
    })
  })
})

describe('what is refused is refused in the same words', () => {
  const lists = 'id notes(first: 1) { nodes { id } } timeline(first: 1) { nodes { id } } preferences { channel }'

  test('to a caller who may not read', async () => {
    const writer = await keyOf('contacts:write')
    for (const query of [`{ contacts { nodes { ${lists} } } }`, `{ contact(id: "${contacts[0]}") { ${lists} } }`]) {
      const [whole, apart] = await askBoth(query, {}, { as: writer })
      expect(withoutLocations(whole)).toEqual(withoutLocations(apart))
      expect(whole.errors).toMatchObject([{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }])
      expect(whole.statements).toBe(0)
    }
  })

  test('and another organization’s contact is not there', async () => {
    const services = { db, now: () => noon }
    const other = await createOrganization(services, { name: 'Other', defaultCountry: null })
    const { key: foreign } = await createApiKey({ ...services, organizationId: other }, { name: 'Stranger', scopes })
    const [whole, apart] = await askBoth(`{ contact(id: "${contacts[0]}") { ${lists} } }`, {}, { as: foreign })
    expect(whole).toEqual({ data: { contact: null }, statements: 1 })
    expect(withoutLocations(apart)).toEqual(withoutLocations(whole))
    expect((await ask(`{ contacts { nodes { ${lists} } } }`, {}, foreign)).data).toEqual({ contacts: { nodes: [] } })
  })

  test.each([
    ['a page that is too large', '{ contacts(first: 201) { nodes { id } } }'],
    ['a nested page that is too large', '{ contacts { nodes { notes(first: 0) { nodes { id } } } } }'],
    ['two ends at once', '{ contacts(first: 1, last: 1) { nodes { id } } }'],
    ['a cursor of no list', '{ contacts(after: "nonsense") { nodes { id } } }'],
    ['a timeline of no kind', '{ contacts { nodes { timeline(kinds: []) { nodes { id } } } } }'],
    ['an id of something else', '{ contact(id: "note_01jm8xw4r2e5tvq0c9h3kzb7nd") { id } }'],
  ])('%s', async (_what, query) => {
    const [whole, apart] = await askBoth(query)
    expect(Array.isArray(whole.errors)).toBe(true)
    expect(withoutLocations(whole)).toEqual(withoutLocations(apart))
  })
})
