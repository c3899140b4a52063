import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { upsertTopic } from '../../src/domain/topics/commands.ts'
import { updateOrganizationSettings } from '../../src/domain/organizations/commands.ts'
import { givenActivities, givenContact, givenMessages, givenRule } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { outcomes } from '../support/recording.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const fields =
  'id status channel category topic { key } address at expiresAt contact { id } decision { allowed reasons { code } nextAllowedAt }'
const reserve = async (tenant: Tenant, contactId: string, input: object = {}) => {
  const { body } = await tenant.gql(
    `mutation ($input: ReserveSendInput!) { reserveSend(input: $input) {
      __typename ... on ReserveSendPayload { reservation { ${fields} } }
      ... on SendNotAllowed { decision { allowed reasons { code until rule { name } } nextAllowedAt } } ... on Error { code message } } }`,
    { input: { contactId, channel: 'SMS', category: 'SERVICE', ...input } },
  )
  return body.data?.reserveSend ?? body.errors[0]
}
const release = async (tenant: Tenant, id: string) => {
  const { body } = await tenant.gql(
    `mutation ($input: ReleaseReservationInput!) { releaseReservation(input: $input) {
      ... on ReleaseReservationPayload { reservation { status } } ... on Error { code message } } }`,
    { input: { id } },
  )
  return body.data?.releaseReservation ?? body.errors[0]
}
const used = async (tenant: Tenant, contactId: string) => {
  const { body } = await tenant.rest('GET', `/${contactId}/frequency-caps`)
  return body.data.global_caps[0].usage.used
}
const text = (contactId: string, more: object = {}) => ({
  message: { contact: { id: contactId }, occurredAt: noon.toISOString(), channel: 'SMS', direction: 'OUTBOUND', status: 'SENT', ...more },
})
const one = async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant, { phone: '+493023125017' })
  await givenRule(tenant, { name: 'One a day' })
  return { tenant, contactId }
}

test('a reservation holds the slot, is found by its id, and is refused to others with the decision', async () => {
  const { tenant, contactId } = await one()
  const { reservation } = await reserve(tenant, contactId)
  expect(reservation).toEqual({
    id: expect.stringMatching(/^rsv_/),
    status: 'HELD',
    channel: 'SMS',
    category: 'SERVICE',
    topic: null,
    address: null,
    at: noon.toISOString(),
    expiresAt: '2026-03-01T12:05:00.000Z',
    contact: { id: contactId },
    decision: { allowed: true, reasons: [], nextAllowedAt: noon.toISOString() },
  })
  expect(await used(tenant, contactId)).toBe(1)
  const { body } = await tenant.gql(`query ($id: ID!) { node(id: $id) { ... on SendReservation { ${fields} } } }`, { id: reservation.id })
  expect(body.data.node).toEqual(reservation)
  expect(await reserve(tenant, contactId)).toEqual({
    __typename: 'SendNotAllowed',
    code: 'SEND_NOT_ALLOWED',
    message: expect.stringContaining('Try again at 2026-03-01T12:05:00.000Z.'),
    decision: {
      allowed: false,
      reasons: [{ code: 'FREQUENCY_CAP', until: '2026-03-01T12:05:00.000Z', rule: { name: 'One a day' } }],
      nextAllowedAt: '2026-03-01T12:05:00.000Z',
    },
  })
})

test('released and expired reservations free their slots', async () => {
  const { tenant, contactId } = await one()
  const first = await reserve(tenant, contactId)
  expect(await release(tenant, first.reservation.id)).toEqual({ reservation: { status: 'RELEASED' } })
  expect(await release(tenant, first.reservation.id)).toEqual({ reservation: { status: 'RELEASED' } })
  const second = await reserve(tenant, contactId, { expiresInSeconds: 1 })
  expect(second).toMatchObject({ reservation: { status: 'HELD' } })
  expect(await reserve(tenant, contactId)).toMatchObject({ code: 'SEND_NOT_ALLOWED' })
  gateway.clock.now = new Date(noon.getTime() + 1000)
  try {
    expect(await used(tenant, contactId)).toBe(0)
    expect(await release(tenant, second.reservation.id)).toEqual({ reservation: { status: 'EXPIRED' } })
    expect(await reserve(tenant, contactId)).toMatchObject({ reservation: { status: 'HELD' } })
  } finally {
    gateway.clock.now = noon
  }
})

