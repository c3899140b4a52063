import type { Tx } from '../../data/database.ts'
import {
  type ActiveContact,
  type ContactAttempt,
  countNewMessages,
  selectActiveContacts,
  selectAttempts,
  selectChannelsInUse,
  selectLatestMessageId,
} from '../../data/sql/find-attempts.ts'
import type { Channel } from '../../data/generated/client.ts'
import { inSlices, type Interruptible } from '../../kernel/in-slices.ts'
import { likelyZone, zonesOf } from '../sending/quiet-hours.ts'
import { learnDelays, settledAfterOf } from './answer-delays.ts'
import { countTries } from './counts.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import type { Habits } from './habits.ts'
import { learnHabits } from './learn-habits.ts'
import { attemptsQuery } from './queries.ts'
import { readHabits, storeHabits } from './stored-habits.ts'
import { clockOf } from './week-clock.ts'
import { organizationIds } from '../organizations/queries.ts'

/** The past that an organization's habits are learned from: enough contacts to know them well, few enough to take a few seconds. */
const sample = { messages: 30_000, contacts: 600 }
const day = 24 * 60 * 60 * 1000
/** Habits are learned again once so many messages have been recorded since: a share of those learned from, and at least some. */
const renewal = { share: 0.25, least: 50 }

/**
 * Learns the habits of every organization that has never been learned from, or a day ago or longer, or where much new history has arrived
 * since. For the process itself, not for a caller.
 */
export async function learnStaleHabits(db: Tx, now: Date): Promise<void> {
  const before = new Date(now.getTime() - day)
  for (const id of await organizationIds(db)) {
    // One statement for each organization, so that each goes to one shard.
    const replyHabits = await db.prisma.replyHabits.findUnique({ where: { organizationId: id } })
    const learned = replyHabits === null || replyHabits.learnedAt < before ? null : readHabits(replyHabits.habits)
    if (learned === null || (await hasMuchNew(db, id, learned))) await learnReplyHabits(db, id, now)
  }
}

async function hasMuchNew(db: Tx, organizationId: string, learned: { latestMessageId: string | null; messages: number }): Promise<boolean> {
  const limit = Math.max(renewal.least, Math.ceil(renewal.share * learned.messages))
  return (await countNewMessages(db, organizationId, { after: learned.latestMessageId ?? '', limit })) >= limit
}

/** Learns how readily an organization's contacts answer, from those with the latest messages, and stores it. */
export async function learnReplyHabits(db: Tx, organizationId: string, now: Date): Promise<void> {
  const latestMessageId = await selectLatestMessageId(db, organizationId)
  const contacts = await selectActiveContacts(db, organizationId, sample)
  const channelsInUse = await selectChannelsInUse(db, organizationId, sample.messages)
  const attempts = await selectAttempts(
    db,
    contacts.map(({ id }) => id),
    attemptsQuery(organizationId, now),
  )
  const habits = { ...(await inSlices(learningFrom(contacts, attempts, now))), channelsInUse: new Set(channelsInUse) }
  const stored = storeHabits({ habits, latestMessageId, messages: attempts.length })
  await db.prisma.replyHabits.upsert({
    where: { organizationId },
    create: { organizationId, habits: stored, learnedAt: now },
    update: { habits: stored, learnedAt: now },
    select: { organizationId: true },
  })
}

/** The habits that some contacts and what they were sent show. Takes seconds. */
function* learningFrom(contacts: readonly ActiveContact[], attempts: readonly ContactAttempt[], now: Date): Interruptible<Habits> {
  const byContact = new Map<string, ContactAttempt[]>(contacts.map(({ id }) => [id, []]))
  for (const one of attempts) byContact.get(one.contactId)?.push(one)
  const delays = learnDelays(attempts, now)
  const settledAfter = settledAfterOf(delays)
  const counts = new Map<Channel, { sent: number; answered: number }>()
  const evidence: Evidence[] = []
  for (const contact of contacts) {
    const clock = clockOf(likelyZone(zonesOf(contact, null), now))
    const tries = byContact.get(contact.id) ?? []
    for (const [channel, { sent, answered }] of countTries(tries, { now, clock, settledAfter }).onChannel) {
      const sum = counts.get(channel) ?? { sent: 0, answered: 0 }
      counts.set(channel, { sent: sum.sent + sent, answered: sum.answered + answered })
    }
    evidence.push(evidenceOf(tries, { now, clock, delays }))
    yield
  }
  return { ...(yield* learnHabits(evidence, delays)), counts }
}
