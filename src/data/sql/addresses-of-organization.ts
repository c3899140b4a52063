import type { Tx } from '../database.ts'
import { type AddressKind, Prisma } from '../generated/client.ts'

/** An address of a contact, deleted ones included, and since when the contact exists. */
export interface HeldAddress {
  readonly kind: AddressKind
  readonly key: string
  readonly extension: string
  readonly contactId: string
  readonly contactCreatedAt: Date
}

/** How many addresses are read at a time. */
export const addressesAtOnce = 2000

/** The next addresses of an organization behind one, in the order of the primary key. One statement. */
export async function selectAddressesBehind(tx: Tx, organizationId: string, after: HeldAddress | null): Promise<HeldAddress[]> {
  const from =
    after === null
      ? Prisma.empty
      : Prisma.sql`and (a.kind, a.key, a.extension, a.contact_id) > (${after.kind}::address_kind, ${after.key}, ${after.extension}, ${after.contactId})`
  return tx.sql<HeldAddress[]>`
    select a.kind, a.key, a.extension, a.contact_id as "contactId", c.created_at as "contactCreatedAt"
    from contact_addresses a
    join contacts c on c.organization_id = ${organizationId} and c.id = a.contact_id
    where a.organization_id = ${organizationId} ${from}
    order by a.kind, a.key, a.extension, a.contact_id
    limit ${addressesAtOnce}`
}
