import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose'
import type { ReadDb } from '../data/database.ts'
import { parseScopes } from '../domain/api-keys/rules.ts'
import { type Actor, type Scope, scopes } from '../domain/context.ts'
import { isOrganization } from '../domain/organizations/queries.ts'
import { DomainError } from '../kernel/errors.ts'
import { idKind } from '../kernel/ids.ts'
import { textFault } from '../kernel/text.ts'
import type { Clock } from '../kernel/time.ts'
import type { JwtSettings } from './settings.ts'

/** How far the clocks of the identity provider and of this machine may be apart, in seconds. */
const clockTolerance = 30

/** The token is malformed, of another issuer or for another audience, signed with an unknown key, or names no organization of this gateway. */
export class InvalidToken extends DomainError {
  constructor(reason: string) {
    super('INVALID_API_KEY', `This token is not accepted: ${reason}.`)
  }
}

/** The token's time is over. */
export class ExpiredToken extends DomainError {
  constructor() {
    super('EXPIRED_TOKEN', 'This token has expired. Ask the identity provider for a new one.')
  }
}

/** Finds out who a token stands for. */
export type TokenReader = (context: { readonly db: ReadDb; readonly now: Clock }, token: string) => Promise<Actor>

/**
 * Reads tokens of an identity provider (JWT, RFC 7519): signed with the one algorithm that is configured, of the configured issuer and
 * audience, with an expiry, an organization of ours and the scopes that we know.
 */
export function createTokenReader(settings: JwtSettings): TokenReader {
  const keys = 'secret' in settings.keys ? new TextEncoder().encode(settings.keys.secret) : publicKeysAt(new URL(settings.keys.jwksUrl))
  return async ({ db, now }, token) => {
    const payload = await verify(token, keys, settings, now())
    const organizationId = payload[settings.organizationClaim]
    if (typeof organizationId !== 'string' || idKind(organizationId) !== 'organization' || !(await isOrganization(db, organizationId))) {
      throw new InvalidToken(`its claim ${settings.organizationClaim} names no organization here`)
    }
    const subject = subjectOf(payload)
    const name = textOf(payload['name'], 100) ?? subject.slice(0, 100)
    return { organizationId, keyId: `jwt:${subject}`, name, scopes: knownScopes(payload) }
  }
}

/** Who the token is about. It signs what is written, and stands beside every entry of the audit log. */
function subjectOf({ sub }: JWTPayload): string {
  // Without it, all tokens of an organization would be one caller: in limits, idempotency keys and the audit log.
  if (sub === undefined) throw new InvalidToken('it has no claim sub')
  const subject = textOf(sub, 255)
  if (subject === null) throw new InvalidToken('its claim sub is no text of at most 255 characters without control characters')
  return subject
}

/** A claim as a text that can be kept; null for anything else, since a token may hold whatever its maker wants. */
function textOf(claim: unknown, max: number): string | null {
  return typeof claim === 'string' && claim !== '' && textFault(claim, { max }) === null ? claim : null
}

/** The keys at an address, fetched when one is missing. @throws DomainError UNAVAILABLE while they cannot be had */
function publicKeysAt(url: URL): JWTVerifyGetKey {
  const find = createRemoteJWKSet(url)
  return async (header, token) => {
    try {
      return await find(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      throw new DomainError('UNAVAILABLE', 'The identity provider’s keys cannot be reached. Try again in a few seconds.')
    }
  }
}

async function verify(token: string, keys: Uint8Array | JWTVerifyGetKey, settings: JwtSettings, now: Date): Promise<JWTPayload> {
  const options = {
    algorithms: [settings.algorithm],
    clockTolerance,
    currentDate: now,
    requiredClaims: ['exp'],
    ...(settings.issuer !== null && { issuer: settings.issuer }),
    ...(settings.audience !== null && { audience: settings.audience }),
  }
  try {
    // The two overloads differ only in how the key is found.
    const { payload } = typeof keys === 'function' ? await jwtVerify(token, keys, options) : await jwtVerify(token, keys, options)
    return payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new ExpiredToken()
    if (error instanceof errors.JOSEError) throw new InvalidToken(reasonOf(error))
    throw error
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is not the expected one`
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return 'its signature is not of a key that we know'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is signed with another algorithm than the configured one'
  return 'it is not a signed JWT'
}

/** The scopes of the claim `scope` (words) or `scopes` (a list) that mean something here; a token may carry others. */
function knownScopes(payload: JWTPayload): Scope[] {
  const { scope, scopes: list } = payload
  const names = typeof scope === 'string' ? scope.split(' ') : Array.isArray(list) ? list : []
  return parseScopes(names.filter((name): name is string => scopes.some((known) => known === name)))
}
