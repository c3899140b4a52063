import { assertObjectType, type OperationDefinitionNode } from 'graphql'
import type { Document } from './collect-fields.ts'
import { type CompiledRoot, compileRoot } from './root-field.ts'
import { type Numbering, type ResolvedFields, RowSource, type Write } from './row-source.ts'
import { objectPieces } from './serializer.ts'

/** How an operation is executed: which rows its root fields read, which fields are resolved, and how all of it is written. */
export interface CompiledQuery {
  readonly arguments: Numbering['arguments']
  readonly roots: readonly CompiledRoot[]
  /** Fields of Query that only their resolvers answer. */
  readonly resolvedRoots: readonly ResolvedFields[]
  /** Writes the data. The row has the values of the roots: `root0`, `root1`… */
  readonly write: Write
  /** The fields that resolvers answer, such as `Contact.profile`. */
  readonly resolved: readonly string[]
}

/** @returns null for a query of which nothing can be compiled: its resolvers execute it */
export function compileQuery(document: Document, operation: OperationDefinitionNode): CompiledQuery | null {
  const type = assertObjectType(document.schema.getQueryType())
  const numbering: Numbering = { arguments: [], resolved: [] }
  const query = new RowSource(numbering, null)
  const roots: CompiledRoot[] = []
  const pieces = objectPieces(type, [operation], { document, source: query, kind: '' }, (selected) => {
    const root = compileRoot(selected, document, numbering)
    if (root === null) return null
    const name = `root${roots.push(root) - 1}`
    return [(row) => row[name] as string] // proof: the roots are written before the data is
  })
  if (roots.length === 0) return null
  const resolved = numbering.resolved.flatMap(({ type: of, nodes }) => nodes.map(({ name }) => `${of}.${name.value}`))
  return {
    arguments: numbering.arguments,
    roots,
    resolvedRoots: query.resolved,
    write: query.finish(pieces, ''),
    resolved: [...new Set(resolved)],
  }
}
