import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidEmail, parseEmail } from '../../src/kernel/email.ts'

test.each([
  ['ana@example.com', 'ana@example.com'],
  ['  Ana.García+news@Example.COM ', 'ana.garcía+news@example.com'],
  ['jürgen@münchen.de', 'jürgen@xn--mnchen-3ya.de'],
  ["o'brien@example.co.uk", "o'brien@example.co.uk"],
  ['田中@例え.jp', '田中@xn--r8jz45g.jp'],
])('%s is the same as %s', (text, key) => {
  expect(parseEmail(text)).toEqual({ address: text.trim(), key })
})

test.each([
  '',
  'ana',
  'ana@',
  '@example.com',
  'ana@example',
  'a b@example.com',
  'ana@exa mple.com',
  'ana@@example.com',
  'ana@example..com',
  'a\u0000@example.com',
  '"a b"@example.com',
  `${'a'.repeat(65)}@example.com`,
  `${'a'.repeat(250)}@example.com`,
  'ana@example.com, bob@example.com',
  'Ana <ana@example.com>',
])('%j is refused', (text) => {
  expect(() => parseEmail(text)).toThrow(InvalidEmail)
})

test('every common address is accepted, and case makes no difference', () => {
  fc.assert(
    fc.property(fc.emailAddress({ size: 'small' }), (text) => {
      fc.pre(/^[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@/.test(text) && !/^'|^-|['-]@|^\.|xn--/.test(text) && text.indexOf('@') <= 64)
      expect(parseEmail(text.toUpperCase()).key).toBe(parseEmail(text).key)
    }),
  )
})
