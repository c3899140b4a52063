import type { Prisma } from '../../src/data/generated/client.ts'
import { type ContactFields, type ContactInput, newContact } from '../../src/domain/contacts/rules.ts'
import { searchColumnsOf } from '../../src/domain/contacts/names.ts'
import type { SearchColumns } from '../../src/data/sql/write-contacts.ts'
import { addressKindOf, sharingOptOuts } from '../../src/domain/consent/channels.ts'
import { dedupeKeyOf, noDetails } from '../../src/domain/consent/record.ts'
import type { KnownContact } from '../../src/domain/imports/rows/rows.ts'
import { type IdKind, idAt } from '../../src/kernel/ids.ts'
import { phoneKey } from '../../src/kernel/phone-key.ts'
import type { Chance } from './random.ts'

type Rows<Row> = (Row & { organizationId: string; id: string })[]
type Owned = 'organizationId' | 'id' | 'contactId' | 'createdAt' | 'updatedAt'
type Told<Row> = Omit<Row, Owned>

export type Message = Told<Prisma.MessageCreateManyInput>
export type Call = Told<Prisma.CallCreateManyInput>
export type Ticket = Told<Prisma.TicketCreateManyInput>
export type Consent = Told<Prisma.ConsentRecordCreateManyInput>
export type Stage = Prisma.LifecycleTransitionCreateManyInput['toStage']

/** The moment so many days ago, at an hour of the day in UTC if one is given. */
export type At = (days: number, hour?: number) => Date

const day = 24 * 60 * 60 * 1000

/** The rows of the demo organization, as they are made up. */
export class History {
  readonly organizationId: string
  readonly now: Date
  readonly chance: Chance
  readonly contacts: Prisma.ContactCreateManyInput[] = []
  /** What Prisma does not write of the contacts. */
  readonly searchColumns: (SearchColumns & { readonly id: string })[] = []
  /** The same contacts as an import meets them. */
  readonly known: KnownContact[] = []
  readonly lifecycleTransitions: Rows<Prisma.LifecycleTransitionCreateManyInput> = []
  readonly notes: Rows<Prisma.NoteCreateManyInput> = []
  readonly blocks: Rows<Prisma.BlockCreateManyInput> = []
  readonly consentRecords: Rows<Prisma.ConsentRecordCreateManyInput> = []
  readonly addresses: Prisma.ContactAddressCreateManyInput[] = []
  readonly suppressions: Rows<Prisma.SuppressionCreateManyInput> = []
  readonly topics: Rows<Prisma.TopicCreateManyInput> = []
  readonly messages: Rows<Prisma.MessageCreateManyInput> = []
  readonly calls: Rows<Prisma.CallCreateManyInput> = []
  readonly tickets: Rows<Prisma.TicketCreateManyInput> = []
  readonly events: Rows<Prisma.EventCreateManyInput> = []

  constructor(now: Date, chance: Chance) {
    this.now = now
    this.chance = chance
    this.organizationId = this.id('organization', this.ago(400))
  }

  id(kind: IdKind, moment: Date): string {
    return idAt(kind, moment, this.chance.bytes(10))
  }

  /** The moment so many days ago, at an hour of the day in UTC if one is given. */
  ago(days: number, hour?: number): Date {
    const moment = new Date(this.now.getTime() - days * day)
    if (hour !== undefined) moment.setUTCHours(Math.floor(hour), Math.floor((hour % 1) * 60), 0, 0)
    return moment > this.now ? new Date(moment.getTime() - day) : moment
  }

  /** A topic that contacts can subscribe to. @returns its id */
  topic(key: string, name: string, createdAt: Date): string {
    const id = this.id('topic', createdAt)
    this.topics.push({
      organizationId: this.organizationId,
      id,
      key,
      name,
      channels: ['email', 'whatsapp'],
      createdAt,
      updatedAt: createdAt,
    })
    return id
  }

  /** A new contact, and someone to go on telling about it. */
  contact(input: ContactInput, createdAt: Date): Person {
    const id = this.id('contact', createdAt)
    const fields = newContact(input, null)
    this.known.push({ id, revision: 1, lifecycleStage: fields.lifecycleStage, fields, addresses: [], furtherKeys: [] })
    return new Person(this, this.#add(id, fields, 'demo', createdAt))
  }

  /** A contact that an import has made. */
  imported(id: string, fields: ContactFields, createdAt: Date): void {
    this.#add(id, fields, 'import', createdAt)
  }

  #add(id: string, fields: ContactFields, source: 'demo' | 'import', createdAt: Date): Prisma.ContactCreateManyInput {
    const { customAttributes, ...others } = fields
    const searchColumns = searchColumnsOf(fields)
    const { searchText, nameKey } = searchColumns
    this.searchColumns.push({ id, ...searchColumns })
    const row = {
      ...others,
      searchText,
      nameKey,
      customAttributes,
      organizationId: this.organizationId,
      id,
      source,
      createdAt,
      updatedAt: createdAt,
    }
    this.contacts.push(row)
    const address = { organizationId: this.organizationId, contactId: id, createdAt }
    const { phone, phoneExtension, email, emailKey } = fields
    if (phone !== null)
      this.addresses.push({ ...address, kind: 'phone', key: phoneKey(phone), extension: phoneExtension ?? '', value: phone })
    if (email !== null) this.addresses.push({ ...address, kind: 'email', key: emailKey ?? email, value: email })
    return row
  }
}

