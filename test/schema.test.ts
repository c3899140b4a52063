import { readFile } from 'node:fs/promises'
import {
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
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

test('every mutation takes one input, answers with its payload or a refusal, and says which scope it needs', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
  expect(mutations.length).toBeGreaterThan(5)
  for (const mutation of mutations) {
    const name = `${mutation.name.charAt(0).toUpperCase()}${mutation.name.slice(1)}`
    expect(mutation.args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual([`input: ${name}Input!`])
    expect(String(mutation.type)).toBe(`${name}Result`)
    const result = schema.getType(`${name}Result`)
    const members = isUnionType(result) ? result.getTypes() : []
    const isRefusal = (type: GraphQLObjectType) => type.getInterfaces().some((of) => of.name === 'Error')
    expect(members.filter((type) => !isRefusal(type)).map((type) => type.name)).toEqual([`${name}Payload`])
    expect(members.length).toBeGreaterThan(1)
    expect(mutation.description).toMatch(/Needs the scope [a-z]+:[a-z]+/)
  }
})

test('a field named id exists only on nodes, so that normalized caches cannot confuse two things', () => {
  const named = types.filter((type) => isObjectType(type) || isInterfaceType(type)).filter((type) => 'id' in type.getFields())
  const isNode = (type: GraphQLObjectType | GraphQLInterfaceType) => [type, ...type.getInterfaces()].some((of) => of.name === 'Node')
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((type) => !isNode(type)).map((type) => type.name)).toEqual([])
})

test('a payload that holds a new node holds its edge, with which lists are extended', () => {
  const payload = (name: string) => {
    const type = schema.getType(name)
    return isObjectType(type) ? Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)])) : {}
  }
  expect(payload('CreateContactPayload')).toMatchObject({ contact: 'Contact!', contactEdge: 'ContactEdge!' })
  expect(payload('CreateNotePayload')).toMatchObject({ note: 'Note!', noteEdge: 'NoteEdge!' })
  expect(payload('ImportContactsPayload')).toMatchObject({ importJob: 'ImportJob!', importJobEdge: 'ImportJobEdge!' })
  expect(payload('SetPreferencesPayload')).toMatchObject({ recordEdges: '[ConsentRecordEdge!]!' })
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
