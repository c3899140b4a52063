import type { RowReason } from '../../../data/sql/import-rows.ts'
import type { NewAddress } from '../../../data/sql/contact-addresses.ts'
import type { ContactFields } from '../../contacts/rules.ts'
import type { Address } from '../../suppression/rules.ts'
import type { RowConsent } from './row-draft.ts'
import type { KnownContact } from './rows.ts'
import type { Warning } from './warnings.ts'

interface Common {
  readonly rowNumber: number
  readonly warnings: readonly Warning[]
  readonly consents: readonly RowConsent[]
}

/** The keys of the addresses that a row names, whichever contact has them; null where it names none. */
export interface NamedAddresses {
  readonly phone: string | null
  readonly email: string | null
}

/** The outcome of a row, and the addresses that it names. */
export type Decision = Decided & { readonly named: NamedAddresses }

/** The outcome of a row. */
export type Decided = Common &
  (
    | {
        readonly outcome: 'created'
        readonly contactId: string
        readonly fields: ContactFields
        /** What it has beside its fields. */
        readonly added: readonly NewAddress[]
        /** Its primary addresses that have a label. */
        readonly labelled: readonly NewAddress[]
      }
    | {
        readonly outcome: 'updated'
        readonly contact: KnownContact
        readonly fields: ContactFields
        /** What it gets beside its fields. */
        readonly added: readonly NewAddress[]
      }
    | { readonly outcome: 'unchanged'; readonly contactId: string }
    | {
        readonly outcome: 'skipped'
        readonly contactId: string | null
        /** The contacts that the row is about, though it says nothing to them: an opt-out counts all the same. */
        readonly about: readonly string[]
        readonly reason: RowReason
        /** The addresses of the row that go to the suppression list. */
        readonly suppressed: readonly Address[]
      }
  )

interface Skipped {
  readonly contactId?: string
  readonly about: readonly string[]
  readonly reason: RowReason
  readonly suppressed?: readonly Address[]
}

/** Leaves a row out. Its warnings are left out with it; what it says about consent is not. */
export function skip(
  { rowNumber, consents }: Pick<Common, 'rowNumber' | 'consents'>,
  { contactId, about, reason, suppressed = [] }: Skipped,
): Decided {
  return { rowNumber, outcome: 'skipped', contactId: contactId ?? null, about, reason, suppressed, warnings: [], consents }
}

/** The contacts that a row's consent is for. */
export function contactsOf(decision: Decided): readonly string[] {
  switch (decision.outcome) {
    case 'created':
    case 'unchanged':
      return [decision.contactId]
    case 'updated':
      return [decision.contact.id]
    case 'skipped':
      return decision.about
  }
}
