import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from '../support/gateway.ts'
import { startServer } from '../support/process.ts'

interface SentSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: number
  readonly attributes: { readonly key: string; readonly value: Record<string, unknown> }[]
}

let spans: SentSpan[]
let service: unknown
let version: unknown
const collector = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString())
    for (const { resource, scopeSpans } of resourceSpans) {
      service = resource.attributes.find(({ key }: { key: string }) => key === 'service.name')?.value.stringValue
      version = resource.attributes.find(({ key }: { key: string }) => key === 'service.version')?.value.stringValue
      for (const scope of scopeSpans) spans.push(...scope.spans)
    }
    response.setHeader('Content-Type', 'application/json').end('{}')
  })
})
beforeAll(async () => {
  spans = []
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void collector.close())

test('a request is a step of its caller’s trace, with the phases of its operation and their SQL inside', async () => {
  const address = collector.address()
  if (address === null || typeof address === 'string') throw new Error('The collector has no port.')
  const { config, remove } = await copyTemplate()
  const key = 'dv_live_sk_chosen_by_operator'
  const server = await startServer({
    ...(config.url === null ? { DATA_DIR: config.dataDir } : { DATABASE_URL: config.url }),
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: key,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
    OTEL_SERVICE_NAME: 'contacts',
  })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    body: JSON.stringify({ query: 'query Mine { contacts { nodes { id } } }' }),
  })
  expect(await response.json()).toMatchObject({ data: { contacts: { nodes: [] } } })
  // What has not been sent yet is sent before the process ends.
  server.process.kill('SIGTERM')
  expect(await server.exit()).toBe(0)
  await remove()

  const mine = spans.filter((span) => span.traceId === traceId)
  const find = (name: string) => mine.find((span) => span.name === name)
  const root = find('query Mine')
  expect(service).toBe('contacts')
  expect(root?.parentSpanId).toBe('b7ad6b7169203331')
  expect(root?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 200 } })
  for (const phase of ['graphql.parse', 'graphql.validate', 'graphql.execute']) expect(find(phase)?.parentSpanId).toBe(root?.spanId)
  const statements = mine.filter((span) => span.parentSpanId === find('graphql.execute')?.spanId)
  expect(statements.map(({ name }) => name)).toEqual(['SELECT'])
  const stringsOf = (span: SentSpan | undefined) =>
    Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, value['stringValue']]))
  const client = 3
  expect(statements.map(({ kind }) => kind)).toEqual([client])
  expect(stringsOf(statements[0])).toMatchObject({
    'db.system.name': 'postgresql',
    'db.operation.name': 'SELECT',
    'db.namespace': config.url === null ? 'embedded' : new URL(config.url).pathname.slice(1),
    ...(config.url !== null && { 'server.address': new URL(config.url).hostname }),
  })
  expect(stringsOf(root)).toMatchObject({ 'http.route': '/graphql', 'graphql.operation.type': 'query', 'graphql.operation.name': 'Mine' })
  expect(version).toMatch(/^\d+\.\d+\.\d+/)
  // What polls by a timer is a part of no trace, and makes none of its own: every span of the database has a parent.
  expect(spans.filter(({ kind, parentSpanId }) => kind === client && !parentSpanId)).toEqual([])
  // Values are parameters, which a trace does not have.
  expect(JSON.stringify(statements)).not.toContain('org_')
  expect(server.output()).toContain(`"trace_id":"${traceId}"`)
})
