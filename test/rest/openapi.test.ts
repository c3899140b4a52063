import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiDocument } from '../../src/http/rest/openapi/openapi.ts'
import { operationsOf, type Part } from '../../src/http/rest/openapi/document.ts'
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
    const pointer = pointerOf(`/paths/${escape(`/api/v1/contacts${path === '/' ? '' : path}`)}/${method.toLowerCase()}/responses/${status}`)
    const validate = ajv.getSchema(`openapi#${pointer}/content/application~1json/schema`)
    expect({ valid: validate?.(body), errors: validate?.errors }).toEqual({ valid: true, errors: null })
  })
})

test('every body has an example that its schema accepts, and every operation samples and only its own refusals', () => {
  for (const { path, method, operation } of operationsOf(document as unknown as Part)) {
    const [shell] = operation['x-codeSamples'] as { source: string }[]
    expect(shell?.source.split('\n')[0]).not.toContain('{')
    const json = (operation['requestBody'] as { content?: Record<string, { example?: unknown }> } | undefined)?.content?.[
      'application/json'
    ]
    const pointer = `/paths/${escape(path)}/${method}/requestBody/content/application~1json/schema`
    const validate = json === undefined ? null : ajv.getSchema(`openapi#${pointer}`)
    expect({ path, valid: validate?.(json?.example) ?? true, errors: validate?.errors ?? null }).toEqual({
      path,
      valid: true,
      errors: null,
    })
    expect(document.tags?.map(({ name }) => name)).toEqual(expect.arrayContaining(operation['tags'] as string[]))
  }
  const statusesOf = (path: string, method: string) =>
    Object.keys(
      operationsOf(document as unknown as Part).find((each) => each.path === path && each.method === method)?.operation['responses'] ?? {},
    )
  expect(statusesOf('/api/v1/contacts', 'get')).toEqual(['200', '400', '401', '403', '429', '500', '503'])
  expect(statusesOf('/api/v1/contacts/{id}/notes', 'post')).toEqual([
    '201',
    '400',
    '401',
    '403',
    '404',
    '409',
    '410',
    '413',
    '415',
    '422',
    '429',
    '500',
    '503',
  ])
})

/** Where a response is described: at its place, or among those that operations share. */
function pointerOf(pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
  const found = keys.reduce<unknown>((node, key) => (node as Part | undefined)?.[key], document)
  const reference = (found as { $ref?: string } | undefined)?.$ref
  return reference === undefined ? pointer : reference.slice(1)
}

async function withNote(): Promise<{ contactId: string; id: string }> {
  const contactId = await givenContact(tenant)
  return { contactId, id: await givenNote(tenant, contactId) }
}

function escape(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'))
}
