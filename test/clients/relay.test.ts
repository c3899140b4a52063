import { afterAll, beforeAll, expect, test } from 'vitest'
import relay, { type ConcreteRequest, type GraphQLResponse, type Variables } from 'relay-runtime'
import { createNote } from '../../src/domain/notes/commands.ts'
import { type ClientServer, openClientServer, plain, until } from '../support/clients.ts'
import { givenContact, givenContacts, givenMessages, givenRule } from '../support/factories.ts'
import { noon } from '../support/gateway.ts'
import { compileForRelay, type RelayArtifacts } from '../support/relay-artifacts.ts'

const { commitMutation, ConnectionHandler, createOperationDescriptor, Environment, fetchQuery, getRequest, Network, Observable } = relay
const { RecordSource, requestSubscription, Store } = relay

let server: ClientServer
let artifacts: RelayArtifacts
beforeAll(async () => {
  artifacts = compileForRelay([
    `query documentsNotesQuery($id: ID!, $first: Int!, $after: String) { contact(id: $id) { id displayName
      notes(first: $first, after: $after) @connection(key: "Contact_notes") { edges { cursor node { id body } } } } }`,
    `query documentsCapsQuery($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { displayName
      frequencyCaps { globalCaps { rule { id name } usage { used } } } } } }`,
    `mutation documentsPrependNodeMutation($input: CreateNoteInput!, $connections: [ID!]!) { createNote(input: $input) { __typename
      ... on CreateNotePayload { note @prependNode(connections: $connections, edgeTypeName: "NoteEdge") { id body } }
      ... on Error { code message } } }`,
    `mutation documentsPrependEdgeMutation($input: CreateNoteInput!, $connections: [ID!]!) { createNote(input: $input) { __typename
      ... on CreateNotePayload { noteEdge @prependEdge(connections: $connections) { cursor node { id body } } } ... on Error { code } } }`,
    `mutation documentsDeleteMutation($input: DeleteNoteInput!, $connections: [ID!]!) { deleteNote(input: $input) { __typename
      ... on DeleteNotePayload { deletedId @deleteEdge(connections: $connections) @deleteRecord } ... on Error { code } } }`,
    `mutation documentsBulkMutation($ids: [ID!]!) { bulkContactAction(input: { action: BLOCK, contactIds: $ids }) { __typename
      ... on BulkContactActionPayload { failed { contactId code } } ... on Error { code } } }`,
    `subscription documentsChangedSubscription($id: ID!) { contactChanged(id: $id) { eventId kinds contact { id displayName } } }`,
  ])
  server = await openClientServer()
})
afterAll(async () => {
  artifacts.remove()
  await server.close()
})

function environment() {
  const socket = server.socket()
  const network = Network.create(
    async ({ text }, variables) => {
      const body = JSON.stringify({ query: text, variables })
      const accept = 'application/graphql-response+json, application/json;q=0.9'
      const headers = { ...server.headers, 'Content-Type': 'application/json', Accept: accept }
      return (await (await fetch(server.url, { method: 'POST', headers, body })).json()) as GraphQLResponse
    },
    ({ text }, variables) =>
      Observable.create((sink) =>
        socket.subscribe(
          { query: text ?? '', variables },
          {
            next: (value) => sink.next(value as GraphQLResponse), // graphql-ws and Relay name one format
            error: (reason) => sink.error(new Error(String(reason))),
            complete: () => sink.complete(),
          },
        ),
      ),
  )
  return { relay: new Environment({ network, store: new Store(new RecordSource()) }), dispose: () => socket.dispose() }
}

type Relay = ReturnType<typeof environment>['relay']

async function load(env: Relay, name: string, variables: Variables): Promise<void> {
  await fetchQuery(env, await artifacts.load(name), variables, { fetchPolicy: 'network-only' }).toPromise()
}

/** What the store shows, without the fields that Relay adds for itself. */
async function shown(env: Relay, name: string, variables: Variables): Promise<unknown> {
  const operation = createOperationDescriptor(getRequest(await artifacts.load(name)), variables)
  return plain(env.lookup(operation.fragment).data)
}

async function mutate(env: Relay, mutation: ConcreteRequest, variables: Variables): Promise<unknown> {
  return new Promise((resolve, reject) => {
    commitMutation(env, { mutation, variables, onCompleted: (data) => resolve(data), onError: reject })
  })
}

const notesOf = (data: unknown) =>
  (data as { contact: { notes: { edges: { cursor: string; node: { id: string; body: string } }[] } } }).contact.notes.edges
const connectionOf = (id: string) => ConnectionHandler.getConnectionID(id, 'Contact_notes')

