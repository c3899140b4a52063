import { fold } from '../../../kernel/text.ts'
import type { Ledger } from './ledger.ts'
import type { ImportKey, NormalRow, Person } from './rows.ts'

/** Which contact a row is about. `taken` are its addresses that belong to another one. */
export type Match =
  | { readonly kind: 'none'; readonly taken: readonly Address[] }
  | { readonly kind: 'contact'; readonly id: string; readonly by: Address; readonly taken: readonly Address[] }
  | { readonly kind: 'ambiguous'; readonly byPhone: string; readonly byEmail: string }

export type Address = 'phone' | 'email'

/**
 * Finds the contact of a row: by its phone number, then by its email address. A number that a family or an office shares makes
 * no two people one: where the row has an email address of its own, the number of a contact with another address stays with that contact.
 * Only the same name says that it is one person with a new address.
 */
export function matchRow(row: NormalRow, ledger: Ledger, matchBy: readonly ImportKey[] | null): Match {
  const { fields } = row
  const [byPhone, byEmail] = ledger.matches(fields)
  const matches = (key: ImportKey) => matchBy === null || matchBy.includes(key)
  if (!matches('phone')) return onlyBy('email', matches('email') ? byEmail : null, byPhone, 'phone')
  if (!matches('email')) return onlyBy('phone', byPhone, byEmail, 'email')
  if (byPhone === null) return byEmail === null ? { kind: 'none', taken: [] } : found(byEmail, 'email')
  const holder = ledger.person(byPhone)
  if (byEmail === byPhone || fields.emailKey === null) return found(byPhone, 'phone')
  if (byEmail === null) {
    const isSame = holder.emailKey === null ? !areDifferent(fields, holder) : areSame(fields, holder)
    return isSame ? found(byPhone, 'phone') : { kind: 'none', taken: ['phone'] }
  }
  const other = ledger.person(byEmail)
  const isOther = (areSame(fields, other) && areDifferent(fields, holder)) || (keepsAddress(other, row) && !areSame(fields, holder))
  return isOther ? { kind: 'contact', id: byEmail, by: 'email', taken: ['phone'] } : { kind: 'ambiguous', byPhone, byEmail }
}

function found(id: string, by: Address): Match {
  return { kind: 'contact', id, by, taken: [] }
}

/** The match of a row that is matched by one of its addresses, whichever contact has the other. */
function onlyBy(by: Address, id: string | null, otherId: string | null, other: Address): Match {
  const taken: readonly Address[] = otherId !== null && otherId !== id ? [other] : []
  return id === null ? { kind: 'none', taken } : { kind: 'contact', id, by, taken }
}

/** Whether an earlier import has left this very number with another contact: it is shared, then. */
function keepsAddress({ customAttributes }: Person, { phone }: NormalRow): boolean {
  return phone !== null && customAttributes[phone.column] === phone.text
}

function wordsOf({ firstName, lastName, displayName }: Person): string[] {
  const name = firstName === null && lastName === null ? displayName : [firstName, lastName].filter((part) => part !== null).join(' ')
  return name === null ? [] : fold(name).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '') // prettier-ignore
}

function areSame(one: Person, other: Person): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  return words.length > 0 && words.toSorted().join(' ') === others.toSorted().join(' ')
}

/** Whether two names are those of two people: neither is a part of the other, and the given names differ. An initial is a name. */
function areDifferent(one: Person, other: Person): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  if (words.length === 0 || others.length === 0) return false
  if (words.every((word) => others.includes(word)) || others.every((word) => words.includes(word))) return false
  const [first = '', otherFirst = ''] = [words[0], others[0]]
  const isInitial = first.length === 1 || otherFirst.length === 1
  return isInitial ? first[0] !== otherFirst[0] : first !== otherFirst
}
