import { expect, test } from 'vitest'
import { findLanguage, parseLanguage } from '../../src/kernel/languages.ts'

test.each([
  ['EN', 'en'],
  ['Canadian French', 'fr'],
  ['Traditional Chinese', 'zh'],
  ['Mexican Spanish', 'es'],
  ['Italian and English', 'it'],
  ['Deutsch und Polnisch', 'de'],
  ['Bahasa Melayu', 'ms'],
  [' pt ', 'pt'],
  ['en-AU', 'en'],
  ['zh_Hant_TW', 'zh'],
  ['sl_SI.UTF-8', 'sl'],
  ['swe', 'sv'],
  ['cze', 'cs'],
  ['in', 'id'],
  ['Italian', 'it'],
  ['italiano', 'it'],
  ['Schwedisch', 'sv'],
  ['néerlandais', 'nl'],
  ['polski', 'pl'],
  ['Portuguese (BR) / Português (BR)', 'pt'],
  ['Farsi', 'fa'],
  ['한국어', 'ko'],
  ['', null],
  ['xx', null],
  ['Klingon', null],
  ['Spanish; English', null],
])('the language of %j is %j', (text, code) => {
  expect(findLanguage(text)).toBe(code)
  if (code === null) expect(() => parseLanguage(text)).toThrow('There is no such language code.')
  else expect(parseLanguage(text)).toBe(code)
})
