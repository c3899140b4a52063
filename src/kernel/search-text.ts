import { fold } from './text.ts'

/**
 * What is searched of some texts: their words, folded, each behind a space. A word with apostrophes or hyphens is there twice, joined and in
 * its parts: `O'Brien` is ` o brien obrien`. Every word stands once.
 */
export function searchableText(texts: readonly string[]): string {
  const words = fold(texts.join(' ')).split(/\s+/).flatMap(variants)
  const distinct = [...new Set(words)].filter((word) => word !== '')
  return distinct.length === 0 ? '' : ` ${distinct.join(' ')}`
}

function variants(word: string): string[] {
  const parts = word.split(joiners)
  return parts.length === 1 ? parts : [...parts, parts.join('')]
}

/** Apostrophes and hyphens, which people write in many ways or leave out. */
const joiners = /['’‘`´ʼʻ′\-\u2010-\u2015\u2212\u30fb]+/u

/** A word of a search without its apostrophes and hyphens, and its parts between them. */
export function joinedWord(word: string): { readonly joined: string; readonly parts: readonly string[] } {
  const parts = word.split(joiners).filter((part) => part !== '')
  return { joined: parts.join(''), parts }
}

/** Signs of scripts that put no spaces between words, and what is no letter at all, such as an emoji. */
const spaceless =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{Script=Hang}\p{Script=Thai}\p{Script=Laoo}\p{Script=Khmr}\p{Script=Mymr}\p{Script=Tibt}\p{Script=Yiii}]|[^\p{L}\p{M}\p{N}]/u

export function isSpaceless(text: string): boolean {
  return spaceless.test(text)
}

/**
 * The numbers under which a searchable text and digits are looked up in the index, where trigrams do not help: every four digits that stand
 * together and the last three; letters beyond ASCII in pairs, one by one where the script has no spaces, and the first ones of words.
 * Pairs are hashed: what is found by them is compared with the text again.
 */
export function searchTerms(text: string, digits: readonly string[]): number[] {
  const terms = new Set(digits.flatMap((number) => [...fours(number), lastThree(number.slice(-3))]))
  if (/[^\0-\x7f]| [^a-z0-9]/.test(text)) for (const word of text.slice(1).split(' ')) for (const term of letterTerms(word)) terms.add(term)
  return [...terms]
}

function* letterTerms(word: string): Generator<number> {
  if (!hasTrigramOfFirst(word)) yield firstLetter(word)
  for (const run of foreignRuns(word)) yield* [...singles(run), ...pairs(run)]
}

/** The terms that a number with these digits, four or more, has. */
export function fours(digits: string): number[] {
  return Array.from({ length: Math.max(0, digits.length - 3) }, (_, start) => Number(digits.slice(start, start + 4)))
}

/** The terms of which a number with these three digits has one: any digit behind them, or none. */
export function threes(digits: string): number[] {
  return [...Array.from({ length: 10 }, (_, digit) => Number(`${digits}${digit}`)), lastThree(digits)]
}

function lastThree(digits: string): number {
  return 10_000 + Number(digits)
}

/** Whether the index has a trigram of the beginning of words like this. */
export function hasTrigramOfFirst(word: string): boolean {
  return /^[a-z0-9]/.test(word)
}

/** The term of words that begin with the letter of this one. */
export function firstLetter(word: string): number {
  return 0x20_0000 + (word.codePointAt(0) ?? 0)
}

/** The terms that a text with this part of a word has; none if it has no letters beyond ASCII that the index knows. */
export function partTerms(part: string): number[] {
  return foreignRuns(part).flatMap((run) => (Array.from(run).length === 1 ? singles(run) : pairs(run)))
}

function singles(run: string): number[] {
  return Array.from(run)
    .filter(isSpaceless)
    .map((letter) => 0x2_0000 + (letter.codePointAt(0) ?? 0))
}

function pairs(run: string): number[] {
  const letters = Array.from(run, (letter) => letter.codePointAt(0) ?? 0)
  return letters.slice(1).map((letter, index) => {
    const mixed = Math.imul(Math.imul(letters[index] ?? 0, 0x9e3779b1) ^ letter, 0x85ebca6b)
    return 0x4000_0000 | (mixed >>> 2)
  })
}

function foreignRuns(text: string): string[] {
  return text.match(/[^\0-\x7f]+/g) ?? []
}
