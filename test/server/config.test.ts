import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, variables } from '../../src/config.ts'
import { mistypedVariables } from '../../src/server/mistyped-variables.ts'
import { openSecretKeys } from '../../src/server/secret-keys.ts'

test('without any variable, the gateway serves the demo from an embedded database on this machine only', () => {
  expect(readConfig({ HOST: '', PATH: '/bin' })).toEqual({
    host: '127.0.0.1',
    port: 4000,
    logLevel: 'info',
    database: {
      url: null,
      directUrl: null,
      replicaUrls: [],
      dataDir: '.data',
      poolSize: 10,
      statementTimeout: 30_000,
      limiterStore: { kind: 'memory' },
    },
    databaseWait: 30_000,
    workers: 1,
    http: {
      requestTimeout: 30_000,
      operationLimits: { maxCost: 50_000, maxDepth: 15, maxAliases: 100, maxDirectives: 50, maxTokens: 4000 },
      rateLimits: { read: 6000, write: 3000, bulk: 60, cost: 3_000_000, rows: 1_000_000 },
      changesKeptDays: 7,
      corsOrigins: [],
      introspection: 'everyone',
      jwt: null,
      trustedDocuments: { mode: 'prefer', documents: expect.any(Map) },
      subscriptions: { perCredential: 2500, recheckEvery: 3000, pingEvery: 12_000 },
      console: true,
      graphiql: true,
      docs: true,
      hsts: 'max-age=15552000',
      trustedProxies: [],
      webhooksAllowPrivate: false,
      publicUrl: 'http://localhost:4000',
    },
    demoData: true,
    bootstrapApiKey: null,
    secretKeys: null,
    retention: { purgeDeletedAfterDays: null, activitiesKeptDays: null },
  })
})

test('a server gets no demo data unless it is asked for', () => {
  const DATABASE_URL = 'postgresql://localhost/contacts'
  expect(readConfig({ DATABASE_URL })).toMatchObject({ database: { url: DATABASE_URL }, demoData: false })
  expect(readConfig({ DATABASE_URL, DEMO_DATA: 'true' })).toMatchObject({ demoData: true })
})

test('links begin with the public URL, or with the port on this machine', () => {
  const publicUrl = (env: Record<string, string>) => readConfig(env).http.publicUrl
  expect(publicUrl({ PUBLIC_URL: 'https://example.com/contacts/' })).toBe('https://example.com/contacts')
  expect(publicUrl({ PORT: '4100' })).toBe('http://localhost:4100')
  expect(() => publicUrl({ PUBLIC_URL: 'example.com' })).toThrow('PUBLIC_URL is not a URL such as https://contacts.example.com')
  expect(() => publicUrl({ PUBLIC_URL: 'https://example.com/?x' })).toThrow('PUBLIC_URL has a query or a fragment')
})

test('in production, the schema is returned only to credentials with the scope', () => {
  expect(readConfig({ NODE_ENV: 'production' }).http.introspection).toBe('scope')
  expect(readConfig({ NODE_ENV: 'production', INTROSPECTION: 'everyone' }).http.introspection).toBe('everyone')
})

test('the settings of the HTTP layer', () => {
  const { http, database } = readConfig({
    REQUEST_TIMEOUT: '5',
    GRAPHQL_MAX_COST: '100',
    GRAPHQL_MAX_DEPTH: '7',
    CORS_ORIGINS: 'https://app.example.com, http://localhost:3000',
    RATE_LIMIT_READS: '10',
    RATE_LIMIT_STORE: 'redis://localhost:6379',
    JWT_JWKS_URL: 'https://id.example.com/jwks.json',
    JWT_ISSUER: 'https://id.example.com',
  })
  expect(http).toMatchObject({
    requestTimeout: 5000,
    operationLimits: { maxCost: 100, maxDepth: 7 },
    corsOrigins: ['https://app.example.com', 'http://localhost:3000'],
    rateLimits: { read: 10, write: 3000 },
    jwt: {
      keys: { jwksUrl: 'https://id.example.com/jwks.json' },
      algorithm: 'RS256',
      issuer: 'https://id.example.com',
      audience: null,
      organizationClaim: 'organization_id',
    },
  })
  expect(database).toMatchObject({ statementTimeout: 5000, limiterStore: { kind: 'redis', url: 'redis://localhost:6379' } })
  expect(readConfig({ RATE_LIMIT: 'off' }).http.rateLimits).toBe(null)
})

