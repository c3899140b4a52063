import type { Channel, ConsentRecord, ConsentState, Contact } from '../../data/generated/client.ts'
import { selectConsentRecords } from '../../data/sql/find-consent-records.ts'
import { preferenceShape, preferencesRelation, selectConsentRecordsByIds, selectPreferences } from '../../data/sql/find-preferences.ts'
import type { Relation } from '../../data/sql/relations.ts'
import { channels } from '../../kernel/channels.ts'
import { type List, maxPageSize, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { findWrittenContact, getContact, visibleContacts } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { findWrittenTopics, type TopicOfContact } from './topics.ts'

/** The consent state of a contact for one channel. */
export interface Preference {
  readonly channel: Channel
  readonly state: ConsentState
  /** The ledger entry that decides; null if there is none, or if it is one of another contact with the same address. */
  readonly recordId: string | null
  /** When it was said; null if the state is unknown. */
  readonly recordedAt: Date | null
  /** When an opt-in ends; null if it does not end by itself. */
  readonly validUntil: Date | null
}

/**
 * The preferences of each contact: always all eleven channels, in the order of the alphabet. The contacts must have been read through a
 * scope. One statement, however many.
 */
export async function preferencesByContact(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, Preference[]>> {
  requireScope(context, 'contacts:read')
  return allPreferences(context, contactIds)
}

/** Entries of the ledger by their ids. The ids must come from preferences that were read through a scope. One statement. */
export async function consentRecordsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, ConsentRecord>> {
  const records = await selectConsentRecordsByIds(context.db, context.actor.organizationId, ids)
  return new Map(records.map((record) => [record.id, record]))
}

/** The entries among these ids that belong to contacts which the actor can see. One statement. */
export async function visibleConsentRecordsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, ConsentRecord>> {
  requireScope(context, 'contacts:read')
  const records = await context.db.prisma.consentRecord.findMany({
    where: { organizationId: context.actor.organizationId, id: { in: [...ids] }, contact: visibleContacts(context.actor) },
  })
  return new Map(records.map((record) => [record.id, record]))
}

/** What a command has just left behind, for the caller who wrote it, whether or not it may read. */
export async function getWrittenPreferences(context: ReadContext, contactId: string): Promise<Preference[]> {
  return (await allPreferences(context, [contactId])).get(contactId) ?? []
}

async function allPreferences(context: ReadContext, contactIds: readonly string[]): Promise<Map<string, Preference[]>> {
  const found = new Map(contactIds.map((contactId): [string, Preference[]] => [contactId, []]))
  for (const { contactId, ...stored } of await selectPreferences(context.db, context.actor.organizationId, contactIds))
    found.get(contactId)?.push(stored)
  return new Map([...found].map(([contactId, stored]) => [contactId, onEveryChannel(stored)]))
}

/** What is on record, and that nothing is of the other channels: always all eleven, in the order of the alphabet. */
function onEveryChannel(stored: readonly Preference[]): Preference[] {
  const known = new Map(stored.map((preference) => [preference.channel, preference]))
  return channels.map((channel) => known.get(channel) ?? unknownPreference(channel))
}

function unknownPreference(channel: Channel): Preference {
  return { channel, state: 'unknown', recordId: null, recordedAt: null, validUntil: null }
}

/** The ledger's new entries, for the caller who wrote them, in the order of these ids. */
export async function getWrittenRecords(context: ReadContext, ids: readonly string[]): Promise<ConsentRecord[]> {
  const records = await consentRecordsById(context, ids)
  return ids.flatMap((id) => records.get(id) ?? [])
}

/** The list that a page of one contact's consent ledger belongs to. */
export function consentRecordList(contactId: string): List {
  return { name: `consent:${contactId}`, key: 'time' }
}

export function consentRecordPosition(record: ConsentRecord): Position {
  return { key: record.recordedAt, id: record.id }
}

/** The same page of each contact's ledger, latest entry first. The contacts must have been read through a scope. One statement. */
export async function consentRecordsByContact(
  context: ReadContext,
  contactIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<ConsentRecord>>> {
  requireScope(context, 'contacts:read')
  const found = await selectConsentRecords(context.db, context.actor.organizationId, contactIds, page)
  return new Map([...found].map(([contactId, { records, total }]) => [contactId, pageOf(records, page, total)]))
}

/** A contact's preferences, its topics and the latest entries of its ledger, at most as many as a page can have. */
export interface PreferencesOfContact {
  readonly preferences: readonly Preference[]
  /** The topics that are not archived; none of a deleted contact. */
  readonly topics: readonly TopicOfContact[]
  readonly records: readonly ConsentRecord[]
}

const latestRecords: PageRequest = { limit: maxPageSize, direction: 'forward', from: null, total: false }

/** @throws NotFound */
export async function getPreferences(context: ReadContext, contactId: string): Promise<PreferencesOfContact> {
  requireScope(context, 'contacts:read')
  return preferencesOf(context, contactId, await getContact(context, contactId))
}

/** What a command has just left behind, as {@link getPreferences} has it, whether or not the caller may read. */
export async function readPreferences(context: ReadContext, contactId: string): Promise<PreferencesOfContact> {
  return preferencesOf(context, contactId, await findWrittenContact(context, contactId))
}

async function preferencesOf(context: ReadContext, contactId: string, contact: Contact | null): Promise<PreferencesOfContact> {
  const topics = contact === null ? [] : ((await findWrittenTopics(context, [contact])).get(contactId) ?? [])
  const preferences = await getWrittenPreferences(context, contactId)
  const found = await selectConsentRecords(context.db, context.actor.organizationId, [contactId], latestRecords)
  return { preferences, topics, records: pageOf(found.get(contactId)?.records ?? [], latestRecords, null).items }
}

/** Preferences that are read along with their contacts. */
export const preferencesOfContacts = {
  shape: preferenceShape,
  relation(context: ReadContext): Relation {
    requireScope(context, 'contacts:read')
    return preferencesRelation
  },
}
