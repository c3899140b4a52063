/** A part of an OpenAPI document that is being completed. */
export type Part = Record<string, unknown>

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every operation of a document with its path and method. */
export function operationsOf(document: Part): { path: string; method: string; operation: Part }[] {
  const paths = isPart(document['paths']) ? Object.entries(document['paths']) : []
  return paths.flatMap(([path, methods]) =>
    Object.entries(isPart(methods) ? methods : {}).flatMap(([method, operation]) =>
      isPart(operation) ? [{ path, method, operation }] : [],
    ),
  )
}

/** What a reference stands for. */
export function resolve(document: Part, node: unknown): Part {
  if (!isPart(node)) return {}
  const reference = node['$ref']
  if (typeof reference !== 'string') return node
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((found, key) => (isPart(found) ? found[key] : undefined), document)
  return isPart(target) ? target : {}
}

export function parametersOf(operation: Part): Part[] {
  const { parameters } = operation
  return Array.isArray(parameters) ? parameters.filter(isPart) : []
}
