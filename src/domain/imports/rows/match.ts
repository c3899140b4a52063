import { fold } from '../../../kernel/text.ts'
import type { ContactFields } from '../../contacts/rules.ts'
import { addressKeyOf } from '../../contacts/keys.ts'
import type { Ledger } from './ledger.ts'
import type { ImportKey, NormalRow, Person, RowAddress } from './rows.ts'

/** A contact that has an address or an external id of a row. */
export interface Hit {
  readonly id: string
  readonly by: RowAddress
}

/** Which contact a row is about. */
export type Match =
  { readonly kind: 'none' } | ({ readonly kind: 'contact' } & Hit) | { readonly kind: 'ambiguous'; readonly hits: readonly [Hit, Hit] }

type Named = Pick<ContactFields, 'firstName' | 'lastName' | 'displayName'>

/**
 * Finds the contact of a row: by its external ids, then by its phone number, then by its email address, then by its further addresses. A number that
 * a family or an office shares makes no two people one: where the row has an email address of its own, the number of a contact with
 * another address stays with that contact. Only the same name says that it is one person with a new address.
 */
export function matchRow(row: NormalRow, ledger: Ledger, matchBy: readonly ImportKey[] | null): Match {
  return new Matcher(row, ledger, matchBy).match()
}

class Matcher {
  readonly #row: NormalRow
  readonly #ledger: Ledger
  readonly #matchBy: readonly ImportKey[] | null

  constructor(row: NormalRow, ledger: Ledger, matchBy: readonly ImportKey[] | null) {
    this.#row = row
    this.#ledger = ledger
    this.#matchBy = matchBy
  }

  match(): Match {
    const [byId = null, other] = this.#byExternalIds()
    if (byId !== null && other !== undefined) return { kind: 'ambiguous', hits: [byId, other] }
    const byPhone = this.#hit('phone', this.#row.phones[0])
    const byEmail = this.#hit('email', this.#row.emails[0])
    if (byId !== null) {
      const isOther = byEmail !== null && byEmail.id !== byId.id && !this.#isSharedBy(byId, byEmail)
      return isOther && this.#matchBy === null ? { kind: 'ambiguous', hits: [byId, byEmail] } : found(byId)
    }
    if (byPhone === null) return byEmail === null ? this.#byFurther() : found(byEmail)
    if (!this.#matchesBy('email') || byEmail?.id === byPhone.id || this.#row.emails.length === 0) return found(byPhone)
    const { fields } = this.#row
    const holder = this.#ledger.person(byPhone.id)
    if (byEmail !== null) return this.#isSharedBy(byEmail, byPhone) ? found(byEmail) : { kind: 'ambiguous', hits: [byPhone, byEmail] }
    const isSame = holder.emailKey === null ? !areDifferent(fields, holder) : areSame(fields, holder)
    return isSame ? found(byPhone) : this.#byFurther()
  }

  #matchesBy(key: ImportKey): boolean {
    return this.#matchBy === null || this.#matchBy.includes(key)
  }

  /** The contacts that have the external ids of the row: one, unless these contradict one another. */
  #byExternalIds(): Hit[] {
    if (!this.#matchesBy('external_id')) return []
    const hits = new Map<string, Hit>()
    for (const by of this.#row.externalIds) {
      const id = this.#ledger.holder(addressKeyOf(by))
      if (id !== null && !hits.has(id) && this.#isBelievable(id)) hits.set(id, { id, by })
    }
    return [...hits.values()]
  }

  /**
   * Whether the contact that has an id of the row is its person. Ids are numbered by each portal of a tool, and files of lists repeat them: another
   * name and no address in common says that these are two people. A caller that asks for a match by id is believed.
   */
  #isBelievable(id: string): boolean {
    const { fields, phones, emails } = this.#row
    if (this.#matchBy !== null) return true
    if ([...phones, ...emails].some((address) => this.#ledger.holder(addressKeyOf(address)) === id)) return true
    const holder = this.#ledger.person(id)
    return areSame(fields, holder) || (!this.#ledger.isTouched(id) && !areDifferent(fields, holder))
  }

  /** The contact that has an address of the row, unless another id in the same system says that it is another person. */
  #hit(key: 'phone' | 'email', by: RowAddress | undefined): Hit | null {
    const id = by === undefined || !this.#matchesBy(key) ? null : this.#ledger.holder(addressKeyOf(by))
    return by === undefined || id === null || this.#hasOtherId(this.#ledger.person(id)) ? null : { id, by }
  }

  #hasOtherId(holder: Person): boolean {
    const others = this.#row.externalIds.filter(({ key }) => {
      const system = `external ${key.slice(0, key.indexOf(':') + 1)}`
      const known = holder.furtherKeys.filter((other) => other.startsWith(system))
      return known.length > 0 && !known.includes(`external ${key}`)
    })
    return others.length > 0 && !areSame(this.#row.fields, holder)
  }

  /** Whether an address of one contact is that of another one, too: by the whole name of the row, or because an earlier import has left it out. */
  #isSharedBy(own: Hit, other: Hit): boolean {
    const { fields } = this.#row
    const [person, holder] = [this.#ledger.person(own.id), this.#ledger.person(other.id)]
    const isNamed = wordsOf(fields).length > 1 && areSame(fields, person) && areDifferent(fields, holder)
    // A row that names both alike is about the one whose email address it has.
    return isNamed || (keepsAddress(person, other.by) && (areSame(fields, person) || !areSame(fields, holder)))
  }

  /** A further address is as often that of an office or a family: it takes a name that fits. */
  #byFurther(): Match {
    const { fields, phones, emails } = this.#row
    const hits = [...emails.slice(1).map((by) => this.#hit('email', by)), ...phones.slice(1).map((by) => this.#hit('phone', by))]
    for (const hit of hits) {
      if (hit === null) continue
      const holder = this.#ledger.person(hit.id)
      if (areSame(fields, holder) || (hit.by.kind === 'email' && wordsOf(holder).length === 0)) return found(hit)
    }
    return { kind: 'none' }
  }
}

function found(hit: Hit): Match {
  return { kind: 'contact', ...hit }
}

/** Whether an earlier import has left this very address with another contact: it is shared, then. */
function keepsAddress({ customAttributes }: Person, { text, column }: RowAddress): boolean {
  const kept = customAttributes[column]
  return kept === text || (Array.isArray(kept) && kept.includes(text))
}

function wordsOf({ firstName, lastName, displayName }: Named): string[] {
  const name = firstName === null && lastName === null ? displayName : [firstName, lastName].filter((part) => part !== null).join(' ')
  return name === null ? [] : fold(name).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '') // prettier-ignore
}

function areSame(one: Named, other: Named): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  return words.length > 0 && words.toSorted().join(' ') === others.toSorted().join(' ')
}

/** Whether two names are those of two people: neither is a part of the other, and the given names differ. An initial is a name. */
function areDifferent(one: Named, other: Named): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  if (words.length === 0 || others.length === 0) return false
  if (words.every((word) => others.includes(word)) || others.every((word) => words.includes(word))) return false
  const [first = '', otherFirst = ''] = [words[0], others[0]]
  const isInitial = first.length === 1 || otherFirst.length === 1
  return isInitial ? first[0] !== otherFirst[0] : first !== otherFirst
}
