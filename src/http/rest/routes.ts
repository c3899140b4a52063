import { deleteContact, listContacts, patchContact, postContact, readContact } from './contacts.ts'
import type { Endpoint } from './endpoint.ts'
import { readFrequencyCaps } from './frequency-caps.ts'
import { readNextBestAction } from './next-best-action.ts'
import { listNotes, patchNote, postNote, removeNote } from './notes.ts'
import { putPreferences, readPreferences } from './preferences.ts'

/** Where every route below begins. */
export const basePath = '/api/v1/contacts'

/** The routes, and who answers them. A path in words stands before one whose place could also be an id. */
export const routes: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/': { GET: listContacts, POST: postContact },
  '/{id}': { GET: readContact, PATCH: patchContact, DELETE: deleteContact },
  '/{id}/next-best-action': { GET: readNextBestAction },
  '/{id}/preferences': { GET: readPreferences, PUT: putPreferences },
  '/{id}/frequency-caps': { GET: readFrequencyCaps },
  '/{id}/notes': { GET: listNotes, POST: postNote },
  '/{id}/notes/{noteId}': { PATCH: patchNote, DELETE: removeNote },
}
