import type { AttemptsQuery } from '../../data/sql/attempts.ts'
import { type ContactAttempt, selectAttempts, selectChannelsInUse } from '../../data/sql/find-attempts.ts'
import { selectReplyHabits } from '../../data/sql/find-reply-habits.ts'
import { type SituationRow, selectSituations } from '../../data/sql/find-situations.ts'
import { selectSetAside } from '../../data/sql/find-suggestion-outcomes.ts'
import type { Channel, Contact } from '../../data/generated/client.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { clockSkew } from '../consent/rules.ts'
import { sendFactsByContact } from '../sending/queries.ts'
import { likelyZone } from '../sending/quiet-hours.ts'
import type { SendFacts } from '../sending/rules.ts'
import { answerPatienceDays } from './answer-delays.ts'
import { consentAskedWithinDays } from './candidates.ts'
import { countTries } from './counts.ts'
import { courtesies } from './courtesies.ts'
import { evidenceOf } from './evidence.ts'
import { assumedHabits, type Habits } from './habits.ts'
import { replyChances } from './reply-chances.ts'
import { suggest, type Suggestion } from './rules.ts'
import type { Situation } from './situation.ts'
import { readHabits } from './stored-habits.ts'
import { clockOf } from './week-clock.ts'

const day = 24 * 60 * 60 * 1000
/** Older attempts are not looked at, and the latest so many of a contact say enough about its habits. */
export const memoryDays = 365
export const mostAttempts = 400
/** How far back questions, missed calls and tickets stay open, in days, and the most tickets of a contact. */
const openFor = { days: 365, most: 20 }
/** How many of an organization's latest messages say which channels it uses, before its habits are learned. */
const messagesOfChannels = 200

/** Which attempts are looked at. */
export function attemptsQuery(organizationId: string, now: Date): AttemptsQuery {
  const after = new Date(now.getTime() - memoryDays * day)
  return { organizationId, after, until: now, most: mostAttempts, patience: answerPatienceDays }
}

/**
 * What to do next about each contact, best first, without what was done, dismissed or snoozed. The contacts must have been read through a
 * scope. Nine statements, however many contacts, and one more before the organization's habits have been learned.
 * @param facts what decisions about them depend on now, where it is read already
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
  const [factsOf, situations, attempts, habits, setAside] = await Promise.all([
    facts ?? sendFactsByContact(context, contacts, now),
    selectSituations(context.db, ids, {
      organizationId,
      now,
      until: new Date(now.getTime() + clockSkew),
      horizon: openFor.days,
      lately: consentAskedWithinDays,
      most: openFor.most,
      courtesies,
    }),
    selectAttempts(context.db, ids, attemptsQuery(organizationId, now)),
    habitsOf(context),
    selectSetAside(context.db, organizationId, ids, now),
  ])
  const rows = new Map(situations.map((row) => [row.contactId, row]))
  const attemptsOf = new Map<string, ContactAttempt[]>(ids.map((id) => [id, []]))
  for (const one of attempts) attemptsOf.get(one.contactId)?.push(one)
  const hidden = new Set(setAside.map(({ contactId, action, subjectId }) => `${contactId} ${action} ${subjectId}`))
  return new Map(
    contacts.flatMap((contact) => {
      const [row, known] = [rows.get(contact.id), factsOf.get(contact.id)]
      if (row === undefined || known === undefined) return []
      const found = judge(situationOf(contact, row, habits, now), known, attemptsOf.get(contact.id) ?? [], habits)
      return [[contact.id, found.filter(({ action, about }) => !hidden.has(`${contact.id} ${action} ${about?.subjectId ?? ''}`))] as const]
    }),
  )
}

async function habitsOf({ db, actor }: ReadContext): Promise<Habits> {
  const learned = readHabits(await selectReplyHabits(db, actor.organizationId))
  if (learned !== null && learned.habits.channelsInUse.size > 0) return learned.habits
  const habits = learned?.habits ?? assumedHabits()
  const used = await selectChannelsInUse(db, actor.organizationId, messagesOfChannels)
  return { ...habits, channelsInUse: new Set(used.length > 0 ? used : firstChannels) }
}

/** What an organization without any message is assumed to use. */
const firstChannels: readonly Channel[] = ['email', 'sms']

function judge(situation: Situation, facts: SendFacts, attempts: readonly ContactAttempt[], habits: Habits): Suggestion[] {
  const zone = likelyZone(facts.zones, situation.now)
  const { now } = situation
  const clock = clockOf(zone)
  const evidence = evidenceOf(attempts, { now, clock, delays: habits.delays })
  const counts = countTries(attempts, { now, clock, settledAfter: habits.settledAfter })
  return suggest({ situation, facts, chances: replyChances(evidence, habits), counts, habits, zone })
}

function situationOf(contact: Contact, row: SituationRow, { channelsInUse }: Habits, now: Date): Situation {
  const { questions, missedCalls, tickets, channels, stageSince, ...rest } = row
  const [missed] = missedCalls
  return {
    ...rest,
    contact,
    now,
    stageSince: stageSince ?? contact.createdAt,
    questions: questions.map(({ id, at, channel, subject, body, count }) => ({
      kind: 'message',
      id,
      at: new Date(at),
      channel,
      title: titleOf(subject ?? body),
      count,
    })),
    missedCalls: missed === undefined ? null : { kind: 'call', id: missed.id, at: new Date(missed.at), title: null, count: missed.count },
    tickets: tickets.map(({ id, at, subject, priority }) => ({ kind: 'ticket', id, at: new Date(at), title: subject, priority })),
    channelsInUse: new Set([...channelsInUse, ...channels]),
  }
}

const mostTitle = 80

/** The first line of a text, shortened. */
function titleOf(text: string | null): string | null {
  const [line = ''] = (text ?? '').trim().split('\n', 1)
  if (line === '') return null
  return line.length > mostTitle ? `${line.slice(0, mostTitle - 1).trimEnd()}…` : line
}
