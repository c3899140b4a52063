import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { DatabaseUnavailable, DiskFull, StatementTimeout } from '../kernel/faults.ts'

const unavailableKinds = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']
/**
 * Codes of PostgreSQL, and of the operating system where Prisma's adapter does not know them or is not in between. 25006 is that of a
 * server that takes no writes: after a failover, the connections to the former primary lead to a replica.
 */
const unavailableCodes = /^(?:08...|25006|53300|57P0[1-5]|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

/**
 * What Citus, and libpq within it, say of a node that was lost, or of a shard that was split while a statement for it was on its way, with the
 * code of an internal error.
 */
const lostNode = new RegExp(
  `^(?:${[
    'connection (?:to the remote node|not open)',
    'could not find valid entry for shard',
    'could not (?:receive data from|send data to) server',
    'failed to execute task',
    'failure on connection marked as essential',
    'invalid socket',
    'no connection to the server',
    'server closed the connection unexpectedly',
    'SSL (?:SYSCALL error|connection has been closed unexpectedly)',
  ].join('|')})`,
)

/** What a caller should know of an error of the driver's; the error itself where it is no fault of the database as a whole. */
export function faultOf(error: unknown): unknown {
  if (codeOf(error) === '57014') return new StatementTimeout()
  if (isDiskFull(error)) return new DiskFull()
  return isUnavailable(error) ? new DatabaseUnavailable() : error
}

/** Whether a disk has no room left, the database's (53100) or our own. */
export function isDiskFull(error: unknown): boolean {
  return (
    ['53100', 'ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '') ||
    (error instanceof Error && /No space left on device|ENOSPC/.test(error.message))
  )
}

/** Whether the server could not be reached, or ended the connection. */
export function isUnavailable(error: unknown): boolean {
  if (unavailableCodes.test(codeOf(error) ?? '') || lostNode.test(messageOf(error))) return true
  return error instanceof DriverAdapterError ? unavailableKinds.includes(error.cause.kind) : isLostConnection(error)
}

/** Whether a replica gave up a statement because the primary has changed what it was reading. */
export function isConflictWithRecovery(error: unknown): boolean {
  return codeOf(error) === '40001' || codeOf(error) === '40P01'
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof DriverAdapterError) return error.cause.originalCode
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function messageOf(error: unknown): string {
  if (error instanceof DriverAdapterError) return error.cause.originalMessage ?? ''
  return error instanceof Error ? error.message : ''
}

/** Prisma's own word for having waited for a connection, or for a transaction to begin, for too long. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'P2024' || error.code === 'P2028')
}

/** The driver has no code for a connection that ends in the middle of a statement, only sentences. */
function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying)/.test(
      error.message,
    )
  )
}
