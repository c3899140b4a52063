import DataLoader from 'dataloader'
import type { ConsentRecord, Contact, FrequencyCapRule, ImportJob, Note } from '../../data/generated/client.ts'
import type { ReadContext } from '../../domain/context.ts'
import { contactsById } from '../../domain/contacts/queries.ts'
import { type FrequencyCaps, frequencyCapRulesById, frequencyCapsByContact } from '../../domain/frequency-caps/queries.ts'
import { importJobsById } from '../../domain/imports/queries.ts'
import { nextBestActionsByContact } from '../../domain/next-best-action/queries.ts'
import type { Suggestion } from '../../domain/next-best-action/rules.ts'
import { notesByContact, notesById } from '../../domain/notes/queries.ts'
import { consentRecordsByContact, type Preference, preferencesByContact } from '../../domain/preferences/queries.ts'
import { type SendQuestion, sendDecisionsByContact } from '../../domain/sending/queries.ts'
import type { SendDecision } from '../../domain/sending/rules.ts'
import type { Page, PageRequest } from '../../kernel/page.ts'

/** Collects what the resolvers of one request ask for, and asks the domain once. Made anew for every request. */
export interface Loaders {
  readonly contact: DataLoader<string, Contact | null>
  readonly note: DataLoader<string, Note | null>
  readonly importJob: DataLoader<string, ImportJob | null>
  /** The same page of notes for every contact that asks. */
  notes(page: PageRequest): DataLoader<string, Page<Note>>
  readonly preferences: DataLoader<string, Preference[]>
  /** The same page of the consent ledger for every contact that asks. */
  consentRecords(page: PageRequest): DataLoader<string, Page<ConsentRecord>>
  readonly frequencyCapRule: DataLoader<string, FrequencyCapRule | null>
  readonly frequencyCaps: DataLoader<Contact, FrequencyCaps>
  /** The same question about every contact that asks. */
  sendDecision(question: SendQuestion): DataLoader<Contact, SendDecision>
  readonly nextBestActions: DataLoader<Contact, Suggestion[]>
}

export function createLoaders(context: ReadContext): Loaders {
  return {
    contact: byKey(async (ids) => contactsById(context, ids)),
    note: byKey(async (ids) => notesById(context, ids)),
    importJob: byKey(async (ids) => importJobsById(context, ids)),
    notes: perArguments((page: PageRequest) => byContact((ids) => notesByContact(context, ids, page))),
    preferences: byContact(async (ids) => preferencesByContact(context, ids)),
    consentRecords: perArguments((page: PageRequest) => byContact((ids) => consentRecordsByContact(context, ids, page))),
    frequencyCapRule: byKey(async (ids) => frequencyCapRulesById(context, ids)),
    frequencyCaps: ofContact((contacts) => frequencyCapsByContact(context, contacts)),
    sendDecision: perArguments((question: SendQuestion) => ofContact((contacts) => sendDecisionsByContact(context, contacts, question))),
    nextBestActions: ofContact((contacts) => nextBestActionsByContact(context, contacts)),
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

/** A batch read about contacts, which answers for every contact that it is asked about. */
function byContact<Value>(load: (ids: readonly string[]) => Promise<Map<string, Value>>): DataLoader<string, Value> {
  return new DataLoader<string, Value>(
    async (ids) => {
      const found = await load([...new Set(ids)])
      return ids.map((id) => found.get(id) ?? new Error(`A batch read left out the contact ${id}.`))
    },
    { cache: false },
  )
}

/** A batch read that needs the contacts themselves, which whoever asks has at hand. */
function ofContact<Value>(load: (contacts: readonly Contact[]) => Promise<Map<string, Value>>): DataLoader<Contact, Value> {
  return new DataLoader<Contact, Value>(
    async (contacts) => {
      const found = await load([...new Map(contacts.map((contact) => [contact.id, contact])).values()])
      return contacts.map(({ id }) => found.get(id) ?? new Error(`A batch read left out the contact ${id}.`))
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
