import fc from 'fast-check'
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSchema } from '../../src/http/graphql/schema.ts'
import { absurd, fuzzPatience, fuzzRuns } from '../support/absurd.ts'
import { givenContact, givenNote } from '../support/factories.ts'
import { type House, openHouse, type Tenant } from '../support/house.ts'

// Operations are made from the schema, with right, wrong and absurd arguments. Whatever comes, nothing breaks on our side.
const schema = createSchema()
let house: House
let tenant: Tenant
let ids: string[]
beforeAll(async () => {
  house = await openHouse()
  tenant = await house.organization({ defaultCountry: 'US' })
  const contactId = await givenContact(tenant, { firstName: 'Ada', phone: '+14155550199', email: 'ada@example.com' })
  ids = [contactId, await givenNote(tenant, contactId, 'A note'), 'con_00000000000000000000000000']
})
afterAll(() => house.close())

/** A choice among things, made by fast-check. */
type Choose = <Value>(arbitrary: fc.Arbitrary<Value>) => Value

function sampleOf<Value>(arbitrary: fc.Arbitrary<Value>, seed: number): Value {
  const [value] = fc.sample(arbitrary, { seed, numRuns: 1 })
  // proof: one value was asked for
  return value as Value
}

/** A value as it is written in an operation: mostly of the type, sometimes absurd. */
function literal(type: GraphQLInputType, choose: Choose): string {
  if (choose(fc.integer({ min: 0, max: 19 })) === 0) return written(choose(absurd))
  if (isNonNullType(type)) return literal(type.ofType, choose)
  if (isListType(type))
    return `[${Array.from({ length: choose(fc.integer({ min: 0, max: 3 })) }, () => literal(type.ofType, choose)).join(', ')}]`
  if (isEnumType(type)) return choose(fc.constantFrom(...type.getValues())).name
  if (isInputObjectType(type)) {
    const given = Object.values(type.getFields()).filter(
      (field) => isRequiredInputField(field) || choose(fc.integer({ min: 0, max: 2 })) === 0,
    )
    const chosen = type.isOneOf ? [choose(fc.constantFrom(...Object.values(type.getFields())))] : given
    return `{${chosen.map((field) => `${field.name}: ${literal(field.type, choose)}`).join(', ')}}`
  }
  const scalars: Record<string, fc.Arbitrary<unknown>> = {
    ID: fc.constantFrom(...ids),
    Int: fc.integer({ min: -2, max: 250 }),
    Float: fc.double({ noNaN: true, noDefaultInfinity: true }),
    Boolean: fc.boolean(),
    DateTime: fc.date({ noInvalidDate: true, min: new Date('1960-01-01'), max: new Date('2040-01-01') }).map((date) => date.toJSON()),
  }
  return written(
    choose(scalars[type.name] ?? fc.oneof(fc.constantFrom('Ada', '+14155550123', 'ada@example.com', 'US'), fc.string({ maxLength: 12 }))),
  )
}

/** A value in GraphQL's notation, which is JSON's but for the names of fields. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => written(item)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
  return `{${fields.map(([name, field]) => `${name}: ${written(field)}`).join(', ')}}`
}

function argumentsOf(args: readonly GraphQLArgument[], choose: Choose): string {
  const given = args.filter((argument) => isRequiredArgument(argument) || choose(fc.integer({ min: 0, max: 2 })) === 0)
  return given.length === 0 ? '' : `(${given.map((argument) => `${argument.name}: ${literal(argument.type, choose)}`).join(', ')})`
}

function selection(type: GraphQLObjectType, depth: number, choose: Choose): string {
  const fields = Object.values(type.getFields()).filter((field) => depth > 0 || isLeafType(getNamedType(field.type)))
  const chosen = choose(fc.subarray(fields, { maxLength: Math.min(4, fields.length) }))
  return `{ __typename ${chosen.map((field, index) => fieldOf(field.name, index, field.type, field.args, depth, choose)).join(' ')} }`
}

function fieldOf(name: string, index: number, type: unknown, args: readonly GraphQLArgument[], depth: number, choose: Choose): string {
  // proof: the types of a schema's fields are output types, and getNamedType asks for no more
  const named = getNamedType(type as Parameters<typeof getNamedType>[0])
  const call = `f${depth}_${index}: ${name}${argumentsOf(args, choose)}`
  if (isObjectType(named)) return `${call} ${selection(named, depth - 1, choose)}`
  if (named && isAbstractType(named)) {
    const parts = schema.getPossibleTypes(named).slice(0, 6)
    return `${call} { __typename ${parts.map((part, place) => `... on ${part.name} ${selection(part, 0, choose).replaceAll('f0_', `p${place}_`)}`).join(' ')} }`
  }
  return call
}

const roots = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ({ kind: 'query', name: field.name, field })),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ({ kind: 'mutation', name: field.name, field })),
]

describe('whatever comes', () => {
  test.each(roots)(
    '$kind $name breaks nothing',
    async ({ kind, field }) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), async (seed) => {
          let choices = 0
          const choose: Choose = (arbitrary) => sampleOf(arbitrary, seed + (choices += 1))
          const operation = `${kind} { ${fieldOf(field.name, 0, field.type, field.args, 3, choose)} }`
          const { status, body } = await tenant.gql(operation)
          const codes = (body.errors ?? []).map(({ extensions }: { extensions?: { code?: string } }) => extensions?.code)
          expect({
            operation,
            broken: status >= 500 || codes.some((code: unknown) => code === undefined || code === 'INTERNAL_ERROR' || code === 'TIMEOUT'),
          }).toEqual({
            operation,
            broken: false,
          })
        }),
        { numRuns: Math.ceil(fuzzRuns / 4) },
      )
    },
    fuzzPatience,
  )
})
