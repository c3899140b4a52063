import type { Tx } from '../database.ts'
import type { Note } from '../generated/client.ts'
import { type Audit, auditing } from './insert-audit-entries.ts'

/**
 * Writes a note, if its contact lives, and what is written down of it: one statement that checks and writes, while the contact cannot be deleted.
 * @returns whether it was written
 */
export async function insertNote(db: Tx, note: Note, audit: Audit): Promise<boolean> {
  const { parts, notification } = auditing(audit, 'note')
  const rows = await db.sql<unknown[]>`
    with note as (
      insert into notes (organization_id, id, contact_id, body, pinned, author, created_at, updated_at)
      select c.organization_id, ${note.id}, c.id, ${note.body}, ${note.pinned}, ${note.author}, ${note.createdAt}, ${note.updatedAt}
      from contacts c
      where c.organization_id = ${note.organizationId} and c.id = ${note.contactId} and c.deleted_at is null
      for share
      returning id
    ), ${parts}
    select ${notification} from note`
  return rows.length === 1
}
