import { InvalidInput } from '../../kernel/errors.ts'
import { type Json, type JsonObject, type JsonLocation, parseJson, parseJsonKey } from '../../kernel/json.ts'

const maxBytes = 16 * 1024
const location: JsonLocation = { field: 'customAttributes', noun: 'custom attribute' }

/**
 * Merges attributes into those that are there: given keys replace, null removes, the rest stays.
 * @throws InvalidInput if the result is larger than 16 KiB, or a part of it cannot be stored
 */
export function mergeAttributes(current: JsonObject, given: Readonly<Record<string, unknown>>): JsonObject {
  const merged = new Map<string, Json>(Object.entries(current))
  for (const [key, value] of Object.entries(given)) {
    if (value === null) merged.delete(key)
    else merged.set(parseJsonKey(key, location), parseJson(value, key, location))
  }
  const result = Object.fromEntries(merged)
  const bytes = Buffer.byteLength(JSON.stringify(result))
  if (bytes > maxBytes) {
    throw new InvalidInput(`The custom attributes take ${bytes.toLocaleString('en')} bytes together.`, {
      field: location.field,
      expected: 'at most 16 KiB as JSON',
    })
  }
  return result
}
