import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../../data/database.ts'
import { type ActivityTable, callsTable, eventsTable, messagesTable, ticketsTable } from '../../data/sql/activity-tables.ts'
import type { ReferencedContact } from '../../data/sql/lock-referenced-contacts.ts'
import { violatedUnique } from '../../data/prisma-errors.ts'
import { transaction } from '../../data/transaction.ts'
import { addSuppressions } from '../suppression/add.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { createNamedContacts, lockNamedContacts, type NamedContact } from '../contacts/refs.ts'
import { audit } from '../audit/commands.ts'
import { keywordReader } from '../consent/keywords.ts'
import { recordConsents } from '../consent/record.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { type ActivityToRecord, type Batch, type Outcome, parseBatch, rejecting } from './batch.ts'
import { consequencesOf } from './consequences.ts'
import { ExternalIdTaken, UnknownContact } from './errors.ts'
import type { MessageSettings } from './messages.ts'
import { ClaimedReservations, reservedAddressKey } from './reservations.ts'
import { maxActivities } from './rules.ts'
import type { Item } from './report.ts'
import { keptOptOuts } from './rejected-opt-outs.ts'

/** Another request has just recorded something under the same external id: what is there has to be looked at again. */
class Overtaken extends Error {}

/**
 * Records messages, calls, tickets and events, at most 1,000 at a time. Each is idempotent by its external id: recorded again it
 * updates what is on record, as far as it is news. An item that is wrong does not stop the others; the rest is one transaction.
 * Costs at most 23 statements, however many items: one for the organization, one that finds and locks the contacts, three if contacts are
 * created, two if reservations are named, two for each kind that is there (one if none of its items has an external id), one for the audit log and
 * the change feed, three if messages say something about consent or the reachability of an address, and four for opt-outs of which the messages are rejected.
 * @returns what became of each item, in their order
 * @throws InvalidInput if there are no items or too many
 */
export async function recordActivities(context: Context, activities: readonly ActivityToRecord[]): Promise<Outcome[]> {
  requireScope(context, 'activities:write')
  if (activities.length === 0 || activities.length > maxActivities) {
    throw new InvalidInput(
      activities.length === 0
        ? 'There is nothing to record.'
        : `${activities.length.toLocaleString('en')} activities are too many at a time.`,
      { field: 'input', expected: `1 to ${maxActivities.toLocaleString('en')} activities` },
    )
  }
  await context.chargeRows?.(activities.length)
  const organization = await getOrganization(context)
  const settings = { defaultCountry: organization.defaultCountry, keywordOf: keywordReader(organization) }
  const outcomes = new Map<number, Outcome>()
  const batch = parseBatch(context, activities, settings, outcomes)
  for (;;) {
    try {
      const recorded = await transaction(context.db, (tx) => record(tx, context, batch, settings))
      return activities.map((_, index) => outcomes.get(index) ?? outcomeOf(recorded, index))
    } catch (error) {
      if (!(error instanceof Overtaken) && violatedUnique(error) !== 'contact_addresses_living') throw error
    }
  }
}

/** The number that the contact was named by, or its primary one. */
function phoneKeyAt({ fields }: NamedContact, { phone }: ReferencedContact): string | null {
  const number = fields?.phone ?? phone
  return number === null ? null : phoneKey(number)
}

function outcomeOf(recorded: ReadonlyMap<number, Outcome>, index: number): Outcome {
  const outcome = recorded.get(index)
  if (outcome === undefined) throw new TypeError(`Item ${index} of a batch was left out.`)
  return outcome
}

async function record(tx: Tx, context: Context, batch: Batch, settings: MessageSettings): Promise<Map<number, Outcome>> {
  const outcomes = new Map<number, Outcome>()
  const items = [...batch.messages, ...batch.calls, ...batch.tickets, ...batch.events]
  if (items.length === 0) return outcomes
  const { contacts, affected } = await findContacts(tx, context, items)
  const { organizationId } = context.actor
  const reservations = await ClaimedReservations.lock(tx, organizationId, items)
  const found = { contacts, reservations, outcomes }
  const messages = await recordKind(tx, context, messagesTable, 'message', batch.messages, found)
  const written = [
    ...messages.written,
    ...(await recordKind(tx, context, callsTable, 'call', batch.calls, found)).written,
    ...(await recordKind(tx, context, ticketsTable, 'ticket', batch.tickets, found)).written,
    ...(await recordKind(tx, context, eventsTable, 'event', batch.events, found)).written,
  ]
  await reservations.save(tx, organizationId, context.now())
  const rejected = batch.messages.filter(({ index }) => outcomes.get(index)?.status === 'rejected')
  const kept = await keptOptOuts(tx, context, rejected, contacts)
  const { consents, reached } = consequencesOf(messages.rows, settings, context.now())
  // Three statements, however many messages; none if they say nothing about consent and addresses.
  await recordConsents(tx, context, [...consents, ...kept.consents], { reached, settle: affected })
  if (kept.suppressions.length > 0) await addSuppressions(tx, context, kept.suppressions)
  const contactIds = new Set(written.map(({ contactId }) => contactId))
  await audit(
    tx,
    context,
    'activities.recorded',
    [...contactIds].map((contactId) => ({ id: contactId, contactId })),
    [],
    written,
  )
  return outcomes
}

