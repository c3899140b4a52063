import pg from 'pg'

export interface PoolSettings extends pg.PoolConfig {
  /**
   * How long a statement may be without an answer, in milliseconds; then its connection is given up, and the statement fails. A server ends
   * statements at its own limit first, but not the commit that waits for a standby, and nothing when it or the network stands still.
   * Default: 0, for any time.
   */
  readonly answerTimeout?: number
}

/**
 * A pool that keeps a connection when a statement fails on it. The driver's own would end it: a refused statement, which a taken phone
 * number is too, would cost a new connection on a server, and the only one on the embedded database.
 */
export function createPool(config: PoolSettings): pg.Pool {
  // The end of a machine is noticed by a connection that waits for it, within 20 s.
  const pool = new pg.Pool({ keepAlive: true, keepAliveInitialDelayMillis: keepAliveDelay, ...config, Client })
  // A connection that is ended when it is given back leaves the pool, and the next one leads to the server that takes writes now.
  pool.on('release', (_error, client) => {
    if (client instanceof Client && client.leadsToReplica) void client.end().catch(() => {})
  })
  const query = async (...statement: [pg.QueryConfig]): Promise<pg.QueryResult> => {
    const { client, giveBack } = await borrow(pool)
    try {
      const result = await client.query(...statement)
      giveBack({ isBroken: false })
      return result
    } catch (error) {
      giveBack({ isBroken: !isRefusal(error) })
      throw error
    }
  }
  return Object.assign(pool, { query })
}

/** After how long without traffic a connection asks the other machine whether it is there, in milliseconds. */
export const keepAliveDelay = 10_000

/** PostgreSQL's code for a write that a read-only transaction refused: those of a replica are. */
const readOnlyTransaction = '25006'

/**
 * The driver's client, with promises of our own for what statements answer. Its own keep all that was answered until the whole heap is looked through
 * for garbage, which has to be the more often for it.
 */
class Client extends pg.Client {
  /** Whether a write was refused because the server takes none, as a former primary does after a failover. */
  leadsToReplica = false
  readonly #answerTimeout: number

  constructor(settings: PoolSettings = {}) {
    super(settings)
    this.#answerTimeout = settings.answerTimeout ?? 0
  }

  // oxlint-disable-next-line no-explicit-any -- the driver has a signature for each way to ask
  override query(...asked: any[]): any {
    const hasCallback = typeof asked.at(-1) === 'function' || typeof asked[0]?.submit === 'function'
    const query = super.query.bind(this) as (...asked: unknown[]) => unknown // proof: it takes whatever it was asked with
    if (hasCallback) return query(...asked)
    return new Promise((resolve, reject) => {
      const timer = this.#answerTimeout === 0 ? undefined : setTimeout(() => this.#giveUp(), this.#answerTimeout)
      query(...asked, (error: Error | null, result: unknown) => {
        clearTimeout(timer)
        if (!error) return resolve(result)
        // Its stack shows where the answer was read; the caller is of interest.
        Error.captureStackTrace(error)
        if ('code' in error && error.code === readOnlyTransaction) this.leadsToReplica = true
        reject(error)
      })
    })
  }

  /** Whatever waits on the connection fails, and the pool makes another one. */
  #giveUp(): void {
    this.connection.stream.destroy(new Error('Connection terminated, because the server did not answer in time'))
  }
}

export interface Borrowed {
  readonly client: pg.PoolClient
  readonly giveBack: (state: { readonly isBroken: boolean }) => void
}

/** The waiting statement fails when the connection breaks. The driver emits the error again: without a listener it would end the process. */
function ignore(): void {}

/** Takes a connection out of a pool, until it is given back. */
export async function borrow(pool: pg.Pool): Promise<Borrowed> {
  const client = await pool.connect()
  client.on('error', ignore)
  return {
    client,
    giveBack: ({ isBroken }) => {
      client.off('error', ignore)
      client.release(isBroken)
    },
  }
}

/** Whether the database has refused a statement and goes on listening. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR'
}
