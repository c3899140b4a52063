import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { relayStylePagination } from '@apollo/client/utilities'
import { isAbstractType, OperationTypeNode } from 'graphql'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNote } from '../../src/domain/notes/commands.ts'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { createSchema } from '../../src/http/graphql/schema/schema.ts'
import { type ClientServer, openClientServer, plain, until } from '../support/clients.ts'
import { givenContact, givenContacts, givenMessages, givenRule } from '../support/factories.ts'
import { noon } from '../support/gateway.ts'

let server: ClientServer
beforeAll(async () => {
  server = await openClientServer()
})
afterAll(() => server.close())

const http = () => new HttpLink({ uri: server.url, headers: server.headers })
// Apollo's cache learns from these which types a fragment on an interface or a union fits; graphql-codegen writes them for an application.
const schema = createSchema()
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter((type) => isAbstractType(type))
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
)
const cache = () =>
  new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { contacts: relayStylePagination(['filter', 'orderBy']) } },
      Contact: { fields: { notes: relayStylePagination() } },
    },
  })
const client = (link: ApolloLink = http()) => new ApolloClient({ cache: cache(), link })

interface ContactPage {
  readonly contacts: {
    readonly edges: readonly { readonly node: { readonly id: string } }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

test('the caps of two contacts do not overwrite each other in the cache', async () => {
  const { tenant } = server
  const ids = await givenContacts(tenant, [{ firstName: 'Ana' }, { firstName: 'Eva' }])
  await givenRule(tenant, { name: 'Two a day', limit: 2 })
  await givenRule(tenant, { name: 'Texts', limit: 5, channel: 'sms' })
  await givenMessages(tenant, ids[0] ?? '', [{ occurredAt: noon }])
  const caps = '{ rule { id name } usage { used remaining } }'
  const query = `query ($ids: [ID!]) { contacts(filter: { ids: $ids }) { edges { node {
    id displayName frequencyCaps { globalCaps ${caps} groupedByChannel { channel rules ${caps} } } } } } }`
  const apollo = client()
  await apollo.query({ query: gql(query), variables: { ids } })
  const shown = apollo.readQuery({ query: gql(query), variables: { ids } })
  expect(plain(shown)).toMatchObject(Object(await server.ask(query, { ids })))
  expect(JSON.stringify(shown)).toContain('"used":1')
  expect(JSON.stringify(shown)).toContain('"used":0')
})

test('the outcomes of a batch and the failures of a bulk action stay apart from the things that they are about', async () => {
  const id = await givenContact(server.tenant, { firstName: 'Ana' })
  const apollo = client()
  const contact = gql('query ($id: ID!) { contact(id: $id) { id displayName } }')
  await apollo.query({ query: contact, variables: { id } })
  const record = `mutation ($activities: [ActivityInput!]!) { recordActivities(input: { activities: $activities }) {
    ... on RecordActivitiesPayload { outcomes { index status activityId } } } }`
  const activities = ['SENT', 'DELIVERED'].map((status) => ({
    message: { externalId: 'apollo', contact: { id }, channel: 'EMAIL', direction: 'OUTBOUND', occurredAt: noon.toISOString(), status },
  }))
  const recorded = await apollo.mutate({ mutation: gql(record), variables: { activities } })
  const activityId = expect.stringMatching(/^msg_/)
  expect(plain(recorded.data)).toEqual({
    recordActivities: {
      outcomes: [
        { index: 0, status: 'CREATED', activityId },
        { index: 1, status: 'UPDATED', activityId },
      ],
    },
  })
  const unknown = 'con_00000000000000000000000000'
  const bulk = gql(`mutation ($ids: [ID!]!) { bulkContactAction(input: { action: BLOCK, contactIds: $ids }) {
    ... on BulkContactActionPayload { failed { contactId code } } } }`)
  const done = await apollo.mutate({ mutation: bulk, variables: { ids: [id, unknown] } })
  expect(plain(done.data)).toEqual({ bulkContactAction: { failed: [{ contactId: unknown, code: 'NOT_FOUND' }] } })
  expect(plain(apollo.readQuery({ query: contact, variables: { id } }))).toEqual({ contact: { id, displayName: 'Ana' } })
})

test('relayStylePagination collects the pages of contacts and of their notes', async () => {
  const { tenant } = server
  const ids = await givenContacts(tenant, [{}, {}, {}, {}, {}])
  for (const body of ['one', 'two', 'three']) await createNote(tenant.context, { contactId: ids[0] ?? '', body })
  const apollo = client()
  const list = gql(`query ($ids: [ID!], $after: String) { contacts(filter: { ids: $ids }, first: 2, after: $after) {
    edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`)
  let after: string | null = null
  // The next page comes from the server: the cache shows the collected pages whatever `after` says.
  for (const _page of ids) {
    const { data }: { data?: ContactPage | undefined } = await apollo.query<ContactPage>({
      query: list,
      variables: { ids, after },
      fetchPolicy: 'network-only',
    })
    after = data?.contacts.pageInfo.endCursor ?? null
    if (data?.contacts.pageInfo.hasNextPage !== true) break
  }
  const page = apollo.readQuery<ContactPage>({ query: list, variables: { ids } })
  expect(page?.contacts.edges.map(({ node }) => node.id)).toEqual(ids.toReversed())
  const notes = gql(`query ($id: ID!, $after: String) { contact(id: $id) { id notes(first: 2, after: $after) {
    edges { cursor node { id body } } pageInfo { hasNextPage endCursor } } } }`)
  const first = await apollo.query<{ contact: { notes: { pageInfo: { endCursor: string } } } }>({ query: notes, variables: { id: ids[0] } })
  await apollo.query({
    query: notes,
    variables: { id: ids[0], after: first.data?.contact.notes.pageInfo.endCursor },
    fetchPolicy: 'network-only',
  })
  const all = (await server.ask('query ($id: ID!) { contact(id: $id) { id notes { edges { cursor node { id body } } } } }', {
    id: ids[0],
  })) as {
    contact: { notes: { edges: unknown[] } }
  }
  const shown = plain(apollo.readQuery({ query: notes, variables: { id: ids[0] } })) as typeof all
  expect(shown.contact.notes.edges).toEqual(all.contact.notes.edges)
  expect(shown.contact.notes.edges).toHaveLength(3)
})

test('the result of a mutation updates the cached contact, and a refusal shows the contact in its current state', async () => {
  const id = await givenContact(server.tenant, { firstName: 'Ana' })
  const apollo = client()
  const contact = gql('query ($id: ID!) { contact(id: $id) { id revision firstName displayName } }')
  await apollo.query({ query: contact, variables: { id } })
  const update = gql(`mutation ($input: UpdateContactInput!) { updateContact(input: $input) {
    ... on UpdateContactPayload { contact { id revision firstName displayName } }
    ... on RevisionConflict { message current { id revision firstName displayName } }
    ... on Error { code } } }`)
  await apollo.mutate({ mutation: update, variables: { input: { id, firstName: 'Eva', ifRevision: 1 } } })
  const shown = () => plain(apollo.readQuery({ query: contact, variables: { id } }))
  expect(shown()).toEqual({ contact: { id, revision: 2, firstName: 'Eva', displayName: 'Eva' } })
  await updateContact(server.tenant.context, id, { firstName: 'Ida' })
  const refused = await apollo.mutate({ mutation: update, variables: { input: { id, firstName: 'Lost', ifRevision: 2 } } })
  expect(refused.data).toMatchObject({ updateContact: { __typename: 'RevisionConflict', code: 'REVISION_CONFLICT' } })
  expect(shown()).toEqual({ contact: { id, revision: 3, firstName: 'Ida', displayName: 'Ida' } })
})

test('a refused operation is an error with our code', async () => {
  const query = gql('query ($id: ID!) { contact(id: $id) { id } }')
  const error: unknown = await client()
    .query({ query, variables: { id: { a: 1 } } })
    .catch((reason: unknown) => reason)
  expect(CombinedGraphQLErrors.is(error) && error.errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR' } }])
})

test('a server without registered operations is sent the text, and no more hashes', async () => {
  const sent: string[] = []
  const link = new HttpLink({
    uri: server.url,
    headers: server.headers,
    fetch: (url, init) => {
      sent.push(typeof init?.body === 'string' && init.body.includes('"query"') ? 'text' : 'hash')
      return fetch(url, init)
    },
  })
  const hashes = new PersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex') })
  const apollo = client(ApolloLink.from([hashes, link]))
  for (let index = 0; index < 2; index += 1) {
    const { data } = await apollo.query({ query: gql('query Name { viewer { organization { id name } } }'), fetchPolicy: 'network-only' })
    expect(plain(data)).toEqual({ viewer: { organization: { id: server.tenant.organizationId, name: 'Test organization' } } })
  }
  expect(sent).toEqual(['hash', 'text', 'text'])
})

test('a subscription updates the cached contact', async () => {
  const id = await givenContact(server.tenant, { firstName: 'Ana' })
  const socket = server.socket()
  const apollo = client(
    ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, new GraphQLWsLink(socket), http()),
  )
  const contact = gql('query ($id: ID!) { contact(id: $id) { id firstName } }')
  await apollo.query({ query: contact, variables: { id } })
  const events: unknown[] = []
  const watch = gql('subscription ($id: ID!) { contactChanged(id: $id) { eventId kinds contact { id firstName } } }')
  const subscription = apollo.subscribe({ query: watch, variables: { id } }).subscribe(({ data }) => events.push(data))
  const shown = () => JSON.stringify(apollo.readQuery({ query: contact, variables: { id } }))
  for (let turn = 0; !shown().includes('Eva'); turn += 1) {
    await updateContact(server.tenant.context, id, { firstName: `Eva ${turn}` })
    await new Promise((resolve) => setTimeout(resolve, 200))
    if (turn > 50) throw new Error('No event arrived.')
  }
  await until(() => events.length > 0)
  expect(events[0]).toMatchObject({ contactChanged: { kinds: ['UPDATED'], contact: { id } } })
  subscription.unsubscribe()
  await socket.dispose()
})
