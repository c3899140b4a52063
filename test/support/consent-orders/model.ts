/**
 * When a message may be sent as far as consent is concerned, written from the contract and from nothing else: a list of everything that was said and
 * done, and questions that go through the whole list each time. It keeps no state and shares no code with the gateway.
 */
export type ModelChannel = 'email' | 'rcs' | 'sms' | 'whatsapp' | 'push'

/** Why an address is on the suppression list. */
export type Listing = 'opt_out' | 'keyword' | 'complaint' | 'manual' | 'imported' | 'erasure' | 'block'

interface Base {
  /** When it became known, as a position in the order of all that happened. */
  readonly order: number
  /** The contact that it is about; null: none. */
  readonly contact: string | null
  /** The contacts that were merged into one with that contact at the time, itself included. */
  readonly persons: ReadonlySet<string>
  /** The address; null if the channel has none, or none was known. */
  readonly address: string | null
}

/** Something that was said about consent. */
export interface Said extends Base {
  readonly what: 'in' | 'out' | 'stop' | 'start' | 'complaint'
  readonly channel: ModelChannel
  readonly topic: string | null
  readonly at: number
  /** Of an opt-in: whether it has a source and a proof, and so ends opt-outs. */
  readonly isProven: boolean
  /** Of an opt-in: whether it counts for the channel or topic, and not only for a purpose or on another lawful basis. */
  readonly licenses: boolean
  readonly until: number | null
  /** Whether it came with an import, which never loosens what was known before. */
  readonly isImported: boolean
}

/** An address that was put on the suppression list for itself. */
export interface Listed extends Base {
  readonly what: 'listed'
  readonly reason: 'manual' | 'imported' | 'erasure'
  /** Null: all channels of the address. */
  readonly channel: ModelChannel | null
}

export interface Blocked extends Base {
  readonly what: 'block' | 'unblock'
  /** All addresses of the contact at the time. */
  readonly addresses: readonly string[]
}

/** The end of an entry of the suppression list. */
export interface Lifted extends Base {
  readonly what: 'lift'
  readonly reason: Listing
  readonly channel: ModelChannel | null
  readonly topic: string | null
}

export type Fact = Said | Listed | Blocked | Lifted

export interface Question {
  /** A living contact. */
  readonly contact: string
  readonly channel: ModelChannel
  /** Null on channels without addresses. */
  readonly address: string | null
  readonly topic: { readonly id: string; readonly isOpenByDefault: boolean; readonly isArchived: boolean } | null
  readonly category: 'marketing' | 'service' | 'transactional'
  readonly at: number
}

/** @returns why it must not be sent; null if consent allows it. `survivorOf` says who a contact is today, after merges */
export function reasonAgainst(facts: readonly Fact[], survivorOf: (contact: string) => string, question: Question): string | null {
  const { channel, topic, category } = question
  const model = new Model(facts, survivorOf, question)
  if (model.isBlocked()) return 'blocked'
  if (model.isListed()) return 'on the suppression list'
  if (model.isRefused(null)) return `opted out of ${channel}`
  if (category === 'transactional') return null
  if (topic !== null && model.isRefused(topic.id)) return `opted out of ${topic.id}`
  const isForTopic = topic !== null && model.isLicensed(topic.id)
  if (category === 'marketing' && !isForTopic && !model.isLicensed(null)) return 'no opt-in'
  if (topic !== null && !isForTopic && (!topic.isOpenByDefault || topic.isArchived)) return `not subscribed to ${topic.id}`
  return null
}

class Model {
  readonly #facts: readonly Fact[]
  readonly #said: readonly Said[]
  readonly #question: Question
  readonly #isMine: (fact: Base) => boolean

  constructor(facts: readonly Fact[], survivorOf: (contact: string) => string, question: Question) {
    this.#facts = facts
    this.#said = facts.filter((fact): fact is Said => 'isProven' in fact)
    this.#question = question
    this.#isMine = ({ contact }) => contact !== null && survivorOf(contact) === question.contact
  }

