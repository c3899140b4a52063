import type { Person } from './ledger.ts'
import { readContact, readList, readNested, readNestedPage, searchContact } from './reads.ts'
import type { Worker } from './worker.ts'
import { changeNote, createContact, deleteOrRestore, recordActivities, setPreferences, updateContact, writeNote } from './writes.ts'

/** Something to do with a contact, and how often among a hundred. */
const mix: readonly (readonly [number, (worker: Worker, person: Person) => Promise<void>])[] = [
  [18, readContact],
  [12, readList],
  [10, searchContact],
  [12, readNested],
  [4, readNestedPage],
  [10, (worker) => createContact(worker)],
  [12, updateContact],
  [7, writeNote],
  [3, changeNote],
  [4, recordActivities],
  [3, setPreferences],
  [3, deleteOrRestore],
  [2, (worker) => worker.askAgain()],
]

/** Sends one request: a new contact as long as there are few, else what the mix says about one of them. */
export async function work(worker: Worker): Promise<void> {
  // The latest contacts, so that what is written about one stays readable at a glance.
  const person = worker.pick(worker.people.slice(-40))
  if (person === undefined) return createContact(worker)
  let at = worker.random() * 100
  for (const [share, action] of mix) {
    at -= share
    // Nothing can be asked of a deleted contact but that it is gone, or that it comes back.
    if (at < 0) return person.deleted && action !== readContact ? deleteOrRestore(worker, person) : action(worker, person)
  }
}
