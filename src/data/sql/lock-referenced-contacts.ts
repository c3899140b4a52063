import type { Tx } from '../database.ts'
import { type Contact, Prisma } from '../generated/client.ts'

/** What contacts are named by: ids, keys of phone numbers with their extensions, keys of email addresses. */
export interface ContactNames {
  readonly ids: readonly string[]
  readonly phones: readonly { readonly key: string; readonly extension: string }[]
  readonly emailKeys: readonly string[]
  readonly strength: LockStrength
}

/** `shared` lets others that record go on; `exclusive` lets only those go on that record with a shared lock. */
export type LockStrength = 'shared' | 'exclusive'

export type ReferencedContact = Pick<Contact, 'id' | 'phone' | 'phoneKey' | 'phoneExtension' | 'emailKey' | 'blockedAt'>

/**
 * The living contacts of these names. Until the transaction ends none of them can be blocked or unblocked: blocking takes the
 * lock that excludes this one. The lock is the one that a reference to a contact takes anyway, so that recording requests do not wait
 * for each other, and the rows are locked in the order of their ids, so that no deadlock occurs.
 */
export async function lockReferencedContacts(tx: Tx, organizationId: string, names: ContactNames): Promise<ReferencedContact[]> {
  const keys = names.phones.map((phone) => phone.key)
  const extensions = names.phones.map((phone) => phone.extension)
  return tx.$queryRaw<ReferencedContact[]>`
    select c.id, c.phone, c.phone_key as "phoneKey", c.phone_extension as "phoneExtension", c.email_key as "emailKey", c.blocked_at as "blockedAt"
    from contacts c
    where c.organization_id = ${organizationId} and c.deleted_at is null and c.id in (
      select unnest(${names.ids}::text[])
      union
      select p.id from unnest(${keys}::text[], ${extensions}::text[]) wanted(key, extension)
      join contacts p on p.organization_id = ${organizationId} and coalesce(p.phone_key, p.phone) = wanted.key
        and p.phone_extension = wanted.extension and p.deleted_at is null
      union
      select e.id from contacts e
      where e.organization_id = ${organizationId} and e.email_key = any(${names.emailKeys}::text[]) and e.deleted_at is null
    )
    order by c.id
    ${names.strength === 'shared' ? Prisma.sql`for key share of c` : Prisma.sql`for no key update of c`}`
}
