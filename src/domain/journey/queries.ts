import type { Channel, Contact, LifecycleStage } from '../../data/generated/client.ts'
import { selectJourney } from '../../data/sql/find-journey.ts'
import { selectStages, type StageRow } from '../../data/sql/find-stages.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { getContact } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { type JourneyEntry, describeEntry } from './rules.ts'

/** A time that a contact spent in one stage. */
export interface StageOfJourney {
  readonly stage: LifecycleStage
  readonly enteredAt: Date
  /** Null while it lasts. */
  readonly leftAt: Date | null
  /** How long it lasted, or has lasted until now. */
  readonly durationSeconds: number
  /** How many messages and calls there were on each channel, the most first; channels without any are left out. */
  readonly touches: readonly { readonly channel: Channel; readonly count: number }[]
}

/** The list that a page of one contact's journey belongs to. */
export function journeyList(contactId: string): List {
  return { name: `journey:${contactId}`, key: 'time' }
}

export function journeyPosition(entry: JourneyEntry): Position {
  return { key: entry.occurredAt, id: entry.key }
}

/** A page of a contact's journey with the stages beside it. @throws NotFound */
export async function findJourney(
  context: ReadContext,
  contactId: string,
  page: PageRequest,
): Promise<{ contact: Contact; stages: readonly StageOfJourney[]; page: Page<JourneyEntry> }> {
  const contact = await getContact(context, contactId)
  const pages = await journeyByContact(context, [contactId], page)
  const stages = await stagesByContact(context, [contactId])
  return { contact, stages: stages.get(contactId) ?? [], page: pages.get(contactId) ?? pageOf([], page, 0) }
}

/**
 * The same page of each contact's journey: how it came and moved, by time, oldest first, and entries of the same time by key.
 * Messages and calls are touches, the first of each channel a first touch; events and tickets are milestones. Every entry has the
 * stage that the latest change of stage before it in the list led to. One statement, however many contacts; they must have been
 * read through a scope.
 */
export async function journeyByContact(
  context: ReadContext,
  contactIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<JourneyEntry>>> {
  requireScope(context, 'contacts:read')
  const found = await selectJourney(context.db, context.actor.organizationId, contactIds, page)
  return new Map([...found].map(([contactId, { rows, total }]) => [contactId, pageOf(rows.map(describeEntry), page, total)]))
}

/**
 * The stages that each contact was in, in their order: the first one since it was created, the last one until now. What was recorded
 * about the time before the contact was created counts to its first stage. One statement, however many contacts; they must have
 * been read through a scope.
 */
export async function stagesByContact(
  context: ReadContext,
  contactIds: readonly string[],
): Promise<Map<string, readonly StageOfJourney[]>> {
  requireScope(context, 'contacts:read')
  const found = new Map<string, StageOfJourney[]>()
  for (const row of await selectStages(context.db, context.actor.organizationId, contactIds)) {
    const stages = found.get(row.contactId) ?? []
    stages.push(stageOf(row, context.now()))
    found.set(row.contactId, stages)
  }
  return found
}

function stageOf({ stage, enteredAt, leftAt, touches }: StageRow, now: Date): StageOfJourney {
  const milliseconds = (leftAt ?? now).getTime() - enteredAt.getTime()
  return {
    stage,
    enteredAt,
    leftAt,
    durationSeconds: Math.max(0, Math.floor(milliseconds / 1000)),
    touches: Object.entries(touches)
      // proof: the keys are channels, by the type of the row
      .map(([channel, count]) => ({ channel: channel as Channel, count }))
      .toSorted((one, other) => other.count - one.count || (one.channel < other.channel ? -1 : 1)),
  }
}
