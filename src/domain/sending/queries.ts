import type { Channel, Contact, MessageCategory } from '../../data/generated/client.ts'
import { getContact } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { parseAddress } from '../consent/channels.ts'
import { getOrganization } from '../organizations/queries.ts'
import { allTopics, topicFor } from '../topics/queries.ts'
import { gatherSendFacts } from './facts.ts'
import { decideSending, type SendDecision, type SendFacts } from './rules.ts'

/**
 * Everything that decisions about these contacts depend on, at a time and at any later one. The contacts must have been read through a
 * scope. Five statements, however many.
 */
export async function sendFactsByContact(context: ReadContext, contacts: readonly Contact[], at: Date): Promise<Map<string, SendFacts>> {
  requireScope(context, 'contacts:read')
  return gatherSendFacts(context, contacts, at)
}

/** What is to be sent. */
export interface SendQuestion {
  readonly channel: Channel
  readonly category: MessageCategory
  /** Default: now. */
  readonly at?: Date | null | undefined
  /** The key or the id of a topic. */
  readonly topic?: string | null | undefined
  /** One of the contact's addresses. Default: the primary one of the channel. */
  readonly address?: string | null | undefined
}

/** The same question about each contact. The contacts must have been read through a scope. Five statements, however many. */
export async function sendDecisionsByContact(
  context: ReadContext,
  contacts: readonly Contact[],
  question: SendQuestion,
): Promise<Map<string, SendDecision>> {
  const decisions = await decideFor(
    context,
    contacts.map((contact) => ({ ...question, contact })),
  )
  return new Map(contacts.flatMap(({ id }, index) => (decisions[index] === undefined ? [] : [[id, decisions[index]]])))
}

/**
 * Whether each of some messages may be sent, in their order, each judged as if it were the only one. The contacts must have been read through
 * a scope. Five statements, however many.
 */
export async function decideFor(
  context: ReadContext,
  requests: readonly (SendQuestion & { readonly contact: Contact })[],
): Promise<SendDecision[]> {
  const now = context.now()
  const contacts = [...new Map(requests.map(({ contact }) => [contact.id, contact])).values()]
  // What decides at a time decides at any later one.
  const earliest = new Date(Math.min(...requests.map(({ at }) => (at ?? now).getTime()), now.getTime()))
  const facts = await sendFactsByContact(context, contacts, earliest)
  const topics = requests.some(({ topic }) => typeof topic === 'string') ? await allTopics(context) : []
  const hasAddresses = requests.some(({ address }) => typeof address === 'string')
  const country = hasAddresses ? (await getOrganization(context)).defaultCountry : null
  return requests.map(({ contact, channel, category, at, topic: name, address }) => {
    const topic = typeof name === 'string' ? topicFor(name, topics, channel) : null
    const addressKey = typeof address === 'string' ? parseAddress(address, channel, country, 'address') : null
    const known = facts.get(contact.id)
    if (known === undefined) throw new TypeError(`The contact ${contact.id} was left out.`)
    return decideSending(known, { channel, category, at: at ?? now, topic, addressKey })
  })
}

/** Whether a message may be sent to a contact. @throws NotFound, for a deleted contact too */
export async function getSendDecision(context: ReadContext, contactId: string, question: SendQuestion): Promise<SendDecision> {
  const contact = await getContact(context, contactId)
  const [decision] = await decideFor(context, [{ ...question, contact }])
  if (decision === undefined) throw new TypeError(`No decision was made about the contact ${contactId}.`)
  return decision
}
