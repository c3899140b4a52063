import type { Channel, Contact, MessageCategory } from '../../data/generated/client.ts'
import { getContact } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { parseAddress } from '../consent/channels.ts'
import { getOrganization } from '../organizations/queries.ts'
import { allTopics, topicFor } from '../topics/queries.ts'
import { gatherSendFacts } from './facts.ts'
import { decideSending, type SendDecision, type SendFacts, type SendRequest } from './rules.ts'

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
  const aboutOf = await readerOf(context, requests)
  return requests.map(({ contact, ...question }) => {
    const known = facts.get(contact.id)
    if (known === undefined) throw new TypeError(`The contact ${contact.id} was left out.`)
    const { channel, category, at } = question
    return decideSending(known, { channel, category, at: at ?? now, ...aboutOf(question) })
  })
}

/** The topic of a message and the key of its address; null where none was named. */
type About = Required<Pick<SendRequest, 'topic' | 'addressKey'>>

/** Reads topics and addresses of questions. One statement if a topic is named, and one if an address is. */
async function readerOf(context: ReadContext, questions: readonly SendQuestion[]): Promise<(question: SendQuestion) => About> {
  const topics = questions.some(({ topic }) => typeof topic === 'string') ? await allTopics(context) : []
  const hasAddresses = questions.some(({ address }) => typeof address === 'string')
  const country = hasAddresses ? (await getOrganization(context)).defaultCountry : null
  return ({ channel, topic, address }) => ({
    topic: typeof topic === 'string' ? topicFor(topic, topics, channel) : null,
    addressKey: typeof address === 'string' ? parseAddress(address, channel, country, 'address') : null,
  })
}

/**
 * The topic that a message belongs to and the key of the address that it goes to. At most two statements.
 * @throws InvalidInput for an unknown topic or one that is not sent on the channel, and for an address that is none of the channel
 */
export async function readAbout(context: ReadContext, question: SendQuestion): Promise<About> {
  return (await readerOf(context, [question]))(question)
}

/** Whether a message may be sent to a contact. @throws NotFound, for a deleted contact too */
export async function getSendDecision(context: ReadContext, contactId: string, question: SendQuestion): Promise<SendDecision> {
  const contact = await getContact(context, contactId)
  const [decision] = await decideFor(context, [{ ...question, contact }])
  if (decision === undefined) throw new TypeError(`No decision was made about the contact ${contactId}.`)
  return decision
}
