import type { Block, Contact, Note, Ticket } from '../../data/generated/client.ts'
import { type ActivityCount, countActivities } from '../../data/sql/count-activities.ts'
import { selectEvidence } from '../../data/sql/find-evidence.ts'
import { selectOpenTickets } from '../../data/sql/find-open-tickets.ts'
import type { PageRequest } from '../../kernel/page.ts'
import type { Activity } from '../activities/describe.ts'
import { blocksByContact } from '../blocking/queries.ts'
import { getContact } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { type FrequencyCaps, frequencyCapsOf } from '../frequency-caps/queries.ts'
import { nextBestActionsByContact } from '../next-best-action/queries.ts'
import type { Suggestion } from '../next-best-action/rules.ts'
import { notesByContact } from '../notes/queries.ts'
import { type Preference, preferencesByContact } from '../preferences/queries.ts'
import { sendFactsByContact } from '../sending/queries.ts'
import { timelineByContact } from '../timeline/queries.ts'
import { type Engagement, gathering, judgeEngagement } from './rules.ts'

/** The most open tickets that a profile shows. */
const maxOpenTickets = 10

/** How a contact stands with the organization. */
export interface Standing {
  readonly engagement: Engagement
  /** When the contact came to the stage that it is in. */
  readonly stageSince: Date
}

/** How each contact stands. One statement, however many; they must have been read through a scope. */
export async function standingsByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, Standing>> {
  requireScope(context, 'contacts:read')
  const now = context.now()
  const found = await selectEvidence(context.db, context.actor.organizationId, contactIds, { now, ...gathering })
  return new Map(
    found.map((evidence) => [evidence.contactId, { engagement: judgeEngagement(evidence, now), stageSince: evidence.stageSince }]),
  )
}

/**
 * How many activities each contact has, by kind, channel and direction; what there is none of is absent. One statement, however
 * many contacts; they must have been read through a scope.
 */
export async function activityCountsByContact(
  context: ReadContext,
  contactIds: readonly string[],
): Promise<Map<string, readonly ActivityCount[]>> {
  requireScope(context, 'contacts:read')
  return grouped(contactIds, await countActivities(context.db, context.actor.organizationId, contactIds))
}

/** The tickets of each contact that wait for an agent, the latest ten of each. One statement, however many contacts; they must have been read through a scope. */
export async function openTicketsByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, readonly Ticket[]>> {
  requireScope(context, 'contacts:read')
  return grouped(contactIds, await selectOpenTickets(context.db, context.actor.organizationId, contactIds, maxOpenTickets))
}

/** All that is known of a contact, on one page. */
export interface Profile extends Standing {
  readonly contact: Contact
  /** Null if the contact is not blocked. */
  readonly block: Block | null
  readonly activityCounts: readonly ActivityCount[]
  readonly openTickets: readonly Ticket[]
  /** The consent state of each of the eleven channels. */
  readonly preferences: readonly Preference[]
  readonly frequencyCaps: FrequencyCaps
  readonly nextBestAction: Suggestion | null
  /** The latest five of each. */
  readonly latestNotes: readonly Note[]
  readonly latestActivities: readonly Activity[]
}

/** All that is known of a contact, in a fixed number of statements. @throws NotFound */
export async function getProfile(context: ReadContext, contactId: string): Promise<Profile> {
  const contact = await getContact(context, contactId)
  const ids = [contactId]
  const latest: PageRequest = { limit: 5, direction: 'forward', from: null, total: false }
  const now = context.now()
  const sending = sendFactsByContact(context, [contact], now)
  const [standings, blocks, counts, tickets, preferences, facts, suggestions, notes, timeline] = await Promise.all([
    standingsByContact(context, ids),
    blocksByContact(context, ids),
    activityCountsByContact(context, ids),
    openTicketsByContact(context, ids),
    preferencesByContact(context, ids),
    sending,
    nextBestActionsByContact(context, [contact], sending),
    notesByContact(context, ids, latest),
    timelineByContact(context, ids, {}, latest),
  ])
  const [standing, caps] = [standings.get(contactId), facts.get(contactId)]
  if (standing === undefined || caps === undefined) throw new TypeError(`The contact ${contactId} was left out.`)
  return {
    ...standing,
    contact,
    block: blocks.get(contactId) ?? null,
    activityCounts: counts.get(contactId) ?? [],
    openTickets: tickets.get(contactId) ?? [],
    preferences: preferences.get(contactId) ?? [],
    frequencyCaps: frequencyCapsOf(caps, now),
    nextBestAction: suggestions.get(contactId)?.[0] ?? null,
    latestNotes: notes.get(contactId)?.items ?? [],
    latestActivities: timeline.get(contactId)?.items ?? [],
  }
}

/** What belongs to each contact, in its order; one that has nothing is there with an empty list. */
function grouped<Row extends { readonly contactId: string }>(contactIds: readonly string[], rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>(contactIds.map((id) => [id, []]))
  for (const row of rows) groups.get(row.contactId)?.push(row)
  return groups
}
