import { hash, randomBytes } from 'node:crypto'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { type Scope, scopes } from '../context.ts'

const keyFormat = /^dv_(?:live|test)_sk_[A-Za-z0-9_-]{16,200}$/

/** A new key: 192 bits of randomness behind a prefix that secret scanners can recognize. */
export function generateKey(environment: 'live' | 'test'): string {
  return `dv_${environment}_sk_${randomBytes(24).toString('base64url')}`
}

/** Whether a text has the form of a key at all. */
export function isKey(text: string): boolean {
  return keyFormat.test(text)
}

/** What is stored of a key. A plain hash is enough: a key is too random to be guessed, unlike a password. */
export function hashKey(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', key, 'buffer'))
}

/** The beginning and the end of a key, enough to recognize it by and too little to use. */
export function hintOf(key: string): string {
  return `${key.slice(0, 'dv_live_sk_'.length)}…${key.slice(-4)}`
}

/** Accepts the names of scopes. @throws InvalidInput */
export function parseScopes(names: readonly string[]): Scope[] {
  return names.map((name) => {
    const scope = scopes.find((candidate) => candidate === name)
    if (scope !== undefined) return scope
    const known = scopes.join(', ')
    throw new InvalidInput(`There is no scope ${name}.${didYouMean(name, scopes)} The scopes are: ${known}.`, {
      field: 'scopes',
      value: name,
      expected: known,
    })
  })
}

/** There is no such key, or it was revoked. */
export class InvalidApiKey extends DomainError {
  constructor() {
    super(
      'INVALID_API_KEY',
      'This API key is unknown or was revoked. Check that it was copied whole; keys begin with dv_live_sk_ or dv_test_sk_.',
    )
  }
}

/** The key's time is over. */
export class ExpiredKey extends DomainError {
  constructor(expiresAt: Date) {
    super('EXPIRED_TOKEN', `This API key expired at ${expiresAt.toISOString()}. Ask for a new one.`)
  }
}
