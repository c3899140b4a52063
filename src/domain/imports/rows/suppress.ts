import { type Decided, skip } from './decisions.ts'
import type { NormalRow } from './rows.ts'
import { suppressedAddress } from './skip-reasons.ts'

/** Decides a row of a suppression list about an address that no contact has: it goes to the list, and no contact is created. */
export function suppress(row: NormalRow): Decided {
  const { phone, phoneKey, email, emailKey } = row.fields
  const key = phoneKey ?? phone
  const suppressed = [
    ...(key === null ? [] : [{ kind: 'phone' as const, key }]),
    ...(emailKey === null ? [] : [{ kind: 'email' as const, key: emailKey }]),
  ]
  return skip(row, { about: [], reason: suppressedAddress({ phone, email, columns: row.columns }), suppressed })
}
