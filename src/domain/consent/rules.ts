import type { AddressKind, Channel, ConsentOrigin, ConsentState, LawfulBasis, SuppressionReason } from '../../data/generated/client.ts'
import { addressKindOf, sharingOptOuts } from './channels.ts'

/** How far the clocks of reporting systems may be ahead of ours, in milliseconds: times up to that count as now. */
export const clockSkew = 5 * 60 * 1000

/** What an entry of a contact's ledger contributes to what holds. */
export interface ConsentEntry {
  readonly id: string
  readonly channel: Channel
  /** Null: the whole channel. */
  readonly topicId: string | null
  /** The key of the address that it was given at; null on channels without addresses, and if none is known. */
  readonly addressKey: string | null
  /** `unknown` takes back earlier opt-outs by keyword. */
  readonly state: ConsentState
  readonly origin: ConsentOrigin
  /** Whether an opt-in ends earlier opt-outs: it has a source and a proof. Null, in entries of earlier releases: it does. */
  readonly proven: boolean | null
  readonly purpose: string | null
  readonly lawfulBasis: LawfulBasis | null
  readonly recordedAt: Date
  readonly validUntil: Date | null
}

/** What the suppression list has about an address. */
export interface SuppressionEntry {
  readonly reason: SuppressionReason
  /** Null: every channel of the address. */
  readonly channel: Channel | null
  readonly topicId: string | null
  /** When the latest such statement was made. */
  readonly since: Date
  /** When a statement ended the earlier ones. */
  readonly endedAt: Date | null
  readonly liftedAt: Date | null
  readonly recordId: string | null
}

/** An address of a contact, and what is known about it, whichever contact has it. */
export interface AddressFacts {
  readonly kind: AddressKind
  readonly key: string
  readonly extension: string
  readonly value: string
  readonly isPrimary: boolean
  /** Since when the contact has it. */
  readonly createdAt: Date
  readonly verifiedAt: Date | null
  readonly unreachableSince: Date | null
  readonly suppressions: readonly SuppressionEntry[]
}

/** Everything that consent of one contact depends on. */
export interface ConsentFacts {
  readonly entries: readonly ConsentEntry[]
  readonly addresses: readonly AddressFacts[]
}

/** What holds on a channel, or on a topic of it. */
export type Verdict =
  | { readonly state: 'opted_out'; readonly recordedAt: Date; readonly recordId: string | null }
  | {
      readonly state: 'opted_in' | 'expired' | 'pending'
      readonly recordedAt: Date
      readonly recordId: string
      readonly validUntil: Date | null
    }
  | { readonly state: 'unknown' }

export interface VerdictOptions {
  readonly channel: Channel
  /** Null: the whole channel. */
  readonly topicId: string | null
  /** The address that is asked about; undefined: the contact has none for the channel. */
  readonly address: AddressFacts | null | undefined
  /** Consent that ends before this has expired. */
  readonly at: Date
}

/** The address of a channel: the named one, or the primary one. Null on channels without addresses; undefined if the contact has none. */
export function addressOf(facts: ConsentFacts, channel: Channel, key?: string | null): AddressFacts | null | undefined {
  const kind = addressKindOf(channel)
  if (kind === null) return null
  return facts.addresses.find((address) => address.kind === kind && (typeof key === 'string' ? address.key === key : address.isPrimary))
}

/** Whether a suppression holds now. Of a statement and the one that ends it at the same time, the refusal counts; a lift always counts. */
export function holds({ since, endedAt, liftedAt }: SuppressionEntry): boolean {
  return (liftedAt === null || since > liftedAt) && (endedAt === null || since >= endedAt)
}

/** Whether an opt-in counts for the whole channel, or for its topic: a purpose alone and another lawful basis do not license marketing. */
export function isLicence({
  state,
  topicId,
  purpose,
  lawfulBasis,
}: Pick<ConsentEntry, 'state' | 'topicId' | 'purpose' | 'lawfulBasis'>): boolean {
  const isForAll = topicId !== null || purpose === null
  return state === 'opted_in' && isForAll && (lawfulBasis === null || lawfulBasis === 'consent' || lawfulBasis === 'legitimate_interests')
}

