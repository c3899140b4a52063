import type { Channel, Contact, FrequencyCapRule, Prisma } from '../../data/generated/client.ts'
import { selectRulesInForce } from '../../data/sql/find-rules-in-force.ts'
import { selectMatching } from '../../data/sql/find-matching-contacts.ts'
import { selectTraffic, type TrafficRow } from '../../data/sql/find-traffic.ts'
import { channels } from '../../kernel/channels.ts'
import { NotFound } from '../../kernel/errors.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import { resolveStoredFilters } from '../finding/filter.ts'
import { restoreFilter } from '../finding/stored-filter.ts'
import { holdsFor, type Sent, type Usage, usageAt } from './rules.ts'

/** The rules that an actor can see: those of its organization. */
export function visibleRules(actor: Actor): Prisma.FrequencyCapRuleWhereInput & { organizationId: string } {
  return { organizationId: actor.organizationId }
}

/** Every rule of the organization, those that are switched off included, by name. */
export async function findFrequencyCapRules(context: ReadContext): Promise<FrequencyCapRule[]> {
  requireScope(context, 'contacts:read')
  return context.db.prisma.frequencyCapRule.findMany({ where: visibleRules(context.actor), orderBy: [{ name: 'asc' }, { id: 'asc' }] })
}

/** The visible rules among these ids. One statement, however many. */
export async function frequencyCapRulesById(context: ReadContext, ids: readonly string[]): Promise<Map<string, FrequencyCapRule>> {
  requireScope(context, 'contacts:read')
  const rules = await context.db.prisma.frequencyCapRule.findMany({ where: { ...visibleRules(context.actor), id: { in: [...ids] } } })
  return new Map(rules.map((rule) => [rule.id, rule]))
}

/** What a command has just written, for the caller who wrote it, whether or not it may read. @throws NotFound if it is gone by now */
export async function getWrittenRule(context: ReadContext, id: string): Promise<FrequencyCapRule> {
  const rule = await context.db.prisma.frequencyCapRule.findFirst({ where: { ...visibleRules(context.actor), id } })
  if (rule === null) throw new NotFound('frequency cap rule', id)
  return rule
}

/** The rules that are in force for a contact, and what they could count. */
export interface CapsOfContact {
  readonly rules: readonly FrequencyCapRule[]
  /** What was sent and what is reserved. */
  readonly sent: readonly Sent[]
  /** What came in within the last day. */
  readonly received: readonly { readonly channel: Channel; readonly occurredAt: Date }[]
}

const day = 24 * 60 * 60 * 1000

/**
 * What decides about each contact's caps at a time and at any later one, and what the contacts wrote in the day before it. The contacts must
 * have been read through a scope. Two statements, however many, and those that find out whom each rule with a filter holds for.
 */
export async function capsByContact(context: ReadContext, contacts: readonly Contact[], at: Date): Promise<Map<string, CapsOfContact>> {
  const { organizationId } = context.actor
  const rules = await selectRulesInForce(context.db, organizationId)
  const longest = Math.max(0, ...rules.map((rule) => rule.windowSeconds))
  const traffic = new Map<string, TrafficRow[]>(contacts.map(({ id }) => [id, []]))
  const rows = await selectTraffic(context.db, organizationId, [...traffic.keys()], {
    sentAfter: new Date(at.getTime() - longest * 1000),
    receivedAfter: new Date(at.getTime() - day),
    now: context.now(),
  })
  const audiences = await audiencesOf(context, rules, [...traffic.keys()])
  for (const row of rows) traffic.get(row.contactId)?.push(row)
  return new Map(
    contacts.map((contact) => {
      const ofContact = traffic.get(contact.id) ?? []
      return [
        contact.id,
        {
          rules: rules.filter((rule) => holdsFor(rule, contact) && audiences.get(rule.id)?.has(contact.id) !== false),
          sent: ofContact.filter(({ direction }) => direction === 'outbound').map(sentOf),
          received: ofContact.filter(({ direction }) => direction === 'inbound'),
        },
      ]
    }),
  )
}

/** Which of some contacts each rule with a filter holds for. A filter that was stored keeps its meaning. */
async function audiencesOf(
  context: ReadContext,
  rules: readonly FrequencyCapRule[],
  contactIds: readonly string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const narrowed = rules.filter(({ filter }) => filter !== null)
  const matches = await resolveStoredFilters(
    context,
    narrowed.map(({ filter }) => restoreFilter(filter)),
  )
  const found = await Promise.all(matches.map((match) => selectMatching(context.db, context.actor.organizationId, match, contactIds)))
  return new Map(narrowed.map(({ id }, index) => [id, new Set(found[index]?.map((contact) => contact.id))]))
}

function sentOf({ channel, category, occurredAt, isReservation, expiresAt }: TrafficRow): Sent {
  return { channel, category, occurredAt, ...(isReservation && { reservation: { expiresAt } }) }
}

/** A rule that holds for a contact, and how much of it is used up. */
export interface FrequencyCap {
  readonly rule: FrequencyCapRule
  readonly usage: Usage
}

/** The caps of a contact: those of single channels, in the order of the alphabet, and those that count all channels together. */
export interface FrequencyCaps {
  readonly groupedByChannel: readonly { readonly channel: Channel; readonly rules: readonly FrequencyCap[] }[]
  readonly globalCaps: readonly FrequencyCap[]
}

/** The caps of each contact with their usage now. The contacts must have been read through a scope. Two statements, however many. */
export async function frequencyCapsByContact(context: ReadContext, contacts: readonly Contact[]): Promise<Map<string, FrequencyCaps>> {
  requireScope(context, 'contacts:read')
  const now = context.now()
  const found = await capsByContact(context, contacts, now)
  return new Map([...found].map(([contactId, caps]) => [contactId, frequencyCapsOf(caps, now)]))
}

/** The caps of a contact with their usage at a time, out of what there is to decide by. */
export function frequencyCapsOf({ rules, sent }: Pick<CapsOfContact, 'rules' | 'sent'>, now: Date): FrequencyCaps {
  const caps = rules.map((rule) => ({ rule, usage: usageAt(rule, sent, now) }))
  const ofChannel = (channel: Channel | null) => caps.filter(({ rule }) => rule.channel === channel)
  return {
    groupedByChannel: channels.map((channel) => ({ channel, rules: ofChannel(channel) })).filter((entry) => entry.rules.length > 0),
    globalCaps: ofChannel(null),
  }
}
