import type { ReadDb, Tx } from '../data/database.ts'
import { DomainError } from '../kernel/errors.ts'
import type { SecretKeys } from '../kernel/secret-keys.ts'
import type { Clock } from '../kernel/time.ts'

/** What a credential may do. */
export const scopes = [
  'contacts:read',
  'contacts:write',
  'contacts:merge',
  'contacts:erase',
  'activities:write',
  'settings:write',
  'audit:read',
  'schema:read',
  'operations:any',
  // Figures of the whole process, of all organizations together: for operators.
  'metrics:read',
] as const
export type Scope = (typeof scopes)[number]

/** Who is calling. */
export interface Actor {
  readonly organizationId: string
  /** The API key's id, or `jwt:` and the subject of a token. */
  readonly keyId: string
  /** The API key's name, or the token's: signs what the caller writes. */
  readonly name: string
  readonly scopes: readonly Scope[]
}

/** What a query needs. */
export interface ReadContext {
  readonly actor: Actor
  /** The request that this is a part of; null for work that came with none. */
  readonly requestId: string | null
  readonly db: ReadDb
  readonly now: Clock
  /** Counts rows that are written at once against the caller's limit; absent where there is none. It throws RateLimited. */
  readonly chargeRows?: (rows: number) => Promise<void>
  /** How many contacts of an organization a list may look at one by one. Default: 100,000. */
  readonly scanLimit?: number
  /** The scopes that the work has needed so far, where they are recorded. */
  readonly usedScopes?: Set<Scope>
  /** What signs links, hashes addresses and encrypts opaque ids. */
  readonly secretKeys: SecretKeys
}

/** What a command needs. */
export interface Context extends ReadContext {
  readonly db: Tx
}

/** The credential does not have a scope that the call needs. */
export class InsufficientPermissions extends DomainError {
  constructor(actor: Actor, scope: Scope) {
    const has = actor.scopes.length === 0 ? 'no scope' : actor.scopes.join(', ')
    super('INSUFFICIENT_PERMISSIONS', `This needs the scope ${scope}; the key "${actor.name}" has ${has}.`, { expected: scope })
  }
}

/** Every query and command begins with the scope that it needs. @throws InsufficientPermissions */
export function requireScope(context: ReadContext, scope: Scope): void {
  context.usedScopes?.add(scope)
  if (!context.actor.scopes.includes(scope)) throw new InsufficientPermissions(context.actor, scope)
}