test('everything that forbids a message forbids its reservation', async () => {
  const { tenant, contactId } = await one()
  await updateOrganizationSettings(tenant.context, { quietHours: true })
  expect(await reserve(tenant, contactId, { category: 'MARKETING', at: '2026-03-02T01:00:00Z' })).toMatchObject({
    code: 'SEND_NOT_ALLOWED',
    decision: { reasons: [{ code: 'NO_CONSENT' }, { code: 'QUIET_HOURS' }], nextAllowedAt: null },
  })
  await tenant.rest('POST', `/${contactId}/block`)
  expect(await reserve(tenant, contactId, { category: 'TRANSACTIONAL' })).toMatchObject({ decision: { reasons: [{ code: 'BLOCKED' }] } })
})

describe('a reservation names what it is for', () => {
  const ask = async (tenant: Tenant, contactId: string, about: object) => {
    const { body } = await tenant.gql(
      `query ($id: ID!, $topic: String, $address: String) {
        contact(id: $id) { sendDecision(channel: EMAIL, category: MARKETING, topic: $topic, address: $address) { reasons { code } } } }`,
      { id: contactId, ...about },
    )
    return body.data.contact.sendDecision.reasons.map(({ code }: { code: string }) => code)
  }
  const refusal = async (tenant: Tenant, contactId: string, about: object) => {
    const { decision } = await reserve(tenant, contactId, { channel: 'EMAIL', category: 'MARKETING', ...about })
    return decision.reasons.map(({ code }: { code: string }) => code)
  }
  const subscribed = async () => {
    const tenant = await gateway.organization()
    const contactId = await givenContact(tenant, { email: 'first@example.com' })
    await upsertTopic(tenant.context, null, { key: 'news', name: 'News', channels: ['email'] })
    await upsertTopic(tenant.context, null, { key: 'offers', name: 'Offers' })
    const second = { kind: 'email' as const, key: 'second@example.com', value: 'second@example.com', isPrimary: false }
    const { organizationId } = tenant
    await gateway.db.prisma.contactAddress.createMany({ data: [{ organizationId, contactId, createdAt: noon, ...second }] })
    await setPreferences(tenant.context, contactId, [{ channel: 'email', state: 'opted_in', topic: 'news' }])
    return { tenant, contactId }
  }

  test('the topic, whose consent counts and which is returned', async () => {
    const { tenant, contactId } = await subscribed()
    for (const [about, codes] of [
      [{}, ['NO_CONSENT']],
      [{ topic: 'offers' }, ['NO_CONSENT', 'NOT_SUBSCRIBED']],
    ] as const)
      expect([await ask(tenant, contactId, about), await refusal(tenant, contactId, about)]).toEqual([codes, codes])
    expect(await reserve(tenant, contactId, { channel: 'EMAIL', category: 'MARKETING', topic: 'News' })).toMatchObject({
      reservation: { topic: { key: 'news' }, address: null, decision: { allowed: true } },
    })
    expect(await reserve(tenant, contactId, { topic: 'news' })).toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(await reserve(tenant, contactId, { topic: 'unknown' })).toMatchObject({ code: 'VALIDATION_ERROR' })
    await setPreferences(tenant.context, contactId, [{ channel: 'email', state: 'opted_out', topic: 'news' }])
    expect(await refusal(tenant, contactId, { topic: 'news' })).toEqual(['OPTED_OUT'])
  })

  test('the address, whose consent counts and to which the message is recorded', async () => {
    const { tenant, contactId } = await subscribed()
    const second = { topic: 'news', address: 'Second@example.com' }
    const codes = ['NO_CONSENT', 'NOT_SUBSCRIBED']
    expect([await ask(tenant, contactId, second), await refusal(tenant, contactId, second)]).toEqual([codes, codes])
    const stranger = { topic: 'news', address: 'stranger@example.com' }
    expect(await refusal(tenant, contactId, stranger)).toContain('NO_ADDRESS')
    const made = await reserve(tenant, contactId, { channel: 'EMAIL', address: 'Second@example.com' })
    expect(made).toMatchObject({ reservation: { address: 'second@example.com' } })
    const reservationId = made.reservation.id
    const [other, own] = await outcomes(tenant, [
      text(contactId, { channel: 'EMAIL', reservationId, address: 'first@example.com' }),
      text(contactId, { channel: 'EMAIL', reservationId }),
    ])
    expect(other).toMatchObject({ status: 'REJECTED', field: 'reservationId', message: 'The reservation is for another address.' })
    expect(own).toMatchObject({ status: 'CREATED', message: null })
    expect(await gateway.db.prisma.message.findMany({ where: { contactId }, select: { addressKey: true } })).toEqual([
      { addressKey: 'second@example.com' },
    ])
    expect(await reserve(tenant, contactId, { channel: 'INSTAGRAM', address: 'x' })).toMatchObject({ code: 'VALIDATION_ERROR' })
  })
})

