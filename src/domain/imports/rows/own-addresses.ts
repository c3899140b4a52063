import type { NewAddress } from '../../../data/sql/contact-addresses.ts'
import { addressKeyOf } from '../../contacts/keys.ts'
import { type ContactInput, newContact } from '../../contacts/rules.ts'
import { maxPoints } from '../../contacts/contact-points.ts'
import type { KnownContact, NormalRow, RowAddress } from './rows.ts'
import type { Warning } from './warnings.ts'

const fieldNames = { phone: 'phone', email: 'email', external: 'external_id' } as const

/**
 * The row without the addresses and external ids that belong to another contact: they are kept as custom attributes. The next phone number or
 * email address of the row takes the place of one that was left out. Null if the row has no other.
 */
export function withoutTaken(row: NormalRow, isTaken: (address: RowAddress) => boolean): NormalRow | null {
  const taken = [...row.phones, ...row.emails, ...row.externalIds].filter(isTaken)
  if (taken.length === 0) return row
  return withAttributes(row, taken, 'ADDRESS_TAKEN')
}

/** The row without further addresses and ids for which a contact has no room. */
export function withinLimits(row: NormalRow, contact: KnownContact | null): NormalRow {
  const { phones, emails, externalIds } = row
  // Most rows have one of each.
  if (phones.length + emails.length + externalIds.length < 4 && contact === null) return row
  const known = new Set(contact?.addresses.map(addressKeyOf))
  const left = [phones, emails, externalIds].flatMap((list) => {
    const isNew = list.filter((address) => !known.has(addressKeyOf(address)))
    const count = contact?.addresses.filter(({ kind }) => kind === isNew[0]?.kind).length ?? 0
    return isNew.slice(Math.max(0, maxPoints - count))
  })
  const others = left.filter((address) => address !== phones[0] && address !== emails[0])
  return others.length === 0 ? row : (withAttributes(row, others, 'FURTHER_VALUE') ?? row)
}

function withAttributes(row: NormalRow, left: readonly RowAddress[], code: Warning['code']): NormalRow | null {
  const attributes = new Map(Object.entries(row.input.customAttributes ?? {}))
  for (const { column, text } of left) keep(attributes, column, text)
  const isLeft = new Set(left)
  const kept = (list: readonly RowAddress[]) => list.filter((address) => !isLeft.has(address))
  const [phones, emails] = [kept(row.phones), kept(row.emails)]
  if (phones.length + emails.length === 0) return null
  const input: ContactInput = {
    ...row.input,
    ...phoneOf(phones),
    email: emails[0]?.value,
    customAttributes: Object.fromEntries(attributes),
  }
  const warnings = left.map(({ column, kind }): Warning => ({ code, column, field: code === 'ADDRESS_TAKEN' ? fieldNames[kind] : null }))
  return {
    ...row,
    input,
    fields: newContact(input, null),
    phones: primaryFirst(phones),
    emails: primaryFirst(emails),
    externalIds: kept(row.externalIds),
    warnings: [...row.warnings, ...warnings],
  }
}

function phoneOf([first]: readonly RowAddress[]): Pick<ContactInput, 'phone' | 'phoneExtension'> {
  return { phone: first?.value, phoneExtension: first?.extension || undefined }
}

function primaryFirst(list: readonly RowAddress[]): RowAddress[] {
  return list.map((address, index) => ({ ...address, isPrimary: index === 0 }))
}

function keep(attributes: Map<string, unknown>, key: string, text: string): void {
  const there = attributes.get(key)
  if (there === undefined) attributes.set(key, text)
  else if (there !== text && !(Array.isArray(there) && there.includes(text)))
    attributes.set(key, [...(Array.isArray(there) ? there : [there]), text])
}

/** The addresses and ids that a contact gets beside its fields. @param known the keys of what it has */
export function addedPoints({ phones, emails, externalIds }: NormalRow, known: ReadonlySet<string>): NewAddress[] {
  return [...phones, ...emails, ...externalIds].filter((address) => !known.has(addressKeyOf(address))).map(withoutColumn)
}

/** The label of a new contact's primary addresses, where the row names one. */
export function labelledPrimaries({ phones, emails }: NormalRow): NewAddress[] {
  return [phones[0], emails[0]].flatMap((address) =>
    address === undefined || address.label === null ? [] : [{ ...withoutColumn(address), isPrimary: true }],
  )
}

function withoutColumn({ text: _text, column: _column, ...address }: RowAddress): NewAddress {
  return address
}
