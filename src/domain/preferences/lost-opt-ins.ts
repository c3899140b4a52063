import type { Tx } from '../../data/database.ts'
import { type LostOptIn, selectLostOptIns } from '../../data/sql/find-lost-opt-ins.ts'
import { reportContacts, type ReportedContacts } from '../contacts/report-contacts.ts'

const pageSize = 500

/**
 * Counts opt-ins that earlier releases have recorded and that license nothing since consent belongs to an address: it is not known for which address they
 * were given, or they were for a purpose or on another lawful basis alone. Changes nothing: the contacts have to be asked again.
 * @returns the organizations that have any
 */
export async function findLostOptIns(db: Tx): Promise<ReportedContacts[]> {
  return reportContacts(db, async function* contactsOf(organizationId) {
    for await (const page of lostOptInsOf(db, organizationId)) yield page.map(({ contactId }) => contactId)
  })
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
