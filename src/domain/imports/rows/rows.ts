import type { ContactKeys } from '../../../data/sql/find-contacts-by-keys.ts'
import type { RowReason } from '../../../data/sql/import-rows.ts'
import type { NewAddress, StoredAddress } from '../../../data/sql/contact-addresses.ts'
import type { ContactFields, ContactInput } from '../../contacts/rules.ts'
import type { RowConsent, RowDraft } from './row-draft.ts'
import type { Warning } from './warnings.ts'

/** A contact that was there before the row. */
export interface KnownContact {
  readonly id: string
  readonly revision: number
  readonly lifecycleStage: ContactFields['lifecycleStage']
  readonly fields: ContactFields
  /** All of its addresses and external ids. */
  readonly addresses: readonly StoredAddress[]
  /** What else it is found by: its other addresses and its external ids. */
  readonly furtherKeys: readonly string[]
}

/** Who a contact is, as far as rows are compared with it. */
export interface Person extends Pick<ContactFields, 'emailKey' | 'firstName' | 'lastName' | 'displayName' | 'customAttributes'> {
  readonly furtherKeys: readonly string[]
}

/** A row as it was given. */
export interface GivenRow {
  readonly rowNumber: number
  readonly draft: RowDraft
  readonly input: ContactInput
}

/** A row that says nothing that could be used, and why. */
export interface BadRow {
  readonly rowNumber: number
  readonly reason: RowReason
}

/** A phone number, an email address or an external id of a row as it would be stored, and how it stands there. */
export type RowAddress = NewAddress & { readonly text: string; readonly column: string }

/** The columns that a row's addresses stand in, by their own names. */
export interface AddressColumns {
  readonly phone: string | null
  readonly email: string | null
}

/** A row with what it says as a contact of its own. */
export interface NormalRow {
  readonly rowNumber: number
  readonly input: ContactInput
  readonly fields: ContactFields
  /** Its phone numbers; the first one is that of the fields. */
  readonly phones: readonly RowAddress[]
  /** Its email addresses; the first one is that of the fields. */
  readonly emails: readonly RowAddress[]
  readonly externalIds: readonly RowAddress[]
  readonly columns: AddressColumns
  readonly warnings: readonly Warning[]
  readonly consents: readonly RowConsent[]
}

/** A row that repeats what its contact says already. It is not normalized, which costs more than all else that is done to a row. */
export interface KnownRow {
  readonly rowNumber: number
  readonly contact: KnownContact
  /** What the row names the contact by. */
  readonly keys: ContactKeys & Pick<ContactFields, 'email'>
  readonly columns: AddressColumns
  readonly warnings: readonly Warning[]
  readonly consents: readonly RowConsent[]
}

/** A row that was read. */
export type ReadRow = NormalRow | KnownRow | BadRow

/** What identifies the contact of a row. */
export type ImportKey = 'external_id' | 'phone' | 'email'

/** What an import does with its rows. */
export interface RowOptions {
  readonly onDuplicate: 'skip' | 'update'
  /** Reads phone numbers that have no country prefix, where the row names no country. */
  readonly defaultCountry: string | null
  /** What rows are matched by; all three for null. */
  readonly matchBy: readonly ImportKey[] | null
  /** Whether the tags of a row join those of its contact, or take their place. */
  readonly tags: 'add' | 'replace'
  /** Tags that every contact of the import gets. */
  readonly addTags: readonly string[]
  /** Whether addresses that no contact has go to the suppression list, and do not become contacts. */
  readonly isSuppressionList: boolean
}
