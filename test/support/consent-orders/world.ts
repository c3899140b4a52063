import type { Contact } from '../../../src/data/generated/client.ts'
import type { Context } from '../../../src/domain/context.ts'
import { decideFor } from '../../../src/domain/sending/queries.ts'
import { type Fact, type ModelChannel, reasonAgainst } from './model.ts'
import { channels } from './steps.ts'

/** An address of a contact. */
export interface Point {
  readonly kind: 'phone' | 'email'
  readonly key: string
  readonly isPrimary: boolean
  readonly isLiving: boolean
}

/** A contact as its owner sees it, without consent. */
export interface Person {
  readonly id: string
  readonly isLiving: boolean
  readonly mergedInto: string | null
  readonly createdAt: number
  readonly points: readonly Point[]
}

export interface Topic {
  readonly id: string
  readonly isOpenByDefault: boolean
  readonly isArchived: boolean
}

export interface Violation {
  readonly contact: string
  readonly channel: string
  readonly address: string | null
  readonly topic: string | null
  readonly category: string
  readonly reason: string
}

export const kindOf = (channel: ModelChannel) => (channel === 'push' ? null : channel === 'email' ? ('email' as const) : ('phone' as const))

/** What the model is given: everything that happened, and who has which address. */
export class World {
  readonly context: Context
  readonly topics: ReadonlyMap<string, Topic>
  readonly facts: Fact[] = []
  /** The contacts, in the order in which they came to be known. */
  readonly ids: string[] = []
  #people = new Map<string, Person>()
  /** The primary addresses that contacts have had since. */
  readonly #past: { readonly id: string; readonly at: number; readonly phone: string | null; readonly email: string | null }[] = []

  constructor(context: Context, topics: ReadonlyMap<string, Topic>) {
    this.context = context
    this.topics = topics
  }

  get now(): number {
    return this.context.now().getTime()
  }

  /** Looks at the contacts. */
  async look(): Promise<void> {
    const where = { organizationId: this.context.actor.organizationId }
    const contacts = await this.context.db.prisma.contact.findMany({ where, orderBy: { id: 'asc' } })
    const points = await this.context.db.prisma.contactAddress.findMany({ where })
    this.#people = new Map(contacts.map((contact) => [contact.id, personOf(contact, points)]))
    for (const { id, points: own } of this.#people.values()) {
      if (!this.ids.includes(id)) this.ids.push(id)
      // A statement about a merged contact is about the addresses that it had.
      if (this.#people.get(id)?.mergedInto !== null) continue
      const primary = (kind: Point['kind']) => own.find((point) => point.kind === kind && point.isPrimary)?.key ?? null
      this.#past.push({ id, at: this.now, phone: primary('phone'), email: primary('email') })
    }
  }

  person(id: string | undefined): Person | undefined {
    return id === undefined ? undefined : this.#people.get(id)
  }

  get living(): Person[] {
    return [...this.#people.values()].filter(({ isLiving }) => isLiving)
  }

  holderOf(address: string): Person | undefined {
    return this.living.find(({ points }) => points.some(({ key }) => key === address))
  }

  survivorOf(id: string): string {
    const next = this.#people.get(id)?.mergedInto ?? null
    return next === null ? id : this.survivorOf(next)
  }

  personsOf(contact: string | null): ReadonlySet<string> {
    if (contact === null) return new Set()
    const survivor = this.survivorOf(contact)
    return new Set([contact, ...[...this.#people.keys()].filter((id) => this.survivorOf(id) === survivor)])
  }

  primary(id: string | null, channel: ModelChannel): string | null {
    const kind = kindOf(channel)
    if (id === null || kind === null) return null
    const person = this.#people.get(id)
    const present = person?.points.find((point) => point.kind === kind && point.isPrimary)?.key ?? null
    // A living contact that has given its address up speaks of none: another one may have it.
    if (present !== null || person?.isLiving === true) return present
    return this.#past.findLast((one) => one.id === id && one[kind] !== null)?.[kind] ?? null
  }

  /** The primary address that a contact had at a time; its first one before that. */
  primaryAt(id: string, channel: ModelChannel, at: number): string | null {
    const kind = kindOf(channel)
    if (kind === null) return null
    const past = this.#past.filter((one) => one.id === id)
    return (past.findLast((one) => one.at <= at) ?? past[0])?.[kind] ?? null
  }

  /** What is allowed now and must not be, and what is shown as an opt-in and is none. */
  async violation(): Promise<{ violation: Violation | null; allowed: number }> {
    const { db, actor } = this.context
    const contacts = await db.prisma.contact.findMany({ where: { organizationId: actor.organizationId, deletedAt: null } })
    const asked = contacts.flatMap((contact) => this.#questions(contact))
    if (asked.length === 0) return { violation: null, allowed: 0 }
    const decisions = await decideFor(
      this.context,
      asked.map(({ contact, channel, address, topic, category }) => ({ contact, channel, address, topic, category })),
    )
    const survivorOf = (id: string) => this.survivorOf(id)
    const open = asked.filter((_, index) => decisions[index]?.allowed === true)
    for (const { contact, channel, address, topic, category } of open) {
      const question = { contact: contact.id, channel, address, topic: topic === null ? null : (this.topics.get(topic) ?? null), category }
      const reason = reasonAgainst(this.facts, survivorOf, { ...question, at: this.now })
      if (reason !== null) return { violation: { ...question, contact: contact.id, topic, reason }, allowed: open.length }
    }
    const shown = await db.prisma.channelPreference.findMany({ where: { organizationId: actor.organizationId, state: 'opted_in' } })
    for (const { contactId, channel: name, validUntil } of shown) {
      const channel = channels.find((one) => one === name)
      if (channel === undefined || this.#people.get(contactId)?.isLiving !== true) continue
      if (validUntil !== null && validUntil.getTime() <= this.now) continue
      const address = this.#people.get(contactId)?.points.find((one) => one.kind === kindOf(channel) && one.isPrimary)?.key ?? null
      const facts = this.facts.filter((fact) => 'isProven' in fact)
      const question = { contact: contactId, channel, address, topic: null, category: 'marketing' as const, at: this.now }
      const reason = reasonAgainst(facts, survivorOf, question)
      // What is on the suppression list is refused by the decision, whatever the preference shows.
      if (reason !== null && reason !== 'on the suppression list')
        return { violation: { ...question, category: 'shown as opted in', reason }, allowed: open.length }
    }
    return { violation: null, allowed: open.length }
  }

  #questions(contact: Contact) {
    const own = this.#people.get(contact.id)?.points ?? []
    return channels.flatMap((channel) => {
      const kind = kindOf(channel)
      const addresses = kind === null ? [null] : own.filter((point) => point.kind === kind).map(({ key }) => key)
      return addresses.flatMap((address) =>
        [null, ...this.topics.keys()].flatMap((topic) =>
          (['marketing', 'service', 'transactional'] as const).map((category) => ({ contact, channel, address, topic, category })),
        ),
      )
    })
  }
}

function personOf(
  { id, deletedAt, mergedIntoId, createdAt }: Contact,
  points: readonly (Omit<Point, 'kind'> & { readonly kind: string; readonly contactId: string })[],
): Person {
  const own = points.flatMap(({ contactId, kind, key, isPrimary, isLiving }): Point[] =>
    contactId === id && (kind === 'phone' || kind === 'email') ? [{ kind, key, isPrimary, isLiving }] : [],
  )
  return { id, isLiving: deletedAt === null, mergedInto: mergedIntoId, createdAt: createdAt.getTime(), points: own }
}
