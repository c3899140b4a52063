import type { LawfulBasis } from '../../../data/generated/client.ts'
import type { ChannelName } from '../../../kernel/channels.ts'
import { snakeCase, words } from '../../../kernel/text.ts'
import type { ContactInput } from '../../contacts/rules.ts'
import type { Column } from '../columns/columns.ts'
import { type Fault, faultOf } from './reasons.ts'
import type { Warning } from './warnings.ts'

/** A cell that is not empty, with its column and the rest of its row. */
export interface Cell {
  readonly column: Column
  readonly index: number
  readonly cell: unknown
  readonly cells: readonly unknown[]
  readonly columns: readonly Column[]
}

/** A phone number or an email address of a row, as it stands there. */
export interface Candidate {
  readonly text: string
  readonly column: string
  readonly index: number
  readonly rank: number
  /** What the number or the address is for; null if the row does not say, and empty if it says nothing of this one. */
  readonly label: string | null
}

/** The id of another system, as it stands in a row. */
export interface FoundId {
  readonly system: string
  readonly text: string
  readonly column: string
  readonly index: number
}

/** What a row says about consent. */
export interface RowConsent {
  readonly channels: readonly ChannelName[] | 'all'
  readonly state: 'opted_in' | 'opted_out'
  /** When it was given; null for now. */
  readonly recordedAt: Date | null
  readonly textVersion: string | null
  readonly proofUrl: string | null
  /** What an export says beside; null for what a column of another tool says. */
  readonly exported: ExportedConsent | null
}

/** What our own export says about a consent beside its state, time and proof. */
export interface ExportedConsent {
  /** Null for the import itself. */
  readonly source: string | null
  /** The key of the address that it holds for; null for the address that the contact has. */
  readonly addressKey: string | null
  readonly lawfulBasis: LawfulBasis | null
  readonly purpose: string | null
  readonly validUntil: Date | null
}

/** A field's value with where it stands. */
interface Offer {
  readonly rank: number
  readonly column: string
  readonly index: number
  readonly cell: unknown
}

type OfferedField =
  'firstName' | 'lastName' | 'displayName' | 'company' | 'phoneExtension' | 'countryCode' | 'timezone' | 'language' | 'lifecycleStage'

/** What is read of a row, cell by cell. */
export class RowDraft {
  readonly phones: Candidate[] = []
  readonly emails: Candidate[] = []
  readonly externalIds: FoundId[] = []
  readonly fields = new Map<OfferedField, { readonly value: string } & Offer>()
  readonly attributes = new Map<string, unknown>()
  readonly consents: RowConsent[] = []
  readonly warnings: Warning[] = []
  /** What was not understood. It does not matter as long as the row is imported. */
  readonly faults: Fault[] = []
  tags: readonly string[] = []
  nameBesideEmail: string | null = null
  /** The country in whose plan the row's numbers are read, by a calling code beside them. */
  diallingCountry: string | null = null
  /** Whether a country is named that was not understood: no number may be read in a default country then. */
  countryUnknown = false

  /** Offers a value for a field. The best rank counts, and the first of two that are equal; the other is kept as an attribute. */
  offer(field: OfferedField, value: string, offer: Offer): void {
    const there = this.fields.get(field)
    if (there === undefined) {
      this.fields.set(field, { value, ...offer })
      return
    }
    if (there.value === value) return
    const [kept, left] = offer.rank < there.rank ? [{ value, ...offer }, there] : [there, { value, ...offer }]
    this.fields.set(field, kept)
    this.keep(left.column, left.cell)
  }

  /** Keeps a cell as a custom attribute; a second one of the same name joins it in a list. */
  keep(key: string, cell: unknown): void {
    const there = this.attributes.get(key)
    if (there === undefined) this.attributes.set(key, cell)
    else if (!isSameCell(there, cell)) this.attributes.set(key, [...(Array.isArray(there) ? there : [there]), cell])
  }

  /** Keeps a custom attribute of a JSON object: its type is known, other than that of a cell with the same text. */
  keepTyped(key: string, value: unknown): void {
    const there = this.attributes.get(key)
    if (there !== undefined && !isSameCell(value, there)) this.keep(key, value)
    else this.attributes.set(key, value)
  }

  /** Keeps a number that is no phone's. */
  keepFurther(column: string, text: string): void {
    this.keep(column, text)
    this.warnings.push({ code: 'FURTHER_VALUE', column, field: null })
  }

  /** Keeps a cell that was not understood, under its column's name, with a warning. */
  misunderstood(
    { column, cell, index }: { column: { readonly name: string }; cell: unknown; index: number },
    field: string,
    expected: string,
  ): void {
    this.keep(column.name, cell)
    this.warnings.push({ code: 'VALUE_NOT_UNDERSTOOD', column: column.name, field: snakeCase(field) })
    this.faults.push(
      faultOf({
        code: 'VALIDATION_ERROR',
        message: `The ${words(field)} was not understood.`,
        column: column.name,
        index,
        value: cell,
        expected,
      }),
    )
  }

  /** What the row says as the input of a contact, with the best of its phone numbers and email addresses. */
  input(): ContactInput {
    const phone = best(this.phones)
    const email = best(this.emails)
    const { attributes, tags } = this
    const fields = Object.fromEntries([...this.fields].map(([field, { value }]) => [field, value]))
    const isNameless = !this.fields.has('firstName') && !this.fields.has('lastName') && !this.fields.has('displayName')
    return {
      ...fields,
      ...(isNameless && this.nameBesideEmail !== null && { displayName: this.nameBesideEmail }),
      ...(phone !== null && { phone: phone.text }),
      ...(email !== null && { email: email.text }),
      ...(tags.length > 0 && { tags }),
      ...(attributes.size > 0 && { customAttributes: Object.fromEntries(attributes) }),
    }
  }
}

/** Whether a cell has the value that is there, or its text. */
function isSameCell(there: unknown, cell: unknown): boolean {
  return there === cell || (typeof there === 'string' ? there : JSON.stringify(there)) === cell
}

/** The candidate of the best rank: the first of several. */
export function best(candidates: readonly Candidate[]): Candidate | null {
  let found: Candidate | null = null
  for (const candidate of candidates) if (found === null || candidate.rank < found.rank) found = candidate
  return found
}
