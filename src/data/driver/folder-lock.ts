import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
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
 * The owners of a folder are numbered: `lock.1`, `lock.2`, … The highest number owns it, for as long as its process lives and has
 * not released it; whoever finds it free makes the next number. Making a file is exclusive and the highest one is never removed,
 * so of many that find the folder free at once, one gets the number and all others see it.
 *
 * Deliberately without a heartbeat: the embedded database can keep this process busy for longer than any sensible interval.
 * @returns gives the folder back
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const me: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) }
  const draft = join(folder, `draft.${randomUUID()}`)
  await writeFile(draft, JSON.stringify(me))
  try {
    for (;;) {
      const current = await highestNumber(folder)
      const owner = current === 0 ? null : parseOwner(await readFile(lockFile(folder, current), 'utf8').catch(() => ''))
      if (owner !== null && isAlive(owner)) throw new FolderInUse(folder, owner.pid)
      const mine = current + 1
      if (!(await linked(draft, lockFile(folder, mine)))) continue
      await removeBelow(folder, mine)
      return () => release(folder, mine)
    }
  } finally {
    await rm(draft, { force: true })
  }
}

function lockFile(folder: string, number: number): string {
  return join(folder, `lock.${number}`)
}

async function lockNumbers(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number)
}

async function highestNumber(folder: string): Promise<number> {
  return Math.max(0, ...(await lockNumbers(folder)))
}

async function removeBelow(folder: string, number: number): Promise<void> {
  for (const old of await lockNumbers(folder)) if (old < number) await rm(lockFile(folder, old), { force: true })
}

/** The number stays taken; it just belongs to nobody. Moving is atomic: nobody reads half of it. */
async function release(folder: string, number: number): Promise<void> {
  const draft = join(folder, `draft.${randomUUID()}`)
  await writeFile(draft, 'released')
  await rename(draft, lockFile(folder, number))
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
