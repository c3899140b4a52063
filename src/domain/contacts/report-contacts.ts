import type { Tx } from '../../data/database.ts'
import { organizationIds } from '../organizations/queries.ts'

/** The contacts of one organization of which something has to be reported. */
export interface ReportedContacts {
  readonly organizationId: string
  /** How many findings there are. */
  readonly count: number
  /** The first of their contacts, at most 20. */
  readonly contactIds: readonly string[]
}

const maxReported = 20

/**
 * Looks for something in each organization. Changes nothing.
 * @param findingsOf the contacts of the findings in an organization, a page at a time
 * @returns the organizations that have any
 */
export async function reportContacts(
  db: Tx,
  findingsOf: (organizationId: string) => AsyncIterable<readonly string[]>,
): Promise<ReportedContacts[]> {
  const found: ReportedContacts[] = []
  for (const organizationId of await organizationIds(db)) {
    const contactIds = new Set<string>()
    let count = 0
    for await (const page of findingsOf(organizationId)) {
      count += page.length
      for (const contactId of page) if (contactIds.size < maxReported) contactIds.add(contactId)
    }
    if (count > 0) found.push({ organizationId, count, contactIds: [...contactIds] })
  }
  return found
}