/** Tells what happened to one contact. */
export class Person {
  readonly #history: History
  readonly #row: Prisma.ContactCreateManyInput

  constructor(history: History, row: Prisma.ContactCreateManyInput) {
    this.#history = history
    this.#row = row
  }

  note(occurredAt: Date, author: string, body: string, pinned = false): this {
    this.#history.notes.push({ ...this.#owned('note', occurredAt), body, author, pinned, createdAt: occurredAt, updatedAt: occurredAt })
    return this
  }

  message(message: Message): this {
    const occurredAt = new Date(message.occurredAt)
    this.#history.messages.push({ ...this.#owned('message', occurredAt), ...message, createdAt: occurredAt, updatedAt: occurredAt })
    return this
  }

  call(call: Call): this {
    const occurredAt = new Date(call.occurredAt)
    this.#history.calls.push({ ...this.#owned('call', occurredAt), ...call, createdAt: occurredAt, updatedAt: occurredAt })
    return this
  }

  ticket(ticket: Ticket): this {
    const occurredAt = new Date(ticket.occurredAt)
    this.#history.tickets.push({
      ...this.#owned('ticket', occurredAt),
      ...ticket,
      statusAt: ticket.statusAt ?? ticket.closedAt ?? ticket.firstReplyAt ?? occurredAt,
      createdAt: occurredAt,
      updatedAt: new Date(ticket.closedAt ?? occurredAt),
    })
    return this
  }

  event(occurredAt: Date, name: string, properties: Prisma.InputJsonObject = {}): this {
    this.#history.events.push({
      ...this.#owned('event', occurredAt),
      name,
      properties,
      occurredAt,
      createdAt: occurredAt,
      updatedAt: occurredAt,
    })
    return this
  }

  /** Moves on to another stage. */
  stage(occurredAt: Date, toStage: Stage, changedBy = 'CRM'): this {
    const fromStage = this.#row.lifecycleStage ?? 'lead'
    this.#history.lifecycleTransitions.push({
      ...this.#owned('lifecycleTransition', occurredAt),
      fromStage,
      toStage,
      occurredAt,
      changedBy,
    })
    this.#row.lifecycleStage = toStage
    this.#row.updatedAt = occurredAt
    return this
  }

  /** Records consent on a channel, or on a topic of it, at the contact's address. */
  consent(consent: Omit<Consent, 'recordedBy' | 'addressKind' | 'addressKey' | 'proven' | 'dedupeKey' | 'validUntil'>): this {
    const recordedAt = new Date(consent.recordedAt)
    const addressKind = addressKindOf(consent.channel)
    const { phone, emailKey } = this.#row
    const keys = { phone: typeof phone === 'string' ? phoneKey(phone) : null, email: emailKey ?? null }
    const addressKey = addressKind === null ? null : keys[addressKind]
    const owned = this.#owned('consentRecord', recordedAt)
    this.#history.consentRecords.push({
      ...owned,
      ...consent,
      addressKind,
      addressKey,
      proven: consent.textVersion !== undefined || consent.proofUrl !== undefined,
      // Entries without one are taken for those of a release that did not know addresses.
      dedupeKey: dedupeKeyOf({ topicId: null, externalId: null, ...noDetails, ...consent, recordedAt }),
      recordedBy: 'Website',
      createdAt: recordedAt,
    })
    if (consent.state === 'opted_out' && addressKind !== null && addressKey !== null) {
      for (const channel of sharingOptOuts(consent.channel)) {
        this.#history.suppressions.push({
          ...this.#owned('suppression', recordedAt),
          kind: addressKind,
          key: addressKey,
          channel,
          topicId: consent.topicId ?? '',
          reason: 'opt_out',
          since: recordedAt,
          recordId: owned.id,
          createdBy: 'Website',
          createdAt: recordedAt,
        })
      }
    }
    return this
  }

  /** Blocks for good, or until somebody has seen that it was a mistake. */
  block(blockedAt: Date, reason: string, ended?: { at: Date; reason: string }): this {
    this.#history.blocks.push({
      ...this.#owned('block', blockedAt),
      reason,
      blockedAt,
      blockedBy: 'Support desk',
      ...(ended && { unblockedAt: ended.at, unblockedBy: 'Support desk', unblockReason: ended.reason }),
    })
    this.#row.blockedAt = ended ? null : blockedAt
    return this
  }

  #owned(kind: IdKind, moment: Date): { organizationId: string; id: string; contactId: string } {
    return { organizationId: this.#history.organizationId, id: this.#history.id(kind, moment), contactId: this.#row.id }
  }
}
