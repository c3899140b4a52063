import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blockContact } from '../../src/domain/blocking/commands.ts'
import { deleteContacts } from '../../src/domain/contacts/commands.ts'
import type { FrequencyCapRuleInput } from '../../src/domain/frequency-caps/input.ts'
import { findFrequencyCapRules } from '../../src/domain/frequency-caps/queries.ts'
import { usageByRule } from '../../src/domain/frequency-caps/rule-usage.ts'
import { newId } from '../../src/kernel/ids.ts'
import { givenContact, givenContacts, givenMessages, givenRule } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const rules: readonly FrequencyCapRuleInput[] = [
  { name: 'All', limit: 2, windowSeconds: 120 },
  { name: 'Calls', channel: 'voice', category: 'marketing', limit: 1, windowSeconds: 60 },
  { name: 'Marketing by SMS', channel: 'sms', category: 'marketing', limit: 1, windowSeconds: 90 },
  { name: 'Service', category: 'service', limit: 2, windowSeconds: 180 },
  { name: 'Customers', limit: 1, windowSeconds: 60, audience: { lifecycleStages: ['customer'], countryCodes: ['DE', 'FR'] } },
  { name: 'VIPs', channel: 'email', limit: 1, windowSeconds: 150, audience: { tags: ['vip'] } },
  { name: 'Active', limit: 1, windowSeconds: 60, audience: { filter: { activity: { kinds: ['call'], atLeast: 1 }, hasCompany: true } } },
  { name: 'Seats', limit: 2, windowSeconds: 120, audience: { tags: ['vip'], filter: { not: { attributes: [{ key: 'seats', gt: 3 }] } } } },
  { name: 'Off', limit: 1, windowSeconds: 60, enabled: false },
]

const seconds = fc.integer({ min: -20, max: 1 }).map((steps) => new Date(noon.getTime() + steps * 10_000))
const channel = fc.constantFrom('sms' as const, 'email' as const)
const category = fc.constantFrom('marketing' as const, 'service' as const, 'transactional' as const)
const later = (times: number) => new Date(noon.getTime() + times * 10_000)
/** Few times, so that some things are at the ends of windows. */
const history = fc.record({
  messages: fc.array(
    fc.record({
      channel,
      category: fc.option(category),
      occurredAt: seconds,
      createdAt: seconds,
      status: fc.constantFrom('sent' as const, 'queued' as const, 'failed' as const),
      direction: fc.constantFrom('outbound' as const, 'outbound' as const, 'inbound' as const),
    }),
    { maxLength: 6 },
  ),
  calls: fc.array(fc.record({ occurredAt: seconds, direction: fc.constantFrom('outbound' as const, 'inbound' as const) }), {
    maxLength: 2,
  }),
  reservations: fc.array(
    fc.record({
      channel,
      category,
      occursAt: fc.integer({ min: -3, max: 15 }).map(later),
      expiresAt: fc.integer({ min: 0, max: 20 }).map(later),
      usedAt: fc.constantFrom(null, null, null, noon),
      releasedAt: fc.constantFrom(null, null, null, noon),
    }),
    { maxLength: 3 },
  ),
})

const ask = '{ frequencyCapRules { name usage { contactsSentTo contactsAtCap isExact } } }'

interface CapOfContact {
  readonly name: string
  readonly limit: number
  readonly usage: { readonly remaining: number }
}

/** The same, out of the caps of each contact. */
async function foldedUsage(tenant: Tenant) {
  const { body } = await tenant.gql(`{ contacts(first: 200) { nodes { frequencyCaps {
    globalCaps { name limit usage { remaining } } groupedByChannel { rules { name limit usage { remaining } } } } } } }`)
  const caps = body.data.contacts.nodes.flatMap(
    ({ frequencyCaps: { globalCaps, groupedByChannel } }: { frequencyCaps: { globalCaps: []; groupedByChannel: { rules: [] }[] } }) => [
      ...globalCaps,
      ...groupedByChannel.flatMap((one) => one.rules),
    ],
  ) as CapOfContact[]
  return rules
    .map(({ name = '' }) => ({
      name,
      usage: {
        contactsSentTo: caps.filter((cap) => cap.name === name && cap.usage.remaining < cap.limit).length,
        contactsAtCap: caps.filter((cap) => cap.name === name && cap.usage.remaining === 0).length,
        isExact: true,
      },
    }))
    .toSorted((one, other) => (String(one.name) < String(other.name) ? -1 : 1))
}

