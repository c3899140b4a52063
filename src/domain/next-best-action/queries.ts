import type { Contact } from '../../data/generated/client.ts'
import { selectReplyHabits } from '../../data/sql/find-reply-habits.ts'
import { type SituationRow, selectSituations } from '../../data/sql/find-situations.ts'
import { type ContactTry, selectTries, type TriesQuery } from '../../data/sql/find-attempts.ts'
import { localHour } from '../../kernel/local-time.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { sendFactsByContact } from '../sending/queries.ts'
import { likelyZone } from '../sending/quiet-hours.ts'
import type { SendFacts } from '../sending/rules.ts'
import { evidenceOf } from './evidence.ts'
import type { Habits } from './habits.ts'
import { replyChances } from './reply-chances.ts'
import { suggest, type Suggestion } from './rules.ts'
import type { Situation } from './situation.ts'
import { readHabits } from './stored-habits.ts'

const day = 24 * 60 * 60 * 1000
/** Older tries weigh an eighth or less, and the latest so many say all there is to say about habits. */
const memoryDays = 2 * 365
const mostTries = 400

/** Which tries are looked at. */
export function triesQuery(organizationId: string, contacts: readonly { readonly id: string }[], now: Date): TriesQuery {
  const after = new Date(now.getTime() - memoryDays * day)
  return { organizationId, contactIds: contacts.map(({ id }) => id), after, until: now, most: mostTries }
}

/**
 * What to do next about each contact, best first. The contacts must have been read through a scope. Eight statements, however many.
 * @param facts what decisions about them depend on now, where it is asked for already
 */
export async function nextBestActionsByContact(
  context: ReadContext,
  contacts: readonly Contact[],
  facts?: Promise<Map<string, SendFacts>>,
): Promise<Map<string, Suggestion[]>> {
  requireScope(context, 'contacts:read')
  const now = context.now()
  const { organizationId } = context.actor
  const ids = contacts.map((contact) => contact.id)
  const [factsOf, situations, tries, learned] = await Promise.all([
    facts ?? sendFactsByContact(context, contacts, now),
    selectSituations(context.db, organizationId, ids, now),
    selectTries(context.db, triesQuery(organizationId, contacts, now)),
    selectReplyHabits(context.db, organizationId),
  ])
  const habits = readHabits(learned)
  const rows = new Map(situations.map((row) => [row.contactId, row]))
  const triesOf = new Map<string, ContactTry[]>(ids.map((id) => [id, []]))
  for (const one of tries) triesOf.get(one.contactId)?.push(one)
  return new Map(
    contacts.flatMap((contact) => {
      const [row, known] = [rows.get(contact.id), factsOf.get(contact.id)]
      if (row === undefined || known === undefined) return []
      return [[contact.id, judge(situationOf(contact, row, now), known, triesOf.get(contact.id) ?? [], habits)] as const]
    }),
  )
}

function judge(situation: Situation, facts: SendFacts, tries: readonly ContactTry[], habits: Habits): Suggestion[] {
  const zone = likelyZone(facts.zones, situation.now)
  const evidence = evidenceOf(tries, situation.now, (moment) => localHour(zone, moment.getTime()))
  return suggest({ situation, facts, chances: replyChances(evidence, habits), habits, zone })
}

function situationOf(contact: Contact, row: SituationRow, now: Date): Situation {
  const { inboundChannel, inboundAt, ticketSubject, ticketPriority, ticketAt, stageSince, ...rest } = row
  return {
    ...rest,
    contact,
    now,
    stageSince: stageSince ?? contact.createdAt,
    inbound: inboundChannel === null || inboundAt === null ? null : { channel: inboundChannel, at: inboundAt },
    ticket:
      ticketSubject === null || ticketPriority === null || ticketAt === null
        ? null
        : { subject: ticketSubject, priority: ticketPriority, at: ticketAt },
  }
}