test.each([
  [{ JWT_SECRET: 'x'.repeat(32), JWT_JWKS_URL: 'https://id.example.com/jwks' }, 'JWT_SECRET and JWT_JWKS_URL exclude each other.'],
  [{ JWT_JWKS_URL: 'https://id.example.com/jwks', JWT_ALGORITHM: 'HS256' }, 'JWT_ALGORITHM HS256 needs a shared secret: give JWT_SECRET.'],
  [{ JWT_SECRET: 'short' }, 'JWT_SECRET is shorter than 32 characters.'],
  [{ CORS_ORIGINS: 'app.example.com' }, 'CORS_ORIGINS is not a list of origins such as https://app.example.com, separated by commas.'],
  [{ TRUSTED_DOCUMENTS: 'only' }, 'TRUSTED_DOCUMENTS=only needs TRUSTED_DOCUMENTS_MANIFEST, the path of the file that has them.'],
  [
    { DATABASE_URL: 'postgresql://one:5432,other:5432/contacts' },
    'DATABASE_URL names several hosts. Use one address that leads to the primary, such as that of a proxy.',
  ],
  [
    { DATABASE_URL: 'postgresql://one/contacts?target_session_attrs=read-write' },
    'DATABASE_URL has target_session_attrs, which is not supported. Use an address that leads to the primary.',
  ],
  [
    { DATABASE_URL: 'postgresql://user:pass#word@one:5432/contacts' },
    'DATABASE_URL is not a URL. Characters such as # / ? @ in a password must be percent-encoded.',
  ],
  [{ DATABASE_DIRECT_URL: 'postgresql://one/contacts' }, 'DATABASE_DIRECT_URL needs DATABASE_URL, the pooler that it goes past.'],
  [{ NODE_ENV: 'prod' }, 'NODE_ENV is prod. Use production, development or test.'],
  [{ RATE_LIMIT_STORE: 'mongo' }, 'RATE_LIMIT_STORE is not known. Use memory, postgres or the URL of a Redis server'],
])('refused: %o', (env, fault) => {
  expect(() => readConfig(env)).toThrow(`The gateway cannot start:\n  ${fault}`)
})

test('variables that are most likely mistyped are reported with the name that was meant', () => {
  const env = {
    DATABASE_ULR: 'x',
    SECRET_KEY: 'x',
    CORS_ORIGIN: 'x',
    HOSTNAME: 'x',
    DATABASE_NAME: 'x',
    PORTS: 'x',
    WORKER: '2',
    WORKERS: '2',
  }
  expect(mistypedVariables(env, variables)).toEqual(
    ['DATABASE_ULR', 'SECRET_KEY', 'CORS_ORIGIN'].map((name, index) => {
      const meant = ['DATABASE_URL', 'SECRET_KEYS', 'CORS_ORIGINS'][index]
      return `${name} is not a variable of the gateway and is ignored. Did you mean ${meant}?`
    }),
  )
})

test('everything that is wrong is said at once', () => {
  const env = { PORT: '70000', DATABASE_URL: 'mysql://localhost', DEMO_DATA: 'yes', BOOTSTRAP_API_KEY: 'secret', LOG_LEVEL: 'loud' }
  expect(() => readConfig(env)).toThrow(
    [
      'The gateway cannot start:',
      '  PORT is not a whole number from 0 to 65,535.',
      '  DATABASE_URL is not the URL of a PostgreSQL server, such as postgresql://user:password@localhost:5432/contacts.',
      '  DEMO_DATA is yes. Use true or false.',
      '  BOOTSTRAP_API_KEY is not dv_live_sk_ or dv_test_sk_ and at least 16 letters, digits, - or _.',
      '  LOG_LEVEL is loud. Use trace, debug, info, warn, error or silent.',
    ].join('\n'),
  )
})

describe('secret keys', () => {
  const [one, other] = ['a'.repeat(32), 'b'.repeat(32)]

  test('are a list, the one that signs first', () => {
    expect(readConfig({ SECRET_KEYS: `${one}, ${other}` }).secretKeys).toEqual([one, other])
    expect(() => readConfig({ SECRET_KEYS: `${one},short` })).toThrow('SECRET_KEYS has a secret of fewer than 32 characters.')
  })

  test('are made in the folder of the embedded database once, readable by their owner only', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
    const config = readConfig({ DATA_DIR: join(dataDir, 'new') })
    const opened = await Promise.all(Array.from({ length: 3 }, () => openSecretKeys(config)))
    const again = await openSecretKeys(config)
    expect(new Set([...opened, again].map((keys) => keys.sign('test', 'a'))).size).toBe(1)
    expect((await stat(join(dataDir, 'new', 'secret-keys'))).mode & 0o777).toBe(0o600)
    expect(await readdir(join(dataDir, 'new'))).toEqual(['secret-keys'])
    await rm(dataDir, { recursive: true })
  })

  test('are required beside a server, which several processes share', async () => {
    const DATABASE_URL = 'postgresql://localhost/contacts'
    await expect(openSecretKeys(readConfig({ DATABASE_URL }))).rejects.toThrow('SECRET_KEYS is missing.')
    expect((await openSecretKeys(readConfig({ DATABASE_URL, SECRET_KEYS: one }))).sign('test', 'a')).toMatch(/^[\w-]{43}$/)
  })
})
