import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { updateOrganizationSettings } from '../../src/domain/organizations/commands.ts'
import { givenContact, givenContacts, givenMessages, givenRule } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const ask = async (tenant: Tenant, contactId: string, channel: string, category: string, at?: string) => {
  const { body } = await tenant.gql(
    `query ($contactId: ID!, $channel: Channel!, $category: MessageCategory!, $at: DateTime) {
      sendDecision(contactId: $contactId, channel: $channel, category: $category, at: $at) {
        allowed reasons { code message rule { name } until } nextAllowedAt } }`,
    { contactId, channel, category, at: at ?? null },
  )
  return body.data?.sendDecision ?? body.errors
}
const openAtAnyTime = { countryCode: null, opensAt: null, closesAt: null, closedWeekdays: [], closedDates: [] }
const rulesOfSettings = 'settings { quietHoursRules { countryCode channelGroup opensAt closesAt closedWeekdays closedDates } }'
/** Changes settings, and reads those of before. */
const settings = async (tenant: Tenant, input: object) => {
  const { body } = await tenant.gql(`{ defaults: viewer { organization { ${rulesOfSettings} } } }`)
  const changed = await tenant.gql(
    `mutation ($input: UpdateOrganizationSettingsInput!) { updateOrganizationSettings(input: $input) {
      ... on UpdateOrganizationSettingsPayload { organization { ${rulesOfSettings} } } ... on FieldError { field expected } } }`,
    { input },
  )
  return { body: { ...changed.body, data: { ...body.data, ...changed.body.data } } }
}
const codes = (decision: { reasons: { code: string }[] }) => decision.reasons.map((reason) => reason.code)
const block = (contactId: string) => gateway.db.prisma.contact.updateMany({ where: { id: contactId }, data: { blockedAt: noon } })

test('a message to whom nothing speaks against may be sent at once', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  expect(await ask(tenant, id, 'EMAIL', 'SERVICE')).toEqual({ allowed: true, reasons: [], nextAllowedAt: noon.toISOString() })
})

test('all reasons are returned at once', async () => {
  const tenant = await gateway.organization()
  await updateOrganizationSettings(tenant.context, { quietHours: true })
  const id = await givenContact(tenant, { email: 'night@example.com', timezone: 'America/Los_Angeles' })
  await givenRule(tenant, { name: 'One a day', limit: 1, windowSeconds: 86_400 })
  await givenMessages(tenant, id, [{ occurredAt: new Date('2026-03-01T06:00:00Z'), channel: 'email' }])
  await block(id)
  // Noon in UTC is four in the morning in Los Angeles.
  expect(await ask(tenant, id, 'SMS', 'MARKETING')).toEqual({
    allowed: false,
    reasons: [
      { code: 'BLOCKED', message: 'The contact is blocked.', rule: null, until: null },
      { code: 'NO_CONSENT', message: 'Marketing by text message needs an opt-in, and none is on record.', rule: null, until: null },
      {
        code: 'FREQUENCY_CAP',
        message: 'The limit "One a day" is used up: 1 of 1 message.',
        rule: { name: 'One a day' },
        until: '2026-03-02T06:00:00.000Z',
      },
      {
        code: 'QUIET_HOURS',
        message: 'These are quiet hours: by text message only from 08:00 to 21:00 where the contact is.',
        rule: null,
        until: '2026-03-01T16:00:00.000Z',
      },
      { code: 'NO_ADDRESS', message: 'No phone number of the contact is known.', rule: null, until: null },
    ],
    nextAllowedAt: null,
  })
})

test('a cap that frees at night waits for the morning', async () => {
  const tenant = await gateway.organization()
  await updateOrganizationSettings(tenant.context, { quietHours: true })
  const id = await givenContact(tenant, { phone: '+493023125017', timezone: 'Europe/Berlin' })
  await givenRule(tenant, { channel: 'sms', limit: 1, windowSeconds: 86_400 })
  await givenMessages(tenant, id, [{ occurredAt: new Date('2026-03-01T02:00:00Z') }])
  expect(await ask(tenant, id, 'SMS', 'SERVICE')).toMatchObject({ allowed: false, nextAllowedAt: '2026-03-02T07:00:00.000Z' })
})

