import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDefinition } from '../../src/domain/attributes/commands.ts'
import { upsertFrequencyCapRule } from '../../src/domain/frequency-caps/commands.ts'
import { usageAt } from '../../src/domain/frequency-caps/rules.ts'
import { givenActivities, givenContact, givenContacts, givenMessages, givenRule, ruleOf } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const ago = (hours: number) => new Date(noon.getTime() - hours * 3_600_000)
const upsert = `mutation ($input: UpsertFrequencyCapRuleInput!) { upsertFrequencyCapRule(input: $input) {
  __typename ... on UpsertFrequencyCapRulePayload { rule { id name channel category limit windowSeconds audience { lifecycleStages tags countryCodes } enabled } }
  ... on FieldError { field } ... on Error { code message } } }`
const write = async (tenant: Tenant, input: object) => (await tenant.gql(upsert, { input })).body.data?.upsertFrequencyCapRule

test('a rule is made, found by its id, changed, listed and removed', async () => {
  const tenant = await gateway.organization()
  const { rule: made, __typename } = await write(tenant, {
    name: ' Two a day ',
    channel: 'SMS',
    limit: 2,
    windowSeconds: 86_400,
    audience: { tags: ['VIP', 'vip'], countryCodes: ['de'], lifecycleStages: ['LEAD'] },
  })
  expect(__typename).toBe('UpsertFrequencyCapRulePayload')
  const rule = {
    id: expect.stringMatching(/^fcr_/),
    name: 'Two a day',
    channel: 'SMS',
    category: null,
    limit: 2,
    windowSeconds: 86_400,
    audience: { lifecycleStages: ['LEAD'], tags: ['VIP'], countryCodes: ['DE'] },
    enabled: true,
  }
  expect(made).toEqual(rule)
  const changed = await write(tenant, { id: made.id, limit: 3, channel: null, enabled: false })
  expect(changed.rule).toEqual({ ...rule, limit: 3, channel: null, enabled: false })
  expect(await write(tenant, { id: made.id, audience: null })).toMatchObject({
    rule: { audience: { lifecycleStages: [], tags: [], countryCodes: [] } },
  })
  const { body } = await tenant.gql(
    'query ($id: ID!) { node(id: $id) { ... on FrequencyCapRule { name } } frequencyCapRules { name limit } }',
    {
      id: made.id,
    },
  )
  expect(body.data).toEqual({ node: { name: 'Two a day' }, frequencyCapRules: [{ name: 'Two a day', limit: 3 }] })
  const remove = `mutation ($id: ID!) { deleteFrequencyCapRule(input: { id: $id }) { ... on DeleteFrequencyCapRulePayload { deletedId } ... on Error { code } } }`
  expect((await tenant.gql(remove, { id: made.id })).body.data.deleteFrequencyCapRule).toEqual({ deletedId: made.id })
  expect((await tenant.gql(remove, { id: made.id })).body.data.deleteFrequencyCapRule).toEqual({ code: 'NOT_FOUND' })
  expect(await gateway.db.prisma.frequencyCapRule.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
})

test('a rule with a filter holds for the contacts that match it, whatever definitions come later', async () => {
  const tenant = await gateway.organization()
  const [pro = '', basic = ''] = await givenContacts(tenant, [{ customAttributes: { seats: '12' } }, { customAttributes: { seats: '3' } }])
  const filter = { attributes: [{ key: 'seats', eq: '12' }], not: { createdBefore: '2020-01-01T00:00:00.000Z' } }
  const { rule } = await write(tenant, { name: 'Large', limit: 1, windowSeconds: 3600, audience: { filter } })
  const caps = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact { frequencyCaps { globalCaps { name audience { filter } } } } } }`
  const read = async () => {
    const nodes: { frequencyCaps: { globalCaps: unknown[] } }[] = (await tenant.gql(caps, { ids: [pro, basic] })).body.data.nodes
    return nodes.map(({ frequencyCaps }) => frequencyCaps.globalCaps)
  }
  expect(await read()).toEqual([[{ name: 'Large', audience: { filter } }], []])
  await createDefinition(tenant.context, { key: 'seats', type: 'number' })
  expect(await read()).toEqual([[{ name: 'Large', audience: { filter } }], []])
  expect(await write(tenant, { id: rule.id, audience: { filter: { attributes: [{ key: 'seats', eq: '12' }] } } })).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'audience.filter.attributes.0.eq',
  })
  await write(tenant, { id: rule.id, limit: 2 })
  expect((await read())[1]).toEqual([])
  await write(tenant, { id: rule.id, audience: null })
  expect((await read())[1]).toEqual([{ name: 'Large', audience: { filter: null } }])
})

test.each([
  [{ limit: 0 }, 'VALIDATION_ERROR', 'limit', 'The limit is too small.'],
  [{ limit: -1 }, 'VALIDATION_ERROR', 'limit', 'The limit is too small.'],
  [{ limit: 1_000_001 }, 'VALIDATION_ERROR', 'limit', 'The limit is too large.'],
  [{ windowSeconds: 59 }, 'VALIDATION_ERROR', 'windowSeconds', 'The window is too small.'],
  [{ windowSeconds: 31_536_001 }, 'VALIDATION_ERROR', 'windowSeconds', 'The window is too large.'],
  [{ name: ' ' }, 'MISSING_REQUIRED_FIELD', 'name', 'A rule needs a name.'],
  [{ limit: null }, 'MISSING_REQUIRED_FIELD', 'limit', 'A rule cannot do without its limit.'],
  [{ name: 'Taken' }, 'VALIDATION_ERROR', 'name', 'Another rule has this name.'],
  [
    { audience: { countryCodes: ['XX'] } },
    'VALIDATION_ERROR',
    'audience.countryCodes',
    'There is no such country code. Send an ISO 3166-1 code or the name of a country, such as US, DEU or Germany.',
  ],
  [{ audience: { tags: [''] } }, 'VALIDATION_ERROR', 'tags', 'A tag is empty.'],
])('a rule with %j is refused', async (wrong, code, field, message) => {
  const tenant = await gateway.organization()
  await givenRule(tenant, { name: 'Taken' })
  expect(await write(tenant, { name: 'New', limit: 1, windowSeconds: 60, ...wrong })).toMatchObject({ code, field, message })
  const kept = await givenRule(tenant, { name: 'Kept' })
  expect(await write(tenant, { id: kept, ...wrong })).toMatchObject({ code, field, message })
  const rules = await gateway.db.prisma.frequencyCapRule.findMany({
    where: { organizationId: tenant.organizationId },
    orderBy: { name: 'asc' },
  })
  expect(rules.map((rule) => rule.name)).toEqual(['Kept', 'Taken'])
})

test('an audience of a stage that does not exist, a foreign rule and a key without the scope are refused', async () => {
  const tenant = await gateway.organization()
  const stage = await tenant.gql(upsert, { input: { name: 'x', limit: 1, windowSeconds: 60, audience: { lifecycleStages: ['BOSS'] } } })
  expect(stage.body.errors[0].extensions.code).toBe('VALIDATION_ERROR')
  const foreign = await givenRule(await gateway.organization())
  expect(await write(tenant, { id: foreign, limit: 9 })).toMatchObject({ __typename: 'NotFound' })
  const writer = await tenant.withScopes('contacts:read', 'contacts:write')
  const refused = await writer.gql(upsert, { input: { name: 'x', limit: 1, windowSeconds: 60 } })
  expect(refused.body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
})

test('only enabled rules that apply to the contact are listed, grouped, with their usage, alike in both APIs', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant, { phone: '+4930231250', tags: ['vip'], lifecycleStage: 'customer' })
  const day = 86_400
  await givenRule(tenant, { name: 'A', channel: 'sms', limit: 2, windowSeconds: day, audience: { tags: ['VIP'], countryCodes: ['DE'] } })
  await givenRule(tenant, { name: 'B', category: 'marketing', limit: 3, windowSeconds: 7 * day })
  await givenRule(tenant, { name: 'C', limit: 2, windowSeconds: 2 * day })
  await givenRule(tenant, { name: 'Off', enabled: false })
  await givenRule(tenant, { name: 'Other stage', audience: { lifecycleStages: ['lead'] } })
  await givenRule(tenant, { name: 'Other country', audience: { countryCodes: ['FR'] } })
  await givenMessages(tenant, contactId, [
    { occurredAt: ago(1), category: 'marketing' },
    { occurredAt: ago(2), category: 'transactional' },
    { occurredAt: ago(3), status: 'failed' },
    { occurredAt: ago(4), direction: 'inbound' },
    { occurredAt: ago(24) },
    { occurredAt: ago(30), channel: 'email' },
  ])
  const { body, statements } = await tenant.gql(
    `query ($id: ID!) { contact(id: $id) { frequencyCaps {
      groupedByChannel { channel rules { name usage { used remaining resetsAt } } }
      globalCaps { name channel category limit windowSeconds audience { tags } usage { used remaining resetsAt } } } } }`,
    { id: contactId },
  )
  expect(statements).toHaveLength(3)
  const iso = (hours: number) => ago(hours).toISOString()
  expect(body.data.contact.frequencyCaps).toEqual({
    groupedByChannel: [{ channel: 'SMS', rules: [{ name: 'A', usage: { used: 1, remaining: 1, resetsAt: iso(1 - 24) } }] }],
    globalCaps: [
      {
        name: 'B',
        channel: null,
        category: 'MARKETING',
        limit: 3,
        windowSeconds: 7 * day,
        audience: { tags: [] },
        usage: { used: 1, remaining: 2, resetsAt: iso(1 - 7 * 24) },
      },
      // Three messages where two are allowed: the next slot frees when the second of them leaves the window.
      expect.objectContaining({ name: 'C', usage: { used: 3, remaining: 0, resetsAt: iso(24 - 48) } }),
    ],
  })
  const rest = await tenant.rest('GET', `/${contactId}/frequency-caps`)
  expect(rest.body.data).toMatchObject({
    contact_id: contactId,
    grouped_by_channel: { sms: [{ name: 'A', channel: 'sms', usage: { used: 1, remaining: 1, resets_at: iso(1 - 24) } }] },
    global_caps: [
      { name: 'B', window_seconds: 7 * day },
      { name: 'C', audience: { lifecycle_stages: [], tags: [], country_codes: [] } },
    ],
  })
})

test('usage equals a count one by one, at any time of any history', () => {
  const rules = fc.record({
    channel: fc.constantFrom(null, 'sms' as const, 'email' as const),
    category: fc.constantFrom(null, 'marketing' as const, 'transactional' as const),
    limit: fc.integer({ min: 1, max: 4 }),
    windowSeconds: fc.integer({ min: 60, max: 70 }),
  })
  const sent = fc.array(
    fc.record({
      channel: fc.constantFrom('sms' as const, 'email' as const),
      category: fc.constantFrom('marketing' as const, 'service' as const, 'transactional' as const),
      second: fc.integer({ min: 0, max: 200 }),
    }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(rules, sent, fc.integer({ min: 0, max: 300 }), (fields, past, second) => {
      const usedAt = (instant: number) => {
        let used = 0
        for (const message of past) {
          const counted = fields.category === null ? message.category !== 'transactional' : message.category === fields.category
          const ofChannel = fields.channel === null || fields.channel === message.channel
          if (counted && ofChannel && message.second <= instant && instant - message.second < fields.windowSeconds) used += 1
        }
        return used
      }
      const at = (instant: number) => new Date(noon.getTime() + instant * 1000)
      const known = past.map((message) => ({ ...message, occurredAt: at(message.second) })).filter((message) => message.second <= second)
      const usage = usageAt(ruleOf(fields), known, at(second))
      const used = usedAt(second)
      const remaining = (instant: number) => Math.max(0, fields.limit - knownAt(instant))
      const knownAt = (instant: number) => usageAt(ruleOf(fields), known, at(instant)).used
      let frees: number | null = null
      for (let instant = second + 1; instant <= second + 71 && frees === null; instant += 1)
        if (remaining(instant) > remaining(second)) frees = instant
      expect(usage).toEqual({ used, remaining: Math.max(0, fields.limit - used), resetsAt: frees === null ? null : at(frees) })
    }),
    { numRuns: 500 },
  )
})

test('a rule for calls counts those that went out, however they ended, and so does one for all channels', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { phone: '+493023125017' })
  await givenRule(tenant, { name: 'Calls', channel: 'voice', category: 'marketing', limit: 3 })
  await givenRule(tenant, { name: 'Texts', channel: 'sms' })
  await givenRule(tenant, { name: 'All', limit: 9 })
  const call = { direction: 'outbound' as const, status: 'no_answer' as const }
  await givenActivities(tenant, id, [
    ...[1, 2, 3].map((hours) => ({ call: { ...call, occurredAt: ago(hours) } })),
    { call: { ...call, direction: 'inbound', status: 'missed', occurredAt: ago(4) } },
  ])
  const { body } = await tenant.rest('GET', `/${id}/frequency-caps`)
  expect(body.data).toMatchObject({
    grouped_by_channel: { voice: [{ usage: { used: 3, remaining: 0 } }], sms: [{ usage: { used: 0, remaining: 1 } }] },
    global_caps: [{ name: 'All', usage: { used: 3, remaining: 6 } }],
  })
  const decide = await tenant.gql(`{ sendDecision(contactId: "${id}", channel: VOICE, category: MARKETING) { reasons { code } } }`)
  expect(decide.body.data.sendDecision.reasons).toContainEqual({ code: 'FREQUENCY_CAP' })
})

test('what a sender whose clock is ahead has recorded counts at once, and from when it was recorded', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  await givenRule(tenant, { limit: 1, windowSeconds: 3600 })
  const ahead = new Date(noon.getTime() + 4 * 60_000)
  await givenActivities(tenant, id, [{ message: { occurredAt: ahead, channel: 'email', direction: 'outbound' } }])
  const { body } = await tenant.rest('GET', `/${id}/frequency-caps`)
  expect(body.data.global_caps[0].usage).toEqual({ used: 1, remaining: 0, resets_at: '2026-03-01T13:00:00.000Z' })
})

test('a rule for transactional messages is refused: they pass every cap', async () => {
  const tenant = await gateway.organization()
  const refused = expect.objectContaining({ code: 'VALIDATION_ERROR', details: expect.objectContaining({ field: 'category' }) })
  await expect(givenRule(tenant, { category: 'transactional' })).rejects.toEqual(refused)
  const ruleId = await givenRule(tenant, { category: 'marketing' })
  await expect(upsertFrequencyCapRule(tenant.context, ruleId, { category: 'transactional' })).rejects.toEqual(refused)
})

test('caps with usage of many contacts cost two statements', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(
    tenant,
    Array.from({ length: 12 }, () => ({})),
  )
  await givenRule(tenant)
  for (const id of ids) await givenMessages(tenant, id, [{ occurredAt: ago(1) }])
  const ask = (first: number) => tenant.gql(`{ contacts(first: ${first}) { nodes { frequencyCaps { globalCaps { usage { used } } } } } }`)
  const [few, many] = [await ask(2), await ask(12)]
  const used = many.body.data.contacts.nodes.map(
    (node: { frequencyCaps: { globalCaps: { usage: { used: number } }[] } }) => node.frequencyCaps.globalCaps[0]?.usage.used,
  )
  expect(used).toEqual(ids.map(() => 1))
  expect(few.statements).toHaveLength(3)
  expect(many.statements).toHaveLength(3)
})

test('the settings of the organization are changed only with the scope', async () => {
  const tenant = await gateway.organization({ defaultCountry: 'DE' })
  const change = (input: object, by = tenant) =>
    by.gql(
      `mutation ($input: UpdateOrganizationSettingsInput!) { updateOrganizationSettings(input: $input) {
        ... on UpdateOrganizationSettingsPayload { organization { settings { defaultCountry quietHours marketingNeedsOptIn } } } ... on FieldError { field } } }`,
      { input },
    )
  expect((await change({ quietHours: true })).body.data.updateOrganizationSettings).toEqual({
    organization: { settings: { defaultCountry: 'DE', quietHours: true, marketingNeedsOptIn: true } },
  })
  expect((await change({ defaultCountry: null, marketingNeedsOptIn: false })).body.data.updateOrganizationSettings).toEqual({
    organization: { settings: { defaultCountry: null, quietHours: true, marketingNeedsOptIn: false } },
  })
  expect((await change({ defaultCountry: 'XX' })).body.data.updateOrganizationSettings).toEqual({ field: 'defaultCountry' })
  expect((await change({ quietHours: null })).body.data.updateOrganizationSettings).toEqual({ field: 'quietHours' })
  const reader = await tenant.withScopes('contacts:read', 'contacts:write')
  expect((await change({ quietHours: false }, reader)).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
})
