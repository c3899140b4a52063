import type { NewAddress } from '../../../data/sql/contact-addresses.ts'
import { DomainError } from '../../../kernel/errors.ts'
import { parseEmail } from '../../../kernel/email.ts'
import { phoneKey } from '../../../kernel/phone-key.ts'
import { parsePhone } from '../../../kernel/phone.ts'
import { externalKey, parseExternalId, primaryPoints } from '../../contacts/contact-points.ts'
import { addressKeyOf } from '../../contacts/keys.ts'
import type { ContactFields } from '../../contacts/rules.ts'
import { isRounded } from '../values/addresses.ts'
import type { Candidate, FoundId } from './row-draft.ts'
import type { RowAddress } from './rows.ts'

/** The longest label that an address can have. */
const maxLabel = 100

/** What a row names beside the fields of a contact. */
interface Given {
  /** The best ones first: those of the fields, if they have any. */
  readonly phones: readonly Candidate[]
  readonly emails: readonly Candidate[]
  readonly externalIds: readonly FoundId[]
  /** Reads phone numbers that have no country prefix. */
  readonly country: string | null
}

export interface RowAddresses {
  /** Each once, the primary one first. */
  readonly phones: readonly RowAddress[]
  readonly emails: readonly RowAddress[]
  readonly externalIds: readonly RowAddress[]
  /** Further values that are not valid. */
  readonly refused: readonly { readonly column: string; readonly text: string; readonly field: string }[]
}

/** Reads the addresses of a row beside the primary ones, which are valid, and its external ids. */
export function readAddresses(fields: ContactFields, given: Given): RowAddresses {
  const refused: { column: string; text: string; field: string }[] = []
  const primary = primaryPoints(fields)
  const read = (kind: 'phone' | 'email', [first, ...others]: readonly Candidate[]): RowAddress[] => {
    const point = primary.find((one) => one.kind === kind)
    if (first === undefined || point === undefined) return []
    const found = new Map<string, RowAddress>()
    const add = (address: NewAddress, { text, column, label }: Candidate) => {
      const key = addressKeyOf(address)
      const there = found.get(key)
      // Which of several numbers it is would be lost without its column's name.
      const own = label ?? (there === undefined && column !== first.column ? column : null)
      if (there === undefined) found.set(key, { ...address, label: labelOf(own), text, column })
      else if (there.label === null) found.set(key, { ...there, label: labelOf(own) })
    }
    add(point, first)
    for (const candidate of others) {
      const { text, column } = candidate
      const address = orNull(() => (kind === 'phone' ? phoneOf(text, given.country) : emailOf(text)))
      if (address === null) refused.push({ column, text, field: kind })
      else add(address, candidate)
    }
    return [...found.values()]
  }
  const externalIds = new Map<string, RowAddress>()
  for (const { system, text, column } of given.externalIds) {
    const id = orNull(() => parseExternalId({ system, value: text }, 'externalIds'))
    if (id === null) refused.push({ column, text, field: 'externalId' })
    else externalIds.set(externalKey(id), { ...plain, kind: 'external', key: externalKey(id), value: id.value, text, column })
  }
  return { phones: read('phone', given.phones), emails: read('email', given.emails), externalIds: [...externalIds.values()], refused }
}

const plain = { extension: '', label: null, isPrimary: false }

function phoneOf(text: string, country: string | null): NewAddress | null {
  if (isRounded(text)) return null
  const { number, extension } = parsePhone(text, country)
  return { ...plain, kind: 'phone', key: phoneKey(number), value: number, extension }
}

function emailOf(text: string): NewAddress {
  const { address, key } = parseEmail(text)
  return { ...plain, kind: 'email', key, value: address }
}

function labelOf(text: string | null): string | null {
  const label = text?.slice(0, maxLabel).trim().toWellFormed() ?? ''
  return label === '' ? null : label
}

function orNull<Value>(parse: () => Value): Value | null {
  try {
    return parse()
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}
