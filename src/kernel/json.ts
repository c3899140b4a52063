import { InvalidInput } from './errors.ts'
import { shorten, textFault } from './text.ts'

export type Json = string | number | boolean | null | Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** Where a piece of JSON was given, and what its parts are called in a refusal. */
export interface JsonLocation {
  readonly field: string
  /** What one key with its value is called: "custom attribute". */
  readonly noun: string
}

const maxDepth = 32

/**
 * JSON with keys that callers decide, on its way through code that gives some keys a meaning: an object with a `then` counts as a promise
 * there. It is written as what it holds.
 */
export class JsonData {
  readonly #value: unknown

  constructor(value: unknown) {
    this.#value = value
  }

  toJSON(): unknown {
    return this.#value
  }
}

/** Whether a value read from the database is what we put there. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Accepts the name of a key. @throws InvalidInput */
export function parseJsonKey(key: string, location: JsonLocation): string {
  const fault = textFault(key, { max: 200 })
  if (key === '' || fault !== null) {
    throw new InvalidInput(`The name of a ${location.noun} ${fault?.is ?? 'is empty'}.`, {
      field: location.field,
      value: shorten(key),
      expected: fault?.expected ?? '1 to 200 characters',
    })
  }
  return key
}

/**
 * Accepts the value of a key: what PostgreSQL can store, and no deeper than 32 levels.
 * @throws InvalidInput
 */
export function parseJson(value: unknown, path: string, location: JsonLocation, depth = 1): Json {
  const { field, noun } = location
  if (depth > maxDepth)
    throw new InvalidInput(`The ${noun} ${shorten(path)} is nested too deep.`, { field, expected: `at most ${maxDepth} levels` })
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return parseString(value, path, location)
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map((item: unknown) => parseJson(item, path, location, depth + 1))
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [parseJsonKey(key, location), parseJson(item, path, location, depth + 1)]),
    )
  throw new InvalidInput(`The ${noun} ${shorten(path)} is not JSON.`, {
    field,
    expected: 'strings, numbers, booleans, null, lists and objects',
  })
}

/** PostgreSQL stores neither NUL nor half a character; anything else is the caller's business. */
function parseString(text: string, path: string, { field, noun }: JsonLocation): string {
  if (text.includes('\u0000') || !text.isWellFormed()) {
    throw new InvalidInput(`The ${noun} ${shorten(path)} has a NUL or a broken character in it.`, {
      field,
      expected: 'well-formed Unicode without NUL',
    })
  }
  return text
}
