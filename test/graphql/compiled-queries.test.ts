import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BothWays, openBothWays, withoutLocations } from '../support/both-ways.ts'
import { clientForms } from '../support/client-documents.ts'
import { noon } from '../support/gateway.ts'
import { operationOf, type Root, roots } from '../support/generate-operations.ts'
import { asTest } from '../support/tenancy/as-test.ts'

// Operations are compiled (src/http/graphql/compiler). Whatever they ask for, the answer is the one of the resolvers alone, which are the reference.
let gateway: BothWays
let { db, organizationId, contacts, addresses, post, askBoth }: BothWays = Object()

beforeAll(async () => {
  gateway = await openBothWays()
  ;({ db, organizationId, contacts, addresses, post, askBoth } = gateway)
}, 180_000)
afterAll(() => gateway.close())

// An event id takes a statement of its own, and is another each time.
const isCursor = new Set(['before', 'after', 'eventId'])

/** Any field with any argument but cursors: one that is made up is a cursor of no list. */
function withoutCursors(_of: string, name: string): boolean {
  return !isCursor.has(name)
}

function rootOf(name: string): Root {
  const root = roots.find((one) => one.kind === 'query' && one.name === name)
  if (root === undefined) throw new Error(`There is no query ${name}.`)
  return root
}

describe('the answer is the same', () => {
  test.each(['contact', 'contacts', 'contactBy', 'node'])(
    '%s, in the documents of every client',
    async (name) => {
      const many = name === 'contact' || name === 'contacts'
      const modes = new Set<string | null>()
      let answered = 0
      for (let seed = 1; seed <= (many ? 120 : 60); seed += 1) {
        const pool = name === 'contactBy' ? addresses : [contacts[seed % contacts.length] ?? '', 'Anna', 'vip']
        const everything = seed % 15 === 0
        const sane = seed % 7 !== 0
        // Clients do not print what is no GraphQL.
        const form = (sane && clientForms[seed % clientForms.length]) || 'by hand'
        const query = operationOf(rootOf(name), { seed, pool, everything, sane, isWanted: withoutCursors })
        const [compiled, resolved] = await askBoth(query, {}, { form })
        expect({ query, form, ...withoutLocations(compiled) }).toEqual({ query, form, ...withoutLocations(resolved) })
        if (compiled.errors !== undefined) continue
        expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(resolved.data))
        answered += 1
        const { mode, reason } = compiled.execution ?? { mode: null, reason: null }
        if (mode === 'compiled' && name !== 'contactBy')
          expect({ query, statements: compiled.statements }).toEqual({ query, statements: 1 })
        // What is refused for a list on no contact is no error.
        if (mode === 'resolvers' && name !== 'node') expect({ query, reason }).toEqual({ query, reason: 'refused: VALIDATION_ERROR' })
        modes.add(mode)
      }
      expect(answered).toBeGreaterThan(many ? 20 : 3)
      expect([...modes]).toEqual(expect.arrayContaining(many ? ['compiled', 'mixed'] : ['compiled']))
    },
    300_000,
  )

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
    const [busy] = await asTest(db).sql<{ id: string; entries: number }[]>`
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

/** Goes through a list from its beginning to its end and back, each page asked for as a compiled and field by field. @returns the pages on the way forth */
// oxlint-disable-next-line no-explicit-any
async function walk(query: string, variables: object, size: number, pageOf: (data: any) => PageSeen): Promise<PageSeen[]> {
  const pageAt = async (place: object) => {
    const [compiled, resolved] = await askBoth(query, { ...variables, ...place })
    expect(withoutLocations(compiled)).toEqual(withoutLocations(resolved))
    expect([compiled.errors, compiled.statements, compiled.execution]).toEqual([undefined, 1, { mode: 'compiled', reason: null }])
    return pageOf(compiled.data)
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
    timeline(first: 2) { nodes { ... on Node { id } ... on TimelineEntry { at: occurredAt } ... on Message { status } ... on Call { outcome: status } } } } } fragment Names on Contact { names: displayName ... { ... on Node { id } } }`
  const [compiled, resolved] = await askBoth(query, { id })
  expect(compiled.data).toEqual(resolved.data)
  expect([compiled.errors, compiled.statements]).toEqual([undefined, 1])
  expect(Object.keys(Object(compiled.data).one).slice(0, 4)).toEqual(['constructor', 'toString', 'names', 'id'])
})

