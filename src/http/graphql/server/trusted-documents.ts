import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { InsufficientPermissions } from '../../../domain/context.ts'
import { DomainError } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { TrustedDocuments } from '../../settings.ts'
import { presentError } from '../execution/format-error.ts'
import type { ServerContext } from './server-context.ts'

/** The parameter beside those of GraphQL over HTTP in which a known operation is named. */
export const documentIdParameter = 'documentId'

/** Which known operation is meant: `documentId`, with or without `sha256:`, or Apollo's `extensions.persistedQuery`; null for none. */
export function documentIdOf(params: Readonly<Record<string, unknown>>): string | null {
  const { [documentIdParameter]: id, extensions } = params
  if (typeof id === 'string') return id.replace(/^sha256:/, '')
  const persisted = isJsonObject(extensions) ? extensions['persistedQuery'] : null
  const hash = isJsonObject(persisted) ? persisted['sha256Hash'] : null
  return typeof hash === 'string' ? hash : null
}

/**
 * Executes registered operations by their hash; in the mode `only`, others only for credentials with the scope operations:any. Apollo Client and Relay
 * send the text where the hash is answered with PERSISTED_QUERY_NOT_FOUND, and stop sending hashes at PERSISTED_QUERY_NOT_SUPPORTED.
 */
export function trusting({ mode, documents }: TrustedDocuments): Plugin<object, ServerContext> {
  return {
    onParams({ params, setParams, context }) {
      if (params.query) {
        const { actor } = context.graphql
        if (mode !== 'only' || actor.scopes.includes('operations:any')) return
        throw presentError(new InsufficientPermissions(actor, 'operations:any'))
      }
      const id = documentIdOf({ ...params })
      if (id === null) {
        // Yoga refuses requests without an operation.
        if (mode === 'off') return
        const extensions = { code: 'VALIDATION_ERROR', http: { status: 400 } }
        throw new GraphQLError(`Send an operation as query, or name a registered one by ${documentIdParameter}.`, { extensions })
      }
      const query = documents.get(id)
      if (mode === 'off') throw presentError(new DomainError('PERSISTED_QUERY_NOT_SUPPORTED', notSupported))
      if (query === undefined) throw presentError(new DomainError('PERSISTED_QUERY_NOT_FOUND', notFound))
      setParams({ ...params, query })
    },
  }
}

const notSupported = 'This server has no registered operations. Send the text of the operation as query.'
const notFound = 'No operation with this hash is registered here.'
