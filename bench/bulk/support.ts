import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../../test/support/process.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
const key = 'dv_live_sk_benchmark_benchmark'
/** The secret keys of the server, for other programs on its database. */
export const SECRET_KEYS = 'the secret key of the benchmarks and of no other use'

/** Runs some work on a new database beside the one that DATABASE_URL names, and removes it. */
export async function withDatabase(work: (url: string) => Promise<void>): Promise<void> {
  const given = process.env['DATABASE_URL']
  if (given === undefined) throw new Error('Set DATABASE_URL to a PostgreSQL server on this machine.')
  const name = `contact_gateway_bench_${process.pid}`
  const client = new pg.Client({ connectionString: given })
  await client.connect()
  await client.query(`create database ${name}`)
  const url = new URL(given)
  url.pathname = `/${name}`
  try {
    await work(url.href)
  } finally {
    await client.query(`drop database ${name} with (force)`)
    await client.end()
  }
}

/** Starts the built server on a database, with an organization and a key. @param settings further environment variables */
export async function serveOn(url: string, settings: Readonly<Record<string, string>> = {}) {
  const port = await freePort()
  const env = {
    ...process.env,
    DATABASE_URL: url,
    PORT: String(port),
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: key,
    SECRET_KEYS,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
    ...settings,
  }
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => (output += text.toString()).includes('GraphiQL') && resolve())
    child.once('exit', () => reject(new Error(`The server did not start: ${output}`)))
  })
  const origin = `http://127.0.0.1:${port}`
  const base = `${origin}/api/v1/contacts`
  const headers = (type: string) => ({ 'X-API-Key': key, 'Content-Type': type })
  if (child.pid === undefined) throw new Error('The server could not be started.')
  return {
    port,
    origin,
    base,
    headers,
    pid: child.pid,
    /** Milliseconds of CPU that it has taken. */
    cpu: () => cpuOf(child),
    memory: () => memoryOf(child),
    async ask(method: string, path: string, body: string | null = null, type = 'application/json') {
      const response = await fetch(`${base}${path}`, { method, headers: headers(type), body })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      return (await response.json()) as { data: Record<string, unknown> }
    },
    /** Ends it at once, whatever it is doing. */
    async kill() {
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
    },
    async stop() {
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

/** Imports a CSV file to its end, as far as a client sees it. */
export async function upload(server: Awaited<ReturnType<typeof serveOn>>, file: string, onDuplicate: 'skip' | 'update') {
  const began = performance.now()
  const cpuBefore = await server.cpu()
  const answer = await server.ask('POST', `/bulk?on_duplicate=${onDuplicate}`, file, 'text/csv')
  for (;;) {
    const { data } = await server.ask('GET', `/import-jobs/${String(answer.data['import_job_id'])}`)
    if (data['status'] === 'completed') {
      return { job: data, milliseconds: performance.now() - began, cpu: (await server.cpu()) - cpuBefore }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export async function memoryOf(child: ChildProcess): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') }
}

/** Milliseconds of CPU, user and system. */
export async function cpuOf(child: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** How long a bare COPY takes of all contacts into an empty table with the same columns, checks and indexes. */
export async function copyMilliseconds(url: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-bench-'))
  const file = join(folder, 'contacts.copy')
  try {
    await run('psql', [url, '-qc', `\\copy contacts to '${file}'`])
    await run('psql', [url, '-qc', 'create table copied (like contacts including all)'])
    const began = performance.now()
    await run('psql', [url, '-qc', `\\copy copied from '${file}'`])
    return performance.now() - began
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const first = ['Ana', 'Ben', 'Chloé', 'Dmitri', 'Eun-ji', 'Fatima', 'Günther', 'Hana', 'Ines', 'João']
const last = ['Okafor', 'Müller', 'García', 'Smith', 'Nakamura', 'Dubois', 'Rossi', 'Novák', 'Silva', 'Haddad']
const companies = ['Northwind', 'Meadow & Co.', 'Harbour Lane Interiors', 'Blue Finch Bikes', 'Kestrel Logistics']

/** A file of people who do not exist, each with an address of their own. */
export function peopleCsv(rows: number): string {
  const lines = ['First Name,Last Name,E-mail,Mobile,Company,Country,Timezone,Tags,Plan,Seats']
  for (let index = 0; index < rows; index += 1) {
    const [given, family] = [first[index % 10], last[Math.floor(index / 10) % 10]]
    const phone = index % 2 === 0 ? `+1212${String(2_000_000 + index)}` : `+4930${String(20_000_000 + index)}`
    const zone = index % 2 === 0 ? 'US,America/New_York' : 'DE,Europe/Berlin'
    lines.push(
      `${given},${family},person${index}@example.com,${phone},${companies[index % 5]},${zone},"customer,newsletter",pro,${index % 50}`,
    )
  }
  return `${lines.join('\n')}\n`
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}

export function report(lines: readonly (readonly [string, string])[]): void {
  for (const [what, figure] of lines) console.log(`${what.padEnd(48)}${figure}`)
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
