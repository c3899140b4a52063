import type { RowReason } from '../../../data/sql/import-rows.ts'
import type { ContactFields } from '../../contacts/rules.ts'
import type { Hit } from './match.ts'
import type { RowAddress } from './rows.ts'

/** A value of a row, and the column that it stands in. */
export interface NamedValue {
  readonly column: string
  readonly value: string | null
}

/** A row's addresses, and the columns that they stand in. */
export interface NamedValues extends Pick<ContactFields, 'phone' | 'email'> {
  readonly columns: Readonly<Record<'phone' | 'email', string | null>>
}

const kinds = { phone: 'phone number', email: 'email address', external: 'external id' } as const

export function ambiguous([one, other]: readonly [Hit, Hit]): RowReason {
  return {
    reasonCode: 'AMBIGUOUS_MATCH',
    field: other.by.column,
    value: other.by.value,
    message: `The ${kinds[one.by.kind]} belongs to ${one.id} and the ${kinds[other.by.kind]} to ${other.id}. Leave out one of the two, or import with match_by.`,
    expected: 'identifiers of one contact',
  }
}

export function duplicate({ column, value }: NamedValue, row: number | null): RowReason {
  return {
    reasonCode: 'DUPLICATE_IN_FILE',
    field: column,
    value,
    message: `${nameOfRow(row)} is about the same contact.`,
    expected: 'each contact in one row',
  }
}

export function exists({ column, value }: NamedValue, id: string): RowReason {
  return {
    reasonCode: 'CONTACT_ALREADY_EXISTS',
    field: column,
    value,
    message: `The contact exists already: ${id}. Import with on_duplicate=update to change it.`,
    expected: 'a new contact, or on_duplicate=update',
  }
}

export function suppressedAddress({ phone, email, columns }: NamedValues): RowReason {
  const address = email === null ? 'phone' : 'email'
  return {
    reasonCode: 'ADDRESS_SUPPRESSED',
    field: columns[address] ?? address,
    value: email ?? phone,
    message: 'No contact has this address. It stands on the suppression list now, and no contact was created.',
    expected: null,
  }
}

/** @param row the row that the other contact stands in; null if none of the upload was about it */
export function taken({ kind, column, value }: RowAddress, row: number | null): RowReason {
  const expected = 'an address of its own, or match_by with the address that it has'
  if (row !== null) {
    const message = `${nameOfRow(row)} has the ${kinds[kind]} for another contact, and this row has no other address.`
    return { reasonCode: 'DUPLICATE_IN_FILE', field: column, value, message, expected }
  }
  const message = `The ${kinds[kind]} belongs to another contact, and the row has no other address.`
  return { reasonCode: 'CONTACT_ALREADY_EXISTS', field: column, value, message, expected }
}

function nameOfRow(row: number | null): string {
  return row === null ? 'An earlier row of the upload' : `Row ${row.toLocaleString('en')} of the upload`
}