describe('each category has its rules', () => {
  test('transactional messages pass caps and quiet hours, but neither a block nor an opt-out', async () => {
    const tenant = await gateway.organization()
    await updateOrganizationSettings(tenant.context, { quietHours: true })
    const id = await givenContact(tenant, { phone: '+493023125017', timezone: 'Europe/Berlin' })
    await givenRule(tenant, { limit: 1, windowSeconds: 86_400 })
    await givenMessages(tenant, id, [{ occurredAt: new Date('2026-03-01T01:30:00Z') }])
    const night = '2026-03-01T02:00:00Z'
    expect(codes(await ask(tenant, id, 'SMS', 'SERVICE', night))).toEqual(['FREQUENCY_CAP', 'QUIET_HOURS'])
    expect(codes(await ask(tenant, id, 'SMS', 'TRANSACTIONAL', night))).toEqual([])
    await setPreferences(tenant.context, id, [{ channel: 'sms', state: 'opted_out' }])
    expect(codes(await ask(tenant, id, 'SMS', 'TRANSACTIONAL', night))).toEqual(['OPTED_OUT'])
    await block(id)
    expect(codes(await ask(tenant, id, 'SMS', 'TRANSACTIONAL', night))).toEqual(['BLOCKED', 'OPTED_OUT'])
  })

  test('marketing needs an opt-in, unless the organization says otherwise; an opt-out always counts', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant)
    expect(codes(await ask(tenant, id, 'EMAIL', 'MARKETING'))).toEqual(['NO_CONSENT'])
    await setPreferences(tenant.context, id, [{ channel: 'email', state: 'opted_in', recordedAt: new Date('2026-02-01T00:00:00Z') }])
    expect(codes(await ask(tenant, id, 'EMAIL', 'MARKETING'))).toEqual([])
    const other = await givenContact(tenant)
    await updateOrganizationSettings(tenant.context, { marketingNeedsOptIn: false })
    expect(codes(await ask(tenant, other, 'EMAIL', 'MARKETING'))).toEqual([])
    await setPreferences(tenant.context, other, [{ channel: 'email', state: 'opted_out' }])
    expect(codes(await ask(tenant, other, 'EMAIL', 'MARKETING'))).toEqual(['OPTED_OUT'])
  })
})

