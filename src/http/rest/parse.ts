import { type z } from '@hono/zod-openapi'
import { DomainError, InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
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
 * @throws MissingRequiredField, InvalidInput for the first thing that is wrong; for unknown names it lists the known ones
 */
export function parseInput<Schema extends z.ZodObject>(schema: Schema, input: unknown, noun: string): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue === undefined) throw new TypeError('A schema refused an input without saying why.')
  const { field, value } = locate(input, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const known = field === '' ? Object.keys(schema.shape).join(', ') : ''
    throw new InvalidInput(`There is no ${noun} ${shorten(key)}.${known === '' ? '' : ` There are: ${known}.`}`, {
      field: shorten(field === '' ? key : `${field}.${key}`),
      expected: known === '' ? 'nothing of that name' : `one of ${known}`,
    })
  }
  const expected = issue.code === 'invalid_type' ? typeName(issue.expected) : expectation(issue.message)
  if (field === '') throw new InvalidInput('The body is not a JSON object.', { field: 'body', expected: 'a JSON object' })
  if (value === undefined) throw new MissingRequiredField(`The ${noun} ${field} is missing.`, { field, expected })
  throw new InvalidInput(`The ${noun} ${field} is not ${expected}.`, {
    field,
    value: typeof value === 'string' ? shorten(value) : value,
    expected,
  })
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