test('a planned message gets no slot that a reservation of now may take, whichever is made first', async () => {
  const { tenant, contactId } = await one()
  const now = await reserve(tenant, contactId)
  expect(await reserve(tenant, contactId, { at: '2026-03-01T14:00:00Z' })).toMatchObject({ code: 'SEND_NOT_ALLOWED' })
  await release(tenant, now.reservation.id)
  expect(await reserve(tenant, contactId, { at: '2026-03-01T14:00:00Z', expiresInSeconds: 7200 })).toMatchObject({
    reservation: { status: 'HELD', expiresAt: '2026-03-01T14:00:00.000Z' },
  })
  expect(await reserve(tenant, contactId)).toMatchObject({ code: 'SEND_NOT_ALLOWED' })
  expect(await reserve(tenant, contactId, { at: '2026-03-02T14:00:00Z' })).toMatchObject({ reservation: { status: 'HELD' } })
})

describe('what is recorded with a reservation', () => {
  test('takes its slot once, however often it is recorded', async () => {
    const { tenant, contactId } = await one()
    const reservationId = (await reserve(tenant, contactId)).reservation.id
    const message = text(contactId, { reservationId, externalId: 'm1' })
    const [first] = await outcomes(tenant, [message])
    expect(first).toMatchObject({ status: 'CREATED', message: null })
    expect(await outcomes(tenant, [message, message])).toMatchObject([{ status: 'UNCHANGED', message: null }, { status: 'UNCHANGED' }])
    expect(await used(tenant, contactId)).toBe(1)
    expect(await release(tenant, reservationId)).toMatchObject({ code: 'VALIDATION_ERROR' })
    const { body } = await tenant.gql('query ($id: ID!) { node(id: $id) { ... on SendReservation { status } } }', { id: reservationId })
    expect(body.data.node).toEqual({ status: 'USED' })
  })

  test('gives the slot back when it fails', async () => {
    const { tenant, contactId } = await one()
    const reservationId = (await reserve(tenant, contactId)).reservation.id
    await outcomes(tenant, [text(contactId, { reservationId, externalId: 'm1', status: 'QUEUED' })])
    expect(await used(tenant, contactId)).toBe(1)
    await outcomes(tenant, [text(contactId, { externalId: 'm1', status: 'FAILED' })])
    expect(await used(tenant, contactId)).toBe(0)
  })

  test('is kept in any case: what was sent counts, also where the slot is gone', async () => {
    const { tenant, contactId } = await one()
    const reservationId = (await reserve(tenant, contactId)).reservation.id
    const [first, second] = await outcomes(tenant, [text(contactId, { reservationId }), text(contactId, { reservationId })])
    expect(first).toMatchObject({ status: 'CREATED', message: null })
    expect(second).toMatchObject({
      status: 'CREATED',
      message: `The reservation was already used by ${first.activityId}. This activity is counted in addition.`,
    })
    expect(await used(tenant, contactId)).toBe(2)
  })

  test('may be a call', async () => {
    const { tenant, contactId } = await one()
    const reservationId = (await reserve(tenant, contactId, { channel: 'VOICE' })).reservation.id
    const call = { contact: { id: contactId }, occurredAt: noon.toISOString(), direction: 'OUTBOUND', status: 'NO_ANSWER', reservationId }
    expect(await outcomes(tenant, [{ call }])).toMatchObject([{ status: 'CREATED', message: null }])
    expect(await used(tenant, contactId)).toBe(1)
  })

  test('is refused where the reservation is for another contact or channel, or unknown, or the message came in', async () => {
    const { tenant, contactId } = await one()
    const other = await givenContact(tenant)
    const reservationId = (await reserve(tenant, contactId)).reservation.id
    const foreign = await one()
    const foreignId = (await reserve(foreign.tenant, foreign.contactId)).reservation.id
    const results = await outcomes(tenant, [
      text(other, { reservationId }),
      text(contactId, { reservationId, channel: 'EMAIL' }),
      text(contactId, { reservationId: foreignId }),
      text(contactId, { reservationId: 'rsv_00000000000000000000000000' }),
      text(contactId, { reservationId: 'msg_00000000000000000000000000' }),
      text(contactId, { reservationId, direction: 'INBOUND', status: null }),
    ])
    const refused = (code: string) => ({ status: 'REJECTED', code, field: 'reservationId' })
    expect(results).toMatchObject([
      refused('VALIDATION_ERROR'),
      refused('VALIDATION_ERROR'),
      refused('NOT_FOUND'),
      refused('NOT_FOUND'),
      refused('VALIDATION_ERROR'),
      refused('VALIDATION_ERROR'),
    ])
    expect(results[2].message.replace(foreignId, '')).toBe(results[3].message.replace('rsv_00000000000000000000000000', ''))
    expect(await used(tenant, contactId)).toBe(1)
  })
})

