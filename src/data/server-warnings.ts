import type pg from 'pg'
import { hasCitus } from './citus.ts'

/** What an operator should change at a database server that works: sentences that name the statement to run. */
export async function serverWarnings(pool: pg.Pool, { isPooled }: { readonly isPooled: boolean }): Promise<string[]> {
  return [...(isPooled ? await missingRoleSettings(pool) : []), ...(await undistributedTables(pool))]
}

/** Through a pooler in transaction mode no connection keeps settings, so the role has to bring them. */
async function missingRoleSettings(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ role: string; timeout: string; jit: string }>(
    "select quote_ident(current_user) as role, current_setting('statement_timeout') as timeout, current_setting('jit') as jit",
  )
  const [found] = rows
  if (found === undefined) return []
  const warnings: string[] = []
  if (found.timeout === '0')
    warnings.push(`Nothing ends a statement that takes too long. Run: ALTER ROLE ${found.role} SET statement_timeout = '30s';`)
  if (found.jit === 'on') warnings.push(`Compiling statements makes them slower. Run: ALTER ROLE ${found.role} SET jit = off;`)
  return warnings
}

/** Where Citus is installed, the tables of organizations that only the coordinator has. */
async function undistributedTables(pool: pg.Pool): Promise<string[]> {
  if (!(await hasCitus(pool))) return []
  const { rows } = await pool.query<{ name: string }>(`
    select c.relname::text as name from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and not exists (select from pg_dist_partition d where d.logicalrelid = c.oid)
    order by 1`)
  if (rows.length === 0) return []
  return [`Citus is installed, and these tables are not distributed: ${rows.map(({ name }) => name).join(', ')}. Run prisma/citus.sql.`]
}
