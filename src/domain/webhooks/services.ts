import type { Tx } from '../../data/database.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Context, ReadContext } from '../context.ts'
import type { WebhookCounts } from './counts.ts'
import type { Poster } from './post.ts'

/** Contacts by their ids, as events contain them. */
export type PresentContacts = (context: ReadContext, ids: readonly string[]) => Promise<Map<string, object>>

/** How requests are sent to endpoints. */
export interface WebhookSending {
  readonly poster: Poster
  /** Whether http and private addresses are accepted. */
  readonly allowPrivate: boolean
}

/** What delivering needs. */
export interface WebhookServices {
  readonly db: Tx
  readonly now: Clock
  readonly secretKeys: SecretKeys
  readonly poster: Poster
  readonly counts: WebhookCounts
  readonly presentContacts: PresentContacts
}

/** What the gateway reads for an endpoint, it reads as the organization itself. */
export function actingFor({ db, now, secretKeys }: Pick<WebhookServices, 'db' | 'now' | 'secretKeys'>, organizationId: string): Context {
  const actor = { organizationId, keyId: '', name: 'Webhooks', scopes: ['contacts:read'] as const }
  return { actor, requestId: null, db, now, secretKeys }
}
