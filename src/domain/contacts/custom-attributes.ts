import { InvalidInput } from '../../kernel/errors.ts'
import { shorten, textFault } from '../../kernel/text.ts'

export type Json = string | number | boolean | null | Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

const maxBytes = 16 * 1024
const maxDepth = 32
const field = 'customAttributes'

/**
 * Merges attributes into those that are there: given keys replace, null removes, the rest stays.
 * @throws InvalidInput if the result is larger than 16 KiB, or a part of it cannot be stored
 */
export function mergeAttributes(current: JsonObject, given: Readonly<Record<string, unknown>>): JsonObject {
  const merged = new Map<string, Json>(Object.entries(current))
  for (const [key, value] of Object.entries(given)) {
    if (value === null) merged.delete(key)
    else merged.set(parseKey(key), parseJson(value, key, 1))
  }
  const result = Object.fromEntries(merged)
  const bytes = Buffer.byteLength(JSON.stringify(result))
  if (bytes > maxBytes) {
    throw new InvalidInput(`The custom attributes take ${bytes.toLocaleString('en')} bytes together.`, {
      field,
      expected: 'at most 16 KiB as JSON',
    })
  }
  return result
}

/** Whether a value read from the database is what we put there. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseKey(key: string): string {
  const fault = textFault(key, { max: 200 })
  if (key === '' || fault !== null) {
    throw new InvalidInput(`The name of a custom attribute ${fault?.is ?? 'is empty'}.`, {
      field,
      value: shorten(key),
      expected: fault?.expected ?? '1 to 200 characters',
    })
  }
  return key
}

function parseJson(value: unknown, path: string, depth: number): Json {
  if (depth > maxDepth)
    throw new InvalidInput(`The custom attribute ${shorten(path)} is nested too deep.`, { field, expected: `at most ${maxDepth} levels` })
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return parseString(value, path)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map((item: unknown) => parseJson(item, path, depth + 1))
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [parseKey(key), parseJson(item, path, depth + 1)]))
  throw new InvalidInput(`The custom attribute ${shorten(path)} is not JSON.`, {
    field,
    expected: 'strings, numbers, booleans, null, lists and objects',
  })
}

/** PostgreSQL stores neither NUL nor half a character; anything else is the caller's business. */
function parseString(text: string, path: string): string {
  if (text.includes('\u0000') || !text.isWellFormed()) {
    throw new InvalidInput(`The custom attribute ${shorten(path)} has a NUL or a broken character in it.`, {
      field,
      expected: 'well-formed Unicode without NUL',
    })
  }
  return text
}
