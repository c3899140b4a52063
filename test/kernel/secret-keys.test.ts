import { describe, expect, test } from 'vitest'
import { createSecretKeys } from '../../src/kernel/secret-keys.ts'

const [old, fresh] = ['o'.repeat(32), 'f'.repeat(32)]
const before = createSecretKeys([old])
const rotated = createSecretKeys([fresh, old])
const after = createSecretKeys([fresh])

describe('a signature', () => {
  const signature = before.sign('link', 'con_1')

  test('is verified by every secret key, and made by the first', () => {
    expect([before, rotated, after].map((keys) => keys.verify('link', 'con_1', signature))).toEqual([true, true, false])
    expect(after.verify('link', 'con_1', rotated.sign('link', 'con_1'))).toBe(true)
  })

  test.each([
    ['another text', 'link', 'con_2', signature],
    ['another purpose', 'confirm', 'con_1', signature],
    ['a part of it', 'link', 'con_1', signature.slice(0, -1)],
    ['another spelling of its bytes', 'link', 'con_1', `${signature}=`],
    ['nothing', 'link', 'con_1', ''],
  ])('does not verify %s', (_kind, purpose, text, given) => {
    expect(before.verify(purpose, text, given)).toBe(false)
  })
})

test('a keyed hash is found again after the first secret key was replaced', () => {
  expect(rotated.hash('address', 'ana@example.com')).not.toBe(before.hash('address', 'ana@example.com'))
  expect(rotated.hashes('address', 'ana@example.com')).toContain(before.hash('address', 'ana@example.com'))
  expect(before.hash('address', 'a')).not.toBe(before.hash('other', 'a'))
})

describe('an encrypted text', () => {
  const encrypted = before.encrypt('event', '17.3.ä')

  test('is decrypted by every secret key, and equal texts look equal', () => {
    expect([before, rotated, after].map((keys) => keys.decrypt('event', encrypted))).toEqual(['17.3.ä', '17.3.ä', null])
    expect(before.encrypt('event', '17.3.ä')).toBe(encrypted)
    expect(Buffer.from(encrypted, 'base64url').includes('17.3')).toBe(false)
  })

  test('is refused when a bit of it is changed, or it was made for another purpose', () => {
    const bytes = Buffer.from(encrypted, 'base64url')
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(before.decrypt('event', changed.toString('base64url'))).toBe(null)
    }
    expect([before.decrypt('cursor', encrypted), before.decrypt('event', ''), before.decrypt('event', 'AAAA')]).toEqual([null, null, null])
  })
})
