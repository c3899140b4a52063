import type { Db } from '../../data/database.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Context } from '../context.ts'
import type { LinkClaims } from './token.ts'

/** What requests with a link are served with. */
export interface LinkServices {
  readonly db: Db
  readonly now: Clock
  readonly secretKeys: SecretKeys
}

/** The holder of a link acts on the contact that the link names. The name signs what is put on record. */
export function contextOf({ db, now, secretKeys }: LinkServices, { organizationId }: LinkClaims, requestId: string | null): Context {
  const actor = { organizationId, keyId: 'link', name: 'Link', scopes: ['contacts:read', 'contacts:write'] as const }
  return { actor, requestId, db, now, secretKeys }
}
