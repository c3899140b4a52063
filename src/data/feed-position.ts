/**
 * A position among the changes of the database: which of them are known. Transactions do not commit in the order of their numbers, so no
 * single number can say it; it is said as PostgreSQL itself says what a query sees.
 */
export interface FeedPosition {
  /** Of the transactions from here on, none is known. */
  readonly next: bigint
  /** Of those before, these are not known either: they were under way. */
  readonly underWay: ReadonlySet<bigint>
  /** Of some transactions that are not known, the changes up to this one are. */
  readonly parts: ReadonlyMap<bigint, bigint>
}

/** Where a change stands. */
export interface Numbered {
  readonly transactionId: bigint
  readonly id: bigint
}

/** The position of one who knows all that a query sees, by PostgreSQL's `pg_current_snapshot()`: `oldest:next:under way`, these with commas. */
export function parsePosition(snapshot: string): FeedPosition {
  const [, next = '', underWay = ''] = snapshot.split(':')
  return { next: BigInt(next), underWay: new Set(underWay === '' ? [] : underWay.split(',').map(BigInt)), parts: new Map() }
}

/**
 * The transactions before a position, and not under way there, of those whose locks are held. A lock has the last 32 bits of a number.
 * @param locked in any order, those of transactions that are under way or still to come among them
 */
export function committingAt({ next, underWay }: FeedPosition, locked: readonly bigint[]): bigint[] {
  return locked.flatMap((number) => {
    const since = BigInt.asUintN(32, next - number)
    // A number stands for the nearest transaction that has it: half of them are before the next one, and half are to come.
    return since === 0n || since >= 2n ** 31n || underWay.has(next - since) ? [] : [next - since]
  })
}

/** The position of one who knows nothing yet. */
export const nothingKnown: FeedPosition = { next: 0n, underWay: new Set(), parts: new Map() }

/** Writes a position down, to be read back by {@link restorePosition}. */
export function storePosition({ next, underWay, parts }: FeedPosition): string {
  return [next, [...underWay].join(), [...parts].map((part) => part.join('-')).join()].join('.')
}

export function restorePosition(text: string): FeedPosition {
  const [next = '0', underWay = '', parts = ''] = text.split('.')
  return { next: BigInt(next), underWay: new Set(listOf(underWay).map(BigInt)), parts: new Map(listOf(parts).map(restorePart)) }
}

function listOf(joined: string): string[] {
  return joined === '' ? [] : joined.split(',')
}

function restorePart(part: string): [bigint, bigint] {
  const [transaction = '0', id = '0'] = part.split('-')
  return [BigInt(transaction), BigInt(id)]
}

/** The first transaction that is not wholly known at a position: it and later ones are still to be read. */
export function neededFrom({ next, underWay }: FeedPosition): bigint {
  return [...underWay].reduce((least, transaction) => (transaction < least ? transaction : least), next)
}

/**
 * The position of one who knew what is known at one position, and has read on from there in the order of the numbers, up to a change.
 * @param seen what was committed when that was read
 */
export function positionAt({ transactionId: last, id }: Numbered, before: FeedPosition, seen: FeedPosition): FeedPosition {
  const underWay = [...seen.underWay].filter((transaction) => transaction < last)
  const later = [...before.underWay].filter((transaction) => transaction > last)
  const next = last > before.next ? last : before.next
  const parts = [...before.parts].filter(([transaction]) => transaction > last)
  return { next, underWay: new Set([...underWay, ...later, ...(last < next ? [last] : [])]), parts: new Map([...parts, [last, id]]) }
}

/** Whether a change is known at a position, if it is committed by now. */
export function isKnown(position: FeedPosition, { transactionId, id }: Numbered): boolean {
  return isWhollyKnown(position, transactionId) || id <= (position.parts.get(transactionId) ?? -1n)
}

/** Whether all that is known at the other position is known at this one. It may say no where that is so all the same. */
export function covers(position: FeedPosition, other: FeedPosition): boolean {
  if (position.next < other.next || ![...other.parts.keys()].every((transaction) => isWhollyKnown(position, transaction))) return false
  return [...position.underWay].every((transaction) => transaction >= other.next || other.underWay.has(transaction))
}

function isWhollyKnown({ next, underWay }: FeedPosition, transaction: bigint): boolean {
  return transaction < next && !underWay.has(transaction)
}