async function serverNotes(id: string) {
  return notesOf(await server.ask('query ($id: ID!) { contact(id: $id) { notes { edges { cursor node { id body } } } } }', { id }))
}

test('the caps of two contacts do not overwrite each other in the store', async () => {
  const { tenant } = server
  const ids = await givenContacts(tenant, [{ firstName: 'Ana' }, { firstName: 'Eva' }])
  await givenRule(tenant, { name: 'Two a day', limit: 2 })
  await givenMessages(tenant, ids[0] ?? '', [{ occurredAt: noon }])
  const { relay: env } = environment()
  await load(env, 'documentsCapsQuery', { ids })
  const caps = '{ id displayName frequencyCaps { globalCaps { rule { id name } usage { used } } } }'
  expect(await shown(env, 'documentsCapsQuery', { ids })).toEqual(
    await server.ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Contact ${caps} } }`, { ids }),
  )
})

test('a failure of a bulk action does not turn the contact into something else', async () => {
  const ids = await givenContacts(server.tenant, [{ firstName: 'Ana' }, { firstName: 'Eva' }])
  const { relay: env } = environment()
  await load(env, 'documentsCapsQuery', { ids })
  const before = await shown(env, 'documentsCapsQuery', { ids })
  await server.tenant.rest('DELETE', `/${ids[0]}`)
  const done = await mutate(env, await artifacts.load('documentsBulkMutation'), { ids })
  expect(done).toMatchObject({ bulkContactAction: { failed: [{ contactId: ids[0], code: 'NOT_FOUND' }] } })
  expect(await shown(env, 'documentsCapsQuery', { ids })).toEqual(before)
})

test('a connection collects the pages of the notes of a contact', async () => {
  const id = await givenContact(server.tenant)
  for (const body of ['one', 'two', 'three']) await createNote(server.tenant.context, { contactId: id, body })
  const { relay: env } = environment()
  await load(env, 'documentsNotesQuery', { id, first: 2 })
  const [, last] = notesOf(await shown(env, 'documentsNotesQuery', { id, first: 2 }))
  await load(env, 'documentsNotesQuery', { id, first: 2, after: last?.cursor })
  expect(notesOf(await shown(env, 'documentsNotesQuery', { id, first: 2 }))).toEqual(await serverNotes(id))
})

test('lists show created and deleted notes as the server does, and no refusals', async () => {
  const id = await givenContact(server.tenant)
  await createNote(server.tenant.context, { contactId: id, body: 'one' })
  const { relay: env } = environment()
  await load(env, 'documentsNotesQuery', { id, first: 10 })
  const connections = [connectionOf(id)]
  const list = async () => notesOf(await shown(env, 'documentsNotesQuery', { id, first: 10 }))
  const prependNode = await artifacts.load('documentsPrependNodeMutation')

  const refused = await mutate(env, prependNode, { input: { contactId: id, body: '' }, connections })
  expect(refused).toMatchObject({ createNote: { __typename: 'MissingRequiredField', code: 'MISSING_REQUIRED_FIELD' } })
  expect(await list()).toEqual(await serverNotes(id))

  await mutate(env, prependNode, { input: { contactId: id, body: 'two' }, connections })
  expect((await list()).map(({ node }) => node)).toEqual((await serverNotes(id)).map(({ node }) => node))

  await mutate(env, await artifacts.load('documentsPrependEdgeMutation'), { input: { contactId: id, body: 'three' }, connections })
  const [newest] = await list()
  expect(newest).toEqual((await serverNotes(id))[0])

  await mutate(env, await artifacts.load('documentsDeleteMutation'), { input: { id: newest?.node.id }, connections })
  expect((await list()).map(({ node }) => node.body)).toEqual(['two', 'one'])
})

test('a subscription updates the contact in the store', async () => {
  const id = await givenContact(server.tenant, { firstName: 'Ana' })
  const { relay: env, dispose } = environment()
  await load(env, 'documentsNotesQuery', { id, first: 1 })
  const events: unknown[] = []
  const subscription = requestSubscription(env, {
    subscription: await artifacts.load('documentsChangedSubscription'),
    variables: { id },
    onNext: (event) => events.push(event),
  })
  for (let turn = 0; events.length === 0 && turn < 50; turn += 1) {
    await server.tenant.rest('PATCH', `/${id}`, { first_name: `Eva ${turn}` })
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await until(() => events.length > 0)
  expect(await shown(env, 'documentsNotesQuery', { id, first: 1 })).toMatchObject({
    contact: { displayName: expect.stringMatching(/^Eva/) },
  })
  subscription.dispose()
  await dispose()
})
