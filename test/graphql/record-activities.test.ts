import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact, givenContacts } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'
import { ago, hour, outcomes, record } from '../support/recording.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test('a mixed batch is recorded, and answers by id', async () => {
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const contactId = await givenContact(tenant, { phone: '+14155552671', email: 'Ana@example.com', firstName: 'Ana' })
  const batch = [
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
  const recorded = await outcomes(tenant, batch)
  expect(recorded).toEqual(
    ['msg_', 'call_', 'tkt_', 'evt_'].map((prefix, index) => ({
      index,
      status: 'CREATED',
      activityId: expect.stringMatching(new RegExp(`^${prefix}`)),
      code: null,
      message: null,
      field: null,
    })),
  )
  const [message, call, ticket, event] = recorded.map((outcome: { activityId: string }) => outcome.activityId)
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

test('recorded again, it updates what is new, reports what it ignores, and keeps one row', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const contact = { id }
  const message = (fields: object) => ({
    message: { externalId: 'm', contact, occurredAt: ago(5), channel: 'SMS', direction: 'OUTBOUND', ...fields },
  })
  const call = (fields: object) => ({ call: { externalId: 'c', contact, occurredAt: ago(4), direction: 'INBOUND', ...fields } })
  const ticket = (fields: object) => ({ ticket: { externalId: 't', contact, occurredAt: ago(3), subject: 'Help', ...fields } })
  const event = (fields: object) => ({ event: { externalId: 'e', contact, occurredAt: ago(2), name: 'seen', ...fields } })
  await outcomes(tenant, [message({ status: 'SENT' }), call({ status: 'MISSED' }), ticket({}), event({})])
  gateway.clock.now = new Date(noon.getTime() + hour)
  const again = await outcomes(tenant, [
    message({ status: 'READ', readAt: ago(1) }),
    call({ status: 'ANSWERED', durationSeconds: 12 }),
    ticket({ status: 'SOLVED', statusAt: ago(1), closedAt: ago(1) }),
    event({ properties: { page: '/' } }),
  ])
  expect(again).toEqual([0, 1, 2, 3].map((index) => expect.objectContaining({ index, status: 'UPDATED', message: null })))
  const late = await outcomes(tenant, [message({ status: 'SENT' }), call({ status: 'MISSED' }), ticket({}), event({})])
  gateway.clock.now = noon
  expect(late.map((outcome: { status: string; message: string | null }) => [outcome.status, outcome.message])).toEqual([
    ['UNCHANGED', 'The message is read already: sent comes before that and was ignored.'],
    ['UNCHANGED', 'The call is answered already: missed says less than that and was ignored.'],
    // Silence about a ticket's status is no news about it.
    ['UNCHANGED', null],
    ['UNCHANGED', null],
  ])
  const where = { where: { contactId: id } }
  expect(await gateway.db.prisma.message.findMany(where)).toMatchObject([{ status: 'read', readAt: new Date(ago(1)) }])
  expect(await gateway.db.prisma.call.findMany(where)).toMatchObject([{ status: 'answered', durationSeconds: 12 }])
  expect(await gateway.db.prisma.ticket.findMany(where)).toMatchObject([{ status: 'solved', closedAt: new Date(ago(1)) }])
  expect(await gateway.db.prisma.event.findMany(where)).toMatchObject([{ properties: { page: '/' } }])
})

test('one batch may contain the same activity twice', async () => {
  const tenant = await gateway.organization()
  const contact = { id: await givenContact(tenant) }
  const message = (status: string) => ({
    message: { externalId: 'm', contact, occurredAt: ago(5), channel: 'SMS', direction: 'OUTBOUND', status },
  })
  const results = await outcomes(tenant, [message('SENT'), message('READ'), message('DELIVERED')])
  expect(results.map((outcome: { status: string }) => outcome.status)).toEqual(['CREATED', 'UPDATED', 'UNCHANGED'])
  expect(new Set(results.map((outcome: { activityId: string }) => outcome.activityId)).size).toBe(1)
  expect(await gateway.db.prisma.message.findMany({ where: { contactId: contact.id } })).toMatchObject([{ status: 'read' }])
})

