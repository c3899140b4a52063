import { recordActivities } from '../../src/domain/activities/commands.ts'
import type { CallInput } from '../../src/domain/activities/calls.ts'
import type { EventInput } from '../../src/domain/activities/events.ts'
import type { MessageInput } from '../../src/domain/activities/messages.ts'
import type { TicketInput } from '../../src/domain/activities/tickets.ts'
import { createContact } from '../../src/domain/contacts/commands.ts'
import type { ContactInput } from '../../src/domain/contacts/rules.ts'
import { createNote } from '../../src/domain/notes/commands.ts'
import type { Tenant } from './house.ts'

let made = 0

/** A number that no factory has given before: what must be unique is made from it. */
export function unique(): number {
  made += 1
  return made
}

/** Creates a contact with an email address of its own and whatever else is said. @returns its id */
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
export function givenNote(tenant: Tenant, contactId: string, body = `Note ${unique()}`): Promise<string> {
  return createNote(tenant.context, { contactId, body })
}

export type GivenActivity = { message: MessageInput } | { call: CallInput } | { ticket: TicketInput } | { event: EventInput }

/** Records activities of a contact, all of which must be accepted. @returns their ids in that order */
export async function givenActivities(tenant: Tenant, contactId: string, activities: readonly GivenActivity[]): Promise<string[]> {
  const contact = { id: contactId }
  const outcomes = await recordActivities(
    tenant.context,
    activities.map((activity) => Object.fromEntries(Object.entries(activity).map(([kind, told]) => [kind, { contact, ...told }]))),
  )
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.id
  })
}
