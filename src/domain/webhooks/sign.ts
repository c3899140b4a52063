import { createHmac, randomBytes } from 'node:crypto'
import type { SecretKeys } from '../../kernel/secret-keys.ts'

const prefix = 'whsec_'
const purpose = 'webhook-secret'

/** A new secret of an endpoint, in the form of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export function newSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64')}`
}

/** Encrypts a secret for the database. Signing needs the secret itself, so a hash would not do. */
export function sealSecret(keys: SecretKeys, endpointId: string, secret: string): string {
  return keys.encrypt(`${purpose}:${endpointId}`, secret)
}

/** @throws if the server's secret keys that encrypted it are gone */
export function openSecret(keys: SecretKeys, endpointId: string, sealed: string): string {
  const secret = keys.decrypt(`${purpose}:${endpointId}`, sealed)
  if (secret === null) throw new Error(`The secret of ${endpointId} cannot be decrypted: SECRET_KEYS has lost the key.`)
  return secret
}

/** The headers of Standard Webhooks for a body: one signature for each secret. */
export function signatureHeaders(id: string, sentAt: Date, body: string, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
