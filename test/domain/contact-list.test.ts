import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Contact } from '../../src/data/generated/client.ts'
import { deleteContacts } from '../../src/domain/contacts/commands.ts'
import type { ContactFilter } from '../../src/domain/finding/filter.ts'
import { contactList, type ContactOrder, contactPosition, findContacts, newestFirst } from '../../src/domain/finding/queries.ts'
import { decodeCursor, encodeCursor, type PageRequest } from '../../src/kernel/page.ts'
import { fold } from '../../src/kernel/text.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
let everyone: Contact[]

const firstNames = ['Ana', 'José', 'Søren', 'Zoë', 'ana']
const companies = ['Northwind', 'Straße & Söhne', '100% Café', 'under_score', 'back\\slash']
const stages = ['lead', 'customer', 'churned'] as const

/** Sixty contacts with much in common: few names, few stages, and only six different times of creation. */
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization({ defaultCountry: 'US' })
  const stranger = await gateway.organization()
  for (let index = 0; index < 60; index += 1) {
    gateway.clock.now = new Date(noon.getTime() + Math.floor(index / 10) * 1000)
    await givenContact(tenant, {
      firstName: firstNames[index % 5],
      ...(index % 3 !== 0 && { company: companies[index % 4] }),
      ...(index % 2 === 0 ? { phone: `+1415555${2000 + index}` } : { email: `person${index}@example.com` }),
      lifecycleStage: stages[index % 3],
      tags: index % 4 === 0 ? ['VIP', 'beta'] : index % 4 === 1 ? ['vip'] : [],
      countryCode: index % 5 === 0 ? 'DE' : 'US',
    })
    if (index % 20 === 0) await givenContact(stranger, { firstName: 'Ana', phone: `+1415555${2000 + index}` })
  }
  everyone = await gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId } })
})
afterAll(() => gateway.close())

/** Whether a text has a word with three letters or digits in a row anywhere, or any other at the beginning of one of its words. */
function isIn(text: string, word: string): boolean {
  return !/[a-z0-9]{3}/.test(word) ? ` ${text}`.includes(` ${word}`) : text.includes(word)
}

