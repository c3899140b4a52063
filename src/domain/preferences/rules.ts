import type { ConsentState, LawfulBasis, Topic } from '../../data/generated/client.ts'
import { parseChannel } from '../../kernel/channels.ts'
import { type DomainError, InvalidInput } from '../../kernel/errors.ts'
import { parseText, shorten } from '../../kernel/text.ts'
import type { NewConsent } from '../consent/record.ts'
import { clockSkew } from '../consent/rules.ts'
import { notSentOn, parseTopic } from '../topics/queries.ts'
import { rejectionOf } from './errors.ts'

/** What a contact said about one channel or topic, as it is reported. Null and absence are the same: nothing is known. */
export interface PreferenceChange {
  /** The name of a channel, in any case. */
  readonly channel: string
  readonly state: ConsentState
  /** The key or the id of a topic; the whole channel by default. */
  readonly topic?: string | null | undefined
  /** The address that it is about; by default the contact's primary one. */
  readonly address?: string | null | undefined
  /** Where it was given or withdrawn. Default: `api`. */
  readonly source?: string | null | undefined
  readonly lawfulBasis?: LawfulBasis | null | undefined
  readonly purpose?: string | null | undefined
  readonly textVersion?: string | null | undefined
  /** An http or https address. */
  readonly proofUrl?: string | null | undefined
  /** When the contact said it; now by default. */
  readonly recordedAt?: Date | null | undefined
  /** When an opt-in ends; never by default. */
  readonly validUntil?: Date | null | undefined
  /** The reporting system's id: the same one again changes nothing. */
  readonly externalId?: string | null | undefined
}

/** A change that is sound, before it is known of which contact and address it is. */
export interface ParsedChange {
  readonly index: number
  readonly consent: Omit<NewConsent, 'contactId' | 'addressKind' | 'addressKey'>
  /** The address as it was given. */
  readonly address: string | null
  /** Whether a time was given: without one it is about the present address. */
  readonly isDated: boolean
}

/** Why one of the changes was not put on record. */
export interface ChangeFailure {
  readonly index: number
  readonly reason: DomainError
}

const maxChanges = 100

/**
 * Accepts 1 to 100 changes, each by itself: one that is wrong does not lose the others.
 * @throws InvalidInput if there are none or too many
 */
export function parseChanges(
  changes: readonly PreferenceChange[],
  topics: readonly Topic[],
  now: Date,
): { parsed: ParsedChange[]; failed: ChangeFailure[] } {
  if (changes.length === 0 || changes.length > maxChanges) {
    throw new InvalidInput(changes.length === 0 ? 'No change is named.' : `${changes.length} changes are too many at a time.`, {
      field: 'changes',
      expected: `1 to ${maxChanges} changes`,
    })
  }
  const [parsed, failed]: [ParsedChange[], ChangeFailure[]] = [[], []]
  for (const [index, change] of changes.entries()) {
    const reason = rejectionOf(() => parsed.push(parseChange(change, index, topics, now)))
    if (reason !== null) failed.push({ index, reason })
  }
  return { parsed, failed }
}

function parseChange(change: PreferenceChange, index: number, topics: readonly Topic[], now: Date): ParsedChange {
  const path = `changes.${index}`
  const text = (value: string | null | undefined, field: string, max: number) =>
    typeof value === 'string' ? parseText(value, `${path}.${field}`, { max }) : null
  const channel = parseChannel(change.channel, `${path}.channel`)
  const given = parseState(change.state, `${path}.state`)
  const topic = typeof change.topic === 'string' ? parseTopic(change.topic, topics, `${path}.topic`) : null
  if (topic !== null && given !== 'opted_out' && topic.channels.length > 0 && !topic.channels.includes(channel))
    throw notSentOn(topic, channel, `${path}.channel`)
  // A topic that asks for a confirmation has no opt-in before it.
  const state = given === 'opted_in' && topic?.doubleOptIn === true ? 'pending' : given
  const source = text(change.source, 'source', 100)
  const textVersion = text(change.textVersion, 'textVersion', 100)
  const proofUrl = typeof change.proofUrl === 'string' ? parseProofUrl(change.proofUrl, `${path}.proofUrl`) : null
  return {
    index,
    address: text(change.address, 'address', 300),
    isDated: change.recordedAt instanceof Date,
    consent: {
      channel,
      state,
      topicId: topic?.id ?? null,
      source: source ?? 'api',
      lawfulBasis: change.lawfulBasis ?? null,
      purpose: text(change.purpose, 'purpose', 200),
      textVersion,
      proofUrl,
      recordedAt: parseRecordedAt(change.recordedAt ?? now, state, now, `${path}.recordedAt`),
      // An opt-out has no end: only a later opt-in ends it.
      validUntil: state === 'opted_out' ? null : parseValidUntil(change.validUntil ?? null, now, `${path}.validUntil`),
      externalId: text(change.externalId, 'externalId', 200),
      origin: 'reported',
      messageId: null,
      proven: state === 'opted_in' ? source !== null && (textVersion !== null || proofUrl !== null) : null,
    },
  }
}

function parseState(state: ConsentState, field: string): ConsentState {
  if (state !== 'unknown') return state
  throw new InvalidInput('Nothing can be put on record as unknown: a channel is unknown as long as nothing holds for it.', {
    field,
    value: state,
    expected: 'opted_in, opted_out or pending',
  })
}

function parseProofUrl(text: string, field: string): string | null {
  const url = parseText(text, field, { max: 2000 })
  if (url === null || (/^https?:\/\//i.test(url) && URL.canParse(url))) return url
  throw new InvalidInput('This is not the URL of a proof.', {
    field,
    value: shorten(text),
    expected: 'an http or https URL, such as https://example.com/proof/1',
  })
}

/** A time ahead of ours counts as now: up to five minutes for anyone, whatever it is for an opt-out, which must not be lost. */
function parseRecordedAt(time: Date, state: ConsentState, now: Date, field: string): Date {
  if (time <= now) return time
  if (state === 'opted_out' || time.getTime() <= now.getTime() + clockSkew) return now
  throw new InvalidInput('Consent cannot have been given in the future.', {
    field,
    value: time.toISOString(),
    expected: `a time not later than ${now.toISOString()}`,
  })
}

function parseValidUntil(time: Date | null, now: Date, field: string): Date | null {
  if (time === null || time > now) return time
  throw new InvalidInput('This consent has ended already.', {
    field,
    value: time.toISOString(),
    expected: `a time after ${now.toISOString()}, or nothing if it does not end`,
  })
}
