import type { Channel, Contact, FrequencyCapRule, Prisma } from '../../data/generated/client.ts'
import { selectRulesInForce } from '../../data/sql/find-rules-in-force.ts'
import { selectSentMessages } from '../../data/sql/find-sent-messages.ts'
import { channels } from '../../kernel/channels.ts'
import { NotFound } from '../../kernel/errors.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'
import { holdsFor, type Sent, type Usage, usageAt } from './rules.ts'

/** The rules that an actor can see: those of its organization. */
export function visibleRules(actor: Actor): Prisma.FrequencyCapRuleWhereInput & { organizationId: string } {
  return { organizationId: actor.organizationId }
}

/** Every rule of the organization, those that are switched off included, by name. */
export async function findFrequencyCapRules(context: ReadContext): Promise<FrequencyCapRule[]> {
  requireScope(context, 'contacts:read')
  return context.db.frequencyCapRule.findMany({ where: visibleRules(context.actor), orderBy: [{ name: 'asc' }, { id: 'asc' }] })
}

/** The visible rules among these ids. One statement, however many. */
export async function frequencyCapRulesById(context: ReadContext, ids: readonly string[]): Promise<Map<string, FrequencyCapRule>> {
  requireScope(context, 'contacts:read')
  const rules = await context.db.frequencyCapRule.findMany({ where: { ...visibleRules(context.actor), id: { in: [...ids] } } })
  return new Map(rules.map((rule) => [rule.id, rule]))
}

/** What a command has just written, for the caller who wrote it, whether or not it may read. @throws NotFound if it is gone by now */
export async function getWrittenRule(context: ReadContext, id: string): Promise<FrequencyCapRule> {
  const rule = await context.db.frequencyCapRule.findFirst({ where: { ...visibleRules(context.actor), id } })
  if (rule === null) throw new NotFound('frequency cap rule', id)
  return rule
}

/** The rules that are in force for a contact, and what was sent to it that they could count. */
export interface CapsOfContact {
  readonly rules: readonly FrequencyCapRule[]
  readonly sent: readonly Sent[]
}

/**
 * What there is to decide by about each contact's caps at a moment, and at any later one. The contacts must have been read through a scope.
 * Two statements, however many.
 */
export async function capsByContact(context: ReadContext, contacts: readonly Contact[], at: Date): Promise<Map<string, CapsOfContact>> {
  requireScope(context, 'contacts:read')
  const rules = await selectRulesInForce(context.db, context.actor.organizationId)
  const longest = Math.max(0, ...rules.map((rule) => rule.windowSeconds))
  const ids = contacts.map((contact) => contact.id)
  const after = new Date(at.getTime() - longest * 1000)
  const messages = await selectSentMessages(context.db, context.actor.organizationId, ids, after)
  const sent = new Map<string, Sent[]>(ids.map((id) => [id, []]))
  for (const message of messages) sent.get(message.contactId)?.push(message)
  return new Map(
    contacts.map((contact) => [contact.id, { rules: rules.filter((rule) => holdsFor(rule, contact)), sent: sent.get(contact.id) ?? [] }]),
  )
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
  const now = context.now()
  const found = await capsByContact(context, contacts, now)
  return new Map([...found].map(([contactId, caps]) => [contactId, frequencyCapsOf(caps, now)]))
}

/** The caps of a contact with their usage at a moment, out of what there is to decide by. */
export function frequencyCapsOf({ rules, sent }: CapsOfContact, now: Date): FrequencyCaps {
  const caps = rules.map((rule) => ({ rule, usage: usageAt(rule, sent, now) }))
  const ofChannel = (channel: Channel | null) => caps.filter(({ rule }) => rule.channel === channel)
  return {
    groupedByChannel: channels.map((channel) => ({ channel, rules: ofChannel(channel) })).filter((entry) => entry.rules.length > 0),
    globalCaps: ofChannel(null),
  }
}
