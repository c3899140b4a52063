import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { GraphQLError } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { InsufficientPermissions } from '../../../domain/context.ts'
import { DomainError } from '../../../kernel/errors.ts'
import type { TrustedDocuments } from '../../settings.ts'
import { presentError } from '../execution/format-error.ts'
import type { ServerContext } from './server-context.ts'

/** The parameter beside those of GraphQL over HTTP in which a known operation is named. */
export const documentIdParameter = 'documentId'

/** Which known operation is meant: `documentId`, with or without `sha256:`, or Apollo's `extensions.persistedQuery`; null for none. */
export function documentIdOf(params: Readonly<Record<string, unknown>>): string | null {
  const { extensions } = params
  const id = params[documentIdParameter]
  if (typeof id === 'string') return id.replace(/^sha256:/, '')
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) return null
  const { persistedQuery } = extensions
  if (typeof persistedQuery !== 'object' || persistedQuery === null || !('sha256Hash' in persistedQuery)) return null
  return typeof persistedQuery.sha256Hash === 'string' ? persistedQuery.sha256Hash : null
}

/**
 * Executes registered operations by their hash; in the mode `only`, others only for credentials with the scope operations:any. Apollo Client and Relay
 * send the text where the hash is answered with PERSISTED_QUERY_NOT_FOUND, and stop sending hashes at PERSISTED_QUERY_NOT_SUPPORTED.
 */
export function trusting({ mode, documents }: TrustedDocuments): Readonly<Record<string, Plugin | Plugin<object, ServerContext>>> {
  if (mode === 'off') return { refuseHashes: refusingHashes }
  const known = usePersistedOperations({
    allowArbitraryOperations: true,
    extractPersistedOperationId: (params: GraphQLParams) => documentIdOf({ ...params }),
    getPersistedOperation: (id) => documents.get(id) ?? null,
    customErrors: {
      notFound: () => presentError(new DomainError('PERSISTED_QUERY_NOT_FOUND', 'No operation with this hash is registered here.')),
      keyNotFound: () =>
        new GraphQLError(`Send an operation as query, or name a registered one by ${documentIdParameter}.`, {
          extensions: { code: 'VALIDATION_ERROR', http: { status: 400 } },
        }),
    },
  })
  return { ...(mode === 'only' && { onlyTrusted: onlyWithScope }), trustedDocuments: known }
}

const refusingHashes: Plugin = {
  onParams({ params }) {
    if (params.query === undefined && documentIdOf({ ...params }) !== null)
      throw presentError(
        new DomainError(
          'PERSISTED_QUERY_NOT_SUPPORTED',
          'This server has no registered operations. Send the text of the operation as query.',
        ),
      )
  },
}

const onlyWithScope: Plugin<object, ServerContext> = {
  onParams({ params, context }) {
    const actor = context.graphql?.actor
    if (params.query && actor && !actor.scopes.includes('operations:any'))
      throw presentError(new InsufficientPermissions(actor, 'operations:any'))
  },
}
