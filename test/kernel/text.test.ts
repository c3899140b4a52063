import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, parseText, shorten } from '../../src/kernel/text.ts'

describe('parseText', () => {
  test('trims, and takes an empty text for none', () => {
    expect(parseText('  Ana  ', 'firstName', { max: 200 })).toBe('Ana')
    expect(parseText(' \t ', 'firstName', { max: 200 })).toBeNull()
  })

  test('counts characters, not code units', () => {
    expect(parseText('🙂'.repeat(200), 'firstName', { max: 200 })).toHaveLength(400)
    expect(() => parseText('🙂'.repeat(201), 'firstName', { max: 200 })).toThrow('The first name is 201 characters long.')
  })

  test('accepts line breaks only where a text has lines', () => {
    expect(parseText('one\ntwo\tthree', 'body', { max: 100, multiline: true })).toBe('one\ntwo\tthree')
    expect(() => parseText('one\ntwo', 'company', { max: 100 })).toThrow('The company has control characters in it.')
    expect(() => parseText('one\u0000two', 'body', { max: 100, multiline: true })).toThrow('The body has control characters in it.')
    for (const sign of ['\u202e', '\u2067', '\u009b', '\u2028']) {
      expect(() => parseText(`one${sign}two`, 'firstName', { max: 100, isName: true })).toThrow(
        'The first name has control characters in it.',
      )
      expect(parseText(`one${sign}two`, 'search', { max: 100 })).toBe(`one${sign}two`)
    }
    expect(parseText('אבי\u200f!', 'firstName', { max: 100, isName: true })).toBe('אבי\u200f!')
  })

  test('refuses half a character', () => {
    expect(() => parseText('a\ud83d', 'company', { max: 100 })).toThrow('The company is not well-formed Unicode.')
  })
})

describe('fold', () => {
  test.each([
    ['José ÁLVAREZ', 'jose alvarez'],
    ['Straße', 'strasse'],
    ['Søren Ø', 'soren o'],
    ['ＦＵＬＬ', 'full'],
    ['Łódź', 'lodz'],
    ['İstanbul', 'istanbul'],
  ])('%s folds to %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  test('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text))
      }),
    )
  })
})

test('a shortened text is well-formed and short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(shorten(text).length).toBeLessThanOrEqual(120)
      expect(shorten(text).toWellFormed().length).toBe(shorten(text).length)
    }),
  )
})
