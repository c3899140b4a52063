import type { Tx } from '../database.ts'

/** Removes the changes of every organization that happened before a time, but for those that an enabled webhook endpoint has still to read. @returns how many */
export async function deleteChanges(db: Tx, before: Date): Promise<number> {
  return db.prisma.$executeRaw`
    delete from changes c where c.occurred_at < ${before} and not exists (
      select from webhook_endpoints e
      where e.organization_id = c.organization_id and e.enabled and c.transaction_id >= e.needed_from)`
}
