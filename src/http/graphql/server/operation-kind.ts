import { getOperationAST, type OperationTypeNode, parse } from 'graphql'
import { defaultOperationLimits, type TrustedDocuments } from '../../settings.ts'
import { documentIdOf } from './trusted-documents.ts'

/** What kind of operation is asked for; null where that cannot be read, which is refused soon enough. */
export function kindOf(params: Readonly<Record<string, unknown>>, known: TrustedDocuments['documents']): OperationTypeNode | null {
  const { query, operationName } = params
  const text = typeof query === 'string' && query !== '' ? query : known.get(documentIdOf(params) ?? '')
  if (text === undefined) return null
  try {
    const document = parse(text, { noLocation: true, maxTokens: defaultOperationLimits.maxTokens })
    return getOperationAST(document, typeof operationName === 'string' ? operationName : null)?.operation ?? null
  } catch {
    return null
  }
}