interface FoundContacts {
  readonly contacts: Map<string, ReferencedContact>
  /** Those that were created with an address of which something holds. */
  readonly affected: readonly string[]
}

/** The contacts that the items are about, locked; those that are missing and wanted are created. */
async function findContacts(tx: Tx, context: Context, items: readonly Item<unknown>[]): Promise<FoundContacts> {
  const names = new Map(items.map((item) => [item.contact.key, item.contact]))
  // What changes the consent of contacts excludes others that do.
  const strength = items.some(({ report }) => report.mayChangeConsent === true) ? 'exclusive' : 'shared'
  const found = await lockNamedContacts(tx, context, [...names.values()], strength)
  const missing = new Map<string, NamedContact>()
  for (const { contact, createContact } of items) {
    // Of two spellings the first one stays.
    if (createContact && contact.fields !== null && !found.has(contact.key) && !missing.has(contact.key)) missing.set(contact.key, contact)
  }
  if (missing.size === 0) return { contacts: found, affected: [] }
  const affected = await createNamedContacts(tx, context, [...missing.values()])
  const created = await lockNamedContacts(tx, context, [...missing.values()], strength)
  return { contacts: new Map([...found, ...created]), affected }
}

interface Recorded {
  readonly id: string
  readonly contactId: string
  readonly externalId: string | null
  readonly updatedAt: Date
}

/** An activity that is new, or of which something new is known. */
interface Written {
  readonly kind: 'activity.recorded' | 'activity.updated'
  readonly contactId: string
  readonly subjectId: string
}

/** What a batch is decided with, and what comes of it. */
interface Found {
  readonly contacts: ReadonlyMap<string, ReferencedContact>
  readonly reservations: ClaimedReservations
  readonly outcomes: Map<number, Outcome>
}

/**
 * Decides about the items of one kind one after the other, as if each had come alone, and writes what has come of it at once.
 * @returns what is written, and the rows
 */
async function recordKind<Row extends Recorded & { readonly organizationId: string }>(
  tx: Tx,
  context: Context,
  table: ActivityTable<Row>,
  noun: string,
  items: readonly Item<Row>[],
  { contacts, reservations, outcomes }: Found,
): Promise<{ written: Written[]; rows: Row[] }> {
  const { organizationId } = context.actor
  const externalIds = [...new Set(items.map((item) => item.report.externalId).filter((id) => id !== null))]
  const rows = externalIds.length === 0 ? [] : await table.lock(tx, organizationId, externalIds)
  const known = new Map(rows.map((row) => [row.externalId, row]))
  const changed = new Map<string, Row>()
  const now = context.now()
  for (const { index, report, contact: named } of items) {
    const rejection = rejecting(() => {
      const contact = contacts.get(named.key)
      if (contact === undefined) throw new UnknownContact(named)
      const current = report.externalId === null ? undefined : known.get(report.externalId)
      if (current !== undefined && current.contactId !== contact.id) {
        throw new ExternalIdTaken(noun, current.externalId, 'another contact')
      }
      const claimed = report.reservation === null ? null : reservations.check(report.reservation, contact.id)
      const isBlocked = contact.blockedAt !== null
      const { row, ignored } =
        current === undefined
          ? {
              row: report.create({
                organizationId,
                contactId: contact.id,
                isBlocked,
                phoneKey: phoneKeyAt(named, contact),
                emailKey: named.fields?.emailKey ?? contact.emailKey,
                reservedKey: claimed === null ? null : reservedAddressKey(claimed),
                now,
              }),
              ignored: null,
            }
          : report.update(current)
      const status = current === undefined ? 'created' : isDeepStrictEqual(row, current) ? 'unchanged' : 'updated'
      const unclaimed = claimed === null ? null : reservations.take(claimed, row.id, now)
      outcomes.set(index, { status, id: row.id, ignored: [ignored, unclaimed].filter((text) => text !== null).join(' ') || null })
      if (status === 'unchanged') return
      const written = { ...row, updatedAt: now }
      known.set(written.externalId, written)
      changed.set(written.id, written)
    })
    if (rejection !== null) outcomes.set(index, rejection)
  }
  if (changed.size > 0 && (await table.save(tx, organizationId, [...changed.values()])) < changed.size) throw new Overtaken()
  const before = new Set(rows.map(({ id }) => id))
  const rowsWritten = [...changed.values()]
  const written = rowsWritten.map(({ id, contactId }) => ({
    kind: before.has(id) ? ('activity.updated' as const) : ('activity.recorded' as const),
    contactId,
    subjectId: id,
  }))
  return { written, rows: rowsWritten }
}
