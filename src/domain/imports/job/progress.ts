import type { ImportJob } from '../../../data/generated/client.ts'
import type { Happening } from '../../changes/commands.ts'

/** The event for subscribers of an import: there is progress. They read how far it is. */
export function progressOf({ id }: Pick<ImportJob, 'id'>): Happening {
  return { kind: 'import.progressed', contactId: null, subjectId: id }
}
