import type { Channel, MessageCategory } from '../../data/generated/client.ts'
import type { OpenItem } from './situation.ts'

/** What can be done next. */
export const actions = [
  'reply_to_message',
  'return_call',
  'follow_up_ticket',
  'request_consent',
  'welcome',
  'nurture',
  'win_back',
  'upsell',
  'request_review',
  'enrich_profile',
  'wait',
] as const
export type Action = (typeof actions)[number]

/** Why an action is suggested, or what speaks for and against it. */
export const reasonCodes = [
  'UNANSWERED_MESSAGE',
  'MISSED_CALL',
  'OPEN_TICKET',
  'CONSENT_UNKNOWN',
  'NEW_CONTACT',
  'LIFECYCLE_STAGE',
  'LONG_SILENCE',
  'RECENT_ORDER',
  'TICKET_SOLVED',
  'MISSING_DATA',
  'WAITING',
  'ANSWERS_ON_CHANNEL',
  'ANSWERS_AT_HOUR',
  'RECENTLY_CONTACTED',
  'NOT_ALLOWED_YET',
  'NOT_ALLOWED',
  'BLOCKED',
  'NOTHING_MORE_URGENT',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** What a suggestion is about. */
export interface About {
  readonly kind: OpenItem['kind']
  readonly subjectId: string
  readonly title: string | null
}

/** Something that could be done, before it is known whether, when and on which channel it best is. */
export interface Candidate {
  readonly action: Exclude<Action, 'wait'>
  readonly category: MessageCategory
  /** The channels to choose from. */
  readonly channels: readonly Channel[]
  /** The channel to use if it is allowed; null if the best of them is chosen. */
  readonly usual: Channel | null
  /** The points for an answer of the contact, or for serving it: 100 is an answer to a question that waits for long. */
  readonly worth: number
  /**
   * How many days the contact has been waiting, and the points that adds; null for an idea of the organization. A contact that waits is served
   * as soon as that is allowed; for an idea the time is chosen, and its value is the chance of an answer.
   */
  readonly waiting: { readonly days: number; readonly gain: number } | null
  readonly code: ReasonCode
  readonly message: string
  /** Null for an idea of the organization. */
  readonly about: About | null
}
