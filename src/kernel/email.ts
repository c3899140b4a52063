import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { DomainError } from './errors.ts'
import { shorten } from './text.ts'

declare const emailAddress: unique symbol
/** An email address that was validated, as it is stored. */
export type EmailAddress = string & { readonly [emailAddress]: true }

/** An email address as it was written, and the key by which two addresses are the same. */
export interface Email {
  readonly address: EmailAddress
  readonly key: string
}

/** The text is not an email address that mail can be sent to. */
export class InvalidEmail extends DomainError {
  constructor(message: string, field: string, value: string) {
    super('INVALID_EMAIL', message, { field, value: shorten(value), expected: 'an address such as ana@example.com' })
  }
}

const maxLength = 254
const plainAddress = z.email()

/**
 * Accepts an email address, trimmed, with international letters in the name and in the domain. The domain consists of letters, marks,
 * digits, hyphens and dots. It is stored as it was validated: full-width forms as plain letters, and without invisible characters.
 * @throws InvalidEmail
 */
export function parseEmail(text: string, field = 'email'): Email {
  const trimmed = text.trim()
  if (trimmed.length > maxLength) {
    throw new InvalidEmail(`An email address has at most ${maxLength} characters; this one has ${trimmed.length}.`, field, text)
  }
  const at = trimmed.lastIndexOf('@')
  const name = trimmed.slice(0, Math.max(at, 0))
  const domain = parseDomain(trimmed.slice(at + 1))
  // The library's rule knows plain letters only; international ones stand for a plain letter each.
  const plainName = name.normalize('NFC').replace(/[\p{L}\p{M}\p{N}]/gu, (letter) => ((letter.codePointAt(0) ?? 0) < 128 ? letter : 'x'))
  if (
    at < 1 ||
    name.length > 64 ||
    domain === null ||
    !plainAddress.safeParse(`${plainName}@${domain.ascii.replace(internationalEnd, '.xx')}`).success
  ) {
    throw new InvalidEmail(`${shorten(trimmed) || 'An empty text'} is not an email address.`, field, text)
  }
  // proof: the name and the domain have just been validated
  const address = `${name}@${domain.written}` as EmailAddress
  return { address, key: `${name.normalize('NFC').toLowerCase()}@${domain.ascii}` }
}

/** A top-level domain in letters of another script, such as .рф: the library's rule knows those of plain letters. */
const internationalEnd = /\.xn--[a-z0-9-]+$/

/** A part of a domain between its dots, after RFC 1034. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** What IDNA removes (UTS #46, "ignored"): invisible characters. */
// oxlint-disable-next-line no-misleading-character-class -- each character is meant by itself
const ignored = /[\u00ad\u034f\u180b-\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff]/gu

/** A domain as it is stored and in ASCII; null for one that is none. Joiners (U+200C, U+200D) belong to the spelling of some languages. */
function parseDomain(text: string): { written: string; ascii: string } | null {
  const written = text.normalize('NFKC').replace(ignored, '').replaceAll('。', '.')
  // Checked before the conversion, which reads its input as the host of a URL: it stops at "/", "?" and "#", and decodes "%".
  if (!/^(?:[\p{L}\p{M}\p{N}.-]|\u200c|\u200d)+$/u.test(written)) return null
  const ascii = domainToASCII(written).toLowerCase()
  return ascii.split('.').every((part) => label.test(part)) ? { written, ascii } : null
}
