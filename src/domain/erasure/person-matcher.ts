import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { fold } from '../../kernel/text.ts'

/** What a person is recognized by in texts that carry no id. */
export interface PersonalValues {
  /** Phone numbers in E.164. */
  readonly phones: readonly string[]
  /** Email addresses, in any case. */
  readonly emails: readonly string[]
  /** First and last name together, or the name to show. */
  readonly names: readonly string[]
}

export interface PersonMatcher {
  /** Whether a value has an address of one of the persons. */
  hasAddress(value: unknown): boolean
  /** Whether a value has the whole name of one of them, in any order. */
  hasName(value: unknown): boolean
}

/** Recognizes persons in the cells of uploads, in any spelling of their numbers. */
export function createPersonMatcher({ phones, emails, names }: PersonalValues): PersonMatcher {
  const numbers = new Set(phones.flatMap(spellings))
  const addresses = new Set(emails.map((email) => fold(email)))
  const nameWords = names.map(wordsOf).filter((words) => words.length > 1)
  const isNumber = (part: string) => {
    const digits = part.replace(/(?:x|ext).*$/i, '').replace(/\D/g, '')
    return digits.length > 4 && numbers.has(digits)
  }
  const isEmail = (text: string) =>
    (text.match(/[^\s<>"',;:|()[\]]+@[^\s<>"',;:|()[\]]+/g) ?? []).some((found) => addresses.has(fold(found)))
  return {
    hasAddress: (value) =>
      textsOf(value).some((text) => {
        const plain = text.normalize('NFKC')
        return isEmail(plain) || plain.split(/[;,|\n]|:::/).some(isNumber)
      }),
    hasName(value) {
      if (nameWords.length === 0) return false
      const words = new Set(textsOf(value).flatMap(wordsOf))
      return nameWords.some((name) => name.every((word) => words.has(word)))
    },
  }
}

/** The digits of a number in the spellings that uploads have: with and without country prefix, trunk prefix and `00`. */
function spellings(phone: string): string[] {
  const all = phone.replace(/\D/g, '')
  const parsed = parsePhoneNumberFromString(phone)
  if (parsed === undefined) return [all]
  const { countryCallingCode: code, nationalNumber: national } = parsed
  return [all, `00${all}`, `011${all}`, national, `0${national}`, `${code}0${national}`, `00${code}0${national}`]
}

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

/** The texts and numbers of a JSON value, its keys left out. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}
