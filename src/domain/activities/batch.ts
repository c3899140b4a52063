import type { Call, Event, Message, Ticket } from '../../data/generated/client.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { type ContactRef, parseContactRef } from '../contacts/refs.ts'
import { type Context, InsufficientPermissions } from '../context.ts'
import { type CallInput, parseCall } from './calls.ts'
import { type EventInput, parseEvent } from './events.ts'
import { type MessageInput, type MessageSettings, parseMessage } from './messages.ts'
import type { Item, ActivityReport } from './report.ts'
import { parseTicket, type TicketInput } from './tickets.ts'

interface AboutContact {
  readonly contact: ContactRef
  /** Whether to create the contact if none has the phone or email. Also needs the scope contacts:write. */
  readonly createContact?: boolean | null | undefined
}

/** One activity to record: exactly one of the four. */
export interface ActivityToRecord {
  readonly message?: (MessageInput & AboutContact) | null | undefined
  readonly call?: (CallInput & AboutContact) | null | undefined
  readonly ticket?: (TicketInput & AboutContact) | null | undefined
  readonly event?: (EventInput & AboutContact) | null | undefined
}

/** What became of one item of a batch. */
export type Outcome =
  | {
      readonly status: 'created' | 'updated' | 'unchanged'
      readonly id: string
      /** What was reported and does not count, such as a status that goes backwards. */
      readonly ignored: string | null
    }
  | { readonly status: 'rejected'; readonly reason: DomainError }

/** The items of a batch that are sound, by kind. */
export interface Batch {
  readonly messages: Item<Message>[]
  readonly calls: Item<Call>[]
  readonly tickets: Item<Ticket>[]
  readonly events: Item<Event>[]
}

/** Parses every item by itself; those that are wrong have their outcome. */
export function parseBatch(
  context: Context,
  activities: readonly ActivityToRecord[],
  settings: MessageSettings,
  outcomes: Map<number, Outcome>,
): Batch {
  const batch: Batch = { messages: [], calls: [], tickets: [], events: [] }
  const now = context.now()
  for (const [index, { message, call, ticket, event }] of activities.entries()) {
    const item = <Row>(about: AboutContact, report: ActivityReport<Row>): Item<Row> => {
      const createContact = about.createContact === true
      // Whether the contact is there or not: a key that may not create is refused on the first call, not on the first unknown contact.
      if (createContact && !context.actor.scopes.includes('contacts:write'))
        throw new InsufficientPermissions(context.actor, 'contacts:write')
      return { index, report, contact: parseContactRef(about.contact, settings.defaultCountry), createContact }
    }
    const rejection = rejecting(() => {
      if ([message, call, ticket, event].filter(Boolean).length !== 1) {
        throw new InvalidInput('An activity is exactly one of message, call, ticket and event.', {
          field: 'input',
          expected: 'one of the four',
        })
      }
      if (message) batch.messages.push(item(message, parseMessage(message, now, settings)))
      if (call) batch.calls.push(item(call, parseCall(call, now, settings.defaultCountry)))
      if (ticket) batch.tickets.push(item(ticket, parseTicket(ticket, now)))
      if (event) batch.events.push(item(event, parseEvent(event, now)))
    })
    if (rejection !== null) outcomes.set(index, rejection)
  }
  return batch
}

/** Runs what may refuse one item. @returns the refusal; null if there was none */
export function rejecting(work: () => void): Outcome | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof DomainError) return { status: 'rejected', reason: error }
    throw error
  }
}
