import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNote } from '../../src/domain/notes/commands.ts'
import { givenContact } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const result = '__typename ... on RevisionConflict { code message current { id revision firstName isBlocked } }'
const update = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) {
  ${result} ... on UpdateContactPayload { contact { revision firstName } } } }`
const block = `mutation ($input: BlockContactInput!) { blockContact(input: $input) {
  ${result} ... on BlockContactPayload { contact { revision isBlocked } } } }`
const unblock = `mutation ($input: UnblockContactInput!) { unblockContact(input: $input) {
  ${result} ... on UnblockContactPayload { contact { revision isBlocked } } } }`
const prefer = `mutation ($input: SetPreferencesInput!) { setPreferences(input: $input) {
  ${result} ... on SetPreferencesPayload { contact { revision } records { state } } } }`
const changes = [{ channel: 'EMAIL', state: 'OPTED_OUT' }]

async function ask(tenant: Tenant, mutation: string, input: object) {
  const { body } = await tenant.gql(mutation, { input })
  expect(body.errors).toBeUndefined()
  return Object.values<Record<string, unknown>>(body.data)[0]
}

async function revisionOf(tenant: Tenant, id: string): Promise<number> {
  return (await tenant.gql('query ($id: ID!) { contact(id: $id) { revision } }', { id })).body.data.contact.revision
}

test('the revision increases with every change of the contact, and with nothing else', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const revisions = [await revisionOf(tenant, id)]
  const steps = [
    () => ask(tenant, update, { id, firstName: 'Ana' }),
    () => ask(tenant, update, { id, firstName: 'Ana' }),
    () => createNote(tenant.context, { contactId: id, body: 'Called.' }),
    () => ask(tenant, block, { contactId: id }),
    () => ask(tenant, block, { contactId: id }),
    () => ask(tenant, unblock, { contactId: id }),
    () => tenant.rest('POST', '/actions', { action: 'add_tags', contact_ids: [id], params: { tags: ['vip'] } }),
    () => tenant.rest('POST', '/bulk', { contacts: [{ email: 'new@example.com' }] }),
  ]
  for (const step of steps) {
    await step()
    revisions.push(await revisionOf(tenant, id))
  }
  expect(revisions).toEqual([1, 2, 2, 2, 3, 3, 4, 5, 5])
})

test('a mutation of one contact with ifRevision changes the revision that it names', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  expect(await ask(tenant, update, { id, firstName: 'Ana', ifRevision: 1 })).toMatchObject({ contact: { revision: 2, firstName: 'Ana' } })
  expect(await ask(tenant, block, { contactId: id, ifRevision: 2 })).toMatchObject({ contact: { revision: 3, isBlocked: true } })
  expect(await ask(tenant, unblock, { contactId: id, ifRevision: 3 })).toMatchObject({ contact: { revision: 4, isBlocked: false } })
  expect(await ask(tenant, prefer, { contactId: id, changes, ifRevision: 4 })).toMatchObject({ records: [{ state: 'OPTED_OUT' }] })
  expect(await ask(tenant, update, { id, firstName: 'Eva', ifRevision: null })).toMatchObject({ contact: { revision: 5 } })
})

test('a mutation of one contact with another revision is refused with the contact in its current state', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { firstName: 'Ana' })
  await ask(tenant, update, { id, firstName: 'Eva' })
  const writer = await tenant.withScopes('contacts:write')
  for (const [mutation, input] of [
    [update, { id, firstName: 'Lost', ifRevision: 1 }],
    [update, { id, firstName: 'Eva', ifRevision: 3 }],
    [block, { contactId: id, ifRevision: 1 }],
    [unblock, { contactId: id, ifRevision: 1 }],
    [prefer, { contactId: id, changes, ifRevision: 1 }],
  ] as const) {
    expect(await ask(writer, mutation, input)).toEqual({
      __typename: 'RevisionConflict',
      code: 'REVISION_CONFLICT',
      message: 'The contact has changed: its revision is 2 now. Read it again, and repeat the change on what it is now.',
      current: { id, revision: 2, firstName: 'Eva', isBlocked: false },
    })
  }
  expect(await revisionOf(tenant, id)).toBe(2)
  expect(await gateway.db.prisma.consentRecord.count({ where: { contactId: id } })).toBe(0)
  const unknown = { id: 'con_00000000000000000000000000', firstName: 'Lost', ifRevision: 1 }
  expect(await ask(tenant, update, unknown)).toEqual({ __typename: 'NotFound' })
})

test('of many changes that expect the same revision exactly one is made', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`)
  const answers = await Promise.all(names.map((firstName) => ask(tenant, update, { id, firstName, ifRevision: 1 })))
  expect(answers.map((answer) => answer?.['__typename']).toSorted()).toEqual([
    ...names.slice(1).map(() => 'RevisionConflict'),
    'UpdateContactPayload',
  ])
  expect(await revisionOf(tenant, id)).toBe(2)
})
