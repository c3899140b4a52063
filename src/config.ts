import { z } from 'zod'

/** How the gateway runs. Read once, at the start, from the environment. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly database: {
    /** The URL of a PostgreSQL server; null for the embedded database. */
    readonly url: string | null
    /** The embedded database's folder, or `memory:`. */
    readonly dataDir: string
    /** How many connections to a server are kept at the most. */
    readonly poolSize: number
    /** How long a server may work on one statement, in milliseconds. */
    readonly statementTimeout: number
  }
  /** How long a request may take, in milliseconds. */
  readonly requestTimeout: number
  /** Whether to fill a database that is empty with the demo organization. */
  readonly demoData: boolean
  /** The full-scope key to create when the database has no key; null for a random one. */
  readonly bootstrapApiKey: string | null
}

/** Some variables are wrong; the message names them all. */
export class InvalidConfig extends Error {
  constructor(faults: readonly string[]) {
    super(['The gateway cannot start:', ...faults.map((fault) => `  ${fault}`)].join('\n'))
    this.name = 'InvalidConfig'
  }
}

const flag = z.enum(['true', 'false'], { error: 'is neither true nor false' }).transform((text) => text === 'true')

/** A whole number within bounds. */
function integer(low: number, high: number) {
  const fault = `is not a whole number from ${low.toLocaleString('en')} to ${high.toLocaleString('en')}`
  return z
    .string()
    .regex(/^\d{1,12}$/, fault)
    .transform(Number)
    .refine((value) => value >= low && value <= high, fault)
}

const environment = z.object({
  HOST: z.string().min(1, 'is empty').default('127.0.0.1'),
  PORT: integer(0, 65_535).default(4000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\/./, 'is not the URL of a PostgreSQL server, such as postgresql://user:password@localhost:5432/contacts')
    .optional(),
  DATABASE_POOL_SIZE: integer(1, 1000).default(10),
  DATA_DIR: z.string().min(1, 'is empty').default('.data'),
  DEMO_DATA: flag.optional(),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^dv_(?:live|test)_sk_[A-Za-z0-9_-]{16,200}$/, 'is not dv_live_sk_ or dv_test_sk_ and at least 16 letters, digits, - or _')
    .optional(),
  REQUEST_TIMEOUT: integer(1, 3600).default(30),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { error: 'is none of trace, debug, info, warn, error, silent' })
    .default('info'),
})

/** Reads the configuration. An empty variable counts as unset. @throws InvalidConfig */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) throw new InvalidConfig(result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`))
  const { HOST, PORT, DATABASE_URL, DATABASE_POOL_SIZE, DATA_DIR, DEMO_DATA, BOOTSTRAP_API_KEY, REQUEST_TIMEOUT, LOG_LEVEL } = result.data
  const requestTimeout = REQUEST_TIMEOUT * 1000
  return Object.freeze({
    host: HOST,
    port: PORT,
    logLevel: LOG_LEVEL,
    database: Object.freeze({
      url: DATABASE_URL ?? null,
      dataDir: DATA_DIR,
      poolSize: DATABASE_POOL_SIZE,
      statementTimeout: requestTimeout,
    }),
    requestTimeout,
    demoData: DEMO_DATA ?? DATABASE_URL === undefined,
    bootstrapApiKey: BOOTSTRAP_API_KEY ?? null,
  })
}
