import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let knowing: Tenant
let other: Tenant
beforeAll(async () => {
  gateway = await openGateway({ introspection: 'scope' })
  knowing = await gateway.organization()
  other = await knowing.withScopes('contacts:read')
})
afterAll(() => gateway.close())

test('the schema is returned with the scope only, through fragments and aliases too', async () => {
  const questions = [
    '{ __schema { queryType { name } } }',
    '{ a: __type(name: "Contact") { name } }',
    '{ ...Hidden } fragment Hidden on Query { __schema { types { name } } }',
  ]
  for (const question of questions) {
    const refused = await other.gql(question)
    expect(refused.body.data).toBe(undefined)
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'INSUFFICIENT_PERMISSIONS', expected: 'schema:read' } }])
    expect((await knowing.gql(question)).body.errors).toBe(undefined)
  }
  // The alias of a value does not reveal the schema.
  expect((await other.gql('{ __typename viewer { __typename } }')).body).toEqual({
    data: { __typename: 'Query', viewer: { __typename: 'Viewer' } },
  })
})

test('names are suggested to those with the scope only', async () => {
  const operations: [string, Record<string, unknown>][] = [
    ['{ contact(id: "x") { displayNam } }', {}],
    ['query($stage: LifecycleStage!) { contacts(filter: { lifecycleStage: [$stage] }) { totalCount } }', { stage: 'CUSTOME' }],
  ]
  for (const [operation, variables] of operations) {
    const [shown, hidden] = [await knowing.gql(operation, variables), await other.gql(operation, variables)]
    expect(shown.body.errors[0].message).toMatch(/Did you mean/)
    expect(JSON.stringify(hidden.body)).not.toMatch(/Did you mean/)
    expect(hidden.body.errors[0]).toMatchObject({ extensions: { code: 'VALIDATION_ERROR' } })
  }
})
