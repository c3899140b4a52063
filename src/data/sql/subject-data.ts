import { Prisma } from '../generated/client.ts'
import { contactTable, contactTables, isTime } from './personal-tables.ts'

/**
 * Everything that is on record about one contact, as the text of one JSON object in rows of one text each. The parts are read one after the other, and
 * none of them is ever whole in memory.
 */
export function subjectDataLines(organizationId: string, contactId: string): Prisma.Sql {
  const own = (table: string) =>
    Prisma.sql`from ${Prisma.raw(table)} t where t.organization_id = ${organizationId} and t.contact_id = ${contactId}`
  const parts = [
    Prisma.sql`select '{"contact":' || ${objectOf(contactTable.columns)} from contacts t where t.organization_id = ${organizationId} and t.id = ${contactId}`,
    ...contactTables.map(({ table, columns }) => listOf(table, columns, own(table))),
    listOf('suppressions', suppressionColumns, suppressionsOf(organizationId, contactId)),
    listOf('contact_merges', mergeColumns, mergesOf(organizationId, contactId)),
    listOf('import_rows', importColumns, own('import_rows')),
    listOf('audit_entries', auditColumns, own('audit_entries')),
    Prisma.sql`select '}'`,
  ]
  return Prisma.join(parts, '\nunion all\n')
}

const suppressionColumns =
  'id kind key channel topic_id reason since ended_at lifted_at lifted_by lift_reason note record_id created_by created_at'.split(' ')
const importColumns = ['import_job_id', 'row_number', 'outcome', 'before', 'cells', 'reason_code', 'field', 'value', 'message']
const mergeColumns = ['id', 'into_id', 'from_ids', 'before', 'after', 'summary', 'merged_at', 'merged_by', 'unmerged_at', 'unmerged_by']
const auditColumns = ['id', 'occurred_at', 'action', 'subject_id', 'fields', 'actor_name']

/** Merges that the contact took part in, with what each of the contacts was before. */
function mergesOf(organizationId: string, contactId: string): Prisma.Sql {
  return Prisma.sql`
    from contact_merges t where t.organization_id = ${organizationId} and (t.into_id = ${contactId} or ${contactId} = any(t.from_ids))`
}

/** Those that came from the contact, and those of addresses that it has. */
function suppressionsOf(organizationId: string, contactId: string): Prisma.Sql {
  return Prisma.sql`
    from suppressions t
    where t.organization_id = ${organizationId} and (t.contact_id = ${contactId} or exists (
      select from contact_addresses a
      where a.organization_id = ${organizationId} and a.contact_id = ${contactId} and a.kind = t.kind and a.key = t.key))`
}

/** A member of the object whose value is a list. */
function listOf(name: string, columns: readonly string[], from: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select ${`,"${name}":[`}::text
    union all
    select case when row_number() over () > 1 then ',' else '' end || ${objectOf(columns)} ${from}
    union all
    select ']'`
}

function objectOf(columns: readonly string[]): Prisma.Sql {
  const members = columns.map((column) => {
    const value = isTime(column) ? `to_char(t.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `t.${column}`
    return `'${column}', ${value}`
  })
  return Prisma.raw(`json_build_object(${members.join(', ')})::text`)
}
