import type { RowReason } from '../../../data/sql/import-rows.ts'
import type { ContactFields } from '../../contacts/rules.ts'
import type { Address } from './match.ts'
import type { NormalRow } from './rows.ts'

/** A row's addresses, and the columns that they stand in. */
export type NamedValues = Pick<ContactFields, 'phone' | 'email'> & { readonly columns: Readonly<Record<Address, string | null>> }

export function ambiguous(
  { byPhone, byEmail }: { readonly byPhone: string; readonly byEmail: string },
  { columns, fields }: NormalRow,
): RowReason {
  return {
    reasonCode: 'AMBIGUOUS_MATCH',
    field: columns.email ?? 'email',
    value: fields.email,
    message: `The phone number belongs to ${byPhone} and the email address to ${byEmail}. Leave out one of the two, or import with match_by.`,
    expected: 'a phone number and an email address of one contact',
  }
}

export function duplicate(by: Address, fields: NamedValues, row: number | null): RowReason {
  const which = row === null ? 'An earlier row of the upload' : `Row ${row.toLocaleString('en')} of the upload`
  return {
    reasonCode: 'DUPLICATE_IN_FILE',
    field: fields.columns[by] ?? by,
    value: fields[by],
    message: `${which} is about the same contact.`,
    expected: 'each contact in one row',
  }
}

export function exists(by: Address, id: string, fields: NamedValues): RowReason {
  return {
    reasonCode: 'CONTACT_ALREADY_EXISTS',
    field: fields.columns[by] ?? by,
    value: fields[by],
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

export function taken([address = 'phone']: readonly Address[], { columns, fields }: NormalRow): RowReason {
  return {
    reasonCode: 'CONTACT_ALREADY_EXISTS',
    field: columns[address] ?? address,
    value: fields[address],
    message: `The ${address === 'phone' ? 'phone number' : 'email address'} belongs to another contact, and the row has no other address.`,
    expected: 'an address of its own, or match_by with the address that it has',
  }
}
