import type { WebhookEndpoint } from '../../data/generated/client.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import type { Clock } from '../../kernel/time.ts'
import { openSecret } from './sign.ts'

/** The secrets that sign for an endpoint now, the newest first. */
export function secretsOf(
  { secretKeys, now }: { readonly secretKeys: SecretKeys; readonly now: Clock },
  { id, secret, previousSecret, previousSecretExpiresAt }: WebhookEndpoint,
): string[] {
  const isValid = previousSecret !== null && previousSecretExpiresAt !== null && previousSecretExpiresAt > now()
  return [secret, ...(isValid ? [previousSecret] : [])].map((sealed) => openSecret(secretKeys, id, sealed))
}
