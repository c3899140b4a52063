import { DomainError, MissingRequiredField } from '../../../kernel/errors.ts'
import { InvalidPhoneNumber, parsePhone } from '../../../kernel/phone.ts'
import { snakeCase } from '../../../kernel/text.ts'
import { type ContactFields, type ContactInput, newContact } from '../../contacts/rules.ts'
import { type Fault, faultOfError, reasonOfAll } from './reasons.ts'
import type { Candidate, RowDraft } from './row-draft.ts'
import { readAddresses } from './row-addresses.ts'
import type { BadRow, GivenRow, NormalRow } from './rows.ts'
import { isRounded } from '../values/addresses.ts'
import type { Warning } from './warnings.ts'

const rounded = 'A spreadsheet has rounded this phone number. Format the column as text there, and enter the number again.'

/**
 * Reads what a row says as a contact of its own. A phone number, an email address or another value that is not accepted is kept as a custom
 * attribute, and the next one of its kind is tried; only a row without any address is bad. It has all of its faults, then.
 */
export function normalize(row: GivenRow, defaultCountry: string | null): NormalRow | BadRow {
  return new Normalizer(row, defaultCountry).run()
}

class Normalizer {
  readonly #row: GivenRow
  readonly #draft: RowDraft
  readonly #country: string | null
  readonly #faults: Fault[]
  readonly #attributes: Map<string, unknown>
  readonly #warnings: Warning[]
  #phones: Candidate[]
  #emails: Candidate[]
  #fields: ContactInput

  constructor(row: GivenRow, defaultCountry: string | null) {
    const { draft, input } = row
    this.#row = row
    this.#draft = draft
    // A number is never read in a default country when its row names another one, or one that was not understood.
    this.#country = draft.countryUnknown ? null : defaultCountry
    this.#faults = [...draft.faults]
    this.#attributes = new Map(draft.attributes)
    this.#warnings = [...draft.warnings]
    this.#phones = byRank(draft.phones)
    this.#emails = byRank(draft.emails)
    this.#fields = input
  }

  run(): NormalRow | BadRow {
    for (;;) {
      try {
        const input = this.#input()
        return this.#normal(input, newContact(input, this.#country))
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        if (!this.#drop(error)) return { rowNumber: this.#row.rowNumber, reason: reasonOfAll(this.#faults) }
      }
    }
  }

  #input(): ContactInput {
    const [phone] = this.#phones
    const [email] = this.#emails
    if (phone !== undefined && isRounded(phone.text)) throw new InvalidPhoneNumber(rounded, 'phone', phone.text)
    return {
      ...this.#fields,
      phone: phone === undefined ? undefined : this.#inDiallingCountry(phone.text),
      email: email?.text,
      customAttributes: this.#attributes.size === 0 ? undefined : Object.fromEntries(this.#attributes),
    }
  }

  /** A number beside its calling code is read in the plan of that code, whatever country the address is in. */
  #inDiallingCountry(text: string): string {
    const { diallingCountry } = this.#draft
    if (diallingCountry === null || text.startsWith('+')) return text
    const { number, extension } = parsePhone(text, diallingCountry)
    return extension === '' ? number : `${number} x${extension}`
  }

  #normal(given: ContactInput, alone: ContactFields): NormalRow {
    const { diallingCountry, externalIds: ids } = this.#draft
    const country = diallingCountry ?? given.countryCode ?? this.#country
    const candidates = { phones: this.#phones, emails: this.#emails, externalIds: ids, country }
    const { phones, emails, externalIds, refused } = readAddresses(alone, candidates)
    for (const { column, text, field } of refused) this.#keepMisunderstood(column, text, field)
    const input = refused.length === 0 ? given : this.#input()
    const fields = refused.length === 0 ? alone : newContact(input, this.#country)
    // As it was read: nothing may read it again in another country.
    const read = { phone: fields.phone ?? undefined, phoneExtension: fields.phoneExtension || undefined }
    return {
      rowNumber: this.#row.rowNumber,
      input: { ...input, ...read },
      fields,
      phones,
      emails,
      externalIds,
      columns: { phone: phones[0]?.column ?? null, email: emails[0]?.column ?? null },
      warnings: this.#warnings,
      consents: this.#draft.consents,
    }
  }

  /** Takes out of the row what was refused. @returns false if nothing can be taken out any more */
  #drop(error: DomainError): boolean {
    const { field } = error.details
    if (error instanceof MissingRequiredField) {
      const isFaulty = this.#faults.some(({ reasonCode }) => reasonCode === 'INVALID_PHONE_NUMBER' || reasonCode === 'INVALID_EMAIL')
      if (!isFaulty) this.#faults.push({ ...faultOfError(error, null), index: -1 })
      return false
    }
    if (field === 'phone' || field === 'email') return this.#dropAddress(field, error)
    // proof: every other field of an input has its own name
    const offer = this.#draft.fields.get(field as 'firstName')
    if (field === undefined || field === 'customAttributes' || !(field in this.#fields)) {
      this.#faults.push(faultOfError(error, null))
      return false
    }
    this.#fields = { ...this.#fields, [field]: undefined }
    if (offer === undefined) return true
    this.#faults.push(faultOfError(error, { name: offer.column, index: offer.index }))
    this.#keepMisunderstood(offer.column, offer.cell, field)
    return true
  }

  #dropAddress(field: 'phone' | 'email', error: DomainError): boolean {
    const [refused, ...rest] = field === 'phone' ? this.#phones : this.#emails
    if (refused === undefined) {
      this.#faults.push(faultOfError(error, null))
      return false
    }
    this.#faults.push(faultOfError(error, { name: refused.column, index: refused.index }))
    this.#keepMisunderstood(refused.column, refused.text, field)
    if (field === 'phone') this.#phones = rest
    else this.#emails = rest
    return true
  }

  #keepMisunderstood(column: string, cell: unknown, field: string): void {
    keep(this.#attributes, column, cell)
    this.#warnings.push({ code: 'VALUE_NOT_UNDERSTOOD', column, field: snakeCase(field) })
  }
}

/** The candidates, the best first. */
function byRank(candidates: readonly Candidate[]): Candidate[] {
  return candidates.length < 2 ? [...candidates] : candidates.toSorted((one, other) => one.rank - other.rank)
}

function keep(attributes: Map<string, unknown>, key: string, value: unknown): void {
  const there = attributes.get(key)
  if (there === undefined) attributes.set(key, value)
  else if (there !== value) attributes.set(key, [...(Array.isArray(there) ? there : [there]), value])
}
