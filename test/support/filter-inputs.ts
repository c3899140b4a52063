import { camelCase, snakeCase } from '../../src/kernel/text.ts'

const enums = new Set(['lifecycleStage', 'source', 'channel', 'direction', 'states', 'kinds'])

/** The filter as a variable of GraphQL. */
export function asVariable(value: unknown, name = ''): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((item) => asVariable(item, name))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [camelCase(key), asVariable(item, key)]))
  return typeof value === 'string' && enums.has(name) ? value.toUpperCase() : value
}

/** The filter as a body of REST. */
export function asBody(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(asBody)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snakeCase(key), asBody(item)]))
}
