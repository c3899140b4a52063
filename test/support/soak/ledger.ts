import type { Db } from '../../../src/data/database.ts'

/** What the gateway has acknowledged about one contact. */
export interface Person {
  readonly id: string
  readonly email: string
  firstName: string
  tags: readonly string[]
  /** A custom attribute that grows with every change. */
  count: number
  deleted: boolean
  readonly notes: { readonly id: string; body: string; pinned: boolean }[]
  readonly messages: { readonly externalId: string; status: string }[]
  readonly events: { readonly externalId: string }[]
  readonly preferences: { readonly channel: string; readonly state: string; readonly purpose: string }[]
  /** What the audit log has to say about the contact. */
  readonly actions: string[]
}

/** Every row that is about an acknowledged write, by table, as one line of text each. */
type Rows = Readonly<Record<string, readonly string[]>>

/** Looks for what was acknowledged and is not there, and for what is there and was never acknowledged. @returns sentences; none if all is well */
export async function compare(db: Db, people: readonly Person[]): Promise<string[]> {
  const [wanted, found] = [rowsOf(people), await rowsIn(db)]
  return Object.keys(wanted).flatMap((table) => {
    const [missing, surplus] = difference(wanted[table] ?? [], found[table] ?? [])
    return [
      ...missing.map((row) => `${table}: acknowledged, but not there: ${row}`),
      ...surplus.map((row) => `${table}: there, but never acknowledged, or there twice: ${row}`),
    ]
  })
}

function rowsOf(people: readonly Person[]): Rows {
  return {
    contacts: people.map(({ id, email, firstName, tags, count, deleted }) => line([id, email, firstName, tags, count, deleted])),
    notes: people.flatMap(({ id, notes }) => notes.map((note) => line([id, note.id, note.body, note.pinned]))),
    messages: people.flatMap(({ id, messages }) => messages.map(({ externalId, status }) => line([id, externalId, status]))),
    events: people.flatMap(({ id, events }) => events.map(({ externalId }) => line([id, externalId]))),
    consent: people.flatMap(({ id, preferences }) => preferences.map(({ channel, state, purpose }) => line([id, channel, state, purpose]))),
    audit: people.flatMap(({ id, actions }) => actions.map((action) => line([id, action]))),
  }
}

async function rowsIn(db: Db): Promise<Rows> {
  const contacts = await db.prisma.contact.findMany()
  const notes = await db.prisma.note.findMany()
  const messages = await db.prisma.message.findMany()
  const events = await db.prisma.event.findMany()
  const consents = await db.prisma.consentRecord.findMany()
  // A batch of activities that comes again without an Idempotency-Key is taken up again, so its entries are not counted.
  const entries = await db.prisma.auditEntry.findMany({ where: { action: { not: 'activities.recorded' } } })
  return {
    contacts: contacts.map(({ id, email, firstName, tags, customAttributes, deletedAt }) =>
      line([id, email, firstName, tags, Object(customAttributes)['count'], deletedAt !== null]),
    ),
    notes: notes.map((note) => line([note.contactId, note.id, note.body, note.pinned])),
    messages: messages.map(({ contactId, externalId, status }) => line([contactId, externalId, status])),
    events: events.map(({ contactId, externalId }) => line([contactId, externalId])),
    consent: consents.map(({ contactId, channel, state, purpose }) => line([contactId, channel, state, purpose])),
    audit: entries.map(({ contactId, action }) => line([contactId, action])),
  }
}

function line(values: readonly unknown[]): string {
  return JSON.stringify(values)
}

/** What stands more often in one list than in the other, both ways. */
function difference(wanted: readonly string[], found: readonly string[]): [missing: string[], surplus: string[]] {
  const counts = new Map<string, number>()
  for (const row of wanted) counts.set(row, (counts.get(row) ?? 0) + 1)
  const surplus: string[] = []
  for (const row of found) {
    const left = counts.get(row) ?? 0
    if (left === 0) surplus.push(row)
    else counts.set(row, left - 1)
  }
  return [[...counts].flatMap(([row, count]) => Array.from({ length: count }, () => row)), surplus]
}
