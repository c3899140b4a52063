import { createHash } from 'node:crypto'
import { type DocumentNode, getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { RequestInfo } from '../../request-context.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { bugBehind } from './format-error.ts'

/** Tells the log what was executed, and which resolver failed by a bug. */
export const reporting: Plugin<GraphQLContext> = {
  onSubscribe({ args }) {
    report(args, args.contextValue.request)
  },
  onExecute({ args }) {
    const { request } = args.contextValue
    report(args, request)
    return {
      onExecuteDone({ result }) {
        const errors = Symbol.asyncIterator in result ? [] : (result.errors ?? [])
        for (const error of errors) {
          const bug = bugBehind(error)
          if (bug === null) continue
          request.errorCode = 'INTERNAL_ERROR'
          request.log.error({ err: bug, path: error.path }, 'a resolver failed')
        }
      },
    }
  },
}

interface Asked {
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
}

/** Tells the log which operation a request asks for. */
export function report({ document, operationName }: Asked, request: RequestInfo): void {
  const operation = getOperationAST(document, operationName)
  request.operation = `${operation?.operation ?? 'unknown'} ${operation?.name?.value ?? '(anonymous)'}`
  request.operationHash = hashOf(document)
}

const hashes = new WeakMap<DocumentNode, string>()

/** The SHA-256 of an operation's text. Yoga remembers documents, and comes with the same one for the same text. */
function hashOf(document: DocumentNode): string | null {
  const text = document.loc?.source.body
  if (text === undefined) return null
  const hash = hashes.get(document) ?? createHash('sha256').update(text).digest('hex')
  hashes.set(document, hash)
  return hash
}