test('unknown and foreign contacts and reservations, bad lifetimes and keys without the scope are refused', async () => {
  const { tenant, contactId } = await one()
  const foreign = await one()
  const foreignId = (await reserve(foreign.tenant, foreign.contactId)).reservation.id
  expect(await reserve(tenant, foreign.contactId)).toMatchObject({ code: 'NOT_FOUND' })
  expect(await release(tenant, foreignId)).toMatchObject({ code: 'NOT_FOUND' })
  const { body } = await tenant.gql('query ($id: ID!) { node(id: $id) { id } }', { id: foreignId })
  expect(body.data.node).toBeNull()
  for (const expiresInSeconds of [0, -1, 604_801])
    expect(await reserve(tenant, contactId, { expiresInSeconds })).toMatchObject({ code: 'VALIDATION_ERROR' })
  const reader = await tenant.withScopes('contacts:read', 'activities:write')
  expect(await reserve(reader, contactId)).toMatchObject({ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } })
  const writer = await tenant.withScopes('contacts:write')
  expect(await reserve(writer, contactId, { expiresInSeconds: null })).toMatchObject({ __typename: 'ReserveSendPayload' })
})

test('of many who ask at once exactly as many get a slot as there are', async () => {
  const tenant = await gateway.organization()
  for (const limit of [1, 3]) {
    const contactId = await givenContact(tenant, { phone: `+49302312501${limit}` })
    await givenRule(tenant, { limit, audience: { tags: [`limit${limit}`] } })
    await tenant.rest('PATCH', `/${contactId}`, { tags: [`limit${limit}`] })
    await givenMessages(tenant, contactId, [{ occurredAt: new Date(noon.getTime() - 25 * 3_600_000) }])
    const answers = await Promise.all(Array.from({ length: 12 }, () => reserve(tenant, contactId)))
    expect(answers.filter(({ __typename: type }) => type === 'ReserveSendPayload')).toHaveLength(limit)
    expect(answers.filter(({ __typename: type }) => type === 'SendNotAllowed')).toHaveLength(12 - limit)
  }
})

test('a contact that was just recorded with needs no waiting, and costs a fixed number of statements', async () => {
  const { tenant, contactId } = await one()
  await givenActivities(tenant, contactId, [{ message: { occurredAt: noon, channel: 'email', direction: 'inbound' } }])
  const { statements } = await tenant.gql('mutation ($input: ReserveSendInput!) { reserveSend(input: $input) { __typename } }', {
    input: { contactId, channel: 'SMS', category: 'SERVICE' },
  })
  expect(statements).toHaveLength(9)
})
