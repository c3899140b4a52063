import { z } from '@hono/zod-openapi'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { DomainError, InvalidInput, MissingRequiredField, together } from '../../kernel/errors.ts'
import { parseJsonText } from '../../kernel/json-text.ts'
import { shorten } from '../../kernel/text.ts'
import { mediaTypeOf, requirePlainUtf8 } from '../request-body.ts'

/** The values of a query string, each given once. @throws InvalidInput */
export function singleValues(query: URLSearchParams): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of query) {
    if (values.has(name))
      throw new InvalidInput(`The parameter ${shorten(name)} is given twice.`, { field: name, value, expected: 'each parameter once' })
    values.set(name, value)
  }
  return Object.fromEntries(values)
}

/** Reads a JSON body. @throws DomainError UNSUPPORTED_MEDIA_TYPE or INVALID_JSON; MissingRequiredField if there is none */
export function readJson(bytes: Uint8Array, headers: Headers, required: boolean): unknown {
  const type = mediaTypeOf(headers.get('content-type'))
  if (isBlank(bytes)) {
    if (required) throw new MissingRequiredField('This needs a body: a JSON object.', { field: 'body', expected: 'a JSON object' })
    return {}
  }
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new DomainError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body is ${type === '' ? 'of no stated type' : shorten(type)}. Send JSON, with the header Content-Type: application/json.`,
      {
        value: shorten(type),
        expected: 'application/json',
      },
    )
  }
  requirePlainUtf8(headers)
  return parseJsonText(bytes)
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

/**
 * Accepts what the schema does.
 * @throws MissingRequiredField, InvalidInput for the first thing that is wrong, which lists all of them; unknown names get the closest known one
 */
export function parseInput<Schema extends z.ZodObject>(schema: Schema, input: unknown, noun: string): z.output<Schema> {
  const read = readInput(schema, input, noun)
  if (read.refusal !== null) throw read.refusal
  return read.value
}

/** The same, which also gives the fields that are right: what else is wrong with them can be said at once. */
export function readInput<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  noun: string,
): { value: z.output<Schema>; refusal: null } | { value: z.output<Schema> | null; refusal: DomainError } {
  const result = schema.safeParse(input)
  if (result.success) return { value: result.data, refusal: null }
  const { issues } = result.error
  const faults = new Map(issues.flatMap((issue) => faultsOf(issue, { schema, input, noun })).map((fault) => [fault.details.field, fault]))
  const rest = withoutFields(
    input,
    new Set(issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [...issue.keys, issue.path[0]] : [issue.path[0]]))),
  )
  return { value: schema.safeParse(rest).data ?? null, refusal: together([...faults.values()]) }
}

function withoutFields(input: unknown, names: ReadonlySet<PropertyKey | undefined>): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  return Object.fromEntries(Object.entries(input).filter(([name]) => !names.has(name)))
}

interface Asked {
  readonly schema: z.ZodObject
  readonly input: unknown
  readonly noun: string
}

function faultsOf(issue: z.core.$ZodIssue, { schema, input, noun }: Asked): DomainError[] {
  const { field, value } = locate(input, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(schema, issue.path)
    return issue.keys.map((key) => unknownName(key, { noun, known, field: field === '' ? key : `${field}.${key}` }))
  }
  const expected = issue.code === 'invalid_type' ? typeName(issue.expected) : expectation(issue.message)
  if (field === '') return [new InvalidInput('The body is not a JSON object.', { field: 'body', expected: 'a JSON object' })]
  if (value === undefined) return [new MissingRequiredField(`The ${noun} ${field} is missing.`, { field, expected })]
  const names = issue.code === 'invalid_value' ? issue.values.filter((name) => typeof name === 'string') : []
  const meant = typeof value === 'string' ? didYouMean(value, names) : ''
  return [
    new InvalidInput(`The ${noun} ${field} is not ${expected}.${meant}`, {
      field,
      value: typeof value === 'string' ? shorten(value) : value,
      expected,
    }),
  ]
}

function unknownName(name: string, { noun, known, field }: { noun: string; known: readonly string[]; field: string }): DomainError {
  const list = known.join(', ')
  return new InvalidInput(`There is no ${noun} ${shorten(name)}.${didYouMean(name, known)}${list === '' ? '' : ` There are: ${list}.`}`, {
    field: shorten(field),
    expected: list === '' ? 'nothing of that name' : `one of ${list}`,
  })
}

/** The names of the fields of the object to which a path leads; none where it is of another kind. */
function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const inner = unwrapped(schema)
  const [key, ...rest] = path
  if (key === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
  if (inner instanceof z.ZodArray) return namesAt(inner.element, rest)
  const field = inner instanceof z.ZodObject ? inner.shape[String(key)] : undefined
  return field === undefined ? [] : namesAt(field, rest)
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema
}

/** Our schemas say in their messages what they expect; the library's own begin with "Invalid …: expected". */
function expectation(message: string): string {
  return message.replace(/^.*expected /, '')
}

/** A type of the library's as people say it. */
function typeName(type: string): string {
  const noun = type === 'record' ? 'object' : type
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}

/** The input that a path leads to. One that was taken apart on the way (a comma list) is named as a whole. */
function locate(input: unknown, path: readonly PropertyKey[]): { field: string; value: unknown } {
  let value = input
  const taken: PropertyKey[] = []
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break
    value = Reflect.get(value, key)
    taken.push(key)
  }
  return { field: taken.join('.'), value }
}