describe('quiet hours', () => {
  const quiet = async (contact: { timezone?: string; phone?: string }) => {
    const tenant = await gateway.organization()
    await updateOrganizationSettings(tenant.context, { quietHours: true })
    return { tenant, id: await givenContact(tenant, { phone: '+493023125017', email: 'q@example.com', ...contact }) }
  }

  test.each([
    ['SMS', '2026-03-01T06:59:59.999Z', false],
    ['SMS', '2026-03-01T07:00:00.000Z', true],
    ['VOICE', '2026-03-01T19:59:59.999Z', true],
    ['VOICE', '2026-03-01T20:00:00.000Z', false],
    ['WHATSAPP', '2026-03-01T07:59:59.999Z', false],
    ['WHATSAPP', '2026-03-01T08:00:00.000Z', true],
    ['EMAIL', '2026-03-01T02:00:00.000Z', true],
    ['FAX', '2026-03-01T02:00:00.000Z', true],
  ])('%s at %s in Berlin: %s', async (channel, at, allowed) => {
    const { tenant, id } = await quiet({ timezone: 'Europe/Berlin' })
    expect(await ask(tenant, id, channel, 'SERVICE', at)).toMatchObject({ allowed })
  })

  test.each([
    ['Europe/Berlin', '2026-03-28T21:00:00Z', '2026-03-29T06:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T21:00:00Z', '2026-10-25T07:00:00.000Z'],
    ['America/New_York', '2026-03-08T02:30:00Z', '2026-03-08T12:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-04T12:00:00Z', '2026-04-04T21:30:00.000Z'],
  ])('end at eight by the clocks of %s, which change that night', async (timezone, at, opens) => {
    const { tenant, id } = await quiet({ timezone })
    expect(await ask(tenant, id, 'SMS', 'SERVICE', at)).toMatchObject({ allowed: false, nextAllowedAt: opens })
  })

  test('a contact without a time zone is judged in that of its phone number’s prefix, else by the strictest zone of its country', async () => {
    const prefix = await quiet({ phone: '+14155552671' })
    // Eight in the morning in San Francisco.
    expect(await ask(prefix.tenant, prefix.id, 'SMS', 'SERVICE', '2026-03-01T13:00:00Z')).toMatchObject({
      nextAllowedAt: '2026-03-01T16:00:00.000Z',
    })
    const tollFree = await quiet({ phone: '+18005550199' })
    // Eight in New York is two in Honolulu; it is eight everywhere when it is there, and the day ends with the east's.
    expect(await ask(tollFree.tenant, tollFree.id, 'SMS', 'SERVICE', '2026-03-01T13:00:00Z')).toMatchObject({
      nextAllowedAt: '2026-03-01T18:00:00.000Z',
    })
    expect(await ask(tollFree.tenant, tollFree.id, 'SMS', 'SERVICE', '2026-03-02T02:00:00Z')).toMatchObject({
      nextAllowedAt: '2026-03-02T18:00:00.000Z',
    })
  })

  test('are settings: hours, weekdays and dates for each group of channels, and countries with their own', async () => {
    const { tenant, id } = await quiet({ phone: '+33612345678', timezone: 'Europe/Paris' })
    const german = await givenContact(tenant, { phone: '+4930231250', timezone: 'Europe/Berlin' })
    const { defaults } = (await settings(tenant, {})).body.data
    expect(defaults.organization.settings.quietHoursRules).toEqual([
      { ...openAtAnyTime, channelGroup: 'PHONE', opensAt: '08:00', closesAt: '21:00' },
      { ...openAtAnyTime, channelGroup: 'CHAT', opensAt: '09:00', closesAt: '21:00' },
      { ...openAtAnyTime, channelGroup: 'EMAIL' },
      { ...openAtAnyTime, channelGroup: 'PUSH' },
      { ...openAtAnyTime, channelGroup: 'FAX' },
    ])
    const france = { channelGroup: 'PHONE', opensAt: '10:00', closesAt: '20:00', closedWeekdays: ['SUNDAY'], closedDates: ['05-01'] }
    const changed = await settings(tenant, {
      quietHoursRules: [
        { ...france, countryCode: 'fr' },
        { channelGroup: 'EMAIL', closedWeekdays: ['SUNDAY', 'SATURDAY', 'SUNDAY'] },
      ],
    })
    expect(changed.body.data.updateOrganizationSettings.organization.settings.quietHoursRules).toEqual([
      { ...openAtAnyTime, channelGroup: 'PHONE', opensAt: '08:00', closesAt: '21:00' },
      { ...openAtAnyTime, channelGroup: 'CHAT', opensAt: '09:00', closesAt: '21:00' },
      { ...openAtAnyTime, channelGroup: 'EMAIL', closedWeekdays: ['SATURDAY', 'SUNDAY'] },
      { ...openAtAnyTime, channelGroup: 'PUSH' },
      { ...openAtAnyTime, channelGroup: 'FAX' },
      { countryCode: 'FR', ...france },
    ])
    const sunday = '2026-03-01T09:30:00Z'
    expect(await ask(tenant, id, 'SMS', 'SERVICE', sunday)).toMatchObject({
      reasons: [{ message: 'These are quiet hours: by text message only from 10:00 to 20:00 on open days where the contact is.' }],
      nextAllowedAt: '2026-03-02T09:00:00.000Z',
    })
    expect(await ask(tenant, german, 'SMS', 'SERVICE', sunday)).toMatchObject({ allowed: true })
    expect(await ask(tenant, id, 'SMS', 'SERVICE', '2026-04-30T18:00:00Z')).toMatchObject({ nextAllowedAt: '2026-05-02T08:00:00.000Z' })
    expect(await ask(tenant, id, 'EMAIL', 'SERVICE', sunday)).toMatchObject({ allowed: false, nextAllowedAt: '2026-03-01T23:00:00.000Z' })
    const reset = await settings(tenant, { quietHoursRules: [] })
    expect(reset.body.data.updateOrganizationSettings.organization.settings).toEqual(defaults.organization.settings)
    expect(await ask(tenant, id, 'SMS', 'SERVICE', sunday)).toMatchObject({ allowed: true })
  })

  test('are changed by callers who may, and never half', async () => {
    const { tenant } = await quiet({})
    const rule = { channelGroup: 'PHONE', opensAt: '10:00', closesAt: '20:00' }
    await settings(tenant, { quietHoursRules: [rule] })
    const wrong = await settings(tenant, { quietHoursRules: [rule, { ...rule, channelGroup: 'CHAT', closesAt: '9:00' }] })
    expect(wrong.body.data.updateOrganizationSettings).toEqual({ field: 'quietHoursRules.1.closesAt', expected: 'HH:MM, 00:00 to 24:00' })
    expect((await settings(tenant, { quietHoursRules: null })).body.data.updateOrganizationSettings).toMatchObject({
      field: 'quietHoursRules',
    })
    const reader = await tenant.withScopes('contacts:read', 'contacts:write')
    expect((await settings(reader, { quietHoursRules: [] })).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
    const both = [
      settings(tenant, { quietHoursRules: [rule] }),
      settings(tenant, { quietHoursRules: [{ ...rule, countryCode: 'DE' }, rule] }),
    ]
    for (const { body } of await Promise.all(both)) expect(body.errors).toBeUndefined()
    const other = await gateway.organization()
    const { data } = (await settings(other, {})).body
    expect(data.defaults.organization.settings.quietHoursRules[0].opensAt).toBe('08:00')
  })
})

test('an answer passes caps and quiet hours, and WhatsApp needs one where the organization says so', async () => {
  const tenant = await gateway.organization()
  await updateOrganizationSettings(tenant.context, { quietHours: true, whatsappServiceWindow: true })
  const id = await givenContact(tenant, { phone: '+493023125017', timezone: 'Europe/Berlin' })
  await givenRule(tenant, { limit: 1 })
  await givenMessages(tenant, id, [{ occurredAt: new Date('2026-03-01T01:30:00Z') }])
  const night = '2026-03-01T02:00:00Z'
  expect(codes(await ask(tenant, id, 'WHATSAPP', 'SERVICE', night))).toEqual(['FREQUENCY_CAP', 'QUIET_HOURS', 'OUTSIDE_SERVICE_WINDOW'])
  await givenMessages(tenant, id, [{ occurredAt: new Date('2026-03-01T01:00:00Z'), channel: 'whatsapp', direction: 'inbound' }])
  expect(codes(await ask(tenant, id, 'WHATSAPP', 'SERVICE', night))).toEqual([])
  expect(codes(await ask(tenant, id, 'SMS', 'SERVICE', night))).toEqual(['FREQUENCY_CAP', 'QUIET_HOURS'])
  // Before the message nothing was there to answer, and the wait ends with it.
  expect(await ask(tenant, id, 'WHATSAPP', 'SERVICE', '2026-03-01T00:00:00Z')).toMatchObject({ nextAllowedAt: '2026-03-01T01:00:00.000Z' })
})

test('channels without an address need to have met the contact, or its consent', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  expect(codes(await ask(tenant, id, 'INSTAGRAM', 'SERVICE'))).toEqual(['NO_ADDRESS'])
  await givenMessages(tenant, id, [{ occurredAt: noon, channel: 'instagram', direction: 'inbound' }])
  expect(codes(await ask(tenant, id, 'INSTAGRAM', 'SERVICE'))).toEqual([])
  await setPreferences(tenant.context, id, [{ channel: 'push', state: 'opted_in' }])
  expect(codes(await ask(tenant, id, 'PUSH', 'SERVICE'))).toEqual([])
})

