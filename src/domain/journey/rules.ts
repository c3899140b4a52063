import type { Channel, ConsentState, Direction, LifecycleStage, SuppressionReason } from '../../data/generated/client.ts'
import type { JourneyRow } from '../../data/sql/find-journey.ts'
import { callTitle, messageTitle } from '../activities/describe.ts'

export const journeyTypes = [
  'created',
  'imported',
  'first_touch',
  'touch',
  'milestone',
  'stage_changed',
  'consent_changed',
  'blocked',
  'unblocked',
  'suppressed',
  'suppression_lifted',
  'merged',
] as const
export type JourneyType = (typeof journeyTypes)[number]

/** One step of a contact's journey. */
export interface JourneyEntry {
  readonly occurredAt: Date
  /** The stage that it happened in; of a change of stage, the one that was entered. */
  readonly stage: LifecycleStage
  readonly type: JourneyType
  readonly channel: Channel | null
  readonly direction: Direction | null
  /** One line that says what it was; never empty. */
  readonly title: string
  readonly detail: string | null
  /** The id of the record that the entry describes. */
  readonly referenceId: string
  /** Its position among entries of the same time. */
  readonly key: string
}

/** The title of a row of the journey. */
export function describeEntry(row: JourneyRow): JourneyEntry {
  const { id, key, occurredAt, stage, channel, direction } = row
  return { occurredAt, stage, channel, direction, referenceId: id, key, ...describe(row) }
}

function describe(row: JourneyRow): Pick<JourneyEntry, 'type' | 'title' | 'detail'> {
  const touch = row.isFirst ? 'first_touch' : 'touch'
  switch (row.source) {
    case 'contact':
      return row.word === 'import'
        ? { type: 'imported', title: 'Came in with an import', detail: firstSeen(row.text) }
        : { type: 'created', title: row.word === 'activity' ? 'Created from the first activity' : 'Created', detail: null }
    case 'message':
      return {
        type: touch,
        title: messageTitle(row.text, row.more, row.direction),
        detail: row.word === 'spam' ? 'filed under spam' : row.word,
      }
    case 'call':
      return { type: touch, title: callTitle(row.direction, row.word), detail: row.seconds === null ? null : `${row.seconds} seconds` }
    case 'ticket':
      return { type: 'milestone', title: `Ticket: ${row.text}`, detail: `${row.word}, ${row.more} priority` }
    case 'event':
      return { type: 'milestone', title: row.text, detail: row.more }
    case 'transition':
      return { type: 'stage_changed', title: `From ${row.text} to ${row.word}`, detail: `by ${row.more}` }
    case 'consent':
      return {
        type: 'consent_changed',
        title: consentTitle(row.word, row.channel),
        detail: `${consentSources[row.text] ?? row.text}${row.more === null ? '' : `, for ${row.more}`}`,
      }
    case 'block':
      return { type: 'blocked', title: `Blocked by ${row.more}`, detail: row.text }
    case 'unblock':
      return { type: 'unblocked', title: `Unblocked by ${row.more}`, detail: row.text }
    case 'suppression':
      return { type: 'suppressed', title: `Address suppressed by ${row.more}`, detail: withNote(suppressionWords[row.word], row.text) }
    case 'lift':
      return {
        type: 'suppression_lifted',
        title: `Suppression lifted by ${row.more}`,
        detail: withNote(suppressionWords[row.word], row.text),
      }
    case 'merge':
      return { type: 'merged', title: `Merged by ${row.more}`, detail: `${row.text} other contact${row.text === '1' ? '' : 's'}` }
  }
}

/** Sources that the gateway itself gives, in words. */
const consentSources: Readonly<Record<string, string>> = {
  keyword: 'by a stop or start word',
  complaint: 'by a complaint',
  one_click: 'by one click in an email',
  preference_page: 'on the preference page',
  double_opt_in: 'confirmed by its link',
  merge: 'when contacts were merged',
}

const suppressionWords: Readonly<Record<SuppressionReason, string>> = {
  opt_out: 'opt-out',
  keyword: 'stop word',
  complaint: 'complaint',
  erasure: 'a person with this address was erased',
  manual: 'put on the list by hand',
  imported: 'imported list',
  block: 'block',
}

function withNote(words: string, note: string | null): string {
  return note === null ? words : `${words}: ${note}`
}

/** What an import has brought as `first_seen_at`: when another tool has seen the person first. */
function firstSeen(text: string | null): string | null {
  const date = text !== null && /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : null
  return date === null || Number.isNaN(date.getTime()) ? null : `first seen on ${date.toISOString().slice(0, 10)}`
}

function consentTitle(state: ConsentState, channel: Channel): string {
  switch (state) {
    case 'opted_in':
      return `Opted in to ${channel}`
    case 'opted_out':
      return `Opted out of ${channel}`
    case 'unknown':
      return `Took back the opt-out of ${channel}`
    case 'pending':
      return `Asked to confirm consent to ${channel}`
  }
}
