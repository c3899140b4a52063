import { randomBytes } from 'node:crypto'
import { TypeID } from 'typeid-js'
import { InvalidInput } from './errors.ts'
import { words } from './text.ts'

/** The kinds of id: a prefix that says what it names, and a time-ordered unique part (TypeID over UUIDv7). */
export const idPrefixes = {
  organization: 'org',
  apiKey: 'key',
  contact: 'con',
  lifecycleTransition: 'lct',
  note: 'note',
  block: 'blk',
  consentRecord: 'cns',
  suppression: 'sup',
  topic: 'top',
  attributeDefinition: 'atd',
  frequencyCapRule: 'fcr',
  sendReservation: 'rsv',
  message: 'msg',
  call: 'call',
  ticket: 'tkt',
  event: 'evt',
  importJob: 'imp',
  auditEntry: 'aud',
  suggestion: 'nba',
  suggestionOutcome: 'sgo',
  contactMerge: 'mrg',
  erasure: 'ers',
  webhookEndpoint: 'whe',
  webhookDelivery: 'whd',
} as const

export type IdKind = keyof typeof idPrefixes

/** A new id; ids of one process ascend in the order in which they were made. */
export function newId(kind: IdKind): string {
  return timeOrderedId(idPrefixes[kind])
}

/**
 * A new id with a prefix of its own. It holds the time in steps of 1/4096 ms and 62 random bits, after RFC 9562 (section 6.2, method 3): a
 * counter in it would reveal how many ids all organizations have made in between.
 */
export function timeOrderedId(prefix: string): string {
  const tick = nextTick()
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, (BigInt(Math.floor(tick / ticksPerMillisecond)) << 16n) | BigInt(0x7000 | (tick % ticksPerMillisecond)))
  bytes.set(takeRandom(8), 8)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return TypeID.fromUUIDBytes(prefix, bytes).toString()
}

const ticksPerMillisecond = 4096
/** A clock that was set back by more than this, in ticks, is followed; less than that is waited for by counting on. */
const longestWait = 1000 * ticksPerMillisecond

// Ids ascend within a process, whichever app in it makes them: this is the one clock and the one pool of random bytes for them.
const clock = { offset: Date.now() - performance.now(), last: 0 }
const pool = { bytes: randomBytes(4096), used: 0 }

/** The time in ticks since 1970, later than any that was given before. */
function nextTick(): number {
  let now = performance.now() + clock.offset
  if (Math.abs(now - Date.now()) > 2) {
    // The system's clock was set.
    clock.offset = Date.now() - performance.now()
    now = Date.now()
  }
  const tick = Math.floor(now * ticksPerMillisecond)
  clock.last = tick > clock.last || clock.last - tick > longestWait ? tick : clock.last + 1
  return clock.last
}

/** Random bytes out of a pool: asking the system for a few at a time takes longer than all the rest of an id. */
function takeRandom(count: number): Uint8Array {
  if (pool.used + count > pool.bytes.length) {
    pool.bytes = randomBytes(pool.bytes.length)
    pool.used = 0
  }
  pool.used += count
  return pool.bytes.subarray(pool.used - count, pool.used)
}

/** The id that a time and randomness (10 bytes) make, so that a seeded history has the same ids every time. */
export function idAt(kind: IdKind, instant: Date, randomness: Uint8Array): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(instant.getTime()) << 16n)
  bytes.set(randomness.subarray(0, 10), 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return TypeID.fromUUIDBytes(idPrefixes[kind], bytes).toString()
}

/** The kind that an id names by its prefix; null for anything that is not one of our ids. */
export function idKind(text: string): IdKind | null {
  const kinds = Object.keys(idPrefixes) as IdKind[] // Object.keys gives the keys of a const object
  return kinds.find((kind) => isId(kind, text)) ?? null
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun.replace(/^api /, 'API ')}`
}

/** Accepts an id of the given kind. @throws InvalidInput for any other text */
export function parseId(kind: IdKind, text: string, field = 'id'): string {
  if (isId(kind, text)) return text
  const prefix = idPrefixes[kind]
  throw new InvalidInput(`This is not the id of ${withArticle(words(kind))}; those look like ${prefix}_01jm8xw4r2e5tvq0c9h3kzb7nd.`, {
    field,
    value: text,
    expected: `${prefix}_ and 26 letters and digits`,
  })
}

function isId(kind: IdKind, text: string): boolean {
  return text.startsWith(`${idPrefixes[kind]}_`) && formOf(kind).test(text.slice(idPrefixes[kind].length + 1))
}

/** A suggestion is stored nowhere: its id holds what it is computed from. */
function formOf(kind: IdKind): RegExp {
  return kind === 'suggestion' ? /^[A-Za-z0-9_-]{40,200}$/ : /^[0-7][0-9a-hjkmnp-tv-z]{25}$/
}
