import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidEmail, parseEmail } from '../../src/kernel/email.ts'

test.each([
  ['ana@example.com', 'ana@example.com'],
  ['  Ana.García+news@Example.COM ', 'ana.garcía+news@example.com'],
  ['jürgen@münchen.de', 'jürgen@xn--mnchen-3ya.de'],
  ["o'brien@example.co.uk", "o'brien@example.co.uk"],
  ['田中@例え.jp', '田中@xn--r8jz45g.jp'],
  ['olena@пошта.укр', 'olena@xn--80a1acn3a.xn--j1amh'],
  ['li@xn--fiq228c.xn--fiqs8s', 'li@xn--fiq228c.xn--fiqs8s'],
  [`ana@${'a'.repeat(63)}.example`, `ana@${'a'.repeat(63)}.example`],
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
  'ana@mail-.example.com',
  'ana@-mail.example.com',
  `ana@${'a'.repeat(64)}.example`,
  'ana@укр',
  'a\u0000@example.com',
  '"a b"@example.com',
  `${'a'.repeat(65)}@example.com`,
  `${'a'.repeat(250)}@example.com`,
  'ana@example.com, bob@example.com',
  'Ana <ana@example.com>',
  // What a URL parser reads as the end of a host, removes, or decodes.
  ...['/x', '?subject=hi', '#x', '\\x', ':25', '%6D', '/\r\nBcc:evil', '/<script>', ',x', ';x', '&x', '=x', '|x', '[x]', '_x', '❤'].map(
    (end) => `ana@m.example${end}`,
  ),
  ...[
    'm.exam\tple',
    'm.exam\r\nple',
    'm.exam\nple',
    'm.exa%6Dple',
    '%6D.example',
    '127.1',
    '0x7f000001',
    '1.2.3.4',
    '[::1]',
    'm.example..',
    'm.e℀',
    '-m.example',
    'm.example-',
    'xn--a.example',
    'm\u200d.example',
    'm.ex\u202eample',
    'm.ex\u0000ample',
  ].map((domain) => `ana@${domain}`),
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

test.each([
  ['a full-width domain', 'ana@ｍ.example', 'ana@m.example'],
  ['a full-width dot', 'ana@m．example', 'ana@m.example'],
  ['an ideographic full stop', 'ana@例え。jp', 'ana@例え.jp'],
  ['a soft hyphen', 'ana@m.exam\u00adple', 'ana@m.example'],
  ['a zero-width space', 'ana@m\u200b.example', 'ana@m.example'],
  ['a word joiner at the end', 'ana@m.example\u2060', 'ana@m.example'],
  ['a compatibility letter', 'ana@ﬁ.example', 'ana@fi.example'],
  ['capital letters', 'Ana@MÜNCHEN.example', 'Ana@MÜNCHEN.example'],
])('%s in a domain is stored as it was validated', (_kind, text, address) => {
  expect(parseEmail(text).address).toBe(address)
  expect(parseEmail(address)).toEqual(parseEmail(text))
})

test('whatever is accepted is stored as it was validated: it is accepted again unchanged, and has no sign that a URL or a header knows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 4 }), (unicode, ascii) => {
      let address: string
      try {
        address = parseEmail(`ana@x${unicode}${ascii}.example`).address
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidEmail)
        return
      }
      expect(parseEmail(address).address).toBe(address)
      expect(address.slice(4)).toMatch(/^(?:[\p{L}\p{M}\p{N}.-]|\u200c|\u200d)+$/u)
    }),
    { numRuns: 5000 },
  )
})
