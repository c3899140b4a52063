import pg from 'pg'

/**
 * A pool that keeps a connection when a statement fails on it. The driver's own would end it: a refused statement, which a taken phone
 * number is too, would cost a new connection on a server, and the only one on the embedded database.
 */
export function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config)
  const query = async (...statement: [pg.QueryConfig]): Promise<pg.QueryResult> => {
    const client = await pool.connect()
    try {
      const result = await client.query(...statement)
      client.release()
      return result
    } catch (error) {
      client.release(!isRefusal(error))
      throw error
    }
  }
  return Object.assign(pool, { query })
}

/** Whether the database has refused a statement and goes on listening. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR'
}