  /** A block holds for the person, and for the addresses that it had, whichever contact has them. */
  isBlocked(): boolean {
    const { address } = this.#question
    const ends = this.#facts.filter((fact): fact is Blocked => fact.what === 'unblock')
    return this.#facts.some((block) => {
      if (block.what !== 'block') return false
      const later = ends.filter((end) => end.order > block.order)
      const isMine = this.#isMine(block) && !later.some(this.#isMine)
      const isHere = address !== null && block.addresses.includes(address) && !later.some((end) => end.addresses.includes(address))
      return isMine || (isHere && !this.#isLifted(block, 'block', null, null, address))
    })
  }

  /** Entries by hand, by an import of a list and by an erasure, and complaints, end only by a lift. */
  isListed(): boolean {
    const { address, channel } = this.#question
    if (address === null) return false
    return this.#facts.some((fact) => {
      if (fact.address !== address) return false
      if (fact.what === 'listed')
        return (fact.channel === null || fact.channel === channel) && !this.#isLifted(fact, fact.reason, fact.channel, null, address)
      return fact.what === 'complaint' && sharing(fact.channel, channel) && !this.#isLifted(fact, 'complaint', channel, fact.topic, address)
    })
  }

  /** An opt-out holds for the person and for the address, until a later opt-in with proof, or a later start word if it was a stop word. */
  isRefused(topic: string | null): boolean {
    const { address, channel } = this.#question
    return this.#said.some((out) => {
      if (!isRefusal(out) || out.topic !== topic || !sharing(out.channel, channel)) return false
      const enders = this.#said.filter((end) => this.#ends(end, out))
      if (this.#isMine(out) && !enders.some((end) => this.#isMine(end) && out.contact !== null && end.persons.has(out.contact))) return true
      if (address === null || out.address !== address) return false
      const reason = out.what === 'stop' ? 'keyword' : out.what === 'complaint' ? 'complaint' : 'opt_out'
      return !enders.some((end) => end.address === address) && !this.#isLifted(out, reason, channel, topic, address)
    })
  }

  /** An opt-in holds for the address that it was given for, unless the person has refused at the same time or later, or it has ended. */
  isLicensed(topic: string | null): boolean {
    const { address, channel, at } = this.#question
    return this.#said.some((yes) => {
      const isMeant = yes.what === 'in' && yes.licenses && this.#isMine(yes) && yes.channel === channel && yes.topic === topic
      if (!isMeant || yes.address !== address || (yes.until !== null && yes.until <= at)) return false
      return !this.#said.some((out) => {
        const isAgainst = isRefusal(out) && this.#isMine(out) && out.topic === topic && sharing(out.channel, channel)
        return isAgainst && out.at >= yes.at && !this.#said.some((start) => start.what === 'start' && this.#ends(start, out))
      })
    })
  }

  #ends(end: Said, out: Said): boolean {
    if (end.at <= out.at || (end.isImported && end.order > out.order)) return false
    if (end.what === 'start') return out.what === 'stop' && sharing(end.channel, out.channel)
    return end.what === 'in' && end.isProven && end.licenses && end.channel === this.#question.channel && end.topic === out.topic
  }

  #isLifted(fact: Base, reason: Listing, channel: ModelChannel | null, topic: string | null, address: string): boolean {
    return this.#facts.some(
      (lift) =>
        lift.what === 'lift' &&
        lift.order > fact.order &&
        lift.address === address &&
        lift.reason === reason &&
        lift.channel === channel &&
        lift.topic === topic,
    )
  }
}

function isRefusal({ what }: Said): boolean {
  return what === 'out' || what === 'stop' || what === 'complaint'
}

/** Text messages and RCS share the opt-outs of a number. */
function sharing(one: ModelChannel, other: ModelChannel): boolean {
  const isText = (channel: ModelChannel) => channel === 'sms' || channel === 'rcs'
  return one === other || (isText(one) && isText(other))
}
