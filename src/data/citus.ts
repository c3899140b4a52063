import type pg from 'pg'

/** The table that a statement creates, behind comments. */
const created = /^(?:\s|--[^\n]*\n)*create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?/i

/** Whether the database has the extension of Citus, and its catalogue. */
export async function hasCitus(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query("select from pg_extension where extname = 'citus'")
  return rows.length > 0
}

/** Whether the tables of organizations are distributed over the nodes of a Citus cluster (prisma/citus.sql). */
export async function isDistributed(pool: pg.Pool): Promise<boolean> {
  if (!(await hasCitus(pool))) return false
  const { rows } = await pool.query("select from pg_dist_partition where logicalrelid = to_regclass('contacts')")
  return rows.length > 0
}

/**
 * Puts the table that a statement of a migration has created beside the others of its organizations, before a later statement gives it a
 * foreign key: a table of the coordinator alone cannot refer to a distributed one. Does nothing after other statements.
 */
export async function distributeCreated(pool: pg.Pool, statement: string): Promise<void> {
  const table = created.exec(statement)?.[1]
  if (table === undefined) return
  await pool.query(
    `select create_distributed_table(c.oid::regclass, 'organization_id', colocate_with => 'contacts') from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
      where c.oid = to_regclass(quote_ident($1))`,
    [table],
  )
}
