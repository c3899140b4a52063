import type { Channel, Contact, MessageCategory } from '../../data/generated/client.ts'
import { selectMetChannels } from '../../data/sql/find-met-channels.ts'
import { getContact } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { capsByContact } from '../frequency-caps/queries.ts'
import { getOrganization } from '../organizations/queries.ts'
import { preferencesByContact } from '../preferences/queries.ts'
import { zonesOf } from './quiet-hours.ts'
import { decideSending, type SendDecision, type SendFacts } from './rules.ts'

/** Channels whose addresses are not a part of the contact. */
const withoutAddress: readonly Channel[] = ['instagram', 'line', 'messenger', 'push']

/**
 * Everything that decisions about these contacts depend on, at a moment and at any later one. The contacts must have been read through a
 * scope. Five statements, however many.
 */
export async function sendFactsByContact(context: ReadContext, contacts: readonly Contact[], at: Date): Promise<Map<string, SendFacts>> {
  requireScope(context, 'contacts:read')
  const ids = contacts.map((contact) => contact.id)
  const [organization, preferences, caps, met] = await Promise.all([
    getOrganization(context),
    preferencesByContact(context, ids),
    capsByContact(context, contacts, at),
    selectMetChannels(context.db, context.actor.organizationId, ids, withoutAddress),
  ])
  return new Map(
    contacts.map((contact) => [
      contact.id,
      {
        contact,
        consent: new Map((preferences.get(contact.id) ?? []).map(({ channel, state }) => [channel, state])),
        met: new Set(met.filter(({ contactId }) => contactId === contact.id).map(({ channel }) => channel)),
        marketingNeedsOptIn: organization.marketingNeedsOptIn,
        quietHours: organization.quietHours,
        zones: zonesOf(contact, organization.defaultCountry),
        rules: caps.get(contact.id)?.rules ?? [],
        sent: caps.get(contact.id)?.sent ?? [],
      },
    ]),
  )
}

/** What is to be sent; now, if no moment is named. */
export interface SendQuestion {
  readonly channel: Channel
  readonly category: MessageCategory
  readonly at?: Date | null | undefined
}

/** Whether the same message may be sent to each contact. The contacts must have been read through a scope. Five statements, however many. */
export async function sendDecisionsByContact(
  context: ReadContext,
  contacts: readonly Contact[],
  question: SendQuestion,
): Promise<Map<string, SendDecision>> {
  const request = { ...question, at: question.at ?? context.now() }
  const facts = await sendFactsByContact(context, contacts, request.at)
  return new Map([...facts].map(([contactId, known]) => [contactId, decideSending(known, request)]))
}

/** Whether a message may be sent to a contact. @throws NotFound, for a deleted contact too */
export async function getSendDecision(context: ReadContext, contactId: string, question: SendQuestion): Promise<SendDecision> {
  const contact = await getContact(context, contactId)
  const decision = (await sendDecisionsByContact(context, [contact], question)).get(contactId)
  if (decision === undefined) throw new TypeError(`No decision was made about the contact ${contactId}.`)
  return decision
}
