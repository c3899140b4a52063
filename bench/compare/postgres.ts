import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { postgresPrograms, startSingle } from '../../test/support/cluster.ts'

export interface Postgres {
  readonly url: string
  readonly version: string
  /** Milliseconds of CPU that the server has taken, all of its processes together. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

/**
 * What a server of this size is given anywhere: a quarter of the memory and more, and checkpoints that do not fall into the rounds. What is
 * written survives the machine.
 */
const settings = `
shared_buffers = 2GB
effective_cache_size = 8GB
maintenance_work_mem = 512MB
random_page_cost = 1.1
max_wal_size = 16GB
checkpoint_timeout = 60min
jit = off
autovacuum = off
`

/** Starts a PostgreSQL of its own: whatever else runs on the machine is left alone. */
export async function startPostgres(): Promise<Postgres> {
  if (postgresPrograms === null)
    throw new Error('There is no PostgreSQL on this machine: initdb is neither on the PATH nor in /usr/lib/postgresql.')
  const server = await startSingle(settings)
  const postmaster = Number((await readFile(join(server.data, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
  return { url: server.url, version: await versionOf(server.url), cpu: () => cpuOfFamily(postmaster), stop: () => server.close() }
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Waits until a gateway has learned how readily contacts answer. It begins with that ten seconds after its start, and takes the CPU of half a minute
 * for contacts that were written to on every channel.
 */
export async function untilSettled(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const isSettled = async () => (await client.query('select from reply_habits')).rowCount !== 0
    const end = performance.now() + 180_000
    while (!(await isSettled())) {
      if (performance.now() > end) throw new Error('The gateway has not learned the habits of its contacts within three minutes.')
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  })
}

async function versionOf(url: string): Promise<string> {
  return withClient(
    url,
    async (client) => (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? '',
  )
}

/** A process and its children; those that have ended are counted by their parent. */
export async function cpuOfFamily(parent: number): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  let ticks = 0
  for (const [index, stat] of stats.entries()) {
    const fields = stat.split(') ')[1]?.split(' ') ?? []
    const own = Number(fields[11]) + Number(fields[12])
    if (Number(processes[index]) === parent) ticks += own + Number(fields[13]) + Number(fields[14])
    else if (Number(fields[1]) === parent) ticks += own
  }
  return ticks * 10
}
