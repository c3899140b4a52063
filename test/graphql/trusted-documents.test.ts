import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSchema } from '../../src/http/graphql/schema/schema.ts'
import { readManifest, writeManifest } from '../../src/server/operation-manifest.ts'
import { type TestGateway, openGateway, type Tenant } from '../support/gateway.ts'

const names = 'query Names { contacts(first: 5) { nodes { displayName } } }'
const add = 'mutation Add($input: CreateContactInput!) { createContact(input: $input) { __typename } }'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

async function manifestOf(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-documents-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const path = join(folder, 'manifest.json')
  return { path, count: writeManifest(createSchema(), folder, path) }
}

describe('a server that executes trusted documents only', () => {
  let gateway: TestGateway
  let anyone: Tenant
  let frontend: Tenant
  beforeAll(async () => {
    const { path } = await manifestOf({ 'names.graphql': names, 'add.graphql': add })
    gateway = await openGateway({ trustedDocuments: { mode: 'only', documents: readManifest(path) } })
    anyone = await gateway.organization()
    frontend = await anyone.withScopes('contacts:read', 'contacts:write')
  })
  afterAll(() => gateway.close())

  async function send(tenant: Tenant, body: Record<string, unknown>, headers: Record<string, string> = {}) {
    const request = new Request('http://localhost:4000/graphql', {
      method: 'POST',
      headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const response = await gateway.app.fetch(request)
    return { headers: response.headers, body: await response.json() }
  }

  test.each([
    ['documentId', { documentId: sha256(names) }],
    ['documentId with its algorithm', { documentId: `sha256:${sha256(names)}` }],
    ['as Apollo Client does', { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(names) } } }],
  ])('a known one is named by %s', async (_how, body) => {
    expect((await send(frontend, body)).body).toMatchObject({ data: { contacts: { nodes: [] } } })
  })

  test('an unknown one, and another text beside a known hash, are refused', async () => {
    expect((await send(frontend, { documentId: sha256('{ viewer { scopes } }') })).body).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
    for (const body of [{ query: names }, { query: '{ viewer { scopes } }', documentId: sha256(names) }]) {
      expect((await send(frontend, body)).body).toMatchObject({
        errors: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS', expected: 'operations:any' } }],
      })
    }
    expect((await send(frontend, {})).body).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_ERROR' } }] })
  })

  test('any operation with the scope', async () => {
    expect((await send(anyone, { query: '{ viewer { key { name } } }' })).body).toMatchObject({
      data: { viewer: { key: { name: 'Test key' } } },
    })
  })

  test('a mutation that is named by its hash is done once for an Idempotency-Key', async () => {
    const body = { documentId: sha256(add), variables: { input: { firstName: 'Ada', phone: '+14155550111' } } }
    const [first, again] = [
      await send(frontend, body, { 'Idempotency-Key': 'one' }),
      await send(frontend, body, { 'Idempotency-Key': 'one' }),
    ]
    expect(first.body).toMatchObject({ data: { createContact: { __typename: 'CreateContactPayload' } } })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })
})

describe('an operation that is named by a hash', () => {
  const unknown = '{ viewer { organization { name } } }'
  const hashed = { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(unknown) } } }

  async function ask(mode: 'off' | 'prefer', body: object, accept: string) {
    const gateway = await openGateway({ trustedDocuments: { mode, documents: new Map([[sha256(names), names]]) } })
    const { key } = await gateway.organization({ name: 'Northwind' })
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json', Accept: accept }
    const request = new Request('http://localhost:4000/graphql', { method: 'POST', headers, body: JSON.stringify(body) })
    const response = await gateway.app.fetch(request)
    const { data, errors } = await response.json()
    await gateway.close()
    return { status: response.status, data, code: errors?.[0].extensions.code }
  }

  test.each([
    ['off', 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ['prefer', 'PERSISTED_QUERY_NOT_FOUND'],
  ] as const)('is refused in the mode %s with %s, with 200 for Apollo’s older protocol', async (mode, code) => {
    for (const body of [hashed, { documentId: `sha256:${sha256(unknown)}` }]) {
      expect(await ask(mode, body, 'application/json')).toEqual({ status: 200, data: undefined, code })
      expect(await ask(mode, body, 'application/graphql-response+json')).toEqual({ status: 400, data: undefined, code })
    }
  })

  test.each(['off', 'prefer'] as const)('is executed in the mode %s if its text is sent with it', async (mode) => {
    const data = { viewer: { organization: { name: 'Northwind' } } }
    expect(await ask(mode, { query: unknown, ...hashed }, 'application/json')).toEqual({ status: 200, data, code: undefined })
  })
})

describe('a manifest of another tool', () => {
  const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
  async function read(manifest: unknown) {
    const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-documents-'))
    folders.push(folder)
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
    return readManifest(join(folder, 'manifest.json'))
  }
  const apollo = (id: string, body: string) => ({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id, name: 'Names', type: 'query', body }],
  })

  test.each([
    ['Apollo', apollo(sha256(names), names), sha256(names)],
    ['Apollo with ids of its own', apollo('names.v1', names), 'names.v1'],
    ['graphql-codegen with SHA-256', { [`sha256:${sha256(names)}`]: names }, sha256(names)],
    ['graphql-codegen with SHA-1', { [hash('sha1', names)]: names }, hash('sha1', names)],
    ['the Relay compiler', { [hash('md5', names)]: names }, hash('md5', names)],
  ])('is read as %s writes it', async (_tool, manifest, id) => {
    expect([...(await read(manifest))]).toEqual([[id, names]])
  })

  test.each([
    ['Apollo', apollo(sha256(names), add), 'SHA-256'],
    ['graphql-codegen', { [`sha256:${sha256(names)}`]: add }, 'SHA-256'],
    ['the Relay compiler', { [hash('md5', names)]: add }, 'MD5'],
  ])('of %s is refused if a text was changed behind its hash', async (_tool, manifest, name) => {
    await expect(read(manifest)).rejects.toThrow(new RegExp(`is not the ${name} of its operation\\.$`))
  })

  test.each([[[]], [{ hash: 1 }], [{ format: 'apollo-persisted-query-manifest', version: 2, operations: [] }]])(
    '%j is no manifest',
    async (manifest) => {
      await expect(read(manifest)).rejects.toThrow(/is not a manifest of operations/)
    },
  )
})

describe('the manifest', () => {
  test('is hash and text of every file', async () => {
    const { path, count } = await manifestOf({ 'names.graphql': names, 'notes.txt': 'not an operation' })
    expect(count).toBe(1)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ [sha256(names)]: names })
  })

  test('is not written if an operation does not fit the schema: every fault is named', async () => {
    await expect(manifestOf({ 'a.graphql': '{ contact }', 'b.graphql': 'query {', 'c.graphql': names })).rejects.toThrow(
      /^Some operations do not fit the schema:\n {2}a\.graphql: .*\n(?: {2}a\.graphql: .*\n)* {2}b\.graphql: Syntax Error: .*$/s,
    )
    await expect(manifestOf({})).rejects.toThrow(/^There is no \.graphql file in /)
  })

  test('is refused if a text was changed behind its hash', async () => {
    const { path } = await manifestOf({ 'names.graphql': names })
    await writeFile(path, JSON.stringify({ [sha256(names)]: add }))
    expect(() => readManifest(path)).toThrow(/is not the SHA-256 of its operation\.$/)
  })
})
