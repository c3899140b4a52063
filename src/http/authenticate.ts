import type { Db } from '../data/database.ts'
import { cachingKeyHolders } from '../domain/api-keys/key-cache.ts'
import { identify } from '../domain/api-keys/queries.ts'
import type { Actor } from '../domain/context.ts'
import { DomainError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { JwtSettings } from './settings.ts'
import { createTokenReader } from './tokens.ts'

/** The request carries no credential. */
export class Unauthorized extends DomainError {
  constructor() {
    super('UNAUTHORIZED', 'This needs an API key. Send it in the header X-API-Key, or as Authorization: Bearer <key>.')
  }
}

/** The headers of a request, by name. */
export type HeaderReader = Pick<Headers, 'get'>

/** What authentication needs. The caller is written into the request, for its log line; null if there is no request to log. */
export interface AuthenticationContext {
  readonly db: Db
  readonly now: Clock
  readonly request: { caller: { readonly organizationId: string; readonly keyId: string } | null } | null
}

/** Finds the caller of a request, always in the same database. */
export type Authenticate = (context: AuthenticationContext, headers: HeaderReader) => Promise<Actor>

/**
 * Finds who sends a request, by its `X-API-Key` or its `Authorization: Bearer`: an API key, or a token where tokens are configured.
 * The function throws Unauthorized, InvalidApiKey, InvalidToken, ExpiredKey or ExpiredToken.
 */
export function createAuthenticate(jwt: JwtSettings | null, onAuthenticated: (actor: Actor) => void): Authenticate {
  const findHolder = cachingKeyHolders()
  const readToken = jwt === null ? null : createTokenReader(jwt)
  return async (context, headers) => {
    const key = headers.get('x-api-key')?.trim() || bearer(headers.get('authorization'))
    if (key === null) throw new Unauthorized()
    const actor = await (readToken !== null && looksLikeToken(key) ? readToken(context, key) : identify(context, key, findHolder))
    onAuthenticated(actor)
    if (context.request !== null) context.request.caller = { organizationId: actor.organizationId, keyId: actor.keyId }
    return actor
  }
}

/** Three parts with a dot between them; no API key has dots. */
function looksLikeToken(credential: string): boolean {
  return credential.split('.').length === 3
}

function bearer(authorization: string | null): string | null {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? null
}
