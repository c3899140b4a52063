import {
  getNamedType,
  GraphQLBoolean,
  GraphQLID,
  GraphQLInt,
  type GraphQLOutputType,
  GraphQLString,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'
import type { JsonType } from '../../../data/sql/json-projection.ts'

/** A value that the schema does not allow where it was found. The operation is executed by its resolvers, which report it. */
export class UnexpectedNull extends Error {}

/** How the database writes a column of a type; null where it would write it in another way than the executor. */
export function jsonTypeOf(type: GraphQLOutputType): JsonType | null {
  if (isNonNullType(type)) return jsonTypeOf(type.ofType)
  if (isListType(type)) return getNamedType(type) === GraphQLString ? 'json' : null
  if (type === GraphQLString) return 'json'
  if (type === GraphQLID) return 'id'
  if (type === GraphQLInt || type === GraphQLBoolean) return 'plain'
  if (isEnumType(type)) return { names: type.getValues().map(({ name, value }) => [String(value), name]) }
  return type.toString() === 'DateTime' ? 'time' : null
}

/** How a value of a leaf type, or of a list of them, is written; null for types that have fields. */
export function leafWriter(type: GraphQLOutputType): ((value: unknown) => string) | null {
  if (isNonNullType(type)) {
    const write = leafWriter(type.ofType)
    return (
      write &&
      ((value) => {
        const written = write(value)
        if (written === 'null') throw new UnexpectedNull()
        return written
      })
    )
  }
  if (isListType(type)) {
    const write = leafWriter(type.ofType)
    return write && ((value) => (Array.isArray(value) ? `[${value.map((item) => write(item)).join(',')}]` : 'null'))
  }
  if (!isLeafType(type)) return null
  return (value) => (value === null || value === undefined ? 'null' : JSON.stringify(type.serialize(value)))
}
