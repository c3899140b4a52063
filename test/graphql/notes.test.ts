import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenContact, givenNote } from '../support/factories.ts'
import { type TestGateway, noon, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test('a note is written, signed, changed and removed', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant, { firstName: 'Ana', email: 'ana@example.com' })
  const written = await tenant.gql(
    `mutation ($contactId: ID!) { createNote(input: { contactId: $contactId, body: "  Called.\\nWants a quote. " }) {
      ... on CreateNotePayload {
        note { id body pinned author createdAt updatedAt contact { displayName } } noteEdge { cursor node { id } } } } }`,
    { contactId },
  )
  const { noteEdge } = written.body.data.createNote
  const { id, ...note } = written.body.data.createNote.note
  const list = await tenant.gql('query ($id: ID!) { contact(id: $id) { notes { edges { cursor node { id } } } } }', { id: contactId })
  expect(list.body.data.contact.notes.edges).toEqual([noteEdge])
  expect(note).toEqual({
    body: 'Called.\nWants a quote.',
    pinned: false,
    author: 'Test key',
    createdAt: noon.toISOString(),
    updatedAt: noon.toISOString(),
    contact: { displayName: 'Ana' },
  })
  gateway.clock.now = new Date('2026-03-02T08:00:00Z')
  const changed = await tenant.gql(
    'mutation ($id: ID!) { updateNote(input: { id: $id, pinned: true }) { ... on UpdateNotePayload { note { body pinned createdAt updatedAt } } } }',
    { id },
  )
  gateway.clock.now = noon
  expect(changed.body.data.updateNote.note).toEqual({
    body: note.body,
    pinned: true,
    createdAt: note.createdAt,
    updatedAt: '2026-03-02T08:00:00.000Z',
  })
  const remove =
    'mutation ($id: ID!) { deleteNote(input: { id: $id }) { __typename ... on DeleteNotePayload { deletedId } ... on NotFound { message } } }'
  expect((await tenant.gql(remove, { id })).body.data.deleteNote).toEqual({ __typename: 'DeleteNotePayload', deletedId: id })
  expect((await tenant.gql(remove, { id })).body.data.deleteNote).toEqual({
    __typename: 'NotFound',
    message: `There is no note with the id ${id}.`,
  })
  expect(await gateway.db.prisma.note.count({ where: { contactId } })).toBe(0)
})

test('a mutation in the same request is seen by what follows it', async () => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const mutation = (alias: string) =>
    `${alias}: createNote(input: { contactId: $id, body: "${alias}" }) { ... on CreateNotePayload { note { contact { notes { totalCount nodes { body } } } } } }`
  const { body } = await tenant.gql(`mutation ($id: ID!) { ${mutation('one')} ${mutation('two')} }`, { id: contactId })
  expect(body.data).toEqual({
    one: { note: { contact: { notes: { totalCount: 1, nodes: [{ body: 'one' }] } } } },
    two: { note: { contact: { notes: { totalCount: 2, nodes: [{ body: 'two' }, { body: 'one' }] } } } },
  })
})

test.each([
  ['""', 'MISSING_REQUIRED_FIELD', 'A note needs a text.'],
  [`"${'x'.repeat(10_001)}"`, 'VALIDATION_ERROR', 'The body is 10,001 characters long.'],
  ['"a\\u0007b"', 'VALIDATION_ERROR', 'The body has control characters in it.'],
])('a note of %.10s… is refused', async (body, code, message) => {
  const tenant = await gateway.organization()
  const contactId = await givenContact(tenant)
  const answer = await tenant.gql(
    `mutation ($id: ID!) { createNote(input: { contactId: $id, body: ${body} }) { ... on Error { code message } } }`,
    { id: contactId },
  )
  expect(answer.body.data.createNote).toEqual({ code, message })
})

describe('the notes of a contact', () => {
  test('page in both directions, newest first, though all were written at the same time', async () => {
    const tenant = await gateway.organization()
    const contactId = await givenContact(tenant)
    for (let index = 1; index <= 5; index += 1) await givenNote(tenant, contactId, `Note ${index}`)
    const page = async (args: string) => {
      const { body } = await tenant.gql(
        `query ($id: ID!) { contact(id: $id) { notes(${args}) { edges { cursor node { body } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
        { id: contactId },
      )
      const { edges, pageInfo } = body.data.contact.notes
      return { bodies: edges.map((edge: { node: { body: string } }) => edge.node.body), pageInfo }
    }
    const first = await page('first: 2')
    expect(first).toMatchObject({ bodies: ['Note 5', 'Note 4'], pageInfo: { hasNextPage: true, hasPreviousPage: false } })
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`)
    expect(second).toMatchObject({ bodies: ['Note 3', 'Note 2'], pageInfo: { hasNextPage: true, hasPreviousPage: true } })
    expect(await page(`first: 2, after: "${second.pageInfo.endCursor}"`)).toMatchObject({
      bodies: ['Note 1'],
      pageInfo: { hasNextPage: false },
    })
    expect(await page(`last: 2, before: "${second.pageInfo.startCursor}"`)).toMatchObject({
      bodies: ['Note 5', 'Note 4'],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    })
    expect(await page('last: 2')).toMatchObject({ bodies: ['Note 2', 'Note 1'], pageInfo: { hasNextPage: false, hasPreviousPage: true } })
  })

  test('have cursors of their own: those of another contact, of contacts and made-up ones are refused', async () => {
    const tenant = await gateway.organization()
    const [one, other] = [await givenContact(tenant), await givenContact(tenant)]
    await givenNote(tenant, other)
    const look = `query ($id: ID!) { contact(id: $id) { notes { pageInfo { endCursor } } } contacts(first: 1) { pageInfo { endCursor } } }`
    const { data } = (await tenant.gql(look, { id: other })).body
    for (const after of [data.contact.notes.pageInfo.endCursor, data.contacts.pageInfo.endCursor, 'abc', '']) {
      const { body } = await tenant.gql(
        'query ($id: ID!, $after: String!) { contact(id: $id) { notes(after: $after) { nodes { id } } } }',
        { id: one, after },
      )
      expect(body.errors).toEqual([
        expect.objectContaining({
          path: ['contact', 'notes'],
          extensions: expect.objectContaining({ code: 'INVALID_CURSOR', field: 'cursor' }),
        }),
      ])
    }
  })

  test.each([
    ['first: 0', 'first'],
    ['first: 201', 'first'],
    ['last: -1', 'last'],
    ['first: 1, last: 1', 'last'],
    ['first: 1, before: "abc"', 'before'],
  ])('refuse (%s)', async (args, field) => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant)
    const { body } = await tenant.gql(`query ($id: ID!) { contact(id: $id) { notes(${args}) { nodes { id } } } }`, { id })
    expect(body.errors[0].extensions).toMatchObject({ code: 'VALIDATION_ERROR', field })
  })
})
