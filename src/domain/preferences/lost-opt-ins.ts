import type { Tx } from '../../data/database.ts'
import { type LostOptIn, selectLostOptIns } from '../../data/sql/find-lost-opt-ins.ts'

/** The opt-ins of one organization that license nothing any more. */
export interface LostOptIns {
  readonly organizationId: string
  readonly count: number
  /** The first of their contacts, at most 20. */
  readonly contactIds: readonly string[]
}

const pageSize = 500
const maxReported = 20

/**
 * Counts opt-ins that earlier releases have recorded and that license nothing since consent belongs to an address: it is not known for which address they
 * were given, or they were for a purpose or on another lawful basis alone. Changes nothing: the contacts have to be asked again.
 * @returns the organizations that have any
 */
export async function findLostOptIns(db: Tx): Promise<LostOptIns[]> {
  const found: LostOptIns[] = []
  for (const { id: organizationId } of await db.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true } })) {
    const contactIds = new Set<string>()
    let count = 0
    for await (const page of lostOptInsOf(db, organizationId)) {
      count += page.length
      for (const { contactId } of page) if (contactIds.size < maxReported) contactIds.add(contactId)
    }
    if (count > 0) found.push({ organizationId, count, contactIds: [...contactIds] })
  }
  return found
}

/** All such opt-ins of an organization, a page at a time. */
export async function* lostOptInsOf(db: Tx, organizationId: string): AsyncGenerator<LostOptIn[]> {
  for (let after = { contactId: '', channel: '' }; ;) {
    const page = await selectLostOptIns(db, organizationId, { after, limit: pageSize })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last
  }
}
