import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type Note, Prisma } from '../generated/client.ts'
import { keyset } from './keyset.ts'
import { idArray } from './id-array.ts'
import type { Relation, RelationShape } from './relations.ts'

export interface NotesOfContact {
  readonly notes: Note[]
  readonly total: number | null
}

/**
 * One page of the notes of each of several contacts, newest first, in one statement.
 * The contacts must be known to be visible; one without notes is there with an empty page.
 */
export async function selectNotes(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, NotesOfContact>> {
  const page = keyset({ key: Prisma.sql`n.created_at`, id: Prisma.sql`n.id`, direction: 'desc' }, request)
  const ofContact = Prisma.sql`n.organization_id = ${organizationId} and n.contact_id = wanted.id`
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from notes n where ${ofContact} limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const rows = await db.sql<(Note & { wanted: string; total: number | null })[]>`
    select wanted.id as wanted, ${total} as total, n.*
    from unnest(${idArray(contactIds)}) wanted(id)
    left join lateral (
      select n.organization_id as "organizationId", n.id, n.contact_id as "contactId", n.body, n.pinned, n.author,
        n.created_at as "createdAt", n.updated_at as "updatedAt"
      from notes n
      where ${ofContact} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}
    ) n on true`
  const found = new Map<string, NotesOfContact>()
  for (const { wanted, total, ...note } of rows) {
    const ofContact = found.get(wanted) ?? { notes: [], total }
    if (note.id !== null) ofContact.notes.push(note)
    found.set(wanted, ofContact)
  }
  return found
}

const noteColumns = {
  id: 'text',
  contactId: 'text',
  body: 'text',
  pinned: 'boolean',
  author: 'text',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
} satisfies Readonly<Record<Exclude<keyof Note, 'organizationId'>, string>>

export const noteShape: RelationShape = { columns: { '': noteColumns } }

/** One page of the notes of each contact of a statement, newest first. */
export function notesRelation(request: PageRequest): Relation {
  const page = keyset({ key: Prisma.sql`n.created_at`, id: Prisma.sql`n.id`, direction: 'desc' }, request)
  return {
    shape: noteShape,
    rows: ({ organizationId, id }) => Prisma.sql`
      select n.* from notes n
      where n.organization_id = ${organizationId} and n.contact_id = ${id} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit}`,
    all: ({ organizationId, id }) => Prisma.sql`notes n where n.organization_id = ${organizationId} and n.contact_id = ${id}`,
  }
}