/** What the list must be, by looking at every contact. */
function expected(filter: ContactFilter, order: ContactOrder): Contact[] {
  const words = fold(filter.search ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
  const matches = (contact: Contact): boolean =>
    words.every((word) =>
      [contact.firstName, contact.company, contact.email, contact.phone].some((text) => text !== null && isIn(fold(text), word)),
    ) &&
    (filter.lifecycleStage?.includes(contact.lifecycleStage) ?? true) &&
    (filter.countryCode?.includes(contact.countryCode ?? '') ?? true) &&
    (filter.tags?.some((tag) => contact.tags.some((other) => other.toLowerCase() === tag.toLowerCase())) ?? true) &&
    (typeof filter.hasPhone !== 'boolean' || filter.hasPhone === (contact.phone !== null)) &&
    (typeof filter.hasEmail !== 'boolean' || filter.hasEmail === (contact.email !== null)) &&
    (!filter.createdAfter || contact.createdAt >= filter.createdAfter) &&
    (!filter.createdBefore || contact.createdAt < filter.createdBefore)
  const by = order.sort === 'attribute' ? 'createdAt' : order.sort
  const key = (contact: Contact): string => (by === 'name' ? contact.nameKey : contact[by].toISOString())
  const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
  const sorted = everyone.filter(matches).toSorted((one, other) => compare(key(one), key(other)) || compare(one.id, other.id))
  return order.direction === 'asc' ? sorted : sorted.toReversed()
}

/** Every page, one after the other, by the cursors that each hands out. */
async function walk(
  filter: ContactFilter,
  order: ContactOrder,
  limit: number,
  direction: PageRequest['direction'],
  between: () => Promise<void> = async () => {},
): Promise<string[]> {
  const list = contactList(tenant.context.actor, order)
  const ids: string[] = []
  let from: PageRequest['from'] = null
  for (let more = true; more; await between()) {
    const page = await findContacts(tenant.context, filter, order, { limit, direction, from, total: true })
    const found = page.items.map((contact) => contact.id)
    if (direction === 'forward') ids.push(...found)
    else ids.unshift(...found)
    const edge = direction === 'forward' ? page.items.at(-1) : page.items[0]
    more = direction === 'forward' ? page.hasNext : page.hasPrevious
    from = edge === undefined ? null : decodeCursor(list, encodeCursor(list, contactPosition(edge, order)))
  }
  return ids
}

const anyFilter: fc.Arbitrary<ContactFilter> = fc.record(
  {
    search: fc.constantFrom(
      'ana',
      'AN',
      'jose',
      'sören',
      'strasse sohne',
      '%',
      '_',
      '\\',
      '100%',
      'r_s',
      '415 5552',
      'zo example',
      'no contact at all',
    ),
    lifecycleStage: fc.subarray([...stages], { minLength: 1 }),
    countryCode: fc.subarray(['US', 'DE'], { minLength: 1 }),
    tags: fc.subarray(['vip', 'BETA'], { minLength: 1 }),
    hasPhone: fc.boolean(),
    hasEmail: fc.boolean(),
    createdAfter: fc.constantFrom(noon, new Date(noon.getTime() + 2000)),
    createdBefore: fc.constantFrom(new Date(noon.getTime() + 3000), new Date(noon.getTime() + 9000)),
  },
  { requiredKeys: [] },
)
const anyOrder: fc.Arbitrary<ContactOrder> = fc.record({
  sort: fc.constantFrom('createdAt', 'updatedAt', 'name'),
  direction: fc.constantFrom('asc', 'desc'),
})

test('every page of every filter, order, size and direction is what looking at every contact gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyFilter,
      anyOrder,
      fc.constantFrom(1, 2, 7, 25, 200),
      fc.constantFrom('forward', 'backward'),
      async (filter, order, limit, direction) => {
        const wanted = expected(filter, order).map((contact) => contact.id)
        fc.pre(!(limit === 1 && wanted.length > 20))
        expect(await walk(filter, order, limit, direction)).toEqual(wanted)
        const { total } = await findContacts(tenant.context, filter, order, { limit, direction, from: null, total: true })
        expect(total).toBe(wanted.length)
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

describe('while a client pages', () => {
  test('contacts that come and go make no other appear twice or go missing', async () => {
    const other = await gateway.organization()
    const before = await Promise.all(Array.from({ length: 20 }, () => givenContact(other)))
    const list = contactList(other.context.actor, newestFirst)
    const seen: string[] = []
    let from: PageRequest['from'] = null
    for (let round = 0; round < 10; round += 1) {
      const page = await findContacts(other.context, {}, newestFirst, { limit: 2, direction: 'forward', from, total: false })
      seen.push(...page.items.map((contact) => contact.id))
      const last = page.items.at(-1)
      if (last === undefined) break
      from = decodeCursor(list, encodeCursor(list, contactPosition(last, newestFirst)))
      // The contact that the cursor stands for goes, and a new one comes in front.
      await deleteContacts(other.context, [last.id])
      await givenContact(other)
    }
    expect(seen.toSorted()).toEqual(before.toSorted())
  })

  test('there is no total past 10,000', async () => {
    const crowded = await gateway.organization()
    await gateway.db.prisma.$executeRaw`
      insert into contacts (organization_id, id, email, email_key, source, search_text, name_key, created_at, updated_at)
      select ${crowded.organizationId}, 'con_' || lpad(g::text, 26, '0'), g || '@example.com', g || '@example.com', 'api', g || '@example.com', '', now(), now()
      from generate_series(1, 10001) g`
    const { body } = await crowded.gql(
      '{ all: contacts(first: 1) { totalCount } some: contacts(first: 1, filter: { search: "777" }) { totalCount } }',
    )
    expect(body.data).toEqual({ all: { totalCount: null }, some: { totalCount: 19 } })
    const { body: list } = await crowded.rest('GET', '?limit=1')
    expect(list.meta.pagination).toEqual({ cursor: expect.any(String), has_more: true })
  })
})
