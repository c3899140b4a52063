import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenActivities, givenContact, givenNote } from './support/factories.ts'
import { type TestGateway, openGateway, type Tenant } from './support/gateway.ts'

let gateway: TestGateway
let owner: Tenant
let stranger: Tenant
let contactId: string
let noteId: string
beforeAll(async () => {
  gateway = await openGateway()
  owner = await gateway.organization({ name: 'Owner' })
  stranger = await gateway.organization({ name: 'Stranger' })
  contactId = await givenContact(owner, { firstName: 'Secret', phone: '+14155552671', email: 'secret@example.com', tags: ['secret'] })
  await owner.rest('PATCH', `/${contactId}`, { external_ids: [{ system: 'crm', value: 'secret' }] })
  noteId = await givenNote(owner, contactId, 'Secret note')
  await givenActivities(owner, contactId, [{ event: { occurredAt: new Date('2026-02-01Z'), name: 'secret_seen' } }])
  await owner.rest('POST', `/${contactId}/block`, { reason: 'Secret reason' })
})
afterAll(() => gateway.close())

test('a foreign contact answers exactly like an unknown one, through both APIs and in every way', async () => {
  const unknown = { contact: 'con_00000000000000000000000000', note: 'note_00000000000000000000000000' }
  const ask = async (contact: string, note: string) => {
    const gql = await stranger.gql(
      `query ($contact: ID!, $note: ID!) {
        contact(id: $contact) { id } node(id: $contact) { id } note: node(id: $note) { id }
        byPhone: contactBy(phone: "+14155552671") { id } byEmail: contactBy(email: "secret@example.com") { id }
        byExternalId: contactBy(externalId: { system: "crm", value: "secret" }) { id } duplicateContacts(minScore: 0) { groups { score } endCursor }
        contacts { totalCount nodes { id } } searched: contacts(filter: { search: "secret", tags: ["secret"] }) { totalCount nodes { id } }
      }`,
      { contact, note },
    )
    const change = await stranger.gql(
      `mutation ($contact: ID!, $note: ID!) {
        updateContact(input: { id: $contact, firstName: "Taken" }) { __typename ... on Error { code message } }
        createNote(input: { contactId: $contact, body: "Mine" }) { __typename ... on Error { code message } }
        updateNote(input: { id: $note, body: "Mine" }) { __typename ... on Error { code message } }
        deleteNote(input: { id: $note }) { __typename ... on Error { code message } }
        deleteContacts(input: { ids: [$contact] }) { ... on DeleteContactsPayload { deletedIds notFoundIds } }
        restoreContacts(input: { ids: [$contact] }) { ... on RestoreContactsPayload { contacts { id } failed { code message } } }
        blockContact(input: { contactId: $contact }) { __typename ... on Error { code message } }
        unblockContact(input: { contactId: $contact }) { __typename ... on Error { code message } }
        upsertContact(input: { match: [{ id: $contact }], set: { firstName: "Taken" } }) { __typename ... on Error { code message } }
        mergeContacts(input: { intoId: $contact, fromIds: ["con_00000000000000000000000001"] }) { __typename ... on Error { code message } }
        dismissDuplicates(input: { ids: [$contact, "con_00000000000000000000000001"] }) { __typename ... on Error { code message } }
        recordActivities(input: { activities: [{ event: { contact: { id: $contact }, occurredAt: "2026-01-01T00:00:00Z", name: "seen" } }] }) {
          ... on RecordActivitiesPayload { outcomes { status code message } }
        }
      }`,
      { contact, note },
    )
    const rest = await Promise.all([
      stranger.rest('GET', `/${contact}`),
      stranger.rest('PATCH', `/${contact}`, { first_name: 'Taken' }),
      stranger.rest('DELETE', `/${contact}`),
      stranger.rest('POST', `/${contact}/merge`, { from_ids: ['con_00000000000000000000000001'] }),
      stranger.rest('GET', `/${contact}/notes`),
      stranger.rest('POST', `/${contact}/notes`, { body: 'Mine' }),
      stranger.rest('PATCH', `/${contact}/notes/${note}`, { body: 'Mine' }),
      stranger.rest('DELETE', `/${contact}/notes/${note}`),
      stranger.rest('GET', '?search=secret'),
      ...['timeline', 'journey', 'journey.csv', 'profile'].map((what) => stranger.rest('GET', `/${contact}/${what}`)),
      stranger.rest('POST', `/${contact}/block`),
      stranger.rest('POST', `/${contact}/unblock`),
      stranger.rest('GET', '/blocked'),
    ])
    const text = JSON.stringify([
      gql.body,
      change.body,
      rest.map(({ status, body }) => [status, body.error, body.data, body.meta?.pagination]),
    ])
    return text.replaceAll(contact, 'CONTACT').replaceAll(note, 'NOTE')
  }
  expect(await ask(contactId, noteId)).toBe(await ask(unknown.contact, unknown.note))
  const { body } = await owner.gql('query ($id: ID!) { contact(id: $id) { firstName notes { nodes { body } } } }', { id: contactId })
  expect(body.data.contact).toEqual({ firstName: 'Secret', notes: { nodes: [{ body: 'Secret note' }] } })
})

test('a foreign cursor is refused', async () => {
  await givenContact(owner)
  const { body } = await owner.rest('GET', '?limit=1')
  expect((await stranger.rest('GET', `?cursor=${body.meta.pagination.cursor}`)).body.error.code).toBe('INVALID_CURSOR')
})

test('two organizations may know the same person', async () => {
  const { status } = await stranger.rest('POST', '', { phone: '+14155552671', email: 'secret@example.com' })
  expect(status).toBe(201)
})

test('the database itself refuses a reference across organizations', async () => {
  const row = {
    id: 'note_00000000000000000000000001',
    organizationId: stranger.organizationId,
    contactId,
    body: 'x',
    author: 'x',
    createdAt: new Date(),
    updatedAt: new Date(),
  }
  await expect(gateway.db.prisma.note.create({ data: row })).rejects.toMatchObject({ code: 'P2003' })
})
