import type { Tx } from '../../data/database.ts'
import { type ContactTry, selectActiveContacts, selectTries } from '../../data/sql/find-attempts.ts'
import { localHour } from '../../kernel/local-time.ts'
import { likelyZone, zonesOf } from '../sending/quiet-hours.ts'
import { evidenceOf } from './evidence.ts'
import { learnHabits } from './learn-habits.ts'
import { triesQuery } from './queries.ts'
import { storeHabits } from './stored-habits.ts'

/** Whose past an organization's habits are learned from: enough contacts to know them well, few enough to take a second. */
const sample = { messages: 30_000, contacts: 1000 }
const day = 24 * 60 * 60 * 1000

/** Learns the habits of every organization that has never been learned from, or a day ago or longer. As whoever can reach the database. */
export async function learnStaleHabits(db: Tx, now: Date): Promise<void> {
  const before = new Date(now.getTime() - day)
  const stale = await db.organization.findMany({
    where: { OR: [{ replyHabits: { is: null } }, { replyHabits: { is: { learnedAt: { lt: before } } } }] },
    select: { id: true },
  })
  for (const { id } of stale) await learnReplyHabits(db, id, now)
}

/** Learns how readily an organization's contacts answer, from those with the latest messages, and keeps it. */
export async function learnReplyHabits(db: Tx, organizationId: string, now: Date): Promise<void> {
  const contacts = await selectActiveContacts(db, organizationId, sample)
  const tries = await selectTries(db, triesQuery(organizationId, contacts, now))
  const byContact = new Map<string, ContactTry[]>(contacts.map(({ id }) => [id, []]))
  for (const one of tries) byContact.get(one.contactId)?.push(one)
  const evidence = contacts.map((contact) => {
    const zone = likelyZone(zonesOf(contact, null), now)
    return evidenceOf(byContact.get(contact.id) ?? [], now, (moment) => localHour(zone, moment.getTime()))
  })
  const habits = storeHabits(learnHabits(evidence))
  await db.replyHabits.upsert({
    where: { organizationId },
    create: { organizationId, habits, learnedAt: now },
    update: { habits, learnedAt: now },
    select: { organizationId: true },
  })
}
