import DataLoader from 'dataloader'
import { apiKeysById } from '../../../domain/api-keys/queries.ts'
import { definitionsById, type DefinitionFit, fitsByDefinition } from '../../../domain/attributes/queries.ts'
import { definitionsByKey } from '../../../domain/attributes/values.ts'
import { auditEntriesById } from '../../../domain/audit/queries.ts'
import { type FrequencyCaps, frequencyCapRulesById, frequencyCapsByContact } from '../../../domain/frequency-caps/queries.ts'
import { type RuleUsage, usageByRule } from '../../../domain/frequency-caps/rule-usage.ts'
import { importJobsById, keptRowsByImport } from '../../../domain/imports/queries.ts'
import { nextBestActionsByContact } from '../../../domain/next-best-action/queries.ts'
import type { Suggestion } from '../../../domain/next-best-action/rules.ts'
import { organizationsById } from '../../../domain/organizations/queries.ts'
import {
  consentRecordsByContact,
  consentRecordsById,
  type Preference,
  preferencesByContact,
  visibleConsentRecordsById,
} from '../../../domain/preferences/queries.ts'
import { reservationsById } from '../../../domain/reservations/queries.ts'
import { type SendQuestion, sendDecisionsByContact } from '../../../domain/sending/queries.ts'
import type { SendDecision } from '../../../domain/sending/rules.ts'
import type { StoredAddress } from '../../../data/sql/contact-addresses.ts'
import type { ActivityCount } from '../../../data/sql/count-activities.ts'
import type { KeptRow } from '../../../data/sql/find-kept-rows.ts'
import type {
  ApiKey,
  AttributeDefinition,
  AuditEntry,
  Block,
  Call,
  ConsentRecord,
  Contact,
  Event,
  FrequencyCapRule,
  ImportJob,
  Message,
  Note,
  Organization,
  SendReservation,
  Ticket,
  Suppression,
  Topic,
  WebhookDelivery,
  WebhookDeliveryStatus,
  WebhookEndpoint,
} from '../../../data/generated/client.ts'
import type { Activity } from '../../../domain/activities/describe.ts'
import { callsById, eventsById, messagesById, ticketsById } from '../../../domain/activities/queries.ts'
import { blocksByContact } from '../../../domain/blocking/queries.ts'
import { type ReadContext, requireScope } from '../../../domain/context.ts'
import { addressesByContact, contactsById } from '../../../domain/contacts/queries.ts'
import { journeyByContact, type StageOfJourney, stagesByContact } from '../../../domain/journey/queries.ts'
import type { JourneyEntry } from '../../../domain/journey/rules.ts'
import { type Duplicate, duplicatesByContact } from '../../../domain/duplicates/queries.ts'
import type { Merge } from '../../../domain/merging/commands.ts'
import { mergesByContact } from '../../../domain/merging/queries.ts'
import { notesByContact, notesById } from '../../../domain/notes/queries.ts'
import { activityCountsByContact, openTicketsByContact, type Standing, standingsByContact } from '../../../domain/profile/queries.ts'
import { type TopicOfContact, topicsByContact } from '../../../domain/preferences/topics.ts'
import { suppressionsById } from '../../../domain/suppression/queries.ts'
import { topicsById } from '../../../domain/topics/queries.ts'
import { deliveriesByEndpoint, webhookDeliveriesById, webhookEndpointsById } from '../../../domain/webhooks/queries.ts'
import { timelineByContact, type TimelineFilter } from '../../../domain/timeline/queries.ts'
import type { Page, PageRequest } from '../../../kernel/page.ts'

