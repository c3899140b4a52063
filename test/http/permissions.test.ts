import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSchema } from '../../src/http/graphql/schema/schema.ts'
import { routes } from '../../src/http/rest/routes.ts'
import { idPrefixes, type IdKind } from '../../src/kernel/ids.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

// Made from the schema and the table of routes: whatever is added there is tested here.
const schema = createSchema()
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
/** What reveals nothing of contacts: who is calling, and things by an id of any kind. */
const open = ['viewer', 'node', 'nodes']
const queries = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ name }) => !open.includes(name))
const subscriptions = Object.values(schema.getSubscriptionType()?.getFields() ?? {})
const endpoints = Object.entries(routes).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, endpoint]) => ({ method, path, endpoint })),
)

let gateway: TestGateway
let tenant: Tenant
let powerless: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
  powerless = await tenant.withScopes()
})
afterAll(() => gateway.close())

/** The smallest value that a type accepts, as it is written in an operation. */
function sample(type: GraphQLInputType, noun: IdKind): string {
  if (isNonNullType(type)) return sample(type.ofType, noun)
  if (isListType(type)) return `[${sample(type.ofType, noun)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    const needed = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isRequiredInputField(field))
    return `{${needed.map((field) => given(field, noun)).join(', ')}}`
  }
  const scalars: Record<string, string> = {
    ID: JSON.stringify(`${idPrefixes[noun]}_00000000000000000000000000`),
    Int: '1',
    Float: '1',
    Boolean: 'true',
    DateTime: '"2026-01-01T00:00:00Z"',
    JSONObject: '{}',
    JSON: '{}',
  }
  return scalars[type.name] ?? '"x"'
}

function given({ name, type }: GraphQLInputField | GraphQLArgument, noun: IdKind): string {
  return `${name}: ${sample(type, name === 'contactId' ? 'contact' : noun)}`
}

function operationOf(kind: string, field: GraphQLField<unknown, unknown>): string {
  const needed = field.args.filter((argument) => isRequiredArgument(argument))
  // The name of a field shows whose ids it takes.
  const words: readonly (readonly [string, IdKind])[] = [
    ['note', 'note'],
    ['frequencycaprule', 'frequencyCapRule'],
    ['import', 'importJob'],
    ['unmerge', 'contactMerge'],
    ['webhook', 'webhookEndpoint'],
    ['attributedefinition', 'attributeDefinition'],
  ]
  const noun = words.find(([word]) => field.name.toLowerCase().includes(word))?.[1] ?? 'contact'
  const args = needed.length === 0 ? '' : `(${needed.map((argument) => given(argument, noun)).join(', ')})`
  return `${kind} { ${field.name}${args} { __typename } }`
}

function urlOf(path: string): string {
  return path === '/' ? '' : path.replaceAll(/\{\w+\}/g, 'con_00000000000000000000000000')
}

describe.each([
  ['query', queries],
  ['mutation', mutations],
  ['subscription', subscriptions],
] as const)('every %s', (kind, fields) => {
  test.each(fields.map((field) => [field.name, operationOf(kind, field)]))('%s needs a key, and a scope', async (name, operation) => {
    const anonymous = await gateway.app.fetch(
      new Request('http://localhost:4000/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: operation }),
      }),
    )
    expect([anonymous.status, await anonymous.json()]).toMatchObject([401, { errors: [{ extensions: { code: 'UNAUTHORIZED' } }] }])
    const { body } = await powerless.gql(operation)
    expect(body.errors).toMatchObject([{ path: [name], extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }])
    expect(body.data?.[name] ?? null).toBe(null)
  })
})

describe('every route', () => {
  test.each(endpoints)('$method $path needs a key, and the scope that it declares', async ({ method, path, endpoint }) => {
    const url = urlOf(path)
    const anonymous = await gateway.app.fetch(new Request(`http://localhost:4000/api/v1/contacts${url}`, { method }))
    expect([anonymous.status, await anonymous.json()]).toMatchObject([401, { error: { code: 'UNAUTHORIZED' } }])
    const refused = await powerless.rest(method, url)
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { error: { code: 'INSUFFICIENT_PERMISSIONS', details: { expected: endpoint.scope } } },
    ])
    const allowed = await (await tenant.withScopes(endpoint.scope)).rest(method, url, method === 'GET' ? undefined : {})
    expect(allowed.status).not.toBe(403)
  })
})
