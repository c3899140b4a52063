import { listBlocked, postBlock, postUnblock } from './blocking.ts'
import { postAction, postBulkDelete } from './bulk-actions.ts'
import { listContacts, patchContact, postContact, readContact, removeContact } from './contacts.ts'
import { listChanges } from './changes.ts'
import type { Endpoint } from './endpoint.ts'
import { downloadSubjectData, postErase } from './erasure.ts'
import { postExport } from './exports.ts'
import { listImportJobs, postImport, postPreview, postRollback, readImportJob, readKeptRows, readSkippedRows } from './imports.ts'
import { readFrequencyCaps } from './frequency-caps.ts'
import { readNextBestAction } from './next-best-action.ts'
import { putPreferences, readPreferences } from './preferences.ts'
import { downloadJourney, readJourney } from './journey.ts'
import { postMerge } from './merging.ts'
import { listNotes, patchNote, postNote, removeNote } from './notes.ts'
import { readProfile } from './profile.ts'
import { postSearch } from './search.ts'
import { downloadSuppressions, listSuppressions, postLift, postSuppressions, uploadSuppressions } from './suppressions.ts'
import { readTimeline } from './timeline.ts'
import { postUpsert } from './upsert.ts'

/** Where every route below begins. */
export const basePath = '/api/v1/contacts'

/** The routes, and who answers them. A path in words stands before one whose place could also be an id. */
export const routes: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/': { GET: listContacts, POST: postContact },
  '/blocked': { GET: listBlocked },
  '/upsert': { POST: postUpsert },
  '/actions': { POST: postAction },
  '/bulk': { POST: postImport },
  '/bulk/preview': { POST: postPreview },
  '/bulk-delete': { POST: postBulkDelete },
  '/export': { POST: postExport },
  '/import-jobs': { GET: listImportJobs },
  '/import-jobs/{id}': { GET: readImportJob },
  '/import-jobs/{id}/rollback': { POST: postRollback },
  '/import-jobs/{id}/kept.csv': { GET: readKeptRows },
  '/import-jobs/{id}/skipped.csv': { GET: readSkippedRows },
  '/changes': { GET: listChanges },
  '/search': { POST: postSearch },
  '/suppressions': { GET: listSuppressions, POST: postSuppressions },
  '/suppressions.csv': { GET: downloadSuppressions, POST: uploadSuppressions },
  '/suppressions/{suppressionId}/lift': { POST: postLift },
  '/{id}': { GET: readContact, PATCH: patchContact, DELETE: removeContact },
  '/{id}/next-best-action': { GET: readNextBestAction },
  '/{id}/preferences': { GET: readPreferences, PUT: putPreferences },
  '/{id}/frequency-caps': { GET: readFrequencyCaps },
  '/{id}/profile': { GET: readProfile },
  '/{id}/timeline': { GET: readTimeline },
  '/{id}/journey': { GET: readJourney },
  '/{id}/journey.csv': { GET: downloadJourney },
  '/{id}/merge': { POST: postMerge },
  '/{id}/block': { POST: postBlock },
  '/{id}/unblock': { POST: postUnblock },
  '/{id}/erase': { POST: postErase },
  '/{id}/subject-data.json': { GET: downloadSubjectData },
  '/{id}/notes': { GET: listNotes, POST: postNote },
  '/{id}/notes/{noteId}': { PATCH: patchNote, DELETE: removeNote },
}
