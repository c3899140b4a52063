import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContact, givenContacts } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

test('a contact is blocked and unblocked, repeating either changes nothing, and every block stays on record', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const at = async (minutes: number, verb: string, body?: object) => {
    gateway.clock.now = later(minutes)
    const answer = await tenant.rest('POST', `/${id}/${verb}`, body)
    gateway.clock.now = noon
    expect(answer.status).toBe(200)
    return answer.body.data
  }
  const nothing = { contact_id: id, is_blocked: false, reason: null, blocked_at: null, blocked_by: null, unblocked_at: null }
  expect(await at(0, 'unblock')).toEqual(nothing)
  const first = {
    ...nothing,
    is_blocked: true,
    reason: 'Abusive calls.',
    blocked_at: later(1).toISOString(),
    blocked_by: 'Test key',
  }
  expect(await at(1, 'block', { reason: ' Abusive calls. ' })).toEqual(first)
  expect(await at(2, 'block', { reason: 'Another' })).toEqual(first)
  expect((await tenant.rest('GET', `/${id}`)).body.data.is_blocked).toBe(true)
  const ended = { ...first, is_blocked: false, unblocked_at: later(3).toISOString() }
  expect(await at(3, 'unblock', { reason: 'Has apologized.' })).toEqual(ended)
  expect(await at(4, 'unblock')).toEqual(ended)
  expect((await tenant.rest('GET', `/${id}`)).body.data).toMatchObject({ is_blocked: false, updated_at: later(3).toISOString() })
  expect(await at(5, 'block')).toEqual({ ...first, reason: null, blocked_at: later(5).toISOString() })
  const rows = await gateway.db.prisma.block.findMany({ where: { contactId: id }, orderBy: { blockedAt: 'asc' } })
  expect(rows.map(({ reason, unblockReason, unblockedBy }) => [reason, unblockReason, unblockedBy])).toEqual([
    ['Abusive calls.', 'Has apologized.', 'Test key'],
    [null, null, null],
  ])
})

test('what has happened cannot be rewritten, by no program', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  await tenant.rest('POST', `/${contactId}/block`, { reason: 'Spam.' })
  const where = { contactId }
  await expect(gateway.db.prisma.block.deleteMany({ where })).rejects.toThrow('record of the past')
  for (const data of [{ reason: 'Other' }, { blockedAt: later(9) }, { blockedBy: 'Another person' }]) {
    await expect(gateway.db.prisma.block.updateMany({ where, data })).rejects.toThrow('record of the past')
  }
  await tenant.rest('POST', `/${contactId}/unblock`)
  await expect(gateway.db.prisma.block.updateMany({ where, data: { unblockedAt: null } })).rejects.toThrow('record of the past')
})

test('the blocked are listed, the latest block first, with their blocks, in three statements in REST and two in GraphQL', async () => {
  const tenant = await gateway.organization()
  const names = ['Ana', 'Ben', 'Cem', 'Dan']
  const ids = await givenContacts(
    tenant,
    names.map((firstName) => ({ firstName })),
  )
  for (const index of [2, 0, 1]) {
    gateway.clock.now = later(index)
    await tenant.rest('POST', `/${ids[index]}/block`, { reason: `Because of ${names[index]}` })
  }
  gateway.clock.now = noon
  const first = await tenant.rest('GET', '/blocked?limit=2')
  const summary = ({ body }: typeof first) =>
    body.data.map((contact: { first_name: string; block: { reason: string } }) => [contact.first_name, contact.block.reason])
  expect(summary(first)).toEqual([
    ['Cem', 'Because of Cem'],
    ['Ben', 'Because of Ben'],
  ])
  expect(first.body.data[0].block).toEqual({
    contact_id: ids[2],
    is_blocked: true,
    reason: 'Because of Cem',
    blocked_at: later(2).toISOString(),
    blocked_by: 'Test key',
    unblocked_at: null,
  })
  expect(first.statements).toHaveLength(3)
  expect(first.body.meta.pagination).toMatchObject({ has_more: true, total: 3 })
  const second = await tenant.rest('GET', `/blocked?limit=2&cursor=${first.body.meta.pagination.cursor}`)
  expect(summary(second)).toEqual([['Ana', 'Because of Ana']])
  const { body, statements } = await tenant.gql('{ blockedContacts { totalCount nodes { firstName block { reason blockedBy } } } }')
  expect(body.data.blockedContacts).toEqual({
    totalCount: 3,
    nodes: ['Cem', 'Ben', 'Ana'].map((firstName) => ({ firstName, block: { reason: `Because of ${firstName}`, blockedBy: 'Test key' } })),
  })
  expect(statements).toHaveLength(2)
  const cursor = (await tenant.rest('GET', '?limit=1')).body.meta.pagination.cursor
  expect((await tenant.rest('GET', `/blocked?cursor=${cursor}`)).body.error.code).toBe('INVALID_CURSOR')
})

test('the mutations answer with the contact', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const contact = '{ contact { isBlocked block { reason blockedAt blockedBy } } }'
  const blocked = await tenant.gql(
    `mutation ($id: ID!) { blockContact(input: { contactId: $id, reason: "Spam." }) { ... on BlockContactPayload ${contact} } }`,
    { id },
  )
  expect(blocked.body.data.blockContact.contact).toEqual({
    isBlocked: true,
    block: { reason: 'Spam.', blockedAt: noon.toISOString(), blockedBy: 'Test key' },
  })
  const free = await tenant.gql(
    `mutation ($id: ID!) { unblockContact(input: { contactId: $id }) { ... on UnblockContactPayload ${contact} } }`,
    { id },
  )
  expect(free.body.data.unblockContact.contact).toEqual({ isBlocked: false, block: null })
})

test('unknown, deleted and foreign contacts, and what is malformed', async () => {
  const [tenant, stranger] = [await gateway.organization(), await gateway.organization()]
  const [id, deleted] = [await givenContact(tenant), await givenContact(tenant)]
  await tenant.rest('POST', `/${deleted}/block`)
  await tenant.rest('DELETE', `/${deleted}`)
  expect((await tenant.rest('GET', '/blocked')).body.data).toEqual([])
  for (const verb of ['block', 'unblock']) {
    for (const [who, path] of [
      [tenant, deleted],
      [tenant, 'con_00000000000000000000000000'],
      [stranger, id],
    ] as const) {
      expect(await who.rest('POST', `/${path}/${verb}`)).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } })
    }
    expect(await tenant.rest('POST', `/abc/${verb}`)).toMatchObject({ status: 400 })
    expect(await tenant.rest('POST', `/${id}/${verb}`, { reason: 'x'.repeat(501) })).toMatchObject({
      status: 422,
      body: { error: { code: 'VALIDATION_ERROR', details: { field: 'reason' } } },
    })
    expect(await tenant.rest('POST', `/${id}/${verb}`, { why: 'x' })).toMatchObject({ status: 422 })
  }
  const reader = await tenant.withScopes('contacts:read')
  expect((await reader.rest('POST', `/${id}/block`)).status).toBe(403)
  const writer = await tenant.withScopes('contacts:write')
  expect((await writer.rest('POST', `/${id}/block`)).body.data.is_blocked).toBe(true)
  expect((await writer.rest('GET', '/blocked')).status).toBe(403)
})
