import type { Channel, Contact, TicketPriority } from '../../data/generated/client.ts'

/** What is going on with a contact, as far as it asks for something to be done. Nothing in it is later than now. */
export interface Situation {
  readonly contact: Contact
  readonly now: Date
  /** When the contact came to its stage. */
  readonly stageSince: Date
  /** The latest message from the contact; null if there is none. Spam is left out. */
  readonly inbound: { readonly channel: Channel; readonly at: Date } | null
  /** When a message last went out; null if none has. */
  readonly outboundAt: Date | null
  /** Messages that went out within the last seven days. */
  readonly outboundLately: number
  /** The latest call from the contact that nobody took. */
  readonly missedCallAt: Date | null
  /** The latest call in which somebody could talk: one to the contact, or one from it that was taken. */
  readonly calledAt: Date | null
  /** The most urgent open ticket. */
  readonly ticket: { readonly subject: string; readonly priority: TicketPriority; readonly at: Date } | null
  readonly openTickets: number
  readonly solvedAt: Date | null
  readonly orderedAt: Date | null
}

const day = 24 * 60 * 60 * 1000

/** How many days ago a moment was; null if there was none. */
export function daysSince(situation: Situation, moment: Date | null): number | null {
  return moment === null ? null : (situation.now.getTime() - moment.getTime()) / day
}

/** The days since the contact last did anything that we know of: wrote, called, ordered, or came to be known. */
export function daysSilent(situation: Situation): number {
  const { contact, inbound, missedCallAt, orderedAt } = situation
  const moments = [contact.createdAt, inbound?.at ?? null, missedCallAt, orderedAt]
  return Math.min(...moments.map((moment) => daysSince(situation, moment) ?? Infinity))
}

/** A length of time as people say it: "3 hours", "1 day". */
export function span(days: number): string {
  if (days >= 60) return plural(Math.round(days / 30), 'month')
  if (days >= 1) return plural(Math.round(days), 'day')
  if (days >= 1 / 24) return plural(Math.round(days * 24), 'hour')
  return plural(Math.max(Math.round(days * 24 * 60), 1), 'minute')
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