test('contacts are created if that is wanted, once each, and only by a key that may', async () => {
  const tenant = await gateway.organization({ defaultCountry: 'US' })
  const event = (contact: object, createContact: boolean) => ({ event: { contact, createContact, occurredAt: ago(1), name: 'seen' } })
  const input = [
    event({ phone: '(415) 555-2671' }, true),
    event({ phone: '+14155552671' }, false),
    event({ email: 'new@example.com' }, true),
    event({ email: 'NEW@example.com' }, true),
    event({ email: 'nobody@example.com' }, false),
  ]
  const results = await outcomes(tenant, input)
  expect(results.map((outcome: { status: string; code: string | null }) => outcome.code ?? outcome.status)).toEqual([
    'CREATED',
    'CREATED',
    'CREATED',
    'CREATED',
    'NOT_FOUND',
  ])
  expect(results[4]).toMatchObject({
    field: 'contact.email',
    message: 'There is no contact with the email address nobody@example.com. Say createContact: true to create it.',
  })
  const { organizationId } = tenant
  const contacts = await gateway.db.prisma.contact.findMany({ where: { organizationId }, orderBy: { phone: 'asc' } })
  expect(contacts).toMatchObject([
    { phone: '+14155552671', email: null, source: 'activity', countryCode: 'US', lifecycleStage: 'lead' },
    { phone: null, email: 'new@example.com', source: 'activity' },
  ])
  const entries = await gateway.db.prisma.auditEntry.findMany({ where: { organizationId }, orderBy: { id: 'asc' } })
  expect(entries.map(({ action, subjectId }) => [action, subjectId]).toSorted()).toEqual(
    contacts.flatMap(({ id }) => ['activities.recorded', 'contact.created'].map((action) => [action, id])).toSorted(),
  )
  const recorder = await tenant.withScopes('activities:write')
  const refused = await outcomes(recorder, [event({ phone: '+14155552671' }, true), event({ phone: '+14155552671' }, false)])
  expect(refused).toMatchObject([{ status: 'REJECTED', code: 'INSUFFICIENT_PERMISSIONS' }, { status: 'CREATED' }])
})

test('a blocked contact: what it writes is filed under spam, what is written to it is refused, and reports go on', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const message = (externalId: string, direction: string, fields: object = {}) => ({
    message: { externalId, contact: { id }, occurredAt: ago(1), channel: 'SMS', direction, ...fields },
  })
  await outcomes(tenant, [message('before', 'OUTBOUND'), message('asked', 'INBOUND')])
  await tenant.gql('mutation ($id: ID!) { blockContact(input: { contactId: $id }) { __typename } }', { id })
  const results = await outcomes(tenant, [
    message('in', 'INBOUND'),
    message('out', 'OUTBOUND', { category: 'TRANSACTIONAL' }),
    message('before', 'OUTBOUND', { status: 'DELIVERED' }),
    { call: { contact: { id }, occurredAt: ago(1), direction: 'OUTBOUND', status: 'NO_ANSWER' } },
  ])
  expect(results).toMatchObject([
    { status: 'CREATED' },
    { status: 'REJECTED', activityId: null, code: 'CONTACT_BLOCKED' },
    { status: 'UPDATED' },
    { status: 'CREATED' },
  ])
  const rows = await gateway.db.prisma.message.findMany({ where: { contactId: id }, orderBy: { externalId: 'asc' } })
  expect(rows.map(({ externalId, routedTo, status }) => [externalId, routedTo, status])).toEqual([
    ['asked', 'inbox', 'received'],
    ['before', null, 'delivered'],
    ['in', 'spam', 'received'],
  ])
})

test('a batch costs the same statements whatever its size', async () => {
  const tenant = await gateway.organization()
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
    expect(first.statements).toHaveLength(15)
    expect(new Set(first.body.data.recordActivities.outcomes.map((outcome: { status: string }) => outcome.status))).toEqual(
      new Set(['CREATED']),
    )
    // The organization, the contacts, and a look at each kind: there is nothing to write.
    expect((await tenant.gql(record, { input })).statements).toHaveLength(6)
  }
  const { organizationId } = tenant
  expect(await gateway.db.prisma.contact.count({ where: { organizationId } })).toBe(1004)
})

test('stop words, complaints, bounces and arrivals among a thousand messages cost three statements more', async () => {
  const tenant = await gateway.organization()
  const ids = await givenContacts(
    tenant,
    Array.from({ length: 4 }, (_, index) => ({ phone: `+1415555267${index}` })),
  )
  const news = [
    { direction: 'INBOUND', body: 'STOP' },
    { direction: 'OUTBOUND', failureReason: 'COMPLAINT' },
    { direction: 'OUTBOUND', failureReason: 'HARD_BOUNCE' },
    { direction: 'OUTBOUND', status: 'DELIVERED' },
  ]
  const batch = (isNews: boolean) =>
    Array.from({ length: 1000 }, (_, index) => ({
      message: {
        contact: { id: ids[index % 4] },
        channel: 'SMS',
        occurredAt: ago(1 + index),
        ...(isNews ? news[index % 4] : { direction: 'INBOUND', body: 'Hello' }),
      },
    }))
  const [plain, notifying] = [await tenant.gql(record, { input: batch(false) }), await tenant.gql(record, { input: batch(true) })]
  expect([plain.statements.length, notifying.statements.length]).toEqual([4, 7])
  const states = await gateway.db.prisma.channelPreference.findMany({ where: { contactId: { in: ids }, channel: 'sms' } })
  expect(states.map(({ state }) => state)).toEqual(['opted_out', 'opted_out'])
})
