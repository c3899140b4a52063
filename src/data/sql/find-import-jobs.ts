import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import { type ImportJob, Prisma } from '../generated/client.ts'
import { jobColumns } from './import-queue.ts'
import { keyset } from './keyset.ts'

/** One page of an organization's imports, newest first, and how many there are, in one statement. */
export async function selectImportJobs(
  db: ReadDb,
  organizationId: string,
  request: PageRequest,
): Promise<{ rows: ImportJob[]; total: number | null }> {
  const page = keyset({ key: Prisma.sql`j.created_at`, id: Prisma.sql`j.id`, direction: 'desc' }, request)
  const visible = Prisma.sql`j.organization_id = ${organizationId} and j.staged_at is not null`
  const jobs = Prisma.sql`
    select ${jobColumns} from import_jobs j
    where ${visible} and ${page.condition}
    order by ${page.orderBy} limit ${page.limit}`
  if (!request.total) return { rows: await db.sql<ImportJob[]>(jobs), total: null }
  const rows = await db.sql<(ImportJob & { total: number })[]>`
    select t.total, j.* from (
      select count(*)::int as total from (select from import_jobs j where ${visible} limit ${maxTotal + 1}) m
    ) t left join lateral (${jobs}) j on true`
  return { rows: rows.filter((row) => row.id !== null), total: rows[0]?.total ?? 0 }
}
