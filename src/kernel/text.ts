import { InvalidInput } from './errors.ts'

interface TextRule {
  /** The most characters (Unicode code points) that are accepted. */
  readonly max: number
  /** Whether line breaks and tabs are accepted. */
  readonly multiline?: boolean
  /** Whether it is the name of a person or a company, which is shown unchanged. */
  readonly isName?: boolean
}

/**
 * Accepts a text, trimmed. An empty one is null.
 * @throws InvalidInput if it is too long, has control characters or is not well-formed Unicode
 */
export function parseText(text: string, field: string, rule: TextRule): string | null {
  const trimmed = text.trim()
  const fault = textFault(trimmed, rule)
  if (fault !== null) {
    throw new InvalidInput(`The ${words(field)} ${fault.is}.`, { field, value: shorten(text), expected: fault.expected })
  }
  return trimmed === '' ? null : trimmed
}

/** What is wrong with a text, or null: the rules that every stored text keeps. */
export function textFault(text: string, rule: TextRule): { is: string; expected: string } | null {
  if (text.length > rule.max && codePoints(text) > rule.max) {
    return {
      is: `is ${codePoints(text).toLocaleString('en')} characters long`,
      expected: `at most ${rule.max.toLocaleString('en')} characters`,
    }
  }
  if (!text.isWellFormed()) return { is: 'is not well-formed Unicode', expected: 'text without lone surrogates' }
  const control = rule.multiline === true ? /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/ : /[\u0000-\u001f\u007f]/
  if (control.test(text)) return { is: 'has control characters in it', expected: 'text without control characters' }
  if (rule.isName === true && unfitForNames.test(text)) {
    return { is: 'has control characters in it', expected: 'text without control characters, those for the direction of text included' }
  }
  return null
}

/**
 * Further control characters, line separators, and the controls of bidirectional text: with an override a name shows as another name. The marks
 * of direction (U+200E, U+200F) only order what is there.
 */
const unfitForNames = /[\u0080-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/**
 * Folds a text for comparison: without regard to case, width and accents, with Katakana as Hiragana. Marks that belong to a letter of their
 * script stay: the vowel signs of Indic scripts and Thai, the voicing marks of Kana. Those of Arabic and Hebrew vowels, which are seldom
 * written, go.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(foldedMarks, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßøđłæœıðþ]/g, (letter) => unaccented[letter] ?? letter)
    .replace(/[\u30a1-\u30f6\u30fd\u30fe]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
}

/** Accents, the points of Hebrew, the vowel signs of Arabic, variation selectors and characters that cannot be seen. */
const foldedMarks =
  // oxlint-disable-next-line no-misleading-character-class -- each mark is meant by itself
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+|[\ufe00-\ufe0f]|\p{Cf}|\u0640/gu

/** Letters that Unicode does not decompose, though people type the plain ones for them. */
const unaccented: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ð: 'd',
  þ: 'th',
}

/** Makes a value short enough to be repeated in an error. */
export function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 119).toWellFormed()}…`
}

/** A text for a message: characters that cannot be seen, and white space other than single spaces, are written as `<U+200E>`. */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Z}\ufe00-\ufe0f\u115f\u1160\u3164\uffa0]/gu, (sign) => {
    return sign === ' ' ? sign : `<U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
  })
}

/** A field's name as people say it: `firstName` is "first name". */
export function words(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

/** A field's name as REST and SQL spell it: `firstName` is `first_name`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The way back from {@link snakeCase}; a name without underscores stays unchanged. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