test('an unknown or deleted contact, a channel that does not exist and a time that is none are refused', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  await tenant.rest('DELETE', `/${id}`)
  expect((await ask(tenant, id, 'SMS', 'SERVICE'))[0].extensions).toMatchObject({ code: 'NOT_FOUND' })
  expect((await ask(tenant, 'con_x', 'SMS', 'SERVICE'))[0].extensions).toMatchObject({ code: 'VALIDATION_ERROR', field: 'contactId' })
  expect((await ask(tenant, id, 'TELEX', 'SERVICE'))[0].extensions.code).toBe('VALIDATION_ERROR')
  expect((await ask(tenant, id, 'SMS', 'SERVICE', 'soon'))[0].extensions.code).toBe('VALIDATION_ERROR')
  const zone = await tenant.rest('POST', '', { email: 'mars@example.com', timezone: 'Mars/Olympus' })
  expect(zone).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { field: 'timezone' } } } })
})

test('many contacts are decided about like one, in five statements', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(
    tenant,
    Array.from({ length: 25 }, (_, index) => (index % 2 === 0 ? {} : { phone: `+4930231250${10 + index}` })),
  )
  await givenRule(tenant, { limit: 1 })
  await givenMessages(tenant, ids[1] ?? '', [{ occurredAt: new Date('2026-03-01T10:00:00Z') }])
  const page = (first: number) =>
    tenant.gql(
      `{ contacts(first: ${first}) { nodes { id sendDecision(channel: SMS, category: SERVICE) { allowed reasons { code } nextAllowedAt } } } }`,
    )
  const [few, many] = [await page(3), await page(25)]
  for (const { id, sendDecision } of many.body.data.contacts.nodes) {
    const { allowed, reasons, nextAllowedAt } = await ask(tenant, id, 'SMS', 'SERVICE')
    expect(sendDecision).toEqual({ allowed, reasons: reasons.map(({ code }: { code: string }) => ({ code })), nextAllowedAt })
  }
  expect(few.statements).toHaveLength(6)
  expect(many.statements).toHaveLength(6)
})
