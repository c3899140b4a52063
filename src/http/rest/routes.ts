import { listBlocked, postBlock, postUnblock } from './blocking.ts'
import { deleteContact, listContacts, patchContact, postContact, readContact } from './contacts.ts'
import type { Endpoint } from './endpoint.ts'
import { readFrequencyCaps } from './frequency-caps.ts'
import { readNextBestAction } from './next-best-action.ts'
import { putPreferences, readPreferences } from './preferences.ts'
import { downloadJourney, readJourney } from './journey.ts'
import { listNotes, patchNote, postNote, removeNote } from './notes.ts'
import { readProfile } from './profile.ts'
import { readTimeline } from './timeline.ts'

/** Where every route below begins. */
export const basePath = '/api/v1/contacts'

/** The routes, and who answers them. A path in words stands before one whose place could also be an id. */
export const routes: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/': { GET: listContacts, POST: postContact },
  '/blocked': { GET: listBlocked },
  '/{id}': { GET: readContact, PATCH: patchContact, DELETE: deleteContact },
  '/{id}/next-best-action': { GET: readNextBestAction },
  '/{id}/preferences': { GET: readPreferences, PUT: putPreferences },
  '/{id}/frequency-caps': { GET: readFrequencyCaps },
  '/{id}/profile': { GET: readProfile },
  '/{id}/timeline': { GET: readTimeline },
  '/{id}/journey': { GET: readJourney },
  '/{id}/journey.csv': { GET: downloadJourney },
  '/{id}/block': { POST: postBlock },
  '/{id}/unblock': { POST: postUnblock },
  '/{id}/notes': { GET: listNotes, POST: postNote },
  '/{id}/notes/{noteId}': { PATCH: patchNote, DELETE: removeNote },
}
