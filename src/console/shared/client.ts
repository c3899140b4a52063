import { type Client, createClient, type Exchange, fetchExchange, makeOperation } from '@urql/core'
import { type Cache, cacheExchange, type UpdateResolver } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { map, pipe } from 'wonka'
import { hashes } from '../generated/hashes.ts'
import { embeddedTypes, possibleTypes } from '../generated/cache-types.ts'
import { fetchAfter, trusted } from './early-requests.ts'
import { credentialHeaders } from './session.ts'

/** Names each operation by the hash under which the gateway registered it, instead of sending its text. */
const trustedDocuments: Exchange =
  ({ forward }) =>
  (operations) =>
    forward(
      pipe(
        operations,
        map((operation) => {
          const [definition] = operation.query.definitions
          const name = definition !== undefined && 'operation' in definition && 'name' in definition ? (definition.name?.value ?? '') : ''
          const hash = hashes[name]
          if (hash === undefined || operation.kind === 'teardown') return operation
          return makeOperation(operation.kind, {
            ...operation,
            extensions: { ...operation.extensions, ...trusted(hash) },
          })
        }),
      ),
    )

/** The GraphQL client of one credential: a normalized cache, trusted documents, and subscriptions over server-sent events. */
export function createConsoleClient(credential: string): Client {
  return createClient({
    url: '/graphql',
    fetch: fetchAfter(credential),
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: credentialHeaders(credential) },
    exchanges: [
      cacheExchange({
        possibleTypes,
        keys: Object.fromEntries(embeddedTypes.map((name) => [name, () => null])),
        resolvers: {
          Query: { contacts: relayPagination(), auditLog: relayPagination(), suppressions: relayPagination() },
          Contact: { timeline: relayPagination() },
          Journey: { entries: relayPagination() },
        },
        updates: {
          Mutation: {
            ...updating(['createNote', 'blockContact', 'unblockContact', 'updateContact', 'setPreferences'], forgetContact),
            ...updating(
              ['createContact', 'deleteContacts', 'restoreContacts', 'eraseContacts', 'bulkContactAction', 'rollbackImport'],
              (cache) => forgetLists(cache, ['contacts', 'contactCounts']),
            ),
            ...updating(['mergeContacts', 'unmergeContacts'], (cache, input) => {
              if (!('dryRun' in input) || input.dryRun !== true) forgetLists(cache, ['contacts', 'contactCounts'])
            }),
            ...updating(['createAttributeDefinition'], (cache) => forgetLists(cache, ['attributeDefinitions'])),
          },
        },
      }),
      trustedDocuments,
      fetchExchange,
    ],
  })
}

/** What is forgotten after a mutation that succeeded, so that it is read again where it is shown. */
function updating(names: readonly string[], forget: (cache: Cache, input: object) => void): Record<string, UpdateResolver> {
  const update: UpdateResolver = (_result, { input }, cache) => forget(cache, typeof input === 'object' && input !== null ? input : {})
  return Object.fromEntries(names.map((name) => [name, update]))
}

function forgetContact(cache: Cache, input: object): void {
  const id = 'contactId' in input ? input.contactId : 'id' in input ? input.id : undefined
  if (typeof id === 'string') cache.invalidate({ __typename: 'Contact', id })
}

/** Forgets root fields, whatever their arguments: by its name alone, only a field without arguments would be. */
function forgetLists(cache: Cache, names: readonly string[]): void {
  for (const { fieldName, arguments: given } of cache.inspectFields('Query'))
    if (names.includes(fieldName)) cache.invalidate('Query', fieldName, given)
}
