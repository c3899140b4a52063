import type { Channel } from '../../data/generated/client.ts'
import type { NamedContact } from '../contacts/refs.ts'

/** The reservation that an activity was sent on, and what it must have been made for. */
export interface ReservationClaim {
  readonly id: string
  readonly channel: Channel
  /** The key of the address that the activity names; null if it names none. */
  readonly addressKey: string | null
}

/** To whom a new activity belongs, and when it is recorded. */
export interface Owner {
  readonly organizationId: string
  readonly contactId: string
  readonly isBlocked: boolean
  /** The keys of the contact's primary addresses. */
  readonly phoneKey: string | null
  readonly emailKey: string | null
  /** The key of the address that its reservation was made for; null where there is none. */
  readonly reservedKey: string | null
  readonly now: Date
}

/** What a recorded activity becomes by a further report. */
export interface UpdatedRow<Row> {
  readonly row: Row
  /** The part of the report that does not count, as a sentence; null if all of it does. */
  readonly ignored: string | null
}

/** The fields that reports of all kinds have. Absence and null are the same. */
export interface ActivityInput {
  readonly externalId?: string | null | undefined
  readonly occurredAt: Date
}

/** An opt-out that came with a message. */
export interface ReportedOptOut {
  readonly channel: Channel
  readonly origin: 'keyword' | 'complaint'
  /** The text of the message, as its proof; null for a complaint. */
  readonly text: string | null
  /** The key of the address that the message names; null if it names none. */
  readonly addressKey: string | null
  readonly occurredAt: Date
}

/** A parsed report of an activity: it becomes a row of its own, or adds to the existing row. */
export interface ActivityReport<Row> {
  readonly externalId: string | null
  /** Whether consent or the reachability of an address may follow from it. */
  readonly mayChangeConsent?: boolean
  /** The opt-out that a stop word or a complaint is, which is kept even if the report is rejected; null for all others. */
  readonly optOut?: ReportedOptOut | null
  /** The reservation whose slot it takes; null if there is none. */
  readonly reservation: ReservationClaim | null
  /** The first report. @throws ContactBlocked */
  create(owner: Owner): Row
  /** A further report under the same external id. @throws InvalidInput if it cannot be about the same thing */
  update(row: Row): UpdatedRow<Row>
}

/** A report, its position in the batch, and its contact. */
export interface Item<Row> {
  readonly index: number
  readonly report: ActivityReport<Row>
  readonly contact: NamedContact
  readonly createContact: boolean
}
