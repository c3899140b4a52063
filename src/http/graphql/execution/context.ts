import type { Db } from '../../../data/database.ts'
import type { WebhookSending } from '../../../domain/webhooks/services.ts'
import type { ChangeFeed } from '../../../domain/changes/feed.ts'
import type { Actor } from '../../../domain/context.ts'
import type { SecretKeys } from '../../../kernel/secret-keys.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Authenticate, HeaderReader } from '../../authenticate.ts'
import { contextOf } from '../../caller-context.ts'
import type { RateLimiter } from '../../rate-limit.ts'
import type { RequestContext, RequestInfo } from '../../request-context.ts'
import type { HttpSettings } from '../../settings.ts'
import type { Caller, Subscribers } from '../subscriptions/registry.ts'
import type { GraphQLContext } from '../schema/builder.ts'
import { createLoaders, type Loaders } from '../schema/loaders.ts'

export interface ContextServices {
  readonly db: Db
  readonly now: Clock
  readonly secretKeys: SecretKeys
  readonly authenticate: Authenticate
  readonly rateLimiter: RateLimiter
  readonly feed: ChangeFeed
  readonly subscribers: Subscribers
  readonly settings: Pick<HttpSettings, 'publicUrl'>
  readonly webhooks: WebhookSending
}

/** Authenticates the caller of a request. @throws what refuses the caller, also for too many refused operations */
export async function authenticateCaller(services: ContextServices, request: RequestInfo, headers: HeaderReader): Promise<RequestContext> {
  const { db, now, authenticate, rateLimiter } = services
  const actor = await authenticate({ db, now, request }, headers)
  await rateLimiter.requireCredit(actor, request)
  return contextOf(services, request, actor)
}

/** What an operation is executed with. @param headers those that it came with, which say who is calling */
export function createGraphQLContext(services: ContextServices, context: RequestContext, headers: HeaderReader): GraphQLContext {
  const { rateLimiter, subscribers, settings, webhooks } = services
  const { actor, request } = context
  let loaders: Loaders | null = null
  return {
    ...context,
    readingFrom: (db) => createGraphQLContext(services, { ...context, db }, headers),
    charge: (cost) => rateLimiter.charge(actor, request, 'cost', cost),
    rateLimits: () => rateLimiter.usage(actor),
    // Made on first use: a compiled query uses none.
    get loaders() {
      return (loaders ??= createLoaders(context))
    },
    publicUrl: settings.publicUrl,
    webhooks,
    lastEventId: headers.get('last-event-id'),
    keepOpen: (begin) => subscribers.open(callerOf(services, actor, headers), begin),
  }
}

/** Who is calling, to be asked again while something is watched. */
function callerOf({ db, now, authenticate }: ContextServices, actor: Actor, headers: HeaderReader): Caller {
  const credential = credentialOf(headers)
  return { actor, credential: credential.join(' '), identify: () => authenticate({ db, now, request: null }, new Headers(credential)) }
}

/** The headers that contain the credential. */
export function credentialOf(headers: HeaderReader): [name: string, value: string][] {
  return ['x-api-key', 'authorization'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
}
