import type { SecretKeys } from './secret-keys.ts'

/** An address in the form in which it is compared. */
export interface AddressKey {
  readonly kind: string
  readonly key: string
}

/** The use of the secret keys: hashes of this purpose mean nothing elsewhere. */
const purpose = 'erased-address'

/** The beginning of every hashed key. No phone number, email address or external id begins with it. */
const prefix = 'hash:'

/** What stands in place of the address of an erased person. Two organizations have different hashes of one address. */
export function addressHash(secretKeys: SecretKeys, organizationId: string, { kind, key }: AddressKey): string {
  return `${prefix}${secretKeys.hash(purpose, textOf(organizationId, { kind, key }))}`
}

/** The hashes of an address by every secret: an address that was hashed before a secret was replaced is still found. */
export function addressHashes(secretKeys: SecretKeys, organizationId: string, { kind, key }: AddressKey): string[] {
  return secretKeys.hashes(purpose, textOf(organizationId, { kind, key })).map((hash) => `${prefix}${hash}`)
}

function textOf(organizationId: string, { kind, key }: AddressKey): string {
  return `${organizationId} ${kind} ${key}`
}