/**
 * What holds for a contact on a channel, or on one topic of it, at one of its addresses. A pure function of everything on record, so the order in which
 * it was recorded makes no difference.
 *
 * An opt-out holds for the person at every address, and for the address, whichever contact has it, until a later opt-in with proof; one that came by keyword also
 * until a later start word. An opt-in holds only for the address that it was given for, and only if no opt-out is as late or later. At the same
 * time the refusal counts.
 */
export function verdictOf(facts: ConsentFacts, options: VerdictOptions): Verdict {
  const optOut = optOutOf(facts, options)
  if (optOut.inForce !== null) return optOut.inForce
  const { channel, topicId, address, at } = options
  const later = facts.entries.filter(
    (entry) =>
      entry.channel === channel &&
      entry.topicId === topicId &&
      // Without an address nothing can be sent, and consent that was given for none is shown.
      entry.addressKey === (address?.key ?? null) &&
      entry.recordedAt.getTime() > optOut.cut,
  )
  const licence = latest(later.filter(isLicence))
  const pending = latest(later.filter(({ state }) => state === 'pending'))
  if (licence !== null && (licence.validUntil === null || licence.validUntil > at)) return verdict('opted_in', licence)
  if (pending !== null && (licence === null || pending.recordedAt >= licence.recordedAt)) return verdict('pending', pending)
  return licence === null ? { state: 'unknown' } : verdict('expired', licence)
}

/** The opt-out in force, and the time of the last opt-out that was not taken back: older opt-ins do not count again. */
function optOutOf(facts: ConsentFacts, { channel, topicId, address }: VerdictOptions) {
  const sharing = sharingOptOuts(channel)
  const own = facts.entries.filter((entry) => entry.topicId === topicId && sharing.includes(entry.channel))
  const proven = lastProof(own, channel)
  const started = Math.max(...times(own.filter(({ state, origin }) => state === 'unknown' && origin === 'keyword')))
  let inForce: Extract<Verdict, { state: 'opted_out' }> | null = null
  let cut = -Infinity
  const consider = (recordedAt: Date, recordId: string | null) => {
    if (inForce === null || recordedAt > inForce.recordedAt) inForce = { state: 'opted_out', recordedAt, recordId }
  }
  for (const { state, origin, recordedAt, id } of own) {
    if (state !== 'opted_out') continue
    const time = recordedAt.getTime()
    const isTakenBack = origin === 'keyword' && started > time
    if (!isTakenBack) cut = Math.max(cut, time)
    if (!isTakenBack && proven <= time) consider(recordedAt, id)
  }
  for (const entry of address?.suppressions ?? []) {
    if (entry.topicId !== topicId || entry.channel !== channel) continue
    if (entry.reason !== 'opt_out' && entry.reason !== 'keyword') continue
    if (entry.reason === 'opt_out') cut = Math.max(cut, entry.since.getTime())
    if (holds(entry)) consider(entry.since, facts.entries.some(({ id }) => id === entry.recordId) ? entry.recordId : null)
  }
  return { inForce: inForce as Extract<Verdict, { state: 'opted_out' }> | null, cut }
}

/** When the latest opt-in with proof was made on a channel, among entries of one topic: it ends earlier opt-outs. -Infinity if there is none. */
export function lastProof(entries: readonly ConsentEntry[], channel: Channel): number {
  return Math.max(...times(entries.filter((entry) => entry.channel === channel && entry.proven !== false && isLicence(entry))))
}

function times(entries: readonly ConsentEntry[]): number[] {
  return [-Infinity, ...entries.map(({ recordedAt }) => recordedAt.getTime())]
}

/** The latest entry; of two of the same time the one that ends sooner. */
function latest(entries: readonly ConsentEntry[]): ConsentEntry | null {
  const [first] = entries.toSorted(
    (one, other) =>
      other.recordedAt.getTime() - one.recordedAt.getTime() ||
      (one.validUntil?.getTime() ?? Infinity) - (other.validUntil?.getTime() ?? Infinity) ||
      (one.id < other.id ? -1 : 1),
  )
  return first ?? null
}

function verdict<State extends 'opted_in' | 'expired' | 'pending'>(state: State, { recordedAt, id, validUntil }: ConsentEntry) {
  return { state, recordedAt, recordId: id, validUntil }
}
