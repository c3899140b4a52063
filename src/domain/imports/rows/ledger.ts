import type { ContactKeys } from '../../../data/sql/find-contacts-by-keys.ts'
import { keysOf } from '../../contacts/keys.ts'
import type { ContactFields } from '../../contacts/rules.ts'
import type { KnownContact, Person } from './rows.ts'

/** A contact that an earlier row has met, and the number of that row. */
export interface TouchedContact {
  readonly contactId: string
  readonly rowNumber: number
}

/**
 * Who has which phone number, email address and external id while rows are decided: the contacts of the database that a batch of rows can meet, and
 * what the rows have made of them so far. A dry run keeps one ledger for all of its batches, because nothing of it is in the database.
 */
export class Ledger {
  /** Contacts of this batch that no row has met yet. */
  readonly #known = new Map<string, KnownContact>()
  readonly #holders = new Map<string, string>()
  /** What rows have written or matched, with the number of the row. */
  readonly #touched = new Map<string, number>()
  readonly #touchedHolders = new Map<string, string>()
  /** Who they are now. */
  readonly #people = new Map<string, Person>()
  /** What a row of this batch took from a contact. */
  readonly #released = new Set<string>()

  /** Begins a batch. @param touched those of the contacts that an earlier row has met */
  begin(contacts: readonly KnownContact[], touched: readonly TouchedContact[]): void {
    this.#known.clear()
    this.#holders.clear()
    this.#released.clear()
    for (const contact of contacts) {
      const isTouched = this.#touched.has(contact.id)
      // Rows change primary addresses only.
      for (const key of contact.furtherKeys) (isTouched ? this.#touchedHolders : this.#holders).set(key, contact.id)
      if (isTouched) continue
      this.#known.set(contact.id, contact)
      for (const key of keysOf(contact.fields)) this.#holders.set(key, contact.id)
    }
    for (const { contactId, rowNumber } of touched) this.#touched.set(contactId, rowNumber)
  }

  /** Who has an address or an external id, by its key. */
  holder(key: string): string | null {
    return this.#touchedHolders.get(key) ?? this.#holders.get(key) ?? null
  }

  /** Whether an earlier row was about this contact. */
  isTouched(id: string): boolean {
    return this.#touched.has(id)
  }

  /** The number of the row that was about this contact. */
  rowOf(id: string): number | null {
    return this.#touched.get(id) ?? null
  }

  /** Whether a contact has given up this phone number or email address in the same batch. */
  isReleased(key: string): boolean {
    return this.#released.has(key)
  }

  contact(id: string): KnownContact {
    const contact = this.#known.get(id)
    if (contact === undefined) throw new Error(`The ledger does not know the contact ${id}.`)
    return contact
  }

  /** Who a contact is, after the rows so far. */
  person(id: string): Person {
    const known = this.#people.get(id)
    if (known !== undefined) return known
    const { fields, furtherKeys } = this.contact(id)
    return { ...fields, furtherKeys }
  }

  /**
   * Learns that a row was about this contact, and what it is now.
   * @param before null for a contact that was created
   * @param added the keys of what the contact got beside its fields
   */
  write(rowNumber: number, id: string, before: ContactKeys | null, after: ContactFields, added: readonly string[] = []): void {
    const furtherKeys = [...(before === null ? [] : this.person(id).furtherKeys), ...added]
    const kept = [...keysOf(after), ...added]
    for (const key of before === null ? [] : keysOf(before)) {
      this.#holders.delete(key)
      if (!kept.includes(key)) this.#released.add(key)
    }
    for (const key of kept) this.#touchedHolders.set(key, id)
    this.#touched.set(id, rowNumber)
    const { emailKey: email, firstName, lastName, displayName, customAttributes } = after
    this.#people.set(id, { emailKey: email, firstName, lastName, displayName, customAttributes, furtherKeys })
  }
}
