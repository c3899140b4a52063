import { Client, fetchExchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { createSchema } from '../../src/http/graphql/schema/schema.ts'
import { getIntrospectionQuery, graphqlSync, type IntrospectionQuery } from 'graphql'
import { type ClientServer, openClientServer, plain, until } from '../support/clients.ts'
import { givenContact, givenContacts, givenMessages, givenRule } from '../support/factories.ts'
import { noon } from '../support/gateway.ts'

let server: ClientServer
beforeAll(async () => {
  server = await openClientServer()
})
afterAll(() => server.close())

// Graphcache reads the schema: it warns of everything that it cannot distinguish, and knows which types a fragment on an interface fits.
const schema = graphqlSync({ schema: createSchema(), source: getIntrospectionQuery() }).data as unknown as IntrospectionQuery

function client(): Client {
  return new Client({
    url: server.url,
    preferGetMethod: false,
    fetchOptions: { headers: { ...server.headers } },
    fetchSubscriptions: true,
    exchanges: [cacheExchange({ schema, resolvers: { Query: { contacts: relayPagination() } } }), fetchExchange],
  })
}

const cached = { requestPolicy: 'cache-only' } as const

test('the caps of two contacts do not overwrite each other in the cache', async () => {
  const { tenant } = server
  const ids = await givenContacts(tenant, [{ firstName: 'Ana' }, { firstName: 'Eva' }])
  await givenRule(tenant, { name: 'Two a day', limit: 2 })
  await givenMessages(tenant, ids[0] ?? '', [{ occurredAt: noon }])
  const query = `query ($one: ID!, $other: ID!) {
    one: contact(id: $one) { id frequencyCaps { globalCaps { rule { id name } usage { used } } } }
    other: contact(id: $other) { id frequencyCaps { globalCaps { rule { id name } usage { used } } } } }`
  const variables = { one: ids[0], other: ids[1] }
  const urql = client()
  await urql.query(query, variables).toPromise()
  const { data } = await urql.query(query, variables, cached).toPromise()
  expect(plain(data)).toEqual(await server.ask(query, variables))
  const used = (key: 'one' | 'other') => data?.[key].frequencyCaps.globalCaps[0].usage.used
  expect([used('one'), used('other')]).toEqual([1, 0])
})

test('relayPagination collects the pages of contacts', async () => {
  const ids = await givenContacts(server.tenant, [{}, {}, {}])
  const query = `query ($ids: [ID!], $after: String) { contacts(filter: { ids: $ids }, first: 2, after: $after) {
    edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`
  const urql = client()
  const first = await urql.query(query, { ids }).toPromise()
  await urql.query(query, { ids, after: first.data.contacts.pageInfo.endCursor }).toPromise()
  const { data } = await urql.query(query, { ids, after: first.data.contacts.pageInfo.endCursor }, cached).toPromise()
  expect(data.contacts.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids.toReversed())
})

test('the result of a mutation updates the cached contact, and a refusal shows the contact in its current state', async () => {
  const id = await givenContact(server.tenant, { firstName: 'Ana' })
  const query = 'query ($id: ID!) { contact(id: $id) { id revision firstName } }'
  const urql = client()
  await urql.query(query, { id }).toPromise()
  const update = `mutation ($input: UpdateContactInput!) { updateContact(input: $input) { __typename
    ... on UpdateContactPayload { contact { id revision firstName } }
    ... on RevisionConflict { current { id revision firstName } }
    ... on Error { code } } }`
  await urql.mutation(update, { input: { id, firstName: 'Eva', ifRevision: 1 } }).toPromise()
  const shown = async () => plain((await urql.query(query, { id }, cached).toPromise()).data)
  expect(await shown()).toEqual({ contact: { id, revision: 2, firstName: 'Eva' } })
  await updateContact(server.tenant.context, id, { firstName: 'Ida' })
  const refused = await urql.mutation(update, { input: { id, firstName: 'Lost', ifRevision: 2 } }).toPromise()
  expect(refused.data.updateContact).toMatchObject({ __typename: 'RevisionConflict', code: 'REVISION_CONFLICT' })
  expect(await shown()).toEqual({ contact: { id, revision: 3, firstName: 'Ida' } })
})

test('a refused operation is an error with our code', async () => {
  const { error } = await client()
    .query('query ($id: ID!) { contact(id: $id) { id } }', { id: { a: 1 } })
    .toPromise()
  expect(error?.graphQLErrors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR' } }])
})

test('a subscription by server-sent events updates the cached contact', async () => {
  const id = await givenContact(server.tenant, { firstName: 'Ana' })
  const query = 'query ($id: ID!) { contact(id: $id) { id firstName } }'
  const urql = client()
  await urql.query(query, { id }).toPromise()
  const events: unknown[] = []
  const watch = 'subscription ($id: ID!) { contactChanged(id: $id) { eventId contact { id firstName } } }'
  const subscription = urql.subscription(watch, { id }).subscribe(({ data }) => events.push(data))
  for (let turn = 0; events.length === 0 && turn < 50; turn += 1) {
    await updateContact(server.tenant.context, id, { firstName: `Eva ${turn}` })
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await until(() => events.length > 0)
  const { data } = await urql.query(query, { id }, cached).toPromise()
  expect(data.contact.firstName).toMatch(/^Eva/)
  subscription.unsubscribe()
})
