import type { SearchAtom, SearchWord } from '../../data/sql/search-words.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { phoneReadings } from '../../kernel/phone-readings.ts'
import { digitsOf, findPhone } from '../../kernel/phone.ts'
import { isSpaceless, joinedWord, partTerms } from '../../kernel/search-text.ts'
import { fold, shorten, textFault } from '../../kernel/text.ts'

const maxSearchLength = 200
const maxWords = 10

/**
 * Takes a search apart into words, all of which must be found. Quotes, brackets, commas and asterisks around words count for nothing, nor do
 * schemes such as `mailto:` and a title in front of a name. A search that looks like a phone number as a whole is one word.
 * @throws InvalidInput if it is too long
 */
export function parseSearch(search: string, field = 'search'): SearchWord[] {
  const fault = textFault(search, { max: maxSearchLength })
  if (fault !== null) throw new InvalidInput(`The search ${fault.is}.`, { field, value: shorten(search), expected: fault.expected })
  const text = search.replace(/\b(?:mailto|tel|callto|sip|whatsapp):/gi, ' ').trim()
  if (looksLikePhone(text)) return [phoneWord(text)]
  const words = text.split(/\s+/).flatMap(trimmedWord)
  const named = words.length > 1 && titles.has(fold(words[0] ?? '').replace(/\.$/, '')) ? words.slice(1) : words
  if (named.length > maxWords) {
    throw new InvalidInput(`The search has ${named.length} words.`, {
      field,
      value: shorten(search),
      expected: `at most ${maxWords} words`,
    })
  }
  return named.map(wordOf)
}

const titles = new Set(
  'mr mrs ms miss mx dr prof sir herr frau hr fr mme mlle monsieur madame sr sra srta don dona sig sigra dott'.split(' '),
)

const around = String.raw`[\s,;:"“”„«»‘’‚'()[\]{}<>*?!]`
const trimming = new RegExp(`^${around}+|(?:${around}|\\.)+$`, 'gu')

function trimmedWord(word: string): string[] {
  const trimmed = word.replace(trimming, '')
  // Of an accent that stands alone nothing is left to search for.
  return fold(trimmed) === '' ? [] : [trimmed]
}

function wordOf(word: string): SearchWord {
  const alternatives = spellings(word).flatMap(textAlternatives)
  return looksLikePhone(word) ? [...phoneWord(word), ...alternatives] : alternatives
}

/** A word as it is folded, with its umlauts written as two letters, and with two letters that may stand for an umlaut as one. */
function spellings(word: string): string[] {
  const folded = fold(word)
  const spelledOut = fold(word.normalize('NFC').replace(/[äöüåø]/gi, (letter) => umlauts[letter.toLowerCase()] ?? letter))
  const contracted = folded.replace(/([aou])e/g, '$1')
  return [...new Set([folded, spelledOut, contracted])]
}

const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' }

/** A word without its apostrophes and hyphens, or all of its parts. */
function textAlternatives(folded: string): SearchAtom[][] {
  const { joined, parts } = joinedWord(folded)
  if (joined === '') return []
  return parts.length === 1 ? [[atomOf(joined)]] : [[atomOf(joined)], parts.map(atomOf)]
}

/** What is long enough is found anywhere in words, and so is any sign of a script without spaces; the rest where words begin. */
function atomOf(text: string): SearchAtom {
  const isLong = Array.from(text).length >= 3
  const isFindable = /[a-z0-9]{3}/.test(text) || partTerms(text).length > 0
  const isPart = isFindable && (isLong || isSpaceless(text))
  return { kind: isPart ? 'part' : 'start', text }
}

/** Digits with the signs that stand between them, and an extension. */
function looksLikePhone(text: string): boolean {
  const bare = fold(text).replace(/(?:ext(?:ension|n)?[.=]?|x|durchwahl)(?=[\s.:]*\d{1,15}$)/, '')
  return /^[\d\s()+./,;:#*"'<>\-\u2010-\u2015\u2212]+$/.test(bare) && /\d/.test(bare)
}

/** A number, or a part of one: its digits as they stand there, without prefixes that are dialled and not stored, and as the number that it is. */
function phoneWord(text: string): SearchWord {
  const written = digitsOf(fold(text))
  const withoutTrunkPrefix = digitsOf(fold(text).replace(/\(\s*0\s*\)/, ''))
  const read = [...phoneReadings(text)].map(({ digits, extension }) => digits + extension)
  const phone = findPhone(text)
  const known = phone === null ? [] : [phoneKey(phone.number).slice(1) + phone.extension]
  const digits = [written, withoutTrunkPrefix, ...read, ...known].flatMap((number) => [number, ...withoutExitCode(number)])
  const numbers = [...new Set(digits)].filter((number) => number !== '').map((number) => [digitsAtom(number)])
  const words = text.split(/\s+/).flatMap(trimmedWord).map(fold)
  const isOneWord = words.length === 1 && words[0] === written
  return isOneWord || words.length > maxWords ? numbers : [...numbers, words.flatMap((word) => textAlternatives(word)[0] ?? [])]
}

/** The number behind 00 or 011, which call abroad. */
function withoutExitCode(digits: string): string[] {
  const number = /^(?:00|011)(?=[1-9])(\d{6,})$/.exec(digits)?.[1]
  return number === undefined ? [] : [number]
}

function digitsAtom(digits: string): SearchAtom {
  return digits.length < 3 ? { kind: 'start', text: digits } : { kind: 'digits', text: digits }
}
