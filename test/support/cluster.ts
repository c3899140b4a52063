import { execFile, execFileSync } from 'node:child_process'
import { accessSync, appendFileSync, chownSync, constants, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './process.ts'

const run = promisify(execFile)

/** The folder of PostgreSQL's programs on this machine, those that make a server included; null where there are none. */
export const postgresPrograms = findPrograms()

/** PostgreSQL refuses to run as root: there, its own user runs it. */
const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}

/** A PostgreSQL server of its own, which can be stopped and started. */
export interface Server {
  readonly url: string
  start(): Promise<void>
  /** Ends it in order; `immediate` does so as a crash would. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
}

export interface Cluster {
  readonly primary: Server
  /** Follows the primary. */
  readonly replica: Server
  /** Stops both and removes everything. */
  close(): Promise<void>
}

/** A server in a folder that it has for itself. */
export interface Single extends Server {
  /** The folder of its data. */
  readonly data: string
  /** Stops it and removes everything. */
  close(): Promise<void>
}

/** Starts a server on this machine, in a folder that is thrown away with it. @param settings lines of its configuration */
export async function startSingle(settings: string): Promise<Single> {
  const folder = await newFolder()
  const data = join(folder, 'data')
  await initialize(data, settings)
  const server = serverIn(data, await freePort())
  await server.start()
  return {
    ...server,
    data,
    async close() {
      await server.stop('immediate').catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a primary and a streaming replica on this machine. */
export async function startCluster(): Promise<Cluster> {
  // What is written has to survive processes that end, not machines.
  const primary = await startSingle('fsync = off\nmax_connections = 60\nmax_standby_streaming_delay = 0\n')
  const folder = await newFolder()
  const data = join(folder, 'data')
  const { port } = new URL(primary.url)
  await program('pg_basebackup', [
    '-D',
    data,
    '-R',
    '-X',
    'stream',
    '-c',
    'fast',
    '--no-sync',
    '-h',
    '127.0.0.1',
    '-p',
    port,
    '-U',
    'postgres',
  ])
  const replica = serverIn(data, await freePort())
  await replica.start()
  return {
    primary,
    replica,
    async close() {
      await replica.stop('immediate').catch(() => {})
      await primary.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-cluster-'))
  await chmod(folder, 0o755)
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  return folder
}

async function initialize(data: string, settings: string): Promise<void> {
  await program('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'])
  appendFileSync(join(data, 'postgresql.conf'), settings)
}

function serverIn(data: string, port: number): Server {
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async start() {
      const options = `-p ${port} -k ${data} -c listen_addresses=127.0.0.1`
      await program('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(data, 'log'), '-o', options, 'start'])
    },
    async stop(how = 'fast') {
      await program('pg_ctl', ['-D', data, '-w', '-t', '60', '-m', how, 'stop'])
    },
  }
}

async function program(name: string, args: readonly string[]): Promise<void> {
  // A server that is started keeps what it was given to write to, and waiting for that would be waiting for its end.
  const quiet = { ...user, cwd: tmpdir(), env: { PATH: process.env['PATH'], LC_ALL: 'C' }, timeout: 90_000 }
  if (name !== 'pg_ctl') {
    await run(join(postgresPrograms ?? '', name), args, quiet)
    return
  }
  const command = [join(postgresPrograms ?? '', name), ...args].map((word) => `'${word}'`).join(' ')
  await run('/bin/sh', ['-c', `${command} > /dev/null 2>&1 < /dev/null`], quiet)
}

function idOf(flag: string): number {
  try {
    return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return 0
  }
}

function findPrograms(): string | null {
  const base = '/usr/lib/postgresql'
  const versions = namesIn(base).toSorted((one, other) => Number(other) - Number(one))
  const folders = [...versions.map((version) => join(base, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((folder) => ['initdb', 'pg_ctl', 'pg_basebackup', 'postgres'].every((name) => isProgram(join(folder, name)))) ?? null
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
