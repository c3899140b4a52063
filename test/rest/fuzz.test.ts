import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../../src/http/rest/openapi.ts'
import { absurd, fuzzPatience, fuzzRuns } from '../support/absurd.ts'
import { givenContact, givenNote } from '../support/factories.ts'
import { type House, openHouse, type Tenant } from '../support/house.ts'

// Requests are made from the document: right ones, wrong ones, and what nobody means. Whatever comes, the answer is one that the document
// declares, and never a fault of ours.
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

// What is compared with the answers is what callers are given: the document as JSON.
const document: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
} = JSON.parse(JSON.stringify(openApiDocument()))
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, method, operation })),
)

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

function right(schema: Schema): fc.Arbitrary<unknown> {
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (schema.$ref !== undefined) return right(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (parts) return fc.oneof(...parts.map((part) => right(part)))
  switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 500, 2 ** 31) })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(any(schema.items ?? {}), { maxLength: 4 })
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, any(field)] as const)
      return fields.length === 0
        ? fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
        : fc.record(Object.fromEntries(fields), { requiredKeys: [] })
    }
    case 'string':
      if (schema.format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toJSON())
      return fc.oneof(
        fc.constantFrom('Ada', '+14155550123', 'ada@example.com', 'US', 'en', 'Europe/Berlin', ...ids),
        fc.string({ maxLength: 12 }),
      )
    case undefined:
    default:
      return absurd
  }
}

/** Mostly what the schema says. */
function any(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: right(schema) }, { weight: 1, arbitrary: absurd })
}

function inputOf(operation: Operation) {
  const place = (kind: string) =>
    Object.fromEntries((operation.parameters ?? []).filter((parameter) => parameter.in === kind).map(({ name, schema }) => [name, schema]))
  const path = Object.keys(place('path')).map(
    (name) => [name, fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, absurd)] as const,
  )
  const query = Object.entries(place('query')).map(([name, schema]) => [name, any(schema)] as const)
  const body = operation.requestBody?.content['application/json']?.schema
  return fc.record({
    path: fc.record(Object.fromEntries(path)),
    query: fc.record(Object.fromEntries(query), { requiredKeys: [] }),
    body: body === undefined ? fc.constant(undefined) : fc.oneof({ weight: 9, arbitrary: right(body) }, absurd),
  })
}

const text = (value: unknown) =>
  encodeURIComponent((typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed().slice(0, 2000))

describe('whatever comes', () => {
  test.each(operations)(
    '$name answers as the document says',
    async ({ path, method, operation }) => {
      const input = inputOf(operation)
      await fc.assert(
        fc.asyncProperty(input, async ({ path: params, query, body }) => {
          // Without an id it is another path.
          if (Object.values(params).some((value) => text(value) === '')) return
          const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => text(params[name]))
          const search = Object.entries(query).map(([name, value]) => `${name}=${text(value)}`)
          const url = `${filled}${search.length === 0 ? '' : `?${search.join('&')}`}`.replace('/api/v1/contacts', '')
          const sent = body === undefined ? undefined : JSON.stringify(body)
          const answer = await tenant.rest(method.toUpperCase(), url, sent)
          // A path can become another route, which answers for itself.
          const expected =
            answer.body?.error?.code === 'ROUTE_NOT_FOUND' || answer.body?.error?.code === 'METHOD_NOT_ALLOWED' ? 404 : answer.status
          const told = { status: answer.status, body: answer.status < 500 ? undefined : answer.body }
          expect(told).toEqual({ status: expect.toSatisfy((status: number) => status < 500), body: undefined })
          const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? ''
          if (type !== 'application/json' || expected === 404) return
          const place = `/paths/${escaped(path)}/${method}/responses/${answer.status}/content/${escaped(type)}/schema`
          const validate = ajv.getSchema(`openapi#${place}`)
          expect({ valid: validate?.(answer.body), errors: validate?.errors }).toEqual({ valid: true, errors: null })
        }),
        { numRuns: fuzzRuns },
      )
    },
    fuzzPatience,
  )
})

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
}
