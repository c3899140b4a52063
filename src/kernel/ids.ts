import { TypeID, typeid } from 'typeid-js'
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
  frequencyCapRule: 'fcr',
  message: 'msg',
  call: 'call',
  ticket: 'tkt',
  event: 'evt',
  importJob: 'imp',
  auditEntry: 'aud',
} as const

export type IdKind = keyof typeof idPrefixes

/** A new id; ids of one process ascend in the order in which they were made. */
export function newId(kind: IdKind): string {
  return typeid(idPrefixes[kind]).toString()
}

/** The id that the given moment and randomness (10 bytes) make, so that a seeded history has the same ids every time. */
export function idAt(kind: IdKind, moment: Date, randomness: Uint8Array): string {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(moment.getTime()) << 16n)
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

/** Accepts an id of the given kind. @throws InvalidInput for any other text */
export function parseId(kind: IdKind, text: string, field = 'id'): string {
  if (isId(kind, text)) return text
  const prefix = idPrefixes[kind]
  throw new InvalidInput(`This is not the id of a ${words(kind)}; those look like ${prefix}_01jm8xw4r2e5tvq0c9h3kzb7nd.`, {
    field,
    value: text,
    expected: `${prefix}_ and 26 letters and digits`,
  })
}

function isId(kind: IdKind, text: string): boolean {
  return text.startsWith(`${idPrefixes[kind]}_`) && /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text.slice(idPrefixes[kind].length + 1))
}
