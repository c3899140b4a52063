import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process began, in the kernel's own count: distinguishes it from a later one with the same pid; null if unknown. */
  readonly started: string | null
}

/** This process, as a lock file names its owner where there are no sockets. Earlier releases wrote such files everywhere. */
export function describeProcess(): string {
  return JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) } satisfies Owner)
}

/** The owner that a lock file names, in words; null if it names none, or one that does not run any more. */
export function livingOwner(text: string): string | null {
  const owner = parseOwner(text)
  return owner !== null && isAlive(owner) ? `process ${owner.pid}` : null
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
