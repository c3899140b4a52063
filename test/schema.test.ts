import { readFile } from 'node:fs/promises'
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  printSchema,
} from 'graphql'
import { expect, test } from 'vitest'
import { createSchema } from '../src/http/graphql/schema/schema.ts'

const schema = createSchema()
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type))

test('schema.graphql is what the code builds; if this fails, run npm run codegen and look at the difference', async () => {
  expect(await readFile('schema.graphql', 'utf8')).toBe(`${printSchema(schema)}\n`)
})

test('every type, field, argument and value says what it means', () => {
  const silent = types
    .flatMap((type) => [...(isBuiltIn(type) ? [] : [[type.name, type.description] as const]), ...parts(type)])
    .filter(([, description]) => !description?.trim())
  expect(silent.map(([name]) => name)).toEqual([])
})

test('every mutation answers with a union of the thing itself and refusals, and says which scope it needs', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
  expect(mutations.length).toBeGreaterThan(5)
  for (const mutation of mutations) {
    const union = schema.getType(`${mutation.name.charAt(0).toUpperCase()}${mutation.name.slice(1)}Result`)
    expect(String(mutation.type)).toBe(union?.name)
    expect(mutation.description).toMatch(/Needs the scope [a-z]+:[a-z]+/)
  }
})

test('every connection pages in both directions and counts', () => {
  for (const type of types) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields())) {
      if (!/Connection!?$/.test(String(field.type))) continue
      expect(field.args.map((arg) => arg.name)).toEqual(expect.arrayContaining(['first', 'after', 'last', 'before']))
      const connection = schema.getType(String(field.type).replace('!', ''))
      expect(isObjectType(connection) && Object.keys(connection.getFields())).toEqual(
        expect.arrayContaining(['edges', 'nodes', 'pageInfo', 'totalCount']),
      )
    }
  }
})

function isBuiltIn(type: GraphQLNamedType): boolean {
  return ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)
}

function parts(type: GraphQLNamedType): (readonly [string, string | null | undefined])[] {
  if (isEnumType(type)) return type.getValues().map((value) => [`${type.name}.${value.name}`, value.description])
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field.description])
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => [
    [`${type.name}.${field.name}`, field.description] as const,
    ...field.args.map((arg) => [`${type.name}.${field.name}(${arg.name})`, arg.description] as const),
  ])
}
