import type { Call, CallStatus, Channel, Direction, Event, Message, Ticket } from '../../data/generated/client.ts'
import { shorten } from '../../kernel/text.ts'

/** Something that happened between a contact and us: one row of one of the four kinds. */
export type Activity = Message | Call | Ticket | Event

export const activityKinds = ['message', 'call', 'ticket', 'event'] as const
export type ActivityKind = (typeof activityKinds)[number]

export function isActivityKind(kind: string | null): kind is ActivityKind {
  return activityKinds.some((known) => known === kind)
}

/** One activity, in the words that all four kinds share. */
export interface Described {
  readonly kind: ActivityKind
  /** The channel of a message; `voice` for a call; null for a ticket and an event. */
  readonly channel: Channel | null
  /** Null for a ticket and an event. */
  readonly direction: Direction | null
  /** How far it has come, in the words of its kind; null for an event. */
  readonly status: string | null
  /** One line that says what it was; never empty. */
  readonly title: string
  /** The text of a message; null for all else. */
  readonly body: string | null
}

const outcomes: Readonly<Record<CallStatus, string>> = {
  answered: 'answered',
  missed: 'missed',
  no_answer: 'not answered',
  busy: 'line busy',
  voicemail: 'voicemail left',
}

/**
 * Puts an activity into the words that all four kinds share. The title of a message is its subject, else the beginning of its text;
 * of a call how it ended; of a ticket its subject; of an event its name.
 */
export function describeActivity(activity: Activity): Described {
  if ('channel' in activity) {
    const { channel, direction, status, body } = activity
    return { kind: 'message', channel, direction, status, title: messageTitle(activity.subject, body, direction), body }
  }
  if ('durationSeconds' in activity) {
    const { direction, status } = activity
    return { kind: 'call', channel: 'voice', direction, status, title: callTitle(direction, status), body: null }
  }
  if ('priority' in activity) {
    return { kind: 'ticket', channel: null, direction: null, status: activity.status, title: activity.subject, body: null }
  }
  return { kind: 'event', channel: null, direction: null, status: null, title: activity.name, body: null }
}

/** Which kind of activity a row is of, by a column that the others do not have. */
export function activityKind(activity: Activity): ActivityKind {
  if ('channel' in activity) return 'message'
  if ('durationSeconds' in activity) return 'call'
  return 'priority' in activity ? 'ticket' : 'event'
}

/** A message in one line: its subject, else the beginning of its text. */
export function messageTitle(subject: string | null, body: string | null, direction: Direction): string {
  const line = subject ?? body?.split('\n', 1)[0]?.trim() ?? ''
  if (line !== '') return shorten(line)
  return direction === 'inbound' ? 'Message from the contact' : 'Message to the contact'
}

/** A call in one line: who called, and how it ended. */
export function callTitle(direction: Direction, status: CallStatus): string {
  return `${direction === 'inbound' ? 'Call from the contact' : 'Call to the contact'}, ${outcomes[status]}`
}
