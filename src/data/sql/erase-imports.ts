import type { Tx } from '../database.ts'
import { Prisma } from '../generated/client.ts'
import { erasedRow } from './import-rows.ts'

/** A row of an import that has kept something of what was uploaded. */
export interface KeptRow {
  readonly importJobId: string
  readonly rowNumber: number
  /** Whether the import has yet to read it. */
  readonly isStaged: boolean
  readonly cells: unknown
  readonly value: string | null
  readonly message: string | null
  readonly further: unknown
}

/** The position of a row among all of an organization. */
export type RowPosition = Pick<KeptRow, 'importJobId' | 'rowNumber'>

/** How many rows are read at a time. */
export const keptRowsAtOnce = 2000

/** The next rows that have kept something of what was uploaded, those whose import has yet to read them included. One statement. */
export async function selectKeptUploads(
  tx: Tx,
  organizationId: string,
  after: RowPosition | null,
  { onlyStaged }: { readonly onlyStaged: boolean },
): Promise<KeptRow[]> {
  const from = after === null ? Prisma.empty : Prisma.sql`and (r.import_job_id, r.row_number) > (${after.importJobId}, ${after.rowNumber})`
  const open = onlyStaged ? Prisma.sql`and j.is_open and j.rollback_requested_at is null and r.row_number > j.position` : Prisma.empty
  return tx.sql<KeptRow[]>`
    select r.import_job_id as "importJobId", r.row_number as "rowNumber", r.cells, r.value, r.message, r.further,
      j.is_open and j.rollback_requested_at is null and r.row_number > j.position as "isStaged"
    from import_rows r
    join import_jobs j on j.organization_id = ${organizationId} and j.id = r.import_job_id
    where r.organization_id = ${organizationId} ${from} and (r.cells is not null or r.value is not null or r.further is not null) ${open}
    order by r.import_job_id, r.row_number
    limit ${keptRowsAtOnce}`
}

const message = 'The person in this row was erased.'

/** Empties rows of uploads, and the samples of their imports. Rows that the import has yet to read are skipped then. One statement. */
export async function emptyUploads(tx: Tx, organizationId: string, rows: readonly RowPosition[]): Promise<void> {
  if (rows.length === 0) return
  await tx.prisma.$executeRaw`
    with given as (select * from json_to_recordset(${JSON.stringify(rows)}::json) as r("importJobId" text, "rowNumber" int)),
    ${samplesCleared(organizationId, Prisma.sql`select "importJobId" from given`)}
    update import_rows r
    set ${emptied}, reason_code = coalesce(r.reason_code, ${erasedRow}), message = ${message}
    from given g
    where r.organization_id = ${organizationId} and r.import_job_id = g."importJobId" and r.row_number = g."rowNumber"`
}

/**
 * Empties what imports have kept of contacts: images from before the import, and rows that met them. One statement.
 * @returns the images, which have earlier values of the persons, and the imports
 */
export async function emptyImportsOf(
  tx: Tx,
  organizationId: string,
  contactIds: readonly string[],
): Promise<{ readonly importJobId: string; readonly before: unknown }[]> {
  return tx.sql`
    with given as (
      select r.import_job_id, r.row_number, r.before
      from import_jobs j
      join import_rows r on r.organization_id = ${organizationId} and r.import_job_id = j.id and r.contact_id = any(${contactIds}::text[])
      where j.organization_id = ${organizationId}
    ),
    ${samplesCleared(organizationId, Prisma.sql`select import_job_id from given`)},
    emptied as (
      update import_rows r
      set ${emptied}, message = case when r.reason_code is null then r.message else ${message} end
      from given g
      where r.organization_id = ${organizationId} and r.import_job_id = g.import_job_id and r.row_number = g.row_number
    )
    select distinct on (import_job_id, before) import_job_id as "importJobId", before from given`
}

const emptied = Prisma.sql`cells = null, before = null, value = null, expected = null, further = null`

function samplesCleared(organizationId: string, jobs: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    cleared as (
      update import_jobs j set mapping = ${withoutSamples}
      where j.organization_id = ${organizationId} and j.id in (${jobs}) and ${hasSamples}
    )`
}

/** The columns of a job `j` without the values that were taken from its rows. */
export const withoutSamples = Prisma.sql`(
  select jsonb_agg(jsonb_set(c.value, '{samples}', '[]') order by c.ordinality) from jsonb_array_elements(j.mapping) with ordinality c)`

export const hasSamples = Prisma.sql`jsonb_path_exists(j.mapping, '$[*].samples[0]')`
