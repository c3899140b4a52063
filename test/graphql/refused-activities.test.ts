import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { reserveSend } from '../../src/domain/sending/commands.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'
import { ago, hour, outcomes, record } from '../support/recording.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

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
    ['a call of no number', { call: { ...call, address: '12' } }, 'INVALID_PHONE_NUMBER', 'address'],
    ['a ticket about nothing', { ticket: { ...ticket, subject: ' ' } }, 'MISSING_REQUIRED_FIELD', 'subject'],
    ['an open ticket that is closed', { ticket: { ...ticket, status: 'OPEN', closedAt: ago(0) } }, 'VALIDATION_ERROR', 'closedAt'],
    ['an event without a name', { event: { ...event, name: '' } }, 'MISSING_REQUIRED_FIELD', 'name'],
    ['properties of 1 MB', { event: { ...event, properties: { blob: 'x'.repeat(900_000) } } }, 'VALIDATION_ERROR', 'properties'],
    ['a malformed id', { event: { ...event, contact: { id: 'abc' } } }, 'VALIDATION_ERROR', 'contact.id'],
    ['an unknown id', { event: { ...event, contact: { id: 'con_00000000000000000000000000' } } }, 'NOT_FOUND', 'contact.id'],
    ['no phone number', { event: { ...event, contact: { phone: '12' } } }, 'INVALID_PHONE_NUMBER', 'contact.phone'],
    ['no email address', { event: { ...event, contact: { email: 'x' } } }, 'INVALID_EMAIL', 'contact.email'],
  ])('%s', async (_what, wrong, code, field) => {
    const tenant = await gateway.organization()
    const contact = { id: await givenContact(tenant) }
    const [[kind, fields]] = Object.entries(wrong) as [[string, object]]
    const results = await outcomes(tenant, [
      { event: { ...event, contact } },
      { [kind]: { contact, ...fields } },
      { ticket: { ...ticket, contact } },
    ])
    expect(results).toMatchObject([{ status: 'CREATED' }, { status: 'REJECTED', activityId: null, code, field }, { status: 'CREATED' }])
    expect(await gateway.db.prisma.event.count({ where: { contactId: contact.id } })).toBe(1)
    expect(await gateway.db.prisma.ticket.count({ where: { contactId: contact.id } })).toBe(1)
  })

  test('an external id names one thing only', async () => {
    const tenant = await gateway.organization()
    const [one, other] = [{ id: await givenContact(tenant) }, { id: await givenContact(tenant) }]
    const results = await outcomes(tenant, [
      { message: { ...message, externalId: 'x', contact: one } },
      { message: { ...message, externalId: 'x', contact: other } },
      { message: { ...message, externalId: 'x', contact: one, channel: 'EMAIL' } },
      // Each kind has external ids of its own.
      { event: { ...event, externalId: 'x', contact: one } },
    ])
    expect(results).toMatchObject([
      { status: 'CREATED' },
      { status: 'REJECTED', code: 'VALIDATION_ERROR', field: 'externalId' },
      { status: 'REJECTED', code: 'VALIDATION_ERROR', field: 'externalId' },
      { status: 'CREATED' },
    ])
  })

  test('a contact of another organization is as unknown as any', async () => {
    const [owner, stranger] = [await gateway.organization(), await gateway.organization()]
    const id = await givenContact(owner, { email: 'secret@example.com' })
    const results = await outcomes(stranger, [
      { event: { ...event, contact: { id } } },
      { event: { ...event, contact: { email: 'secret@example.com' } } },
    ])
    expect(results.map((outcome: { code: string }) => outcome.code)).toEqual(['NOT_FOUND', 'NOT_FOUND'])
    expect(await gateway.db.prisma.event.count({ where: { contactId: id } })).toBe(0)
  })
})

test('a deleted contact is gone', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  await tenant.rest('DELETE', `/${id}`)
  expect(await outcomes(tenant, [{ event: { contact: { id }, occurredAt: ago(1), name: 'seen' } }])).toMatchObject([{ code: 'NOT_FOUND' }])
})

test('nothing, and more than a thousand, are refused whole; so is what the schema does not know', async () => {
  const tenant = await gateway.organization()
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
  expect(await gateway.db.prisma.event.count({ where: { contactId: contact.id } })).toBe(0)
  const reader = await tenant.withScopes('contacts:read')
  expect((await reader.gql(record, { input: [event] })).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
})

test('a call is recorded with the number that it names, else that of its reservation or of the contact', async () => {
  const tenant = await gateway.organization()
  const [home, work] = ['+493023125017', '+493023125018']
  const numbers = [home, work].map((value, index) => ({ value, isPrimary: index === 0 }))
  const contactId = await givenContact(tenant, { phone: home })
  await updateContact(tenant.context, contactId, { phoneNumbers: numbers })
  const call = (more: object) => ({ call: { occurredAt: noon.toISOString(), contact: { id: contactId }, ...more } })
  const out = (more: object) => call({ direction: 'OUTBOUND', status: 'ANSWERED', ...more })
  const reservationId = await reserveSend(tenant.context, { contactId, channel: 'voice', category: 'service', address: work })
  expect(
    await outcomes(tenant, [
      out({ reservationId, address: home }),
      out({ reservationId }),
      out({}),
      call({ direction: 'INBOUND', status: 'MISSED', address: '+49 30 23125018' }),
      call({ direction: 'INBOUND', status: 'MISSED', contact: { phone: work } }),
    ]),
  ).toMatchObject([
    { status: 'REJECTED', field: 'reservationId', message: 'The reservation is for another address.' },
    ...Array.from({ length: 4 }, () => ({ status: 'CREATED', message: null })),
  ])
  const calls = await gateway.db.prisma.call.findMany({ where: { contactId }, orderBy: { id: 'asc' }, select: { addressKey: true } })
  expect(calls.map(({ addressKey }) => addressKey)).toEqual([work, home, work, work])
})
