import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const log = `query ($filter: AuditFilter) {
  auditLog(filter: $filter, last: 50) { totalCount nodes { occurredAt action subjectId contactId fields actorId actorName requestId } }
}`

test('every change has its entry: who, what, when, by which request, and not what stood there', async () => {
  const tenant = await gateway.organization()
  const { keyId } = tenant.context.actor
  const created = await tenant.rest('POST', '', { first_name: 'Ada', phone: '+14155550123' })
  const { id: contactId } = created.body.data
  const changed = await tenant.gql(
    `mutation ($id: ID!) { updateContact(input: { id: $id, firstName: "Augusta", tags: ["vip"] }) { __typename } }`,
    { id: contactId },
  )
  // What changes nothing leaves no trace.
  await tenant.rest('PATCH', `/${contactId}`, { first_name: 'Augusta' })
  const note = await tenant.rest('POST', `/${contactId}/notes`, { body: 'Secret' })
  const { id: noteId } = note.body.data
  await tenant.rest('PATCH', `/${contactId}/notes/${noteId}`, { pinned: true, body: 'Secret' })
  await tenant.rest('DELETE', `/${contactId}/notes/${noteId}`)
  await tenant.rest('DELETE', `/${contactId}`)
  await tenant.gql('mutation ($id: ID!) { restoreContacts(input: { ids: [$id] }) { __typename } }', { id: contactId })

  const { body, statements } = await tenant.gql(log, {})
  const by = { occurredAt: noon.toISOString(), contactId, actorId: keyId, actorName: 'Test key', requestId: expect.stringMatching(/^req_/) }
  expect(body.data.auditLog).toEqual({
    totalCount: 7,
    nodes: [
      { ...by, action: 'CONTACT_RESTORED', subjectId: contactId, fields: [] },
      { ...by, action: 'CONTACT_DELETED', subjectId: contactId, fields: [] },
      { ...by, action: 'NOTE_DELETED', subjectId: noteId, fields: [] },
      { ...by, action: 'NOTE_UPDATED', subjectId: noteId, fields: ['pinned'] },
      { ...by, action: 'NOTE_CREATED', subjectId: noteId, fields: [] },
      {
        ...by,
        action: 'CONTACT_UPDATED',
        subjectId: contactId,
        fields: ['firstName', 'tags'],
        requestId: changed.headers.get('x-request-id'),
      },
      { ...by, action: 'CONTACT_CREATED', subjectId: contactId, fields: [], requestId: created.headers.get('x-request-id') },
    ],
  })
  expect(statements).toHaveLength(1)

  const filtered = async (filter: Record<string, unknown>) => (await tenant.gql(log, { filter })).body.data.auditLog.totalCount
  expect(await filtered({ actions: ['NOTE_CREATED', 'NOTE_DELETED'] })).toBe(2)
  expect(await filtered({ subjectId: noteId })).toBe(3)
  expect(await filtered({ actorId: 'key_00000000000000000000000000' })).toBe(0)
  expect(await filtered({ contactId, from: noon.toISOString() })).toBe(7)
  expect(await filtered({ to: noon.toISOString() })).toBe(0)
  expect(await filtered({ actorId: 'jwt:ana' })).toBe(0)
  for (const [field, wrong] of [
    ['contactId', noteId],
    ['contactId', ''],
    ['contactId', '\u0000'],
    ['subjectId', ''],
    ['subjectId', 'con_1'],
    ['actorId', 'Test key'],
    ['actorId', 'jwt:\u0000'],
  ]) {
    const refused = await tenant.gql(log, { filter: { [field ?? '']: wrong } })
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR', field } }])
  }
})

test('what is refused, or undone with the rest of its request, has none', async () => {
  const tenant = await gateway.organization()
  await tenant.rest('POST', '', { first_name: 'Ada', phone: '+14155550123' })
  expect((await tenant.rest('POST', '', { phone: '+14155550123' })).status).toBe(409)
  expect((await tenant.rest('DELETE', '/con_00000000000000000000000000')).status).toBe(404)
  expect((await tenant.gql(log, {})).body.data.auditLog.totalCount).toBe(1)
})

test('entries are pages of a list, for those with the scope, and are not rewritten', async () => {
  const tenant = await gateway.organization()
  for (let count = 0; count < 5; count += 1) await tenant.rest('POST', '', { email: `person${count}@example.com` })
  const all = (await tenant.gql('{ auditLog(first: 200) { nodes { id } } }')).body.data.auditLog.nodes
  const pages: unknown[] = []
  for (let after: string | null = null; ;) {
    const { body } = await tenant.gql(
      'query ($after: String) { auditLog(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
      { after },
    )
    pages.push(...body.data.auditLog.nodes)
    if (!body.data.auditLog.pageInfo.hasNextPage) break
    after = body.data.auditLog.pageInfo.endCursor
  }
  expect(pages).toEqual(all)
  expect(all).toHaveLength(5)

  const reader = await tenant.withScopes('contacts:read')
  expect((await reader.gql(log, {})).body.errors[0].extensions.code).toBe('INSUFFICIENT_PERMISSIONS')
  const stranger = await gateway.organization()
  expect((await stranger.gql(log, {})).body.data.auditLog.totalCount).toBe(0)

  const { organizationId } = tenant
  await expect(gateway.db.prisma.auditEntry.updateMany({ where: { organizationId }, data: { actorName: 'Someone else' } })).rejects.toThrow(
    /record of the past/,
  )
  await expect(gateway.db.prisma.auditEntry.deleteMany({ where: { organizationId } })).rejects.toThrow(/record of the past/)
})
