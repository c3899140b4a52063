import { domainToASCII } from 'node:url'
import { z } from 'zod'
import { DomainError } from './errors.ts'
import { shorten } from './text.ts'

/** An email address as it was written, and the key by which two addresses are the same. */
export interface Email {
  readonly address: string
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
 * Accepts an email address, trimmed, with international letters in the name and in the domain.
 * @throws InvalidEmail
 */
export function parseEmail(text: string, field = 'email'): Email {
  const address = text.trim()
  if (address.length > maxLength) {
    throw new InvalidEmail(`An email address has at most ${maxLength} characters; this one has ${address.length}.`, field, text)
  }
  const at = address.lastIndexOf('@')
  const name = address.slice(0, Math.max(at, 0))
  const domain = domainToASCII(address.slice(at + 1))
  // The library's rule knows plain letters only; international ones stand for a plain letter each.
  const plainName = name.normalize('NFC').replace(/[\p{L}\p{M}\p{N}]/gu, (letter) => ((letter.codePointAt(0) ?? 0) < 128 ? letter : 'x'))
  if (at < 1 || name.length > 64 || !plainAddress.safeParse(`${plainName}@${domain}`).success) {
    throw new InvalidEmail(`${shorten(address) || 'An empty text'} is not an email address.`, field, text)
  }
  return { address, key: `${name.normalize('NFC').toLowerCase()}@${domain.toLowerCase()}` }
}
