import { GraphQLError } from 'graphql'
import { InvalidInput } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { parseDateTime } from '../../../kernel/time.ts'
import { builder } from './builder.ts'

builder.scalarType('DateTime', {
  description: 'A time in ISO 8601, UTC, with milliseconds: `2026-03-01T09:30:00.000Z`. Any offset is accepted on input.',
  serialize: (instant) => instant.toISOString(),
  parseValue(value) {
    if (typeof value !== 'string') throw new GraphQLError('A DateTime is written as a string, such as "2026-03-01T09:30:00Z".')
    try {
      return parseDateTime(value, 'DateTime')
    } catch (error) {
      if (error instanceof InvalidInput) throw new GraphQLError(`${error.message} Write ${String(error.details.expected)}.`)
      throw error
    }
  },
})

builder.scalarType('JSON', {
  description: 'A JSON object: any keys, any values.',
  serialize: (value) => value,
  parseValue(value) {
    if (!isJsonObject(value)) throw new GraphQLError('A JSON object is an object, such as {plan: "pro"}.')
    return value
  },
})

builder.scalarType('AttributeValue', {
  description: 'A value that a custom attribute is compared with: a text, a number, true or false.',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
    throw new GraphQLError('The value of an attribute is a text, a number, true or false.')
  },
})
