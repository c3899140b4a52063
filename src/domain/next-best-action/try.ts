import type { Channel } from '../../data/generated/client.ts'

/** A message or call to a contact, and its answer. */
export interface Try {
  readonly channel: Channel
  readonly sentAt: Date
  /** When the contact answered: its first message on the channel before the next one to it; null if there is none. */
  readonly answeredAt: Date | null
}