test('even the name that objects have a use for', async () => {
  const [compiled, resolved] = await askBoth('query Odd($id: ID!) { contact(id: $id) { __proto__: id phone } }', { id: contacts[0] })
  expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(resolved.data))
  expect(Object.keys(Object(compiled.data).contact)).toEqual(['__proto__', 'phone'])
})

test('introspection is answered beside data', async () => {
  const [compiled, resolved] = await askBoth(
    '{ contacts(first: 1) { nodes { id } } __schema { queryType { name } } one: __type(name: "Note") { name } }',
  )
  expect(compiled.data).toEqual({
    contacts: { nodes: [{ id: expect.any(String) }] },
    __schema: { queryType: { name: 'Query' } },
    one: { name: 'Note' },
  })
  expect(compiled.data).toEqual(resolved.data)
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
    const instants = ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2026-03-29T01:30:00.070Z', '1969-12-31T23:59:59.999Z']
    await db.prisma.note.createMany({
      data: odd.map((body, at) => ({
        ...on,
        id: `note_01k1twza00eba8v9pmc9rwk3${String(at).padStart(2, '0')}`,
        body,
        author: body,
        pinned: at % 2 === 0,
        createdAt: new Date(instants[at % instants.length] ?? 0),
        updatedAt: noon,
      })),
    })
    await db.prisma.channelPreference.deleteMany({ where: { ...on, channel: { in: ['email', 'sms'] } } })
    await db.prisma.contact.update({
      where: { organizationId_id: { organizationId, id } },
      data: {
        company: odd[0] ?? '',
        firstName: null,
        lastName: odd[2] ?? '',
        tags: odd,
        tagKeys: odd,
        createdAt: new Date(instants[2] ?? 0),
      },
      select: { id: true },
    })
    const query = `query ($id: ID!) { contact(id: $id) { __typename id company firstName lastName tags createdAt isBlocked lifecycleStage source displayName customAttributes
      notes(first: 50) { nodes { __typename id body author pinned createdAt } } preferences { channel state recordedAt __typename }
      timeline(first: 50) { nodes { __typename id occurredAt direction externalId ... on Message { status subject body channel category readAt } ... on Call { outcome: status durationSeconds }
        ... on Ticket { progress: status priority closedAt about: subject } ... on Event { name } } } } }`
    const [compiled, resolved] = await askBoth(query, { id })
    expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(resolved.data))
    expect([compiled.errors, compiled.statements]).toEqual([undefined, 1])
    const { notes, preferences } = Object(compiled.data).contact
    expect(notes.nodes.map(({ body }: { body: string }) => body)).toEqual(expect.arrayContaining(odd))
    expect(preferences.filter(({ state }: { state: string }) => state === 'UNKNOWN').length).toBeGreaterThanOrEqual(2)
  })

  test('may be more than a function of the database takes', async () => {
    const fields = Array.from({ length: 150 }, (_, at) => `a${at}: phone b${at}: createdAt`).join(' ')
    const [compiled, resolved] = await askBoth(
      `query ($id: ID!) { contact(id: $id) { ${fields} notes(first: 1) { nodes { ${fields.replaceAll('phone', 'body')} } } } }`,
      {
        id: contacts[0],
      },
    )
    expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(resolved.data))
    expect([compiled.errors, compiled.statements]).toEqual([undefined, 1])
  })

  test('stands beside what the gateway reports about an operation', async () => {
    const response = await post(`{ contact(id: "${contacts[1]}") { id } }`)
    expect(await response.json()).toEqual({
      data: { contact: { id: contacts[1] } },
      extensions: { cost: { cost: expect.any(Number), limit: expect.any(Number) }, execution: { mode: 'compiled', reason: null } },
    })
  })
})
