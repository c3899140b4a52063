import type { Channel, Contact, TicketPriority } from '../../data/generated/client.ts'

/** Something that waits for the organization: a question, a missed call or a ticket. */
export interface OpenItem {
  readonly kind: 'message' | 'call' | 'ticket'
  readonly id: string
  /** When it began to wait. */
  readonly at: Date
  /** A message's subject or the beginning of its text, a ticket's subject; null where there is none. */
  readonly title: string | null
}

export interface Question extends OpenItem {
  readonly kind: 'message'
  readonly channel: Channel
  /** How many messages of the conversation have not been answered. */
  readonly count: number
}

export interface MissedCalls extends OpenItem {
  readonly kind: 'call'
  readonly count: number
}

export interface OpenTicket extends OpenItem {
  readonly kind: 'ticket'
  readonly priority: TicketPriority
}

/** What is going on with a contact, as far as it calls for action. Nothing in it is later than now. */
export interface Situation {
  readonly contact: Contact
  readonly now: Date
  /** When the contact came to its stage. */
  readonly stageSince: Date
  readonly questions: readonly Question[]
  readonly missedCalls: MissedCalls | null
  /** The tickets that wait for the organization; pending ones wait for the contact. */
  readonly tickets: readonly OpenTicket[]
  /** Tickets that are open or pending. */
  readonly unsolvedTickets: number
  /** The channels that the organization uses, and those of the contact's own messages. */
  readonly channelsInUse: ReadonlySet<Channel>
  /** The channels on which the contact wrote within 90 days. */
  readonly wroteOn: readonly Channel[]
  /** When the contact last wrote; null if it never did. Spam and automatic replies are left out. */
  readonly inboundAt: Date | null
  /** When a message last went out; null if none has. */
  readonly outboundAt: Date | null
  /** Messages that went out within the last seven days. */
  readonly outboundLately: number
  readonly missedCallAt: Date | null
  readonly solvedAt: Date | null
  readonly orderedAt: Date | null
}

const day = 24 * 60 * 60 * 1000

/** How many days ago a time was; null if there was none. */
export function daysSince(situation: Situation, time: Date | null): number | null {
  return time === null ? null : Math.max(situation.now.getTime() - time.getTime(), 0) / day
}

/** The days since the contact last did anything on record: wrote, called, ordered, or was created. */
export function daysSilent(situation: Situation): number {
  const { contact, inboundAt, missedCallAt, orderedAt } = situation
  const times = [contact.createdAt, inboundAt, missedCallAt, orderedAt]
  return Math.min(...times.map((time) => daysSince(situation, time) ?? Infinity))
}

/** A length of time as people say it: "3 hours", "1 day". */
export function span(days: number): string {
  if (days >= 60) return plural(Math.round(days / 30), 'month')
  if (days >= 1) return plural(Math.round(days), 'day')
  if (days >= 1 / 24) return plural(Math.round(days * 24), 'hour')
  return plural(Math.max(Math.round(days * 24 * 60), 1), 'minute')
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
