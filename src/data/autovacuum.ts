import type pg from 'pg'

const minute = 60_000

/**
 * Does for the embedded database what a server does by itself. Without it what is deleted is never used again, and the planner goes on to take every
 * table for what it was when it was last looked at: it reads all contacts to find one, after there came to be many.
 * @param every after how many milliseconds it looks again; a server looks every minute
 * @returns stops it
 */
export function startAutovacuum(pool: pg.Pool, every = minute): () => void {
  // Faults of the database are reported by the requests that meet them.
  const timer = setInterval(() => void vacuumChanged(pool).catch(() => {}), every)
  timer.unref()
  return () => clearInterval(timer)
}

/** Clears the tables of which so much has changed as has a server do it, and looks at what they are like now. @returns their names */
export async function vacuumChanged(pool: pg.Pool): Promise<string[]> {
  // By https://www.postgresql.org/docs/18/routine-vacuuming.html#AUTOVACUUM, with the thresholds of the database's own settings.
  // Changes of the last second are not counted otherwise.
  await pool.query('select pg_stat_force_next_flush()')
  const { rows } = await pool.query<{ name: string }>(`
    select format('%I.%I', s.schemaname, s.relname) as name
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    cross join lateral (select greatest(c.reltuples, 0) as rows) known
    where s.n_dead_tup > ${setting('vacuum_threshold')} + ${setting('vacuum_scale_factor')} * known.rows
      or s.n_ins_since_vacuum > ${setting('vacuum_insert_threshold')} + ${setting('vacuum_insert_scale_factor')} * known.rows
      or s.n_mod_since_analyze > ${setting('analyze_threshold')} + ${setting('analyze_scale_factor')} * known.rows
    order by name`)
  // The names are quoted by the database itself.
  for (const { name } of rows) await pool.query(`vacuum (analyze) ${name}`)
  return rows.map(({ name }) => name)
}

function setting(name: string): string {
  return `current_setting('autovacuum_${name}')::float`
}
