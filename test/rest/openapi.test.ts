import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../../src/http/rest/openapi.ts'
import { routes } from '../../src/http/rest/routes.ts'
import { givenContact, givenNote, givenRule } from '../support/factories.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

const document = openApiDocument()
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

test('the document is served to anyone, and describes every route', async () => {
  const response = await gateway.app.fetch(new Request('http://localhost:4000/api/v1/openapi.json'))
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)))
  const described = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = Object.entries(routes).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} /api/v1/contacts${path === '/' ? '' : path}`),
  )
  expect(described.toSorted()).toEqual(served.toSorted())
  const ids = Object.values(document.paths ?? {}).flatMap((methods) =>
    Object.values(methods).map((operation) => (operation as { operationId: string }).operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

describe('answers are of the shape that the document declares', () => {
  const unknown = 'con_00000000000000000000000000'
  test.each([
    ['GET', '/', () => tenant.rest('GET', '?limit=1')],
    ['POST', '/', () => tenant.rest('POST', '', { email: 'shape@example.com' })],
    ['GET', '/{id}', async () => tenant.rest('GET', `/${await givenContact(tenant)}`)],
    ['PATCH', '/{id}', async () => tenant.rest('PATCH', `/${await givenContact(tenant)}`, { first_name: 'Ana' })],
    ['GET', '/{id}/notes', async () => tenant.rest('GET', `/${(await withNote()).contactId}/notes`)],
    ['POST', '/{id}/notes', async () => tenant.rest('POST', `/${await givenContact(tenant)}/notes`, { body: 'x' })],
    [
      'PATCH',
      '/{id}/notes/{noteId}',
      async () => withNote().then(({ contactId, id }) => tenant.rest('PATCH', `/${contactId}/notes/${id}`, { pinned: true })),
    ],
    ['GET', '/{id}/preferences', async () => tenant.rest('GET', `/${await givenContact(tenant)}/preferences`)],
    [
      'PUT',
      '/{id}/preferences',
      async () => tenant.rest('PUT', `/${await givenContact(tenant)}/preferences`, { changes: [{ channel: 'sms', state: 'opted_in' }] }),
    ],
    [
      'GET',
      '/{id}/frequency-caps',
      async () => {
        await givenRule(tenant, { channel: 'sms' })
        return tenant.rest('GET', `/${await givenContact(tenant)}/frequency-caps`)
      },
    ],
    ['GET', '/{id}/next-best-action', async () => tenant.rest('GET', `/${await givenContact(tenant)}/next-best-action`)],
    ['GET', '/', () => tenant.rest('GET', '?limit=0')],
    ['GET', '/{id}', () => tenant.rest('GET', `/${unknown}`)],
    ['POST', '/', () => tenant.rest('POST', '', '{')],
    ['POST', '/', () => tenant.rest('POST', '', { phone: 'N/A' })],
    ['POST', '/', () => tenant.rest('POST', '', {}, { 'X-API-Key': '' })],
  ])('%s %s', async (method, path, ask) => {
    const { status, body } = await ask()
    const pointer = `/paths/${escape(`/api/v1/contacts${path === '/' ? '' : path}`)}/${method.toLowerCase()}/responses/${status}/content/application~1json/schema`
    const validate = ajv.getSchema(`openapi#${pointer}`)
    expect({ valid: validate?.(body), errors: validate?.errors }).toEqual({ valid: true, errors: null })
  })
})

async function withNote(): Promise<{ contactId: string; id: string }> {
  const contactId = await givenContact(tenant)
  return { contactId, id: await givenNote(tenant, contactId) }
}

function escape(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))
}
