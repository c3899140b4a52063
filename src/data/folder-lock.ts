import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** The folder belongs to a process that is alive. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `The embedded database in ${folder} is in use by process ${pid}, and only one process can open it at a time. ` +
        'Stop that process first (or use another DATA_DIR, or a PostgreSQL server through DATABASE_URL, which many processes can share).',
    )
    this.name = 'FolderInUse'
  }
}

interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process began, in the kernel's own count: tells it from a later one of the same number; null where that cannot be known. */
  readonly started: string | null
}

/**
 * Takes a folder for this process, creating it where it is missing. A lock left by a dead process is taken over at once.
 *
 * Deliberately without a heartbeat: the embedded database can keep this process busy for longer than any sensible interval.
 * @returns gives the folder back
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const lock = join(folder, 'lock')
  const mine = `${lock}.${process.pid}.${Math.random().toString(36).slice(2)}`
  const me: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) }
  await writeFile(mine, JSON.stringify(me))
  try {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (await linked(mine, lock)) return async () => rm(lock, { force: true })
      await removeIfStale(folder, lock)
    }
    throw new Error(`The lock ${lock} could not be taken: other processes keep taking it.`)
  } finally {
    await rm(mine, { force: true })
  }
}

async function removeIfStale(folder: string, lock: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => null)
  if (text === null) return
  const owner = parseOwner(text)
  if (owner !== null && isAlive(owner)) throw new FolderInUse(folder, owner.pid)
  // Moving is atomic: of several processes that see the same stale lock, one moves it. If a new owner's lock was moved
  // in its place by bad luck, it is put back.
  const aside = `${lock}.stale.${process.pid}`
  const moved = await rename(lock, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const current = await readFile(aside, 'utf8').catch(() => text)
  if (current !== text) await linked(aside, lock)
  await rm(aside, { force: true })
}

function parseOwner(text: string): Owner | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number') return null
    const host = 'host' in value && typeof value.host === 'string' ? value.host : hostname()
    const started = 'started' in value && typeof value.started === 'string' ? value.started : null
    return { pid: value.pid, host, started }
  } catch {
    return null
  }
}

/** Whether the owner still runs. An owner on another host cannot be asked, so a container that was replaced does not keep its successor out. */
function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return false
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return owner.started === null || owner.started === startOf(owner.pid)
}

/** Field 22 of /proc/<pid>/stat, after the last parenthesis because the name before it may contain anything. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
