import { z } from 'zod'
import consoleOperations from './console/generated/manifest.json' with { type: 'json' }
import { type LimiterStore, limiterStoreNamed } from './data/limiter.ts'
import {
  defaultHttpSettings,
  defaultOperationLimits,
  defaultRateLimits,
  defaultSubscriptions,
  type HttpSettings,
  type JwtSettings,
  type TrustedDocuments,
} from './http/settings.ts'
import type { Retention } from './domain/erasure/retention.ts'
import { isAddressOrNetwork } from './http/client-address.ts'
import { minSecretLength } from './kernel/secret-keys.ts'
import { readManifest } from './server/operation-manifest.ts'

/** How the gateway runs. Read once, at the start, from the environment. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly database: {
    /** The URL of a PostgreSQL server; null for the embedded database. */
    readonly url: string | null
    /** The URL of the same server past a connection pooler in transaction mode, for what needs a connection of its own; null without one. */
    readonly directUrl: string | null
    /** The embedded database's folder, or `memory:`. */
    readonly dataDir: string
    /** The URLs of servers that follow the one at `url`, to read from. */
    readonly replicaUrls: readonly string[]
    /** How many connections to a server are kept at the most. */
    readonly poolSize: number
    /** How long a server may work on one statement, in milliseconds. */
    readonly statementTimeout: number
    /** Where uses are counted against the rate limits. */
    readonly limiterStore: LimiterStore
  }
  /** How long the start waits for a database server that does not answer yet, in milliseconds. */
  readonly databaseWait: number
  /** How many processes serve; with more than one, the first one supervises the others. */
  readonly workers: number
  /** Settings of the HTTP layer. */
  readonly http: HttpSettings
  /** Whether to fill a database that is empty with the demo organization. */
  readonly demoData: boolean
  /** The full-scope key to create when the database has no key; null for a random one. */
  readonly bootstrapApiKey: string | null
  /** The secrets that sign and encrypt, the one that signs first; null on the embedded database, which keeps one in its folder. */
  readonly secretKeys: readonly string[] | null
  /** How long data is kept. */
  readonly retention: Retention
}

/** Some variables are wrong; the message names them all. */
export class InvalidConfig extends Error {
  constructor(faults: readonly string[]) {
    super(['The gateway cannot start:', ...faults.map((fault) => `  ${fault}`)].join('\n'))
    this.name = 'InvalidConfig'
  }
}

/** One of a few words. */
function oneOf<const Words extends readonly string[]>(...words: Words) {
  return z.enum(words, { error: ({ input }) => `is ${String(input)}. Use ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` })
}
const flag = oneOf('true', 'false').transform((text) => text === 'true')

/** Words with commas between them. */
function list(form: RegExp, fault: string) {
  return z
    .string()
    .transform((text) => text.split(',').map((word) => word.trim()))
    .refine((words) => words.every((word) => form.test(word)), fault)
}

/** A whole number within bounds. */
function integer(low: number, high: number) {
  // Put into words when it is needed: what a number looks like in a language takes a start longer than all else that it does with its configuration.
  const fault = { error: () => `is not a whole number from ${low.toLocaleString('en')} to ${high.toLocaleString('en')}` }
  return z
    .string()
    .regex(/^\d{1,12}$/, fault)
    .transform(Number)
    .refine((value) => value >= low && value <= high, fault)
}

const tooShort = `has a secret of fewer than ${minSecretLength} characters. Make one with: openssl rand -base64 32`
const postgresUrl = /^postgres(?:ql)?:\/\/./

