import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selectMatching } from '../../../src/data/sql/find-matching-contacts.ts'
import { createDefinition } from '../../../src/domain/attributes/commands.ts'
import { contactCounts } from '../../../src/domain/finding/counts.ts'
import { contactList, findContacts, newestFirst } from '../../../src/domain/finding/queries.ts'
import { selectDefinitions } from '../../../src/data/sql/attribute-definitions.ts'
import { type ContactFilter, type FilterSettings, parseFilter, resolveFilter } from '../../../src/domain/finding/filter.ts'
import { encodeCursor } from '../../../src/kernel/page.ts'
import { definedKeys, sortedBy } from '../../support/defined-attributes.ts'
import { asBody, asVariable } from '../../support/filter-inputs.ts'
import { anyFilter, type Everything, givenEverything, matches } from '../../support/filters.ts'
import { givenContacts } from '../../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
let everything: Everything
let settings: FilterSettings

/** More runs for a long night. */
const runs = Number(process.env['FILTER_RUNS'] ?? 40)

beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization({ defaultCountry: 'US' })
  everything = await givenEverything(gateway, tenant)
  settings = { topics: [], definitions: await selectDefinitions(tenant.context.db, tenant.organizationId) }
})
afterAll(() => gateway.close())

const list = `query ($filter: ContactFilter!) { contacts(filter: $filter, first: 100) { totalCount nodes { id } } }`
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).toSorted()

async function selected(filter: ContactFilter) {
  const { context } = tenant
  const [graphql, search, exported, bulk] = [
    await tenant.gql(list, { filter: asVariable(filter) }),
    await tenant.rest('POST', '/search', { filter: asBody(filter), limit: 100 }),
    await tenant.rest('POST', '/export', { filter: asBody(filter), fields: ['id'] }),
    await tenant.rest('POST', '/actions', { action: 'remove_tags', params: { tags: ['unused'] }, filter: asBody(filter) }),
  ]
  const match = await resolveFilter(context, filter)
  const fitting = await selectMatching(
    context.db,
    context.actor.organizationId,
    match,
    everything.contacts.map(({ id }) => id),
  )
  return {
    graphql: idsOf(graphql.body.data?.contacts.nodes ?? [graphql.body]),
    total: graphql.body.data?.contacts.totalCount,
    search: idsOf(search.body.data ?? [search.body]),
    exported: idsOf(exported.body.data ?? [exported.body]),
    bulk: bulk.body.data?.matched ?? bulk.body,
    fitting: idsOf(fitting),
  }
}

test('lists, searches, exports, bulk actions and changes select exactly the contacts that match', { timeout: 60_000 }, async () => {
  const seen = { some: 0, all: 0 }
  await fc.assert(
    fc.asyncProperty(anyFilter(everything.contacts), async (filter) => {
      const ids = idsOf(everything.contacts.filter((contact) => matches(contact, filter, everything)))
      if (ids.length > 0) seen.some += 1
      if (ids.length === everything.contacts.length) seen.all += 1
      expect(await selected(filter)).toEqual({
        graphql: ids,
        total: ids.length,
        search: ids,
        exported: ids,
        bulk: ids.length,
        fitting: ids,
      })
    }),
    { numRuns: runs },
  )
  expect(seen.some).toBeGreaterThan(seen.all)
})

test('each predicate and its opposite divide the contacts', { timeout: 60_000 }, async () => {
  const predicates: ContactFilter[] = [
    { attributes: [{ key: 'plan', contains: 'pro' }] },
    { attributes: [{ key: 'seats', ne: 12 }] },
    { attributes: [{ key: 'size', ne: 12 }] },
    { attributes: [{ key: 'seen', lte: '2024-02-29' }] },
    { attributes: [{ key: 'nick', contains: 'pro' }] },
    { attributes: [{ key: 'tier', exists: true }] },
    { consent: { channel: 'sms', topic: 'news', states: ['opted_in'] } },
    { consent: { channel: 'email', topic: 'offers', states: ['pending'] } },
    { consent: { channel: 'sms', states: ['opted_out'] } },
    { activity: { channel: 'sms', direction: 'inbound', atLeast: 2 } },
    { activity: { name: 'order_placed' } },
    { company: ['northwind'] },
    { language: ['de'] },
  ]
  for (const filter of predicates) {
    const [own, opposite] = [await selected(filter), await selected({ not: filter })]
    expect([filter, own.fitting.length > 0, opposite.fitting.length > 0]).toEqual([filter, true, true])
    expect([...own.exported, ...opposite.exported].toSorted()).toEqual(idsOf(everything.contacts))
  }
})

const nested = (levels: number): ContactFilter => (levels === 1 ? { hasPhone: true } : { not: nested(levels - 1) })

