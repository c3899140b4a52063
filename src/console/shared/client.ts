import { type Client, createClient, type Exchange, fetchExchange, makeOperation } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { map, pipe } from 'wonka'
import { hashes } from '../generated/hashes.ts'
import { embeddedTypes } from '../generated/embedded-types.ts'
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
            extensions: { ...operation.extensions, persistedQuery: { version: 1, sha256Hash: hash } },
          })
        }),
      ),
    )

/** The GraphQL client of one credential: a normalized cache, trusted documents, and subscriptions over server-sent events. */
export function createConsoleClient(credential: string): Client {
  return createClient({
    url: '/graphql',
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: credentialHeaders(credential) },
    exchanges: [
      cacheExchange({
        keys: Object.fromEntries(embeddedTypes.map((name) => [name, () => null])),
        resolvers: {
          Query: { contacts: relayPagination(), auditLog: relayPagination(), suppressions: relayPagination() },
          Contact: { timeline: relayPagination() },
          Journey: { entries: relayPagination() },
        },
        updates: {
          Mutation: {
            createNote: (_result, { input }, cache) => invalidateContact(cache, input),
            blockContact: (_result, { input }, cache) => invalidateContact(cache, input),
            unblockContact: (_result, { input }, cache) => invalidateContact(cache, input),
            bulkContactAction: (_result, _args, cache) => cache.invalidate('Query', 'contacts'),
          },
        },
      }),
      trustedDocuments,
      fetchExchange,
    ],
  })
}

function invalidateContact(cache: { invalidate(entity: { __typename: string; id: string }): void }, input: unknown): void {
  if (typeof input !== 'object' || input === null || !('contactId' in input)) return
  cache.invalidate({ __typename: 'Contact', id: String(input.contactId) })
}
