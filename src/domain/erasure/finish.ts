import type { Tx } from '../../data/database.ts'
import { type AddressOnRecord, selectAddressesOnRecord } from '../../data/sql/begin-erasures.ts'
import { eraseAnswers, eraseChanges, selectRequestsAbout } from '../../data/sql/erase-answers.ts'
import { eraseMerges } from '../../data/sql/erase-merges.ts'
import { emptyImportsOf } from '../../data/sql/erase-imports.ts'
import { eraseContactRows, eraseRows, type HashedAddress, keepConsentAsProof, rowsAtOnce } from '../../data/sql/erase-rows.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { contactTables, type ContactTable } from '../../data/sql/personal-tables.ts'
import { transaction } from '../../data/transaction.ts'
import { addressHash } from '../../kernel/address-hash.ts'
import type { Context } from '../context.ts'
import { hashSuppressions } from './begin.ts'
import { eraseUploads } from './imports.ts'
import { createPersonMatcher } from './person-matcher.ts'
import { valuesOf } from './values.ts'

/** How long answers to requests with an `Idempotency-Key` are kept, with an hour to spare. */
const answersKept = 25 * 60 * 60 * 1000

type Services = Pick<Context, 'db' | 'actor' | 'now' | 'secretKeys'>

/**
 * Removes everything that is left of contacts whose erasure has started, a bounded number of rows at a time. Each part is a transaction of its own, and
 * repeating it changes nothing more, so a process that ends on the way loses nothing: the next call goes on. The contacts themselves are removed last,
 * because their values are what texts without ids are searched for.
 * @param isOver asked between the parts: whether to leave the rest to the next call
 * @returns whether all is removed
 */
export async function finishErasures(services: Services, contactIds: readonly string[], isOver: () => boolean): Promise<boolean> {
  const { db, now } = services
  const { organizationId } = services.actor
  const addresses = await selectAddressesOnRecord(db, organizationId, contactIds)
  const hashes = hashesOf(services, addresses)
  const contacts = await db.prisma.contact.findMany({ where: { organizationId, id: { in: [...contactIds] } } })

  const images = await transaction(db, (tx) => emptyImportsOf(tx, organizationId, contactIds))
  const values = valuesOf(
    contacts,
    addresses,
    images.map(({ before }) => before),
  )
  const imports = await eraseUploads(db, organizationId, createPersonMatcher(values), { onlyStaged: false })
  if (isOver()) return false

  const texts = [...contactIds, ...values.phones, ...values.emails, ...images.map(({ importJobId }) => importJobId), ...imports]
  const about = {
    requestIds: await selectRequestsAbout(db, organizationId, contactIds, new Date(now().getTime() - answersKept)),
    texts: [...new Set(texts)].map((text) => JSON.stringify(text).slice(1, -1)),
    now: now(),
  }
  for (let key: string | null = ''; key !== null;) {
    const after: string = key
    key = await transaction(db, (tx) => eraseAnswers(tx, organizationId, after, about))
    if (isOver()) return false
  }
  await transaction(db, (tx) => eraseChanges(tx, organizationId, contactIds))

  for (const table of contactTables.filter(({ table }) => table !== 'contact_addresses')) {
    for (let count = rowsAtOnce; count === rowsAtOnce;) {
      count = await transaction(db, (tx) => eraseFrom(tx, organizationId, table, contactIds, hashes))
      if (isOver()) return false
    }
  }
  await transaction(db, (tx) => removeContacts(tx, services, contactIds))
  return true
}

/** Removes the contacts, and what was added to them since their other rows were removed. */
async function removeContacts(tx: Tx, services: Services, contactIds: readonly string[]): Promise<void> {
  const { organizationId } = services.actor
  await lockContacts(tx, organizationId, contactIds)
  const addresses = await selectAddressesOnRecord(tx, organizationId, contactIds)
  await hashSuppressions(tx, services, contactIds, addresses)
  const hashes = hashesOf(services, addresses)
  for (const table of contactTables) {
    while ((await eraseFrom(tx, organizationId, table, contactIds, hashes)) === rowsAtOnce);
  }
  await eraseMerges(tx, organizationId, contactIds)
  await eraseContactRows(tx, organizationId, contactIds, services.now())
}

function eraseFrom(
  tx: Tx,
  organizationId: string,
  table: ContactTable,
  contactIds: readonly string[],
  hashes: readonly HashedAddress[],
): Promise<number> {
  return table.isKeptAsProof === true
    ? keepConsentAsProof(tx, organizationId, contactIds, hashes)
    : eraseRows(tx, organizationId, table, contactIds)
}

function hashesOf({ secretKeys, actor }: Services, addresses: readonly AddressOnRecord[]): HashedAddress[] {
  return addresses.map(({ kind, key }) => ({ kind, key, hash: addressHash(secretKeys, actor.organizationId, { kind, key }) }))
}