test.each<[string, ContactFilter, string]>([
  ['51 predicates', { and: Array.from({ length: 51 }, () => ({ hasPhone: true })) }, 'and.50'],
  ['6 levels', nested(6), 'not.not.not.not.not'],
  ['an empty list', { or: [] }, 'or'],
  ['a text that is compared with true', { attributes: [{ key: 'plan', gt: true }] }, 'attributes.0.gt'],
  ['bounds of two types', { attributes: [{ key: 'seats', gt: 1, lt: '2' }] }, 'attributes.0'],
  ['bounds that nothing is between', { and: [{ attributes: [{ key: 'seats', gt: 3, lt: 2 }] }] }, 'and.0.attributes.0'],
  ['an empty text', { attributes: [{ key: 'plan', contains: '' }] }, 'attributes.0.contains'],
  ['no operator', { attributes: [{ key: 'plan' }] }, 'attributes.0'],
  ['times that nothing is between', { updatedAfter: new Date(2), updatedBefore: new Date(1) }, 'updatedBefore'],
  ['an unknown topic', { not: { consent: { channel: 'sms', topic: 'nothing', states: ['opted_in'] } } }, 'not.consent.topic'],
  ['more than less', { activity: { atLeast: 3, atMost: 2 } }, 'activity.atMost'],
  ['a name of a message', { activity: { kinds: ['message'], name: 'order_placed' } }, 'activity'],
  ['a text for a number', { attributes: [{ key: 'size', eq: '12' }] }, 'attributes.0.eq'],
  ['a number in a list of options', { not: { attributes: [{ key: 'tier', in: ['Gold', 1] }] } }, 'not.attributes.0.in.1'],
  ['an option that there is none of', { attributes: [{ key: 'tier', ne: 'gold' }] }, 'attributes.0.ne'],
  ['a part of a number', { attributes: [{ key: 'size', contains: '1' }] }, 'attributes.0.contains'],
  ['an order of options', { attributes: [{ key: 'tier', gt: 'Gold' }] }, 'attributes.0.gt'],
  ['a day that the month does not have', { attributes: [{ key: 'seen', lt: '2023-02-29' }] }, 'attributes.0.lt'],
  ['times that nothing is between', { attributes: [{ key: 'seen', gt: '2024-02-29', lt: '2024-02-29T00:00:00Z' }] }, 'attributes.0'],
  ['a text beyond the limit', { attributes: [{ key: 'nick', startsWith: 'x'.repeat(1001) }] }, 'attributes.0.startsWith'],
  ['a tag that is empty', { or: [{ tagsAll: [' '] }] }, 'or.0.tagsAll'],
  ['a language that there is none of', { language: ['xx-unknown'] }, 'language'],
])('%s: refused with the field that is wrong', (_name, filter, field) => {
  expect(() => parseFilter(filter, settings)).toThrow(expect.objectContaining({ details: expect.objectContaining({ field }) }))
})

test('50 predicates on 5 levels are accepted', () => {
  expect(() => parseFilter({ and: Array.from({ length: 49 }, () => ({ hasPhone: true })), not: nested(4) })).not.toThrow()
})

test('a filter that stands in the body itself is the same as one in its field', async () => {
  const direct = await tenant.rest('POST', '/search', { tags_all: ['vip', 'beta'], limit: 2 })
  const named = await tenant.rest('POST', '/search', { filter: { tags_all: ['vip', 'beta'] }, limit: 2 })
  expect(direct.body.data).toEqual(named.body.data)
  expect(direct.body.meta.pagination).toMatchObject({ has_more: true, total: 10 })
  const next = await tenant.rest('POST', '/search', {
    tags_all: ['vip', 'beta'],
    cursor: direct.body.meta.pagination.cursor,
  })
  expect(next.body.data).toHaveLength(8)
})

test('what a filter reads of other tables counts towards the cost of the operation', async () => {
  const costOf = async (filter: unknown) => (await tenant.gql(list, { filter })).extensions as { cost: { cost: number } }
  const plain = await costOf({ hasPhone: true })
  const dear = await costOf({ not: { activity: { kinds: ['EVENT'] } }, attributes: [{ key: 'plan', eq: 'Pro' }] })
  expect(dear.cost.cost).toBe(plain.cost.cost + 21)
})

test('a number and the text of it are different values, through both APIs', async () => {
  const names = async (eq: unknown) => (await selected({ attributes: [{ key: 'seats', eq }] })).graphql.length
  expect([await names(12), await names('12'), await names('12.0')]).toEqual([8, 8, 0])
  const wrong = await tenant.rest('POST', '/search', { attributes: [{ key: 'seats', eq: [12] }] })
  expect([wrong.status, wrong.body.error.details.field]).toEqual([422, 'filter.attributes.0.eq'])
})

