import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact } from '../support/factories.ts'
import { type House, noon, openHouse, type Tenant } from '../support/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const record = `mutation ($input: [ActivityInput!]!) { recordActivities(input: $input) {
  ... on RecordActivitiesPayload { outcomes { index status id code message field } } ... on Error { code message } } }`

async function outcomes(tenant: Tenant, input: unknown[]) {
  const { body } = await tenant.gql(record, { input })
  expect(body.errors).toBeUndefined()
  return body.data.recordActivities.outcomes
}

const hour = 60 * 60 * 1000
const ago = (hours: number) => new Date(noon.getTime() - hours * hour).toISOString()

test('a mixed batch is recorded, and answers by id', async () => {
  const tenant = await house.organization({ defaultCountry: 'US' })
  const contactId = await givenContact(tenant, { phone: '+14155552671', email: 'Ana@example.com', firstName: 'Ana' })
  const told = [
    {
      message: {
        externalId: 'm1',
        contact: { id: contactId },
        occurredAt: ago(5),
        channel: 'EMAIL',
        direction: 'OUTBOUND',
        category: 'MARKETING',
        subject: ' Spring ',
        body: 'Line one\nLine two',
        deliveredAt: ago(4),
      },
    },
    {
      call: {
        contact: { phone: '(415) 555-2671' },
        occurredAt: ago(4),
        direction: 'INBOUND',
        status: 'ANSWERED',
        durationSeconds: 60,
        recordingUrl: 'https://example.com/r/1',
      },
    },
    { ticket: { contact: { email: 'ana@EXAMPLE.com' }, occurredAt: ago(3), subject: 'Help', priority: 'HIGH', firstReplyAt: ago(2) } },
    { event: { contact: { id: contactId }, occurredAt: ago(1), name: 'order_placed', properties: { total: 12.5, items: ['a'] } } },
  ]
  const recorded = await outcomes(tenant, told)
  expect(recorded).toEqual(
    ['msg_', 'call_', 'tkt_', 'evt_'].map((prefix, index) => ({
      index,
      status: 'CREATED',
      id: expect.stringMatching(new RegExp(`^${prefix}`)),
      code: null,
      message: null,
      field: null,
    })),
  )
  const [message, call, ticket, event] = recorded.map((outcome: { id: string }) => outcome.id)
  const { body } = await tenant.gql(
    `query ($message: ID!, $call: ID!, $ticket: ID!, $event: ID!) {
      message: node(id: $message) { ...entry ... on Message { category status routedTo subject body sentAt deliveredAt readAt } }
      call: node(id: $call) { ...entry ... on Call { status durationSeconds recordingUrl } }
      ticket: node(id: $ticket) { ...entry ... on Ticket { subject status statusAt priority firstReplyAt closedAt } }
      event: node(id: $event) { ...entry ... on Event { name properties } }
    }
    fragment entry on TimelineEntry { __typename id externalId occurredAt channel direction title contact { displayName } createdAt updatedAt }`,
    { message, call, ticket, event },
  )
  const shared = { externalId: null, contact: { displayName: 'Ana' }, createdAt: noon.toISOString(), updatedAt: noon.toISOString() }
  expect(body).toEqual({
    data: {
      message: {
        ...shared,
        __typename: 'Message',
        id: message,
        externalId: 'm1',
        occurredAt: ago(5),
        channel: 'EMAIL',
        direction: 'OUTBOUND',
        title: 'Spring',
        category: 'MARKETING',
        status: 'DELIVERED',
        routedTo: null,
        subject: 'Spring',
        body: 'Line one\nLine two',
        sentAt: null,
        deliveredAt: ago(4),
        readAt: null,
      },
      call: {
        ...shared,
        __typename: 'Call',
        id: call,
        occurredAt: ago(4),
        channel: 'VOICE',
        direction: 'INBOUND',
        title: 'Call from the contact, answered',
        status: 'ANSWERED',
        durationSeconds: 60,
        recordingUrl: 'https://example.com/r/1',
      },
      ticket: {
        ...shared,
        __typename: 'Ticket',
        id: ticket,
        occurredAt: ago(3),
        channel: null,
        direction: null,
        title: 'Help',
        subject: 'Help',
        status: 'OPEN',
        statusAt: ago(3),
        priority: 'HIGH',
        firstReplyAt: ago(2),
        closedAt: null,
      },
      event: {
        ...shared,
        __typename: 'Event',
        id: event,
        occurredAt: ago(1),
        channel: null,
        direction: null,
        title: 'order_placed',
        name: 'order_placed',
        properties: { total: 12.5, items: ['a'] },
      },
    },
  })
})

test('told again it updates what is news, says what it ignores, and leaves one row', async () => {
  const tenant = await house.organization()
  const id = await givenContact(tenant)
  const contact = { id }
  const message = (told: object) => ({
    message: { externalId: 'm', contact, occurredAt: ago(5), channel: 'SMS', direction: 'OUTBOUND', ...told },
  })
  const call = (told: object) => ({ call: { externalId: 'c', contact, occurredAt: ago(4), direction: 'INBOUND', ...told } })
  const ticket = (told: object) => ({ ticket: { externalId: 't', contact, occurredAt: ago(3), subject: 'Help', ...told } })
  const event = (told: object) => ({ event: { externalId: 'e', contact, occurredAt: ago(2), name: 'seen', ...told } })
  await outcomes(tenant, [message({ status: 'SENT' }), call({ status: 'MISSED' }), ticket({}), event({})])
  house.clock.now = new Date(noon.getTime() + hour)
  const again = await outcomes(tenant, [
    message({ status: 'READ', readAt: ago(1) }),
    call({ status: 'ANSWERED', durationSeconds: 12 }),
    ticket({ status: 'SOLVED', statusAt: ago(1), closedAt: ago(1) }),
    event({ properties: { page: '/' } }),
  ])
  expect(again).toEqual([0, 1, 2, 3].map((index) => expect.objectContaining({ index, status: 'UPDATED', message: null })))
  const late = await outcomes(tenant, [message({ status: 'SENT' }), call({ status: 'MISSED' }), ticket({}), event({})])
  house.clock.now = noon
  expect(late.map((outcome: { status: string; message: string | null }) => [outcome.status, outcome.message])).toEqual([
    ['UNCHANGED', 'The message is read already: sent comes before that and was ignored.'],
    ['UNCHANGED', 'The call is answered already: missed says less than that and was ignored.'],
    // Silence about a ticket's status is no news about it.
    ['UNCHANGED', null],
    ['UNCHANGED', null],
  ])
  const where = { where: { contactId: id } }
  expect(await house.db.message.findMany(where)).toMatchObject([{ status: 'read', readAt: new Date(ago(1)) }])
  expect(await house.db.call.findMany(where)).toMatchObject([{ status: 'answered', durationSeconds: 12 }])
  expect(await house.db.ticket.findMany(where)).toMatchObject([{ status: 'solved', closedAt: new Date(ago(1)) }])
  expect(await house.db.event.findMany(where)).toMatchObject([{ properties: { page: '/' } }])
})

test('one batch may tell the same thing twice', async () => {
  const tenant = await house.organization()
  const contact = { id: await givenContact(tenant) }
  const message = (status: string) => ({
    message: { externalId: 'm', contact, occurredAt: ago(5), channel: 'SMS', direction: 'OUTBOUND', status },
  })
  const told = await outcomes(tenant, [message('SENT'), message('READ'), message('DELIVERED')])
  expect(told.map((outcome: { status: string }) => outcome.status)).toEqual(['CREATED', 'UPDATED', 'UNCHANGED'])
  expect(new Set(told.map((outcome: { id: string }) => outcome.id)).size).toBe(1)
  expect(await house.db.message.findMany({ where: { contactId: contact.id } })).toMatchObject([{ status: 'read' }])
})

test('contacts are created if that is wanted, once each, and only by a key that may', async () => {
  const tenant = await house.organization({ defaultCountry: 'US' })
  const event = (contact: object, createContact: boolean) => ({ event: { contact, createContact, occurredAt: ago(1), name: 'seen' } })
  const input = [
    event({ phone: '(415) 555-2671' }, true),
    event({ phone: '+14155552671' }, false),
    event({ email: 'new@example.com' }, true),
    event({ email: 'NEW@example.com' }, true),
    event({ email: 'nobody@example.com' }, false),
  ]
  const told = await outcomes(tenant, input)
  expect(told.map((outcome: { status: string; code: string | null }) => outcome.code ?? outcome.status)).toEqual([
    'CREATED',
    'CREATED',
    'CREATED',
    'CREATED',
    'NOT_FOUND',
  ])
  expect(told[4]).toMatchObject({
    field: 'contact.email',
    message: 'There is no contact with the email address nobody@example.com. Say createContact: true to create it.',
  })
  const { organizationId } = tenant
  const contacts = await house.db.contact.findMany({ where: { organizationId }, orderBy: { phone: 'asc' } })
  expect(contacts).toMatchObject([
    { phone: '+14155552671', email: null, source: 'activity', countryCode: 'US', lifecycleStage: 'lead' },
    { phone: null, email: 'new@example.com', source: 'activity' },
  ])
  const recorder = await tenant.withScopes('activities:write')
  const refused = await outcomes(recorder, [event({ phone: '+14155552671' }, true), event({ phone: '+14155552671' }, false)])
  expect(refused).toMatchObject([{ status: 'REJECTED', code: 'INSUFFICIENT_PERMISSIONS' }, { status: 'CREATED' }])
})

test('a blocked contact: what it writes is filed under spam, what is written to it is refused, and reports go on', async () => {
  const tenant = await house.organization()
  const id = await givenContact(tenant)
  const message = (externalId: string, direction: string, told: object = {}) => ({
    message: { externalId, contact: { id }, occurredAt: ago(1), channel: 'SMS', direction, ...told },
  })
  await outcomes(tenant, [message('before', 'OUTBOUND'), message('asked', 'INBOUND')])
  await tenant.gql('mutation ($id: ID!) { blockContact(input: { contactId: $id }) { __typename } }', { id })
  const told = await outcomes(tenant, [
    message('in', 'INBOUND'),
    message('out', 'OUTBOUND', { category: 'TRANSACTIONAL' }),
    message('before', 'OUTBOUND', { status: 'DELIVERED' }),
    { call: { contact: { id }, occurredAt: ago(1), direction: 'OUTBOUND', status: 'NO_ANSWER' } },
  ])
  expect(told).toMatchObject([
    { status: 'CREATED' },
    { status: 'REJECTED', id: null, code: 'CONTACT_BLOCKED' },
    { status: 'UPDATED' },
    { status: 'CREATED' },
  ])
  const rows = await house.db.message.findMany({ where: { contactId: id }, orderBy: { externalId: 'asc' } })
  expect(rows.map(({ externalId, routedTo, status }) => [externalId, routedTo, status])).toEqual([
    ['asked', 'inbox', 'received'],
    ['before', null, 'delivered'],
    ['in', 'spam', 'received'],
  ])
})

describe('an item that is wrong does not stop the others', () => {
  const message = { occurredAt: ago(1), channel: 'SMS', direction: 'OUTBOUND' }
  const call = { occurredAt: ago(1), direction: 'INBOUND', status: 'ANSWERED' }
  const ticket = { occurredAt: ago(1), subject: 'Help' }
  const event = { occurredAt: ago(1), name: 'seen' }
  const future = new Date(noon.getTime() + hour).toISOString()
  test.each([
    ['a message from the future', { message: { ...message, occurredAt: future } }, 'VALIDATION_ERROR', 'occurredAt'],
    ['a message before 1970', { message: { ...message, occurredAt: '1969-12-31T23:59:59Z' } }, 'VALIDATION_ERROR', 'occurredAt'],
    ['read in the future', { message: { ...message, readAt: future } }, 'VALIDATION_ERROR', 'readAt'],
    ['an inbound message that was read', { message: { ...message, direction: 'INBOUND', status: 'READ' } }, 'VALIDATION_ERROR', 'status'],
    [
      'an inbound message with a category',
      { message: { ...message, direction: 'INBOUND', category: 'SERVICE' } },
      'VALIDATION_ERROR',
      'category',
    ],
    ['an outbound message that was received', { message: { ...message, status: 'RECEIVED' } }, 'VALIDATION_ERROR', 'status'],
    ['too long a subject', { message: { ...message, subject: 'x'.repeat(501) } }, 'VALIDATION_ERROR', 'subject'],
    ['an empty external id', { message: { ...message, externalId: ' ' } }, 'VALIDATION_ERROR', 'externalId'],
    ['a call of a negative length', { call: { ...call, durationSeconds: -1 } }, 'VALIDATION_ERROR', 'durationSeconds'],
    ['a recording that runs', { call: { ...call, recordingUrl: 'javascript:alert(1)' } }, 'VALIDATION_ERROR', 'recordingUrl'],
    ['a ticket about nothing', { ticket: { ...ticket, subject: ' ' } }, 'MISSING_REQUIRED_FIELD', 'subject'],
    ['an open ticket that is closed', { ticket: { ...ticket, status: 'OPEN', closedAt: ago(0) } }, 'VALIDATION_ERROR', 'closedAt'],
    ['an event without a name', { event: { ...event, name: '' } }, 'MISSING_REQUIRED_FIELD', 'name'],
    ['properties of 1 MB', { event: { ...event, properties: { blob: 'x'.repeat(900_000) } } }, 'VALIDATION_ERROR', 'properties'],
    ['a malformed id', { event: { ...event, contact: { id: 'abc' } } }, 'VALIDATION_ERROR', 'contact.id'],
    ['an unknown id', { event: { ...event, contact: { id: 'con_00000000000000000000000000' } } }, 'NOT_FOUND', 'contact.id'],
    ['no phone number', { event: { ...event, contact: { phone: '12' } } }, 'INVALID_PHONE_NUMBER', 'contact.phone'],
    ['no email address', { event: { ...event, contact: { email: 'x' } } }, 'INVALID_EMAIL', 'contact.email'],
  ])('%s', async (_what, wrong, code, field) => {
    const tenant = await house.organization()
    const contact = { id: await givenContact(tenant) }
    const [[kind, told]] = Object.entries(wrong) as [[string, object]]
    const told2 = await outcomes(tenant, [
      { event: { ...event, contact } },
      { [kind]: { contact, ...told } },
      { ticket: { ...ticket, contact } },
    ])
    expect(told2).toMatchObject([{ status: 'CREATED' }, { status: 'REJECTED', id: null, code, field }, { status: 'CREATED' }])
    expect(await house.db.event.count({ where: { contactId: contact.id } })).toBe(1)
    expect(await house.db.ticket.count({ where: { contactId: contact.id } })).toBe(1)
  })

  test('an external id names one thing only', async () => {
    const tenant = await house.organization()
    const [one, other] = [{ id: await givenContact(tenant) }, { id: await givenContact(tenant) }]
    const told = await outcomes(tenant, [
      { message: { ...message, externalId: 'x', contact: one } },
      { message: { ...message, externalId: 'x', contact: other } },
      { message: { ...message, externalId: 'x', contact: one, channel: 'EMAIL' } },
      // Each kind has external ids of its own.
      { event: { ...event, externalId: 'x', contact: one } },
    ])
    expect(told).toMatchObject([
      { status: 'CREATED' },
      { status: 'REJECTED', code: 'VALIDATION_ERROR', field: 'externalId' },
      { status: 'REJECTED', code: 'VALIDATION_ERROR', field: 'externalId' },
      { status: 'CREATED' },
    ])
  })

  test('a contact of another organization is as unknown as any', async () => {
    const [owner, stranger] = [await house.organization(), await house.organization()]
    const id = await givenContact(owner, { email: 'secret@example.com' })
    const told = await outcomes(stranger, [
      { event: { ...event, contact: { id } } },
      { event: { ...event, contact: { email: 'secret@example.com' } } },
    ])
    expect(told.map((outcome: { code: string }) => outcome.code)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await house.db.event.count({ where: { contactId: id } })).toBe(0)
  })
})

test('a deleted contact is gone', async () => {
  const tenant = await house.organization()
  const id = await givenContact(tenant)
  await tenant.rest('DELETE', `/${id}`)
  expect(await outcomes(tenant, [{ event: { contact: { id }, occurredAt: ago(1), name: 'seen' } }])).toMatchObject([{ code: 'NOT_FOUND' }])
})

test('nothing, and more than a thousand, are refused whole; so is what the schema does not know', async () => {
  const tenant = await house.organization()
  const contact = { id: await givenContact(tenant) }
  const event = { event: { contact, occurredAt: ago(1), name: 'seen' } }
  for (const input of [[], Array.from({ length: 1001 }, () => event)]) {
    const { body } = await tenant.gql(record, { input })
    expect(body.data.recordActivities).toMatchObject({ code: 'VALIDATION_ERROR' })
  }
  const message = { contact, occurredAt: ago(1), channel: 'SMS', direction: 'OUTBOUND' }
  for (const input of [
    [{ message: { ...message, channel: 'PIGEON' } }],
    [{ message: { ...message, status: 'EATEN' } }],
    [{ letter: message }],
    [{ ...event, message }],
    [{}],
    [{ event: { ...event.event, contact: { id: contact.id, phone: '+14155552671' } } }],
  ]) {
    const { body } = await tenant.gql(record, { input })
    expect(body.errors[0].extensions.code).toBe('VALIDATION_ERROR')
  }
  expect(await house.db.event.count({ where: { contactId: contact.id } })).toBe(0)
  const reader = await tenant.withScopes('contacts:read')
  expect((await reader.gql(record, { input: [event] })).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
})

test('a batch costs the same statements whatever its size', async () => {
  const tenant = await house.organization()
  const batch = (size: number, round: string) =>
    Array.from({ length: size }, (_, index) => {
      const shared = {
        externalId: `${round}${index}`,
        contact: { email: `${round}${index}@example.com` },
        createContact: true,
        occurredAt: ago(1),
      }
      const kinds = [
        { message: { ...shared, channel: 'EMAIL', direction: 'INBOUND' } },
        { call: { ...shared, direction: 'INBOUND', status: 'MISSED' } },
        { ticket: { ...shared, subject: 'Help' } },
        { event: { ...shared, name: 'seen' } },
      ]
      return kinds[index % 4]
    })
  for (const [size, round] of [
    [4, 'a'],
    [1000, 'b'],
  ] as const) {
    const input = batch(size, round)
    const first = await tenant.gql(record, { input })
    expect(first.statements).toHaveLength(12)
    expect(new Set(first.body.data.recordActivities.outcomes.map((outcome: { status: string }) => outcome.status))).toEqual(
      new Set(['CREATED']),
    )
    // The organization, the contacts, and a look at each kind: there is nothing to write.
    expect((await tenant.gql(record, { input })).statements).toHaveLength(6)
  }
  const { organizationId } = tenant
  expect(await house.db.contact.count({ where: { organizationId } })).toBe(1004)
})
