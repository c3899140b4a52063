import type { Channel } from '../../data/generated/client.ts'

/** For so long after a message from the contact, a message to it on the same channel is an answer. */
export const replyWindow = 24 * 60 * 60 * 1000

/** A message from the contact. */
export interface Received {
  readonly channel: Channel
  readonly occurredAt: Date
}

/** Whether a message on a channel at a time answers one of the contact's. */
export function isReply(received: readonly Received[], channel: Channel, at: Date): boolean {
  return received.some((one) => {
    const age = at.getTime() - one.occurredAt.getTime()
    return one.channel === channel && age >= 0 && age < replyWindow
  })
}

/** When a message on a channel becomes an answer, where it is none yet; null if no message is known that it would answer. */
export function nextReplyAt(received: readonly Received[], channel: Channel, at: Date): Date | null {
  const later = received.filter((one) => one.channel === channel && one.occurredAt > at).map((one) => one.occurredAt.getTime())
  return later.length === 0 ? null : new Date(Math.min(...later))
}