/** Collects what the resolvers of one request ask for, and asks the domain once. Created for every request. */
export interface Loaders {
  readonly contact: DataLoader<string, Contact | null>
  /** Contacts that may be the same person as one. */
  readonly duplicates: DataLoader<string, Duplicate[]>
  /** The merges into a contact that hold. */
  readonly merges: DataLoader<string, Merge[]>
  /** The addresses and external ids of a contact that was read through a scope. */
  readonly addresses: DataLoader<string, StoredAddress[]>
  readonly note: DataLoader<string, Note | null>
  /** The block of a contact; null if it is not blocked. */
  readonly block: DataLoader<string, Block | null>
  readonly message: DataLoader<string, Message | null>
  readonly call: DataLoader<string, Call | null>
  readonly ticket: DataLoader<string, Ticket | null>
  readonly event: DataLoader<string, Event | null>
  readonly importJob: DataLoader<string, ImportJob | null>
  /** The same page of the rows that were left alone for every import that asks. */
  keptRows(page: PageRequest): DataLoader<string, Page<KeptRow>>
  /** The same page of notes for every contact that asks. */
  notes(page: PageRequest): DataLoader<string, Page<Note>>
  /** Entries that preferences refer to, for callers who may see the preferences. */
  readonly consentRecord: DataLoader<string, ConsentRecord | null>
  /** Entries of the contacts that the caller can see. */
  readonly visibleConsentRecord: DataLoader<string, ConsentRecord | null>
  readonly suppression: DataLoader<string, Suppression | null>
  readonly attributeDefinition: DataLoader<string, AttributeDefinition | null>
  /** The definition in use of an attribute. */
  readonly attributeByKey: DataLoader<string, AttributeDefinition | null>
  readonly attributeFit: DataLoader<string, DefinitionFit>
  readonly topic: DataLoader<string, Topic | null>
  readonly topics: DataLoader<Contact, TopicOfContact[]>
  readonly organization: DataLoader<string, Organization | null>
  readonly apiKey: DataLoader<string, ApiKey | null>
  readonly auditEntry: DataLoader<string, AuditEntry | null>
  readonly preferences: DataLoader<string, Preference[]>
  /** The same page of the consent ledger for every contact that asks. */
  consentRecords(page: PageRequest): DataLoader<string, Page<ConsentRecord>>
  readonly frequencyCapRule: DataLoader<string, FrequencyCapRule | null>
  /** How many contacts a rule holds back. */
  readonly ruleUsage: DataLoader<FrequencyCapRule, RuleUsage>
  readonly sendReservation: DataLoader<string, SendReservation | null>
  readonly frequencyCaps: DataLoader<Contact, FrequencyCaps>
  /** The same question about every contact that asks. */
  sendDecision(question: SendQuestion): DataLoader<Contact, SendDecision>
  readonly nextBestActions: DataLoader<Contact, Suggestion[]>
  /** The same page of the timeline for every contact that asks. */
  timeline(args: { filter: TimelineFilter; page: PageRequest }): DataLoader<string, Page<Activity>>
  /** The same page of the journey for every contact that asks. */
  journey(page: PageRequest): DataLoader<string, Page<JourneyEntry>>
  readonly stages: DataLoader<string, readonly StageOfJourney[]>
  readonly standing: DataLoader<string, Standing>
  readonly activityCounts: DataLoader<string, readonly ActivityCount[]>
  readonly openTickets: DataLoader<string, readonly Ticket[]>
  readonly webhookEndpoint: DataLoader<string, WebhookEndpoint | null>
  readonly webhookDelivery: DataLoader<string, WebhookDelivery | null>
  /** The same page of the deliveries of every endpoint that asks. */
  webhookDeliveries(args: { status: WebhookDeliveryStatus | null; page: PageRequest }): DataLoader<string, Page<WebhookDelivery>>
}