/** One PostgreSQL server. What libpq offers for several is not known to the driver, and would be ignored. */
const oneServer = z
  .string()
  .regex(postgresUrl, 'is not the URL of a PostgreSQL server, such as postgresql://user:password@localhost:5432/contacts')
  .refine(
    (url) => !/^[^/]*\/\/[^/?#]*,/.test(url),
    'names several hosts. Use one address that leads to the primary, such as that of a proxy',
  )
  .refine(
    (url) => !/[?&]target_session_attrs=/.test(url),
    'has target_session_attrs, which is not supported. Use an address that leads to the primary',
  )
  .refine((url) => URL.canParse(url), 'is not a URL. Characters such as # / ? @ in a password must be percent-encoded')

const environment = z.object({
  HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  DATABASE_URL: oneServer.optional(),
  DATABASE_DIRECT_URL: oneServer.optional(),
  WORKERS: integer(1, 256).default(1),
  DATABASE_REPLICA_URLS: list(postgresUrl, 'is not a list of URLs of PostgreSQL servers, separated by commas')
    .refine((urls) => urls.every((url) => URL.canParse(url)), 'has something in it that is not a URL')
    .default([]),
  DATABASE_POOL_SIZE: integer(1, 1000).default(10),
  DATABASE_WAIT: integer(0, 3600).default(30),
  DATA_DIR: z.string().min(1, 'is empty').default('.data'),
  DEMO_DATA: flag.optional(),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^dv_(?:live|test)_sk_[A-Za-z0-9_-]{16,200}$/, 'is not dv_live_sk_ or dv_test_sk_ and at least 16 letters, digits, - or _')
    .optional(),
  SECRET_KEYS: list(new RegExp(`^.{${minSecretLength},}$`), tooShort).optional(),
  REQUEST_TIMEOUT: integer(1, 3600).default(defaultHttpSettings.requestTimeout / 1000),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent').default('info'),
  GRAPHQL_MAX_COST: integer(1, 10_000_000).default(defaultOperationLimits.maxCost),
  GRAPHQL_MAX_DEPTH: integer(1, 100).default(defaultOperationLimits.maxDepth),
  INTROSPECTION: oneOf('everyone', 'scope').optional(),
  TRUSTED_DOCUMENTS: oneOf('off', 'prefer', 'only').default('off'),
  TRUSTED_DOCUMENTS_MANIFEST: z.string().optional(),
  CORS_ORIGINS: list(
    /^(?:\*|https?:\/\/[^/\s]+)$/,
    'is not a list of origins such as https://app.example.com, separated by commas',
  ).default([]),
  RATE_LIMIT: oneOf('on', 'off').default('on'),
  RATE_LIMIT_READS: integer(1, 10_000_000).default(defaultRateLimits.read),
  RATE_LIMIT_WRITES: integer(1, 10_000_000).default(defaultRateLimits.write),
  RATE_LIMIT_BULK: integer(1, 10_000_000).default(defaultRateLimits.bulk),
  RATE_LIMIT_COST: integer(1, 1_000_000_000).default(defaultRateLimits.cost),
  RATE_LIMIT_ROWS: integer(1, 1_000_000_000).default(defaultRateLimits.rows),
  SUBSCRIPTIONS: integer(1, 1_000_000).default(defaultSubscriptions.perCredential),
  CHANGES_KEPT_DAYS: integer(1, 90).default(defaultHttpSettings.changesKeptDays),
  RATE_LIMIT_STORE: z
    .string()
    .regex(/^(?:memory|postgres|rediss?:\/\/.+)$/, 'is not known. Use memory, postgres or the URL of a Redis server')
    .optional(),
  JWT_SECRET: z.string().min(32, 'is shorter than 32 characters').optional(),
  JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'is not the URL of a JWKS document' }).optional(),
  JWT_ALGORITHM: oneOf(
    'HS256',
    'HS384',
    'HS512',
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'EdDSA',
  ).optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_ORGANIZATION_CLAIM: z.string().default('organization_id'),
  PURGE_DELETED_AFTER_DAYS: integer(1, 36_500).optional(),
  ACTIVITIES_KEPT_DAYS: integer(1, 36_500).optional(),
  WEBHOOKS_ALLOW_PRIVATE: flag.default(false),
  CONSOLE: oneOf('on', 'off').default('on'),
  GRAPHIQL: oneOf('on', 'off').default('on'),
  DOCS: oneOf('on', 'off').default('on'),
  TRUSTED_PROXIES: list(/^/, '')
    .refine(
      (proxies) => proxies.every(isAddressOrNetwork),
      'is not a list of addresses or networks such as 10.0.0.0/8, separated by commas',
    )
    .default([]),
  HSTS: z
    .string()
    .regex(/^(?:off|max-age=\d+(?:; ?includeSubDomains)?(?:; ?preload)?)$/, 'is not known. Use off or a value such as max-age=15552000')
    .default('max-age=15552000'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'is not a URL such as https://contacts.example.com' })
    .refine((url) => !/[?#]/.test(url), 'has a query or a fragment')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  NODE_ENV: oneOf('production', 'development', 'test').optional(),
})

/** The names of all variables. */
export const variables: readonly string[] = Object.keys(environment.shape)

type Environment = z.output<typeof environment>

