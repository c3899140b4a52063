import type { Tx } from '../database.ts'
import type { Note } from '../generated/client.ts'

/**
 * Writes a note, if its contact lives: one statement that looks and writes, while nobody can delete the contact.
 * @returns whether it was written
 */
export async function insertNote(db: Tx, note: Note): Promise<boolean> {
  const written = await db.$executeRaw`
    insert into notes (organization_id, id, contact_id, body, pinned, author, created_at, updated_at)
    select c.organization_id, ${note.id}, c.id, ${note.body}, ${note.pinned}, ${note.author}, ${note.createdAt}, ${note.updatedAt}
    from contacts c
    where c.organization_id = ${note.organizationId} and c.id = ${note.contactId} and c.deleted_at is null
    for share`
  return written === 1
}
