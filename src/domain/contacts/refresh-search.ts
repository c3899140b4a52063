import type { Tx } from '../../data/database.ts'
import { groupByContact, selectFurtherAddresses } from '../../data/sql/contact-addresses.ts'
import { type OutdatedContact, selectOutdatedContacts, selectOutdatedOf, updateSearchColumns } from '../../data/sql/search-columns.ts'
import { searchColumnsOf } from './names.ts'

type SqlDb = Pick<Tx, 'sql'> & { readonly prisma: Pick<Tx['prisma'], '$executeRaw'> }

const batchSize = 500

/**
 * Writes the search columns of contacts that an earlier version of the gateway has written, of all organizations. Each batch is a statement of
 * its own, so no row is locked for long, and what is interrupted goes on the next time. @returns how many contacts were outdated
 */
export async function refreshSearchColumns(db: SqlDb): Promise<number> {
  let refreshed = 0
  for (;;) {
    const contacts = await selectOutdatedContacts(db, batchSize)
    if (contacts.length === 0) return refreshed
    for (const organizationId of new Set(contacts.map((contact) => contact.organizationId))) {
      const members = contacts.filter((contact) => contact.organizationId === organizationId)
      await refresh(db, organizationId, members)
    }
    refreshed += contacts.length
  }
}

/** The same for some contacts of an organization. Three statements. */
export async function refreshSearchColumnsOf(db: SqlDb, organizationId: string, ids: readonly string[]): Promise<void> {
  await refresh(db, organizationId, await selectOutdatedOf(db, organizationId, ids))
}

async function refresh(db: SqlDb, organizationId: string, contacts: readonly OutdatedContact[]): Promise<void> {
  if (contacts.length === 0) return
  const ids = contacts.map(({ id }) => id)
  const further = groupByContact(await selectFurtherAddresses(db, organizationId, ids))
  const columns = contacts.map((contact) => ({ id: contact.id, ...searchColumnsOf(contact, further.get(contact.id)) }))
  await updateSearchColumns(db, organizationId, columns)
}