/** Reads the configuration. An empty variable counts as unset. @throws InvalidConfig */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) throw new InvalidConfig(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`))
  const values = result.data
  const faults = contradictions(values)
  if (faults.length > 0) throw new InvalidConfig(faults)
  const http = httpSettings(values)
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    database: Object.freeze({
      url: values.DATABASE_URL ?? null,
      directUrl: values.DATABASE_DIRECT_URL ?? null,
      replicaUrls: values.DATABASE_REPLICA_URLS,
      dataDir: values.DATA_DIR,
      poolSize: values.DATABASE_POOL_SIZE,
      statementTimeout: http.requestTimeout,
      // Processes that serve together count together.
      limiterStore: limiterStoreNamed(values.RATE_LIMIT_STORE ?? (values.WORKERS > 1 ? 'postgres' : 'memory')),
    }),
    databaseWait: values.DATABASE_WAIT * 1000,
    workers: values.WORKERS,
    http,
    demoData: values.DEMO_DATA ?? values.DATABASE_URL === undefined,
    bootstrapApiKey: values.BOOTSTRAP_API_KEY ?? null,
    secretKeys: values.SECRET_KEYS ?? null,
    retention: Object.freeze({
      purgeDeletedAfterDays: values.PURGE_DELETED_AFTER_DAYS ?? null,
      activitiesKeptDays: values.ACTIVITIES_KEPT_DAYS ?? null,
    }),
  })
}

/** What each variable alone does not show. */
function contradictions(values: Environment): string[] {
  const { JWT_SECRET, JWT_JWKS_URL, JWT_ALGORITHM, TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_MANIFEST } = values
  const faults: string[] = []
  if (values.WORKERS > 1 && values.DATABASE_URL === undefined)
    faults.push(`WORKERS=${values.WORKERS} needs DATABASE_URL: the embedded database belongs to one process.`)
  if (values.DATABASE_REPLICA_URLS.length > 0 && values.DATABASE_URL === undefined)
    faults.push('DATABASE_REPLICA_URLS needs DATABASE_URL, the server that they follow.')
  if (values.DATABASE_DIRECT_URL !== undefined && values.DATABASE_URL === undefined)
    faults.push('DATABASE_DIRECT_URL needs DATABASE_URL, the pooler that it goes past.')
  if (JWT_SECRET !== undefined && JWT_JWKS_URL !== undefined) faults.push('JWT_SECRET and JWT_JWKS_URL exclude each other.')
  if (JWT_ALGORITHM !== undefined && JWT_SECRET !== undefined && !JWT_ALGORITHM.startsWith('HS'))
    faults.push(`JWT_ALGORITHM ${JWT_ALGORITHM} has no shared secret: give JWT_JWKS_URL.`)
  // A public key taken for a shared secret would let everyone sign.
  if (JWT_ALGORITHM?.startsWith('HS') === true && JWT_JWKS_URL !== undefined)
    faults.push(`JWT_ALGORITHM ${JWT_ALGORITHM} needs a shared secret: give JWT_SECRET.`)
  if (TRUSTED_DOCUMENTS !== 'off' && TRUSTED_DOCUMENTS_MANIFEST === undefined)
    faults.push(`TRUSTED_DOCUMENTS=${TRUSTED_DOCUMENTS} needs TRUSTED_DOCUMENTS_MANIFEST, the path of the file that has them.`)
  return faults
}

function httpSettings(values: Environment): HttpSettings {
  const { RATE_LIMIT_READS: read, RATE_LIMIT_WRITES: write, RATE_LIMIT_BULK: bulk, RATE_LIMIT_COST: cost, RATE_LIMIT_ROWS: rows } = values
  return Object.freeze({
    requestTimeout: values.REQUEST_TIMEOUT * 1000,
    operationLimits: { ...defaultOperationLimits, maxCost: values.GRAPHQL_MAX_COST, maxDepth: values.GRAPHQL_MAX_DEPTH },
    rateLimits: values.RATE_LIMIT === 'off' ? null : { read, write, bulk, cost, rows },
    corsOrigins: values.CORS_ORIGINS,
    introspection: values.INTROSPECTION ?? (values.NODE_ENV === 'production' ? 'scope' : 'everyone'),
    jwt: jwtSettings(values),
    trustedDocuments: withConsole(values, { mode: values.TRUSTED_DOCUMENTS, documents: trustedDocuments(values) }),
    subscriptions: { ...defaultSubscriptions, perCredential: values.SUBSCRIPTIONS },
    changesKeptDays: values.CHANGES_KEPT_DAYS,
    console: values.CONSOLE === 'on',
    graphiql: values.GRAPHIQL === 'on',
    docs: values.DOCS === 'on',
    trustedProxies: values.TRUSTED_PROXIES,
    hsts: values.HSTS === 'off' ? null : values.HSTS,
    webhooksAllowPrivate: values.WEBHOOKS_ALLOW_PRIVATE,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
  })
}

/** The console calls its operations by their hash, whatever the setting for other clients. */
function withConsole({ CONSOLE }: Environment, { mode, documents }: TrustedDocuments): TrustedDocuments {
  if (CONSOLE === 'off') return { mode, documents }
  return { mode: mode === 'off' ? 'prefer' : mode, documents: new Map([...Object.entries(consoleOperations), ...documents]) }
}

function jwtSettings(values: Environment): JwtSettings | null {
  const { JWT_SECRET, JWT_JWKS_URL, JWT_ALGORITHM, JWT_ISSUER, JWT_AUDIENCE, JWT_ORGANIZATION_CLAIM } = values
  const keys = JWT_SECRET !== undefined ? { secret: JWT_SECRET } : JWT_JWKS_URL !== undefined ? { jwksUrl: JWT_JWKS_URL } : null
  return (
    keys && {
      keys,
      algorithm: JWT_ALGORITHM ?? ('secret' in keys ? 'HS256' : 'RS256'),
      issuer: JWT_ISSUER ?? null,
      audience: JWT_AUDIENCE ?? null,
      organizationClaim: JWT_ORGANIZATION_CLAIM,
    }
  )
}

function trustedDocuments({ TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_MANIFEST: manifest }: Environment): ReadonlyMap<string, string> {
  if (TRUSTED_DOCUMENTS === 'off' || manifest === undefined) return new Map()
  try {
    return readManifest(manifest)
  } catch (error) {
    throw new InvalidConfig([`TRUSTED_DOCUMENTS_MANIFEST: ${error instanceof Error ? error.message : String(error)}`])
  }
}