test('a filter that no index serves is refused in a large organization, with the attribute to define', async () => {
  const owner = await gateway.organization()
  await givenContacts(owner, [{ customAttributes: { plan: 'pro', seats: 3 }, tags: ['vip'] }, { customAttributes: { plan: 'basic' } }, {}])
  const count = async (filter: ContactFilter, scanLimit: number) =>
    (await findContacts({ ...owner.context, scanLimit }, filter, newestFirst, { limit: 5, direction: 'forward', from: null, total: true }))
      .total
  const contains: ContactFilter = { attributes: [{ key: 'plan', contains: 'r' }] }
  const refused = { message: expect.stringMatching(/define the attribute plan with createAttributeDefinition/) }
  expect(await count(contains, 3)).toBe(1)
  await expect(count(contains, 2)).rejects.toMatchObject(refused)
  await expect(count({ not: { attributes: [{ key: 'plan', exists: true }] }, hasEmail: true }, 2)).rejects.toMatchObject(refused)
  await expect(count({ or: [contains, { tags: ['vip'] }] }, 2)).rejects.toMatchObject(refused)
  await expect(contactCounts({ ...owner.context, scanLimit: 2 }, contains, 'stage')).rejects.toMatchObject(refused)
  // What an index finds is looked at closely, however large the organization is.
  expect(await count({ ...contains, tags: ['vip'] }, 2)).toBe(1)
  expect(
    await count(
      {
        attributes: [
          { key: 'plan', contains: 'r' },
          { key: 'seats', eq: 3 },
        ],
      },
      2,
    ),
  ).toBe(1)
  expect(await count({ tagsNone: ['vip'] }, 2)).toBe(2)
  await createDefinition(owner.context, { key: 'plan', type: 'text' })
  expect([await count(contains, 2), await count({ not: contains }, 2)]).toEqual([1, 2])
})

test.each(definedKeys)('contacts are sorted by %s, page by page in both directions, those without a value last', async (key) => {
  const sortable = everything.contacts.map(({ id, customAttributes }) => ({
    id,
    value: sortedBy(customAttributes as Record<string, unknown>, key),
  }))
  for (const direction of ['ASC', 'DESC'] as const) {
    const sign = direction === 'ASC' ? 1 : -1
    const compare = (one: string | number, other: string | number) => (one < other ? -sign : one > other ? sign : 0)
    const valued = sortable.flatMap(({ id, value }) => (value === null ? [] : [{ id, value }]))
    const expected = [
      ...valued.toSorted((one, other) => compare(one.value, other.value) || compare(one.id, other.id)),
      ...sortable.filter(({ value }) => value === null).toSorted((one, other) => compare(one.id, other.id)),
    ].map(({ id }) => id)
    const page = async (variables: Record<string, unknown>) => {
      const { body } = await tenant.gql(
        `query ($orderBy: ContactOrder, $filter: ContactFilter, $first: Int, $after: String, $last: Int, $before: String) {
          contacts(orderBy: $orderBy, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
            totalCount nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
        { orderBy: { field: 'ATTRIBUTE', attribute: key, direction }, ...variables },
      )
      return body.data?.contacts ?? body
    }
    const ids = (nodes: readonly { id: string }[]) => nodes.map(({ id }) => id)
    const forward: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo, totalCount } = await page({ first: 17, after })
      forward.push(...ids(nodes))
      expect(totalCount).toBe(expected.length)
      ;[after, more] = [pageInfo.endCursor, pageInfo.hasNextPage]
    }
    expect(forward).toEqual(expected)
    const backward: string[] = []
    for (let before: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await page({ last: 17, before })
      backward.unshift(...ids(nodes))
      ;[before, more] = [pageInfo.startCursor, pageInfo.hasPreviousPage]
    }
    expect(backward).toEqual(expected)
    const vip = new Set(everything.contacts.filter(({ tags }) => tags.includes('VIP')).map(({ id }) => id))
    const filtered = await tenant.rest('POST', '/search', {
      tags_all: ['vip', 'beta'],
      order_by: { field: 'attribute', attribute: key, direction: direction.toLowerCase() },
      limit: 200,
    })
    expect(ids(filtered.body.data)).toEqual(expected.filter((id) => vip.has(id)))
  }
})

test('an order that makes no sense is refused with the field that is wrong', async () => {
  const fault = async (orderBy: Record<string, unknown>) => {
    const { status, body } = await tenant.rest('POST', '/search', { order_by: { direction: 'asc', ...orderBy } })
    return [status, body.error?.details.field]
  }
  expect(await fault({ field: 'attribute' })).toEqual([422, 'order_by.attribute'])
  expect(await fault({ field: 'attribute', attribute: 'plan' })).toEqual([422, 'order_by.attribute'])
  expect(await fault({ field: 'name', attribute: 'size' })).toEqual([422, 'order_by.attribute'])
  const list = contactList(tenant.context.actor, { sort: 'attribute', attribute: 'size', direction: 'asc' })
  const cursor = encodeCursor(list, { key: '=many', id: everything.contacts[0]?.id ?? '' })
  const forged = await tenant.rest('POST', '/search', { order_by: { field: 'attribute', attribute: 'size', direction: 'asc' }, cursor })
  expect([forged.status, forged.body.error.code]).toEqual([400, 'INVALID_CURSOR'])
})
