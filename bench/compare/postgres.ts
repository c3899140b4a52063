import { execFile } from 'node:child_process'
import { access, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

export interface Postgres {
  readonly url: string
  readonly version: string
  /** Milliseconds of CPU that the server has taken, all of its processes together. */
  cpu(): Promise<number>
  stop(): Promise<void>
}

/** Starts a PostgreSQL of its own in a throw-away folder: whatever else runs on the machine is left alone. */
export async function startPostgres(): Promise<Postgres> {
  const bin = await findBin()
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-bench-'))
  const data = join(folder, 'data')
  const port = await freePort()
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? await userNamed('postgres') : null
  if (user !== null) await chown(folder, user.uid, user.gid)
  const as = (program: string, args: readonly string[]) =>
    run(join(bin, program), args, user === null ? {} : { uid: user.uid, gid: user.gid })
  await as('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8'])
  const settings = [
    `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`,
    // What a server of this size is given anywhere: a quarter of a gigabyte or more of memory, and checkpoints that do not fall into the rounds.
    '-c shared_buffers=2GB -c effective_cache_size=8GB -c random_page_cost=1.1 -c max_wal_size=16GB -c checkpoint_timeout=60min -c maintenance_work_mem=512MB -c jit=off',
    '-c synchronous_commit=on -c max_connections=100 -c autovacuum=off',
  ].join(' ')
  await as('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start'])
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  const postmaster = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
  return {
    url,
    version: await versionOf(url),
    cpu: () => cpuOfFamily(postmaster),
    async stop() {
      await as('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
      await rm(folder, { recursive: true, force: true })
    },
  }
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

async function versionOf(url: string): Promise<string> {
  return withClient(
    url,
    async (client) => (await client.query<{ server_version: string }>('show server_version')).rows[0]?.server_version ?? '',
  )
}

/** A process and its children; those that have ended are counted by their parent. */
async function cpuOfFamily(parent: number): Promise<number> {
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

async function findBin(): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`)]
  for (const folder of folders) if ((await exists(join(folder, 'initdb'))) && (await exists(join(folder, 'pg_ctl')))) return folder
  throw new Error('There is no PostgreSQL on this machine: initdb is neither on the PATH nor in /usr/lib/postgresql.')
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

async function userNamed(name: string): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await run('id', [flag, name])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
