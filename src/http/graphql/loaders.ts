import DataLoader from 'dataloader'
import type { Contact, ImportJob, Note } from '../../data/generated/client.ts'
import type { ReadContext } from '../../domain/context.ts'
import { contactsById } from '../../domain/contacts/queries.ts'
import { importJobsById } from '../../domain/imports/queries.ts'
import { notesByContact, notesById } from '../../domain/notes/queries.ts'
import type { Page, PageRequest } from '../../kernel/page.ts'

/** Collects what the resolvers of one request ask for, and asks the domain once. Made anew for every request. */
export interface Loaders {
  readonly contact: DataLoader<string, Contact | null>
  readonly note: DataLoader<string, Note | null>
  readonly importJob: DataLoader<string, ImportJob | null>
  /** The same page of notes for every contact that asks. */
  notes(page: PageRequest): DataLoader<string, Page<Note>>
}

export function createLoaders(context: ReadContext): Loaders {
  return {
    contact: byKey(async (ids) => contactsById(context, ids)),
    note: byKey(async (ids) => notesById(context, ids)),
    importJob: byKey(async (ids) => importJobsById(context, ids)),
    notes: perArguments((page: PageRequest) => byContact((ids) => notesByContact(context, ids, page))),
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
