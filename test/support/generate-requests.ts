import fc from 'fast-check'
import { openApiDocument } from '../../src/http/rest/openapi/openapi.ts'
import { absurd } from './malformed.ts'

/** The part of JSON Schema that the document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

export interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema & { readonly example?: unknown } }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>> }
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Readonly<Record<string, unknown>> }>>
}

/** The document as callers are given it. */
export const document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
} = JSON.parse(JSON.stringify(openApiDocument()))

/** Every route with its method. */
export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, method, operation })),
)

export interface GeneratedRequest {
  /** Below the routes' base path. */
  readonly url: string
  readonly body: string | undefined
}

/**
 * The request that the document shows as an example of an operation, about things that exist.
 * @param inPath by the beginning of an id the one to be used in a path
 * @param contactId used wherever a contact is named in the body
 */
export function exampleOf(
  path: string,
  operation: Operation,
  inPath: Readonly<Record<string, string>>,
  contactId: string,
): GeneratedRequest {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => inPath[prefixOf(operation, name)] ?? '')
  const body = operation.requestBody?.content['application/json']?.example
  return {
    url: filled.replace('/api/v1/contacts', ''),
    body: body === undefined ? undefined : JSON.stringify(body).replaceAll(/con_\w{26}/g, contactId),
  }
}

/** The beginning of the ids that a parameter of the path takes. */
function prefixOf({ parameters = [] }: Operation, name: string): string {
  const example = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema.example
  return typeof example === 'string' ? (example.split('_')[0] ?? '') : ''
}

/**
 * Requests of one operation: mostly valid by the document, sometimes malformed.
 * @param pool texts to be used wherever a text is wanted, such as ids, phone numbers and names
 */
export function requestsOf(path: string, operation: Operation, pool: readonly string[]): fc.Arbitrary<GeneratedRequest> {
  const any = (schema: Schema): fc.Arbitrary<unknown> => wanted(schema, pool, [])
  const location = (kind: string) => (operation.parameters ?? []).filter((parameter) => parameter.in === kind)
  const named = (kind: string, value: (schema: Schema) => fc.Arbitrary<unknown>) =>
    Object.fromEntries(location(kind).map(({ name, schema }) => [name, value(schema)]))
  const body = operation.requestBody?.content['application/json']?.schema
  const segment = (prefix: string) => {
    const fitting = pool.filter((text) => text.startsWith(`${prefix}_`))
    return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fitting) }, { weight: 2, arbitrary: fc.constantFrom(...pool) }, absurd)
  }
  return fc
    .record({
      path: fc.record(Object.fromEntries(location('path').map(({ name }) => [name, segment(prefixOf(operation, name))]))),
      query: fc.record(named('query', any), { requiredKeys: [] }),
      body: body === undefined ? fc.constant(undefined) : fc.oneof({ weight: 9, arbitrary: right(body, pool, []) }, absurd),
    })
    .map((parts) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => asSegment(parts.path[name]))
      const search = Object.entries(parts.query).map(([name, value]) => `${name}=${asText(value)}`)
      const url = `${filled}${search.length === 0 ? '' : `?${search.join('&')}`}`.replace('/api/v1/contacts', '')
      return { url, body: parts.body === undefined ? undefined : JSON.stringify(parts.body) }
    })
}

function wanted(schema: Schema, pool: readonly string[], within: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: right(schema, pool, within) }, { weight: 1, arbitrary: absurd })
}

/** @param within the named schemas that the value is a part of: one that contains itself is nested once */
function right(schema: Schema, pool: readonly string[], within: readonly string[]): fc.Arbitrary<unknown> {
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    if (within.filter((other) => other === name).length > 1) return fc.constant({})
    return right(document.components.schemas[name] ?? {}, pool, [...within, name])
  }
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (parts) return fc.oneof(...parts.map((part) => right(part, pool, within)))
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 500, 2 ** 31) })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(wanted(schema.items ?? {}, pool, within), { maxLength: 4 })
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, wanted(field, pool, within)] as const)
      if (fields.length === 0) return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
      const requiredKeys = fields.map(([name]) => name).filter((name) => schema.required?.includes(name))
      return fc.oneof(fc.record(Object.fromEntries(fields), { requiredKeys }), fc.record(Object.fromEntries(fields), { requiredKeys: [] }))
    }
    case 'string':
      if (schema.format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toJSON())
      return fc.oneof({ weight: 3, arbitrary: fc.constantFrom('US', 'en', 'Europe/Berlin', ...pool) }, fc.string({ maxLength: 12 }))
    case undefined:
    default:
      return absurd
  }
}

/** What stands between two slashes. Nothing, and dots alone, make another path. */
function asSegment(value: unknown): string {
  const text = asText(value)
  return /^\.{0,2}$/.test(text) ? 'x' : text
}

function asText(value: unknown): string {
  return encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed().slice(0, 2000))
}
