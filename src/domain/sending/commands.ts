import type { Channel, MessageCategory } from '../../data/generated/client.ts'
import { lockContact } from '../../data/sql/lock-contact.ts'
import { transaction } from '../../data/transaction.ts'
import { NotFound } from '../../kernel/errors.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { insertReservation } from '../reservations/commands.ts'
import { parseLifetime } from '../reservations/rules.ts'
import { SendNotAllowed } from './errors.ts'
import { addressOf } from '../consent/rules.ts'
import { gatherSendFacts } from './facts.ts'
import { readAbout } from './queries.ts'
import { decideSending, type SendDecision, type SendFacts, type SendRequest } from './rules.ts'

export interface ReserveSendInput {
  readonly contactId: string
  readonly channel: Channel
  readonly category: MessageCategory
  /** The key or the id of the topic that it belongs to. Default: none. */
  readonly topic?: string | null | undefined
  /** One of the contact's addresses. Default: the primary one of the channel. */
  readonly address?: string | null | undefined
  /** When the message is to be sent. Default: now. */
  readonly at?: Date | null | undefined
  /** Default: 300; 1 second to 7 days. */
  readonly expiresInSeconds?: number | null | undefined
}

/**
 * Reserves a slot of the frequency caps for one message, so that of several processes that ask at once no more get one than there are. The
 * slot is held until the message is recorded with the reservation, or it is released, or it expires.
 * @returns the id of the reservation
 * @throws SendNotAllowed with the decision; NotFound, for a deleted contact too; InvalidInput
 */
export async function reserveSend(context: Context, input: ReserveSendInput): Promise<string> {
  requireScope(context, 'contacts:write')
  const { contactId, channel, category } = input
  const lifetime = parseLifetime(input.expiresInSeconds)
  return transaction(context.db, async (tx) => {
    const within = { ...context, db: tx }
    // The lock makes reservations for one contact wait for each other, and for activities of it that are being recorded.
    const contact = await lockContact(tx, context.actor.organizationId, contactId)
    if (contact === null) throw new NotFound('contact', contactId)
    // After the lock: who waited for it must not take its time for the present.
    const now = context.now()
    const { topic, addressKey } = await readAbout(within, input)
    const request = { channel, category, at: input.at ?? now, topic, addressKey }
    const facts = (await gatherSendFacts(within, [contact], earlier(request.at, now))).get(contactId)
    if (facts === undefined) throw new TypeError(`The contact ${contactId} was left out.`)
    const decision = decideReserving(facts, request)
    if (!decision.allowed) throw new SendNotAllowed(decision)
    const expiresAt = new Date(now.getTime() + lifetime * 1000)
    const address = addressKey === null ? null : (addressOf(facts.consentFacts, channel, addressKey)?.value ?? null)
    const about = { contactId, channel, category, topicId: topic?.id ?? null, address }
    const id = await insertReservation(within, { ...about, occursAt: request.at, expiresAt, createdAt: now })
    await audit(tx, context, 'reservation.created', [{ id, contactId }])
    return id
  })
}

/**
 * A message that is planned for later may be sent when the reservations of now have expired, and then they would free their slots for it. But
 * they may become messages as well: a slot is only given where there is one in any case.
 */
function decideReserving(facts: SendFacts, request: SendRequest): SendDecision {
  const decision = decideSending(facts, request)
  if (!decision.allowed) return decision
  const kept = facts.sent.map((sent) => (sent.reservation === undefined ? sent : { ...sent, reservation: { expiresAt: null } }))
  return decideSending({ ...facts, sent: kept }, request)
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other
}
