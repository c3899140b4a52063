import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDefinition } from '../../../src/domain/attributes/commands.ts'
import { searchableText, searchTerms } from '../../../src/kernel/search-text.ts'
import { openOwnGateway, type Tenant, type TestGateway } from '../../support/gateway.ts'

/** Many more than are looked at along a list before those that match are looked up. */
const many = 4000
const runs = Number(process.env['FILTER_RUNS'] ?? 60)

interface Person {
  readonly id: string
  readonly stage: string
  readonly tags: readonly string[]
  readonly account: string
  readonly seats: number
  readonly name: string
  /** Minutes after the beginning. */
  readonly updated: number
}

/** Each thing is common or rare, near or far away along the list, and some never go together. */
const people = Array.from({ length: many }, (_, index): Person => ({
  id: `con_${String(index).padStart(26, '0')}`,
  stage: index % 70 === 0 ? 'customer' : index % 2 === 0 ? 'lead' : 'subscriber',
  tags: ['all', ...(index % 60 === 0 ? ['sparse'] : []), ...(index < 300 ? ['old'] : []), ...(index % 900 === 0 ? ['few'] : [])],
  account: `A-${index % 1500}`,
  seats: index % 50,
  name: `${index % 11 === 0 ? 'Anna' : 'Ben'} ${index % 800 === 3 ? 'Zbigniew' : 'Miller'}`,
  updated: (index * 7) % many,
}))

const beginning = Date.UTC(2026, 0, 1)
const minute = 60_000
const timeOf = (minutes: number) => new Date(beginning + minutes * minute).toISOString()

let gateway: TestGateway
let tenant: Tenant

beforeAll(async () => {
  gateway = await openOwnGateway()
  tenant = await gateway.organization()
  const rows = JSON.stringify(
    people.map(({ updated, ...person }, index) => {
      const text = searchableText([person.name])
      return { ...person, index, text, terms: searchTerms(text, []), updated: timeOf(updated) }
    }),
  )
  await gateway.db.prisma.$executeRaw`
    insert into contacts (organization_id, id, phone, lifecycle_stage, tags, tag_keys, custom_attributes, source, search_text, search_digits,
      search_terms, search_version, name_key, created_at, updated_at)
    select ${tenant.organizationId}, id, '+' || 1000 + index, stage::lifecycle_stage, tags, tags,
      jsonb_build_object('account', account, 'seats', seats), 'api', text, '', terms, 1, text, timestamptz '2026-01-01Z' + index * interval '1 minute', updated
    from jsonb_to_recordset(${rows}::jsonb) as p(id text, stage text, tags text[], account text, seats int, text text, terms int[], updated timestamptz, index int)`
  await createDefinition(tenant.context, { key: 'account', type: 'text' })
  await createDefinition(tenant.context, { key: 'seats', type: 'number' })
  await gateway.db.prisma.$executeRaw`analyze contacts`
  await gateway.db.prisma.$executeRaw`analyze contact_attributes`
}, 120_000)
afterAll(() => gateway.close())

interface Asked {
  readonly filter: Readonly<Record<string, unknown>>
  readonly holds: (person: Person) => boolean
}

const tag = fc.constantFrom('all', 'sparse', 'old', 'few', 'unheard-of')
const predicate: fc.Arbitrary<Asked> = fc.oneof(
  tag.map((of) => ({ filter: { tags: [of] }, holds: ({ tags }: Person) => tags.includes(of) })),
  fc.constantFrom('LEAD', 'CUSTOMER', 'ADVOCATE').map((stage) => ({
    filter: { lifecycleStage: [stage] },
    holds: (person: Person) => person.stage === stage.toLowerCase(),
  })),
  fc.constantFrom('anna', 'zbigniew', 'qwertz').map((word) => ({
    filter: { search: word },
    holds: ({ name }: Person) => name.toLowerCase().includes(word),
  })),
  fc.nat(1600).map((of) => ({
    filter: { attributes: [{ key: 'account', eq: `A-${of}` }] },
    holds: ({ account }: Person) => account === `A-${of}`,
  })),
  fc.integer({ min: 1, max: 51 }).map((from) => ({
    filter: { attributes: [{ key: 'seats', gte: from }] },
    holds: ({ seats }: Person) => seats >= from,
  })),
  fc.nat(many).map((before) => ({
    filter: { updatedBefore: timeOf(before) },
    holds: ({ updated }: Person) => updated < before,
  })),
)
const opposite = predicate.map(({ filter, holds }): Asked => ({ filter: { not: filter }, holds: (person) => !holds(person) }))
const anyOf = fc.array(predicate, { minLength: 1, maxLength: 3 }).map((ones): Asked => ({
  filter: { or: ones.map(({ filter }) => filter) },
  holds: (person) => ones.some(({ holds }) => holds(person)),
}))
const allOf = fc.array(fc.oneof({ weight: 4, arbitrary: predicate }, { weight: 1, arbitrary: opposite }, { weight: 2, arbitrary: anyOf }), {
  minLength: 1,
  maxLength: 3,
})

const list = `query ($filter: ContactFilter!, $orderBy: ContactOrder, $after: String) {
  contacts(filter: $filter, orderBy: $orderBy, first: 10, after: $after) { totalCount nodes { id } pageInfo { endCursor } }
}`

test('lists of many contacts have those that match, in their order, however they are found', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(allOf, fc.boolean(), async (asked, byUpdate) => {
      const found = people.filter((person) => asked.every(({ holds }) => holds(person))).toReversed()
      const ids = (byUpdate ? found.toSorted((one, other) => other.updated - one.updated) : found).map(({ id }) => id)
      const filter = { and: asked.map(({ filter: one }) => one) }
      const orderBy = { field: byUpdate ? 'UPDATED_AT' : 'CREATED_AT', direction: 'DESC' }
      const first = await tenant.gql(list, { filter, orderBy })
      const { contacts } = first.body.data ?? { contacts: first.body }
      expect({ total: contacts.totalCount, ids: contacts.nodes?.map(({ id }: { id: string }) => id) }).toEqual({
        total: ids.length,
        ids: ids.slice(0, 10),
      })
      if (ids.length <= 10) return
      const next = await tenant.gql(list, { filter, orderBy, after: contacts.pageInfo.endCursor })
      expect(next.body.data.contacts.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(10, 20))
    }),
    { numRuns: runs },
  )
})
