import { createSecretKeys } from '../../src/kernel/secret-keys.ts'

export const secret = 'the secret key of the tests and of no other use'

/** What signs and encrypts in tests. */
export const secretKeys = createSecretKeys([secret])
