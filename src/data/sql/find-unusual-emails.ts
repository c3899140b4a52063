import type { ReadDb } from '../database.ts'

/** The email addresses of an organization's living contacts whose domain has more in it than plain letters, digits, hyphens and dots. */
export async function selectUnusualEmails(
  db: ReadDb,
  organizationId: string,
  page: { readonly afterId: string; readonly limit: number },
): Promise<{ id: string; email: string }[]> {
  return db.sql<{ id: string; email: string }[]>`
    select c.id, c.email from contacts c
    where c.organization_id = ${organizationId} and c.deleted_at is null and c.id > ${page.afterId}
      and c.email ~ '@[^@]*[^A-Za-z0-9.-]'
    order by c.id
    limit ${page.limit}`
}
