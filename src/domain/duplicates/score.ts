import type { Contact } from '../../data/generated/client.ts'
import type { StoredAddress } from '../../data/sql/contact-addresses.ts'
import { fold } from '../../kernel/text.ts'
import { isSameGivenName } from './nicknames.ts'

/** Why two contacts may be one person. */
export const duplicateReasons = ['email', 'phone', 'phone_ending', 'external_id', 'name', 'similar_name', 'company'] as const
export type DuplicateReason = (typeof duplicateReasons)[number]

export interface Likeness {
  /** From 0 to 1. */
  readonly score: number
  readonly reasons: readonly DuplicateReason[]
}

export interface Candidate {
  readonly contact: Contact
  readonly addresses: readonly StoredAddress[]
}

/**
 * How much each resemblance says. They are combined as independent evidence: 1 − Π(1 − weight). The default of `minScore` needs two of them, or an email
 * address that differs in dots and what stands behind a plus only.
 */
const weights: Readonly<Record<DuplicateReason, number>> = {
  email: 0.9,
  phone: 0.5,
  phone_ending: 0.6,
  external_id: 0.6,
  name: 0.6,
  similar_name: 0.5,
  company: 0.4,
}

/** People of one family or office share numbers, mailboxes and companies: where given names are known and differ, the evidence counts for little. */
const ofDifferentNames = 0.3

/** A score from which two contacts are shown as duplicates. */
export const defaultMinScore = 0.8

/** How much two contacts look like one person. Pure, and the same in both directions. */
export function likeness(one: Candidate, other: Candidate): Likeness {
  const names = compareNames(one.contact, other.contact)
  const reasons: DuplicateReason[] = [
    ...addressReasons(one.addresses, other.addresses),
    ...(names === 'same' ? (['name'] as const) : []),
    ...(names === 'similar' ? (['similar_name'] as const) : []),
    ...(isSameCompany(one.contact, other.contact) && (names === 'same' || names === 'similar') ? (['company'] as const) : []),
  ]
  const unlike = reasons.reduce((rest, reason) => rest * (1 - weights[reason]), 1)
  const score = (1 - unlike) * (names === 'different' ? ofDifferentNames : 1)
  return { score: Math.round(score * 100) / 100, reasons }
}

function addressReasons(one: readonly StoredAddress[], other: readonly StoredAddress[]): DuplicateReason[] {
  const found = new Set<DuplicateReason>()
  for (const mine of one) {
    for (const theirs of other) {
      if (mine.kind !== theirs.kind) continue
      if (mine.kind === 'email' && bareEmail(mine.key) === bareEmail(theirs.key)) found.add('email')
      if (mine.kind === 'external' && mine.value === theirs.value && mine.value.length >= 4) found.add('external_id')
      if (mine.kind !== 'phone') continue
      if (mine.key === theirs.key) found.add('phone')
      else if (mine.key.slice(-7) === theirs.key.slice(-7)) found.add('phone_ending')
    }
  }
  if (found.has('phone')) found.delete('phone_ending')
  return duplicateReasons.filter((reason) => found.has(reason))
}

function bareEmail(key: string): string {
  const [name = '', domain = ''] = key.split('@')
  return `${(name.split('+')[0] ?? '').replaceAll('.', '')}@${domain}`
}

function isSameCompany(one: Contact, other: Contact): boolean {
  return one.company !== null && other.company !== null && fold(one.company) === fold(other.company)
}

/** How two names stand to each other; null where one of them is not known. */
function compareNames(one: Contact, other: Contact): 'same' | 'similar' | 'different' | null {
  const [mine, theirs] = [wordsOf(one), wordsOf(other)]
  if (mine.length === 0 || theirs.length === 0) return null
  if (mine.toSorted().join(' ') === theirs.toSorted().join(' ')) return 'same'
  const [few, many] = mine.length <= theirs.length ? [mine, theirs] : [theirs, mine]
  const rest = [...many]
  for (const word of few) {
    const at = rest.findIndex((candidate) => isLike(word, candidate))
    if (at === -1) return 'different'
    rest.splice(at, 1)
  }
  return few.length === 1 && many.length > 1 ? null : 'similar'
}

function wordsOf({ firstName, lastName, displayName }: Contact): string[] {
  const name = firstName === null && lastName === null ? displayName : [firstName, lastName].filter((part) => part !== null).join(' ')
  return name === null ? [] : fold(name).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '') // prettier-ignore
}

/** Two spellings of one word: an initial, a nickname, an umlaut as two letters, or one letter that differs in a long one. */
function isLike(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short === long || contracted(short) === contracted(long) || isSameGivenName(short, long)) return true
  if (short.length === 1 || short.length >= 3) {
    if (long.startsWith(short)) return true
  }
  return short.length >= 5 && distanceIsOne(short, long)
}

function contracted(word: string): string {
  return word.replace(/([aou])e/g, '$1')
}

/** Whether one letter was left out, added or replaced, or two neighbours changed places. */
function distanceIsOne(short: string, long: string): boolean {
  if (long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1)
  return (
    short.slice(at + 1) === long.slice(at + 1) ||
    (short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2))
  )
}
