/** Settings of the HTTP layer, from the configuration. */
export interface HttpSettings {
  /** How long a request may take, in milliseconds. */
  readonly requestTimeout: number
  readonly operationLimits: OperationLimits
  /** What a key may use within a minute; null where nothing is limited. */
  readonly rateLimits: RateLimits | null
  /** The origins whose pages may call from a browser, such as `https://app.example.com`; `*` for any. */
  readonly corsOrigins: readonly string[]
  /** Who may ask for the schema: everyone, or only credentials with the scope schema:read. */
  readonly introspection: 'everyone' | 'scope'
  /** Tokens of an identity provider as credentials; null where there is none. */
  readonly jwt: JwtSettings | null
  readonly trustedDocuments: TrustedDocuments
  readonly subscriptions: SubscriptionSettings
  /** How many days changes are kept for subscriptions and for reading the change feed. */
  readonly changesKeptDays: number
  /** Whether the console is served at `/console`. */
  readonly console: boolean
  /** Whether `GET /graphql` shows GraphiQL to browsers. */
  readonly graphiql: boolean
  /** Whether the documentation is served at `/docs` and `/llms.txt`. */
  readonly docs: boolean
  /** The value of the header Strict-Transport-Security; null to send none. */
  readonly hsts: string | null
  /** The addresses and networks (CIDR) of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** Whether webhooks may be sent to private addresses and by http: for tests and networks of your own. */
  readonly webhooksAllowPrivate: boolean
  /** The URL at which contacts reach this gateway, without a slash at its end. Links begin with it. */
  readonly publicUrl: string
}

export interface SubscriptionSettings {
  /** How many subscriptions a credential may have open in one process. */
  readonly perCredential: number
  /** How often it is asked again whether the credential of a subscription is good, in milliseconds. */
  readonly recheckEvery: number
  /** The interval of keep-alive messages, in milliseconds. */
  readonly pingEvery: number
}

/** How much one GraphQL operation may ask for. */
export interface OperationLimits {
  /** Roughly the fields in the largest answer that it could have: each field counts as often as it can occur. */
  readonly maxCost: number
  /** How deep fields may be nested. */
  readonly maxDepth: number
  /** Fields that are given another name. */
  readonly maxAliases: number
  /** Uses of directives such as `@include`. */
  readonly maxDirectives: number
  /** Words and signs in its text. */
  readonly maxTokens: number
}

/** How much each key may use within a minute. */
export interface RateLimits {
  /** REST requests that read. */
  readonly read: number
  /** REST requests that write. */
  readonly write: number
  /** REST requests about many contacts at once. */
  readonly bulk: number
  /** The cost of GraphQL operations. */
  readonly cost: number
  /** Rows of imports, contacts of bulk actions and items of batches, through either API. */
  readonly rows: number
}

export interface JwtSettings {
  /** The secret that tokens are signed with, or the address of the provider's public keys. */
  readonly keys: { readonly secret: string } | { readonly jwksUrl: string }
  /** The one algorithm that is accepted. */
  readonly algorithm: string
  readonly issuer: string | null
  readonly audience: string | null
  /** The claim that names the organization. */
  readonly organizationClaim: string
}

export interface TrustedDocuments {
  /** `off`: any operation is executed; `prefer`: known ones can be called by their hash; `only`: others need the scope operations:any. */
  readonly mode: 'off' | 'prefer' | 'only'
  /** The text of each known operation by its SHA-256. */
  readonly documents: ReadonlyMap<string, string>
}

export const defaultOperationLimits: OperationLimits = {
  maxCost: 50_000,
  maxDepth: 15,
  maxAliases: 100,
  maxDirectives: 50,
  maxTokens: 4000,
}
export const defaultRateLimits: RateLimits = { read: 6000, write: 3000, bulk: 60, cost: 3_000_000, rows: 1_000_000 }

export const defaultSubscriptions: SubscriptionSettings = { perCredential: 2500, recheckEvery: 3000, pingEvery: 12_000 }

/** What holds if nothing is configured. */
export const defaultHttpSettings: HttpSettings = {
  requestTimeout: 30_000,
  operationLimits: defaultOperationLimits,
  rateLimits: defaultRateLimits,
  corsOrigins: [],
  introspection: 'everyone',
  jwt: null,
  trustedDocuments: { mode: 'off', documents: new Map() },
  subscriptions: defaultSubscriptions,
  changesKeptDays: 7,
  console: false,
  graphiql: true,
  docs: true,
  hsts: null,
  trustedProxies: [],
  webhooksAllowPrivate: false,
  publicUrl: 'http://localhost:4000',
}