test('the usage of every rule is what the caps of each contact add up to, with the same statements for one rule as for many', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(
    tenant,
    Array.from({ length: 24 }, (_, index) => ({
      lifecycleStage: index % 3 === 0 ? ('customer' as const) : ('lead' as const),
      countryCode: ['DE', 'FR', 'US', null][index % 4] ?? null,
      tags: index % 2 === 0 ? ['VIP'] : [],
      company: index % 5 === 0 ? null : 'Acme',
      customAttributes: { seats: index % 7 },
    })),
  )
  await deleteContacts(tenant.context, ids.slice(0, 2))
  await blockContact(tenant.context, { contactId: ids[3] ?? '' })
  await givenRule(tenant, rules[7])
  const { statements: ofOne } = await tenant.gql(ask)
  for (const rule of rules) if (rule !== rules[7]) await givenRule(tenant, rule)
  const { prisma } = gateway.db
  await fc.assert(
    fc.asyncProperty(fc.array(history, { minLength: ids.length, maxLength: ids.length }), async (histories) => {
      const of = { organizationId: tenant.organizationId }
      const rows = <Row extends object>(kind: 'message' | 'call' | 'sendReservation', list: (one: (typeof histories)[number]) => Row[]) =>
        histories.flatMap((one, index) => list(one).map((row) => ({ ...of, id: newId(kind), contactId: ids[index] ?? '', ...row })))
      await Promise.all([
        prisma.message.createMany({ data: rows('message', ({ messages }) => messages.map((row) => ({ ...row, updatedAt: noon }))) }),
        prisma.call.createMany({
          data: rows('call', ({ calls }) => calls.map((row) => ({ ...row, status: 'missed', createdAt: noon, updatedAt: noon }))),
        }),
        prisma.sendReservation.createMany({
          data: rows('sendReservation', (one) => one.reservations.map((row) => ({ ...row, reservedBy: 'Test', createdAt: noon }))),
        }),
      ])
      const { body, statements } = await tenant.gql(ask)
      expect(body.data.frequencyCapRules).toEqual(await foldedUsage(tenant))
      expect(statements).toHaveLength(ofOne.length)
      await Promise.all([
        prisma.message.deleteMany({ where: of }),
        prisma.call.deleteMany({ where: of }),
        prisma.sendReservation.deleteMany({ where: of }),
      ])
    }),
    { numRuns: 8, endOnFailure: true },
  )
})

test('what was not looked at makes a count a lower bound, for the rules whose window has more', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(tenant, [{}, {}, {}])
  for (const [index, id] of ids.entries()) {
    const times = [index + 1, index + 11].map((minutes) => ({ occurredAt: new Date(noon.getTime() - minutes * 60_000) }))
    await givenMessages(tenant, id, times)
  }
  await givenRule(tenant, { name: 'An hour', limit: 2, windowSeconds: 3600 })
  await givenRule(tenant, { name: 'Ten minutes', limit: 1, windowSeconds: 600 })
  const found = await findFrequencyCapRules(tenant.context)
  const within = async (reach: number) => [...(await usageByRule(tenant.context, found, reach)).values()]
  const tenMinutes = { contactsSentTo: 3, contactsAtCap: 3, isExact: true }
  expect(await within(7)).toEqual([{ contactsSentTo: 3, contactsAtCap: 3, isExact: true }, tenMinutes])
  expect(await within(4)).toEqual([{ contactsSentTo: 3, contactsAtCap: 1, isExact: false }, tenMinutes])
  expect(await within(2)).toEqual([
    { contactsSentTo: 2, contactsAtCap: 0, isExact: false },
    { contactsSentTo: 2, contactsAtCap: 2, isExact: false },
  ])
})

test('usage is charged, and needs the scope to read contacts, also of a rule that was just written', async () => {
  const tenant = await gateway.organization()
  const cost = ({ extensions }: { extensions?: unknown }) => (extensions as { cost: { cost: number } }).cost.cost
  const plain = await tenant.gql('{ frequencyCapRules { name } }')
  const counted = await tenant.gql('{ frequencyCapRules { name usage { contactsAtCap } } }')
  expect([cost(plain), cost(counted)]).toEqual([11, 1021])
  const settings = await tenant.withScopes('settings:write')
  const { body } = await settings.gql(`mutation { upsertFrequencyCapRule(input: { name: "New", limit: 1, windowSeconds: 60 }) {
    ... on UpsertFrequencyCapRulePayload { rule { name usage { contactsAtCap } } } } }`)
  expect(body).toMatchObject({
    data: { upsertFrequencyCapRule: { rule: { name: 'New', usage: null } } },
    errors: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }],
  })
})

test('what another organization sends counts in no other', async () => {
  const [sender, other] = [await gateway.organization(), await gateway.organization()]
  for (const tenant of [sender, other]) await givenRule(tenant, { name: 'One' })
  const contactId = await givenContact(sender)
  await givenMessages(sender, contactId, [{ occurredAt: noon }])
  const usages = await Promise.all([sender, other].map(async (tenant) => (await tenant.gql(ask)).body.data.frequencyCapRules))
  expect(usages).toEqual([
    [{ name: 'One', usage: { contactsSentTo: 1, contactsAtCap: 1, isExact: true } }],
    [{ name: 'One', usage: { contactsSentTo: 0, contactsAtCap: 0, isExact: true } }],
  ])
})