export function createLoaders(context: ReadContext): Loaders {
  return {
    contact: byKey(async (ids) => contactsById(context, ids)),
    duplicates: ofEach((ids) => duplicatesByContact(context, ids)),
    merges: ofEach((ids) => mergesByContact(context, ids)),
    addresses: ofEach((ids) => addressesByContact(context, ids)),
    note: byKey(async (ids) => notesById(context, ids)),
    block: byKey(async (ids) => blocksByContact(context, ids)),
    message: byKey(async (ids) => messagesById(context, ids)),
    call: byKey(async (ids) => callsById(context, ids)),
    ticket: byKey(async (ids) => ticketsById(context, ids)),
    event: byKey(async (ids) => eventsById(context, ids)),
    importJob: byKey(async (ids) => importJobsById(context, ids)),
    keptRows: perArguments((page: PageRequest) => ofEach((ids) => keptRowsByImport(context, ids, page))),
    notes: perArguments((page: PageRequest) => ofEach((ids) => notesByContact(context, ids, page))),
    consentRecord: byKey(async (ids) => consentRecordsById(context, ids)),
    visibleConsentRecord: byKey(async (ids) => visibleConsentRecordsById(context, ids)),
    suppression: byKey(async (ids) => {
      requireScope(context, 'settings:write')
      return suppressionsById(context, ids)
    }),
    attributeDefinition: byKey((ids) => definitionsById(context, ids)),
    attributeByKey: byKey((keys) => definitionsByKey(context, keys)),
    attributeFit: ofEach((ids) => fitsByDefinition(context, ids)),
    topic: byKey(async (ids) => {
      requireScope(context, 'contacts:read')
      return topicsById(context, ids)
    }),
    topics: ofRow((contacts) => topicsByContact(context, contacts)),
    organization: byKey(async (ids) => organizationsById(context, ids)),
    apiKey: byKey(async (ids) => apiKeysById(context, ids)),
    auditEntry: byKey(async (ids) => auditEntriesById(context, ids)),
    preferences: ofEach(async (ids) => preferencesByContact(context, ids)),
    consentRecords: perArguments((page: PageRequest) => ofEach((ids) => consentRecordsByContact(context, ids, page))),
    frequencyCapRule: byKey(async (ids) => frequencyCapRulesById(context, ids)),
    ruleUsage: ofRow((rules) => usageByRule(context, rules)),
    sendReservation: byKey(async (ids) => reservationsById(context, ids)),
    frequencyCaps: ofRow((contacts) => frequencyCapsByContact(context, contacts)),
    sendDecision: perArguments((question: SendQuestion) => ofRow((contacts) => sendDecisionsByContact(context, contacts, question))),
    nextBestActions: ofRow((contacts) => nextBestActionsByContact(context, contacts)),
    timeline: perArguments(({ filter, page }: { filter: TimelineFilter; page: PageRequest }) =>
      ofEach((ids) => timelineByContact(context, ids, filter, page)),
    ),
    journey: perArguments((page: PageRequest) => ofEach((ids) => journeyByContact(context, ids, page))),
    stages: ofEach((ids) => stagesByContact(context, ids)),
    standing: ofEach((ids) => standingsByContact(context, ids)),
    activityCounts: ofEach((ids) => activityCountsByContact(context, ids)),
    openTickets: ofEach((ids) => openTicketsByContact(context, ids)),
    webhookEndpoint: byKey((ids) => webhookEndpointsById(context, ids)),
    webhookDelivery: byKey((ids) => webhookDeliveriesById(context, ids)),
    webhookDeliveries: perArguments(({ status, page }: { status: WebhookDeliveryStatus | null; page: PageRequest }) =>
      ofEach((ids) => deliveriesByEndpoint(context, ids, status, page)),
    ),
  }
}

/** A batch read whose absent keys are null. A mutation in the same request must be seen: nothing is remembered. */
function byKey<Value>(load: (keys: readonly string[]) => Promise<Map<string, Value>>): DataLoader<string, Value | null> {
  return new DataLoader<string, Value | null>(
    async (keys) => {
      const found = await load([...new Set(keys)])
      return keys.map((key) => found.get(key) ?? null)
    },
    { cache: false },
  )
}

/** A batch read that answers for everything that it is asked about. */
function ofEach<Value>(load: (ids: readonly string[]) => Promise<Map<string, Value>>): DataLoader<string, Value> {
  return new DataLoader<string, Value>(
    async (ids) => {
      const found = await load([...new Set(ids)])
      return ids.map((id) => found.get(id) ?? new Error(`A batch read left out ${id}.`))
    },
    { cache: false },
  )
}

/** A batch read that needs the rows themselves, which the caller has at hand. */
function ofRow<Row extends { readonly id: string }, Value>(
  load: (rows: readonly Row[]) => Promise<Map<string, Value>>,
): DataLoader<Row, Value> {
  return new DataLoader<Row, Value>(
    async (rows) => {
      const found = await load([...new Map(rows.map((row) => [row.id, row])).values()])
      return rows.map(({ id }) => found.get(id) ?? new Error(`A batch read left out ${id}.`))
    },
    { cache: false },
  )
}

/** One loader for each set of arguments: what differs in its arguments cannot share a statement. */
function perArguments<Arguments, Loader>(create: (args: Arguments) => Loader): (args: Arguments) => Loader {
  const loaders = new Map<string, Loader>()
  return (args) => {
    const key = JSON.stringify(args)
    const loader = loaders.get(key) ?? create(args)
    loaders.set(key, loader)
    return loader
  }
}
