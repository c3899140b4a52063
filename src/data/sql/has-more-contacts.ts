import type { ReadDb } from '../database.ts'

/** Whether an organization has more living contacts than so many. One statement, which counts no further. */
export async function hasMoreContacts(db: ReadDb, organizationId: string, than: number): Promise<boolean> {
  const [answer] = await db.sql<{ hasMore: boolean }[]>`
    select exists (
      select from contacts c where c.organization_id = ${organizationId} and c.deleted_at is null order by c.created_at desc, c.id desc offset ${than}
    ) as "hasMore"`
  return answer?.hasMore === true
}
