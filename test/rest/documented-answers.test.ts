import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/http/rest/routes.ts'
import { document } from '../support/generate-requests.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')

let gateway: TestGateway
let tenant: Tenant
const succeeded = new Set<string>()
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization({ defaultCountry: 'US' })
})
afterAll(() => gateway.close())

/** The tests of these routes drive them. */
const drivenElsewhere = new Set([
  'POST /search',
  'GET /changes',
  'POST /upsert',
  'POST /{id}/merge',
  'POST /{id}/erase',
  'GET /{id}/subject-data.json',
])

interface Call {
  readonly method: string
  /** As in the table of routes. */
  readonly route: string
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Sends a request, and holds the answer against the document. @returns the data of the answer */
async function call({ method, route, path = route, body, headers = {} }: Call) {
  const answer = await tenant.rest(method, path === '/' ? '' : path, body, headers)
  const template = `/api/v1/contacts${route === '/' ? '' : route}`
  const response = document.paths[template]?.[method.toLowerCase()]?.responses[answer.status]
  expect({ method, route, status: answer.status, declared: response !== undefined }).toMatchObject({ declared: true })
  const type = (answer.headers.get('content-type') ?? '').split(';', 1)[0]
  if (type === 'application/json') {
    const reference: unknown = Reflect.get(response ?? {}, '$ref')
    const steps =
      typeof reference === 'string' ? reference.slice(2).split('/') : ['paths', template, method.toLowerCase(), 'responses', answer.status]
    const validate = ajv.getSchema(`openapi#${[...steps, 'content', type, 'schema'].map((step) => `/${escaped(String(step))}`).join('')}`)
    expect({ method, route, valid: validate?.(answer.body), errors: validate?.errors }).toEqual({
      method,
      route,
      valid: true,
      errors: null,
    })
  }
  if (answer.status < 300) succeeded.add(`${method} ${route}`)
  return answer.body.data
}

function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
}

test('every route succeeds, and every answer is one that the document declares', async () => {
  const contact = await call({ method: 'POST', route: '/', body: { email: 'ana@example.com', phone: '+14155552671', first_name: 'Ana' } })
  const at = (route: string) => ({ route, path: route.replace('{id}', contact.id) })
  await call({ method: 'POST', route: '/', body: { email: 'ana@', phone: '12', frist_name: 1 } })
  await call({ method: 'GET', route: '/', path: '?has_email=True&limit=1' })
  await call({ method: 'GET', route: '/', path: '?limit=0' })
  await call({ method: 'GET', ...at('/{id}') })
  await call({ method: 'GET', route: '/{id}', path: '/con_00000000000000000000000000' })
  await call({ method: 'PATCH', ...at('/{id}'), body: { ...contact, company: 'Acme' } })
  await call({ method: 'PATCH', ...at('/{id}'), body: { company: 'Lost', revision: 1 } })
  await call({ method: 'PATCH', ...at('/{id}'), body: { company: 'Lost' }, headers: { 'If-Match': '"1"' } })
  // Of a contact that is not blocked and one that is: both are in the profile.
  const reads = ['next-best-action', 'preferences', 'frequency-caps', 'profile', 'timeline', 'journey', 'journey.csv', 'notes']
  for (const name of reads) await call({ method: 'GET', ...at(`/{id}/${name}`) })
  await call({ method: 'PUT', ...at('/{id}/preferences'), body: { preferences: { voice: 'opted_out' } } })
  const note = await call({ method: 'POST', ...at('/{id}/notes'), body: { body: 'Called.' } })
  const noteAt = { route: '/{id}/notes/{noteId}', path: `/${contact.id}/notes/${note.id}` }
  await call({ method: 'PATCH', ...noteAt, body: { pinned: true } })
  await call({ method: 'DELETE', ...noteAt, headers: { Accept: 'application/json' } })
  await call({ method: 'POST', ...at('/{id}/block'), body: { reason: 'Spam' } })
  await call({ method: 'GET', route: '/blocked' })
  await call({ method: 'GET', ...at('/{id}/profile') })
  await call({ method: 'POST', ...at('/{id}/unblock'), headers: { 'If-Match': '"1"' } })
  await call({ method: 'POST', ...at('/{id}/unblock') })
  await call({ method: 'POST', route: '/actions', body: { action: 'add_tags', contact_ids: [contact.id], params: { tags: ['vip'] } } })
  const contacts = [{ email: 'bob@example.com', tags: 'a,b' }, 'nothing', { email: 'bad' }]
  const job = await call({ method: 'POST', route: '/bulk', body: { contacts } })
  await call({ method: 'POST', route: '/bulk/preview', body: { contacts } })
  await call({ method: 'GET', route: '/import-jobs' })
  const jobAt = (name: string) => ({ route: `/import-jobs/{id}${name}`, path: `/import-jobs/${job.id}${name}` })
  await call({ method: 'GET', ...jobAt('') })
  await call({ method: 'GET', ...jobAt('/skipped.csv') })
  await call({ method: 'POST', ...jobAt('/rollback') })
  await call({ method: 'GET', ...jobAt('/kept.csv') })
  await call({ method: 'POST', route: '/export', body: {} })
  await call({ method: 'POST', route: '/suppressions', body: { addresses: ['cem@example.com'] } })
  const [suppression] = await call({ method: 'GET', route: '/suppressions' })
  await call({ method: 'GET', route: '/suppressions.csv' })
  await call({ method: 'POST', route: '/suppressions.csv', body: { csv: 'email\ndeniz@example.com\n' } })
  const lift = { route: '/suppressions/{suppressionId}/lift', path: `/suppressions/${suppression.id}/lift` }
  await call({ method: 'POST', ...lift, body: { reason: 'Asked in writing.' } })
  const second = await call({ method: 'POST', route: '/', body: { email: 'second@example.com' } })
  await call({ method: 'DELETE', route: '/{id}', path: `/${second.id}` })
  await call({ method: 'POST', route: '/bulk-delete', body: { contact_ids: [contact.id] } })
  const all = Object.entries(routes).flatMap(([route, methods]) => Object.keys(methods).map((method) => `${method} ${route}`))
  expect(all.filter((name) => !succeeded.has(name) && !drivenElsewhere.has(name))).toEqual([])
})
