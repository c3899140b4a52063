import { recordActivities } from '../../src/domain/activities/commands.ts'
import type { CallInput } from '../../src/domain/activities/calls.ts'
import type { EventInput } from '../../src/domain/activities/events.ts'
import type { MessageInput } from '../../src/domain/activities/messages.ts'
import type { TicketInput } from '../../src/domain/activities/tickets.ts'
import { createContact } from '../../src/domain/contacts/commands.ts'
import type { FrequencyCapRule, Prisma } from '../../src/data/generated/client.ts'
import type { ContactInput } from '../../src/domain/contacts/rules.ts'
import { createNote } from '../../src/domain/notes/commands.ts'
import { upsertFrequencyCapRule } from '../../src/domain/frequency-caps/commands.ts'
import type { FrequencyCapRuleInput } from '../../src/domain/frequency-caps/input.ts'
import { newId } from '../../src/kernel/ids.ts'
import { noon, type Tenant } from './gateway.ts'

let made = 0

/** A number that no factory has given before: what must be unique is made from it. */
export function unique(): number {
  made += 1
  return made
}

/** Creates a contact with an email address of its own and the given fields. @returns its id */
export function givenContact(tenant: Tenant, input: ContactInput = {}): Promise<string> {
  const reachable = input.phone === undefined && input.email === undefined ? { email: `contact${unique()}@example.com` } : {}
  return createContact(tenant.context, { ...reachable, ...input })
}

/** Creates contacts one after the other. @returns their ids in that order */
export async function givenContacts(tenant: Tenant, inputs: readonly ContactInput[]): Promise<string[]> {
  const ids: string[] = []
  for (const input of inputs) ids.push(await givenContact(tenant, input))
  return ids
}

/** Writes a note about a contact. @returns its id */
export async function givenNote(tenant: Tenant, contactId: string, body = `Note ${unique()}`): Promise<string> {
  return (await createNote(tenant.context, { contactId, body })).id
}

type PastMessage = Partial<Omit<Prisma.MessageUncheckedCreateInput, 'occurredAt'>> & { readonly occurredAt: Date }

/** Puts messages on record as they once were: outbound text messages for service by default. */
export async function givenMessages(tenant: Tenant, contactId: string, messages: readonly PastMessage[]): Promise<void> {
  const data = messages.map((message) => {
    const inbound = message.direction === 'inbound'
    const routedTo = inbound ? ('inbox' as const) : null
    const usual = { channel: 'sms' as const, direction: 'outbound' as const, category: inbound ? null : ('service' as const), routedTo }
    const status = inbound ? ('received' as const) : ('sent' as const)
    const times = { createdAt: message.occurredAt, updatedAt: message.occurredAt }
    return { ...usual, status, ...times, ...message, organizationId: tenant.organizationId, contactId, id: newId('message') }
  })
  await tenant.context.db.prisma.message.createMany({ data })
}

/** Makes a frequency cap rule: one text message a day by default. @returns its id */
export function givenRule(tenant: Tenant, input: FrequencyCapRuleInput = {}): Promise<string> {
  return upsertFrequencyCapRule(tenant.context, null, { name: `Rule ${unique()}`, limit: 1, windowSeconds: 86_400, ...input })
}

export type GivenActivity = { message: MessageInput } | { call: CallInput } | { ticket: TicketInput } | { event: EventInput }

/** Records activities of a contact, all of which must be accepted. @returns their ids in that order */
export async function givenActivities(tenant: Tenant, contactId: string, activities: readonly GivenActivity[]): Promise<string[]> {
  const contact = { id: contactId }
  const outcomes = await recordActivities(
    tenant.context,
    activities.map((activity) => Object.fromEntries(Object.entries(activity).map(([kind, fields]) => [kind, { contact, ...fields }]))),
  )
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.id
  })
}

/** A frequency cap rule for everyone that no database has: one message a minute by default. */
export function ruleOf(fields: Partial<FrequencyCapRule>): FrequencyCapRule {
  return {
    organizationId: 'org',
    id: 'fcr',
    name: 'Rule',
    channel: null,
    category: null,
    limit: 1,
    windowSeconds: 60,
    lifecycleStages: [],
    tags: [],
    countryCodes: [],
    filter: null,
    enabled: true,
    createdAt: noon,
    updatedAt: noon,
    ...fields,
  }
}
