import type { Channel, ConsentRecord, ConsentState, LawfulBasis } from '../../data/generated/client.ts'
import { parseChannel } from '../../kernel/channels.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { parseText, shorten } from '../../kernel/text.ts'

/** What a contact wished for one channel, as it is told. Null and silence are the same: nothing is known. */
export interface PreferenceChange {
  /** The name of a channel, in any case. */
  readonly channel: string
  readonly state: ConsentState
  /** Where the wish was expressed; `api` if nothing is said. */
  readonly source?: string | null | undefined
  readonly lawfulBasis?: LawfulBasis | null | undefined
  readonly purpose?: string | null | undefined
  readonly textVersion?: string | null | undefined
  /** An http or https address. */
  readonly proofUrl?: string | null | undefined
  /** When the contact expressed the wish; now if nothing is said. Never in the future. */
  readonly recordedAt?: Date | null | undefined
}

/** What callers decide about an entry of the ledger. */
export type Consent = Omit<ConsentRecord, 'organizationId' | 'id' | 'contactId' | 'recordedBy' | 'createdAt'>

const maxChanges = 100

/** Accepts 1 to 100 changes. @throws InvalidInput, InvalidChannel */
export function parseChanges(changes: readonly PreferenceChange[], now: Date): Consent[] {
  if (changes.length === 0 || changes.length > maxChanges) {
    throw new InvalidInput(changes.length === 0 ? 'No change is named.' : `${changes.length} changes are too many at a time.`, {
      field: 'changes',
      expected: `1 to ${maxChanges} changes`,
    })
  }
  return changes.map((change, index) => parseChange(change, now, `changes.${index}`))
}

function parseChange(change: PreferenceChange, now: Date, path: string): Consent {
  const text = (value: string | null | undefined, field: string, max: number) =>
    typeof value === 'string' ? parseText(value, `${path}.${field}`, { max }) : null
  return {
    channel: parseChannel(change.channel, `${path}.channel`),
    state: parseState(change.state, `${path}.state`),
    source: text(change.source, 'source', 100) ?? 'api',
    lawfulBasis: change.lawfulBasis ?? null,
    purpose: text(change.purpose, 'purpose', 200),
    textVersion: text(change.textVersion, 'textVersion', 100),
    proofUrl: typeof change.proofUrl === 'string' ? parseProofUrl(change.proofUrl, `${path}.proofUrl`) : null,
    recordedAt: parseRecordedAt(change.recordedAt ?? now, now, `${path}.recordedAt`),
  }
}

function parseState(state: ConsentState, field: string): ConsentState {
  if (state !== 'unknown') return state
  throw new InvalidInput('Nothing can be put on record as unknown: a channel is unknown as long as it has no record.', {
    field,
    value: state,
    expected: 'opted_in or opted_out',
  })
}

function parseProofUrl(text: string, field: string): string | null {
  const url = parseText(text, field, { max: 2000 })
  if (url === null || (/^https?:\/\//i.test(url) && URL.canParse(url))) return url
  throw new InvalidInput('This is not the address of a proof.', {
    field,
    value: shorten(text),
    expected: 'an http or https address, such as https://example.com/proof/1',
  })
}

function parseRecordedAt(moment: Date, now: Date, field: string): Date {
  if (moment <= now) return moment
  throw new InvalidInput('A wish cannot have been expressed in the future.', {
    field,
    value: moment.toISOString(),
    expected: `a moment not later than ${now.toISOString()}`,
  })
}

type Decisive = Pick<ConsentRecord, 'recordedAt' | 'state'>

/**
 * Whether a record decides over another one: the later wish counts, and of two of the same moment the refusal. This is a total order
 * over what the contact said, so the order in which records arrive makes no difference.
 */
export function outweighs(one: Decisive, other: Decisive): boolean {
  const apart = one.recordedAt.getTime() - other.recordedAt.getTime()
  return apart > 0 || (apart === 0 && one.state === 'opted_out' && other.state !== 'opted_out')
}

/** The record that decides on each channel. */
export function decisiveByChannel<Row extends Decisive & { readonly channel: Channel }>(records: readonly Row[]): Map<Channel, Row> {
  const decisive = new Map<Channel, Row>()
  for (const record of records) {
    const current = decisive.get(record.channel)
    if (current === undefined || outweighs(record, current)) decisive.set(record.channel, record)
  }
  return decisive
}
