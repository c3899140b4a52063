import type { ImportJob } from '../../../data/generated/client.ts'
import type { Happening } from '../../changes/commands.ts'

/** What those are told who watch an import: that it is further than it was. How far, they read. */
export function progressOf({ id }: Pick<ImportJob, 'id'>): Happening {
  return { kind: 'import.progressed', contactId: null, subjectId: id }
}
