import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/**
 * The secrets that sign links, hash addresses and encrypt opaque ids. The first one signs, hashes and encrypts; all of them verify and
 * decrypt, so that a secret can be replaced: put the new one in front, and remove the old one when nothing depends on it any more.
 *
 * Every method takes a purpose, such as `preference-link`. Each purpose has keys of its own: what was made for one means nothing to another.
 */
export interface SecretKeys {
  /** Signs a text: HMAC-SHA-256 in base64url. */
  sign(purpose: string, text: string): string
  /** Whether one of the secrets made the signature for this text. */
  verify(purpose: string, text: string, signature: string): boolean
  /** Hashes a text so that it can be recognized but not guessed: HMAC-SHA-256 in base64url, by the first secret. */
  hash(purpose: string, text: string): string
  /** The hashes of a text by every secret, the first one first: to find what was stored before a secret was replaced. */
  hashes(purpose: string, text: string): readonly string[]
  /** Encrypts a text, in base64url. Equal texts have equal results, and a changed result is not decrypted. */
  encrypt(purpose: string, text: string): string
  /** The text that {@link SecretKeys.encrypt} was given; null for anything that none of the secrets encrypted. */
  decrypt(purpose: string, encrypted: string): string | null
}

/** The fewest characters of a secret. */
export const minSecretLength = 32

const tagLength = 16

/** @param secrets at least one, the one that signs first */
export function createSecretKeys(secrets: readonly string[]): SecretKeys {
  const [first, ...older] = secrets.map(derivingKeys)
  if (first === undefined) throw new TypeError('There must be at least one secret key.')
  const all = [first, ...older]
  return {
    sign: (purpose, text) => hmac(first(`sign:${purpose}`), text).toString('base64url'),
    verify: (purpose, text, signature) => all.some((keyFor) => isEqual(hmac(keyFor(`sign:${purpose}`), text), bytesOf(signature))),
    hash: (purpose, text) => hmac(first(`hash:${purpose}`), text).toString('base64url'),
    hashes: (purpose, text) => all.map((keyFor) => hmac(keyFor(`hash:${purpose}`), text).toString('base64url')),
    encrypt(purpose, text) {
      // A synthetic initialization vector (SIV): the tag that authenticates the text is its vector too.
      const tag = tagOf(first, purpose, Buffer.from(text))
      const cipher = createCipheriv('aes-256-ctr', first(`encrypt:${purpose}`), tag)
      return Buffer.concat([tag, cipher.update(text), cipher.final()]).toString('base64url')
    },
    decrypt(purpose, encrypted) {
      const bytes = bytesOf(encrypted)
      if (bytes.length < tagLength) return null
      const [tag, content] = [bytes.subarray(0, tagLength), bytes.subarray(tagLength)]
      for (const keyFor of all) {
        const decipher = createDecipheriv('aes-256-ctr', keyFor(`encrypt:${purpose}`), tag)
        const text = Buffer.concat([decipher.update(content), decipher.final()])
        if (isEqual(tagOf(keyFor, purpose, text), tag)) return text.toString()
      }
      return null
    },
  }
}

type KeyFor = (use: string) => Buffer

/** Derives a key of 32 bytes for each use from one secret. The uses are few: their keys are kept. */
function derivingKeys(secret: string): KeyFor {
  const keys = new Map<string, Buffer>()
  return (use) => {
    const known = keys.get(use)
    if (known !== undefined) return known
    const key = Buffer.from(hkdfSync('sha256', secret, 'contact-gateway', use, 32))
    keys.set(use, key)
    return key
  }
}

function tagOf(keyFor: KeyFor, purpose: string, text: Buffer): Buffer {
  return hmac(keyFor(`authenticate:${purpose}`), text).subarray(0, tagLength)
}

function hmac(key: Buffer, text: string | Buffer): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** The bytes of a text in base64url; none for a text that is not written as we write it, so that each value has one spelling. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : Buffer.alloc(0)
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
