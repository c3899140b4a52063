import { readFile } from 'node:fs/promises'
import relay, { type GraphQLResponse } from 'relay-runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addNoteWithApollo } from '../../examples/apollo.ts'
import { addNoteWithOpenApiFetch } from '../../examples/rest.ts'
import { addNoteWithUrql } from '../../examples/urql.ts'
import { createNote } from '../../src/domain/notes/commands.ts'
import { type ClientServer, openClientServer } from '../support/clients.ts'
import { givenContact } from '../support/factories.ts'
import { compileForRelay, type RelayArtifacts } from '../support/relay-artifacts.ts'

let server: ClientServer
let artifacts: RelayArtifacts
let contactId: string
beforeAll(async () => {
  const source = await readFile('examples/relay/documents.js', 'utf8')
  artifacts = compileForRelay([...source.matchAll(/graphql`([^`]*)`/g)].map(([, document = '']) => document))
  server = await openClientServer()
  contactId = await givenContact(server.tenant, { firstName: 'Ana' })
})
afterAll(async () => {
  artifacts.remove()
  await server.close()
})

test('the typed example of Apollo Client writes a note', async () => {
  expect(await addNoteWithApollo(server.url, server.tenant.key)).toBe('Hello Ana')
})

test('the typed example of urql writes a note', async () => {
  expect(await addNoteWithUrql(server.url, server.tenant.key)).toBe('Hello Ana')
})

test('the typed example of openapi-fetch creates a contact and writes a note, and reports refusals', async () => {
  const write = () => addNoteWithOpenApiFetch(new URL(server.url).origin, server.tenant.key, 'ana@example.com')
  expect(await write()).toBe('Hello Ana')
  await expect(write()).rejects.toThrow(/^CONTACT_ALREADY_EXISTS: /)
})

test('the fragment of the Relay example is read from its query', async () => {
  await createNote(server.tenant.context, { contactId, body: 'Called.' })
  const { createOperationDescriptor, Environment, fetchQuery, getSelector, Network, RecordSource, Store } = relay
  const network = Network.create(async ({ text }, variables) => {
    const data = await server.ask(text ?? '', variables)
    return { data } as GraphQLResponse
  })
  const environment = new Environment({ network, store: new Store(new RecordSource()) })
  const query = await artifacts.load('documentsContactQuery')
  await fetchQuery(environment, query, { id: contactId }).toPromise()
  const { contact } = environment.lookup(createOperationDescriptor(query, { id: contactId }).fragment).data as { contact: object }
  const selector = getSelector((await artifacts.load('documentsContactCard')) as never, contact)
  const { data } = environment.lookup(selector as never)
  expect(data).toMatchObject({ displayName: 'Ana', lifecycleStage: 'LEAD', notes: { edges: [{ node: { body: 'Called.' } }, {}] } })
})
