import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { DatabaseUnavailable, StatementTimeout } from '../kernel/faults.ts'

const unavailableKinds = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']
/** What the database says of itself, and what the system says of the way to it. */
const unavailableStates = /^(?:08...|53300|57P0[1-4]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/

/** What a caller should know of an error of the driver's; the error itself where it is no fault of the database as a whole. */
export function faultOf(error: unknown): unknown {
  const { kind, state } = error instanceof DriverAdapterError ? causeOf(error) : { kind: null, state: stateOf(error) }
  if (state === '57014') return new StatementTimeout()
  if (kind !== null && unavailableKinds.includes(kind)) return new DatabaseUnavailable()
  return unavailableStates.test(state) || isLostConnection(error) ? new DatabaseUnavailable() : error
}

function causeOf({ cause: { kind, originalCode = '' } }: DriverAdapterError): { kind: string | null; state: string } {
  return { kind, state: originalCode }
}

/** What the driver itself says, where nobody stands between. */
function stateOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Prisma's own word for having waited for a connection, or for a transaction to begin, for too long. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'P2024' || error.code === 'P2028')
}

/** The driver has no code for a connection that ends in the middle of a statement, only sentences. */
function isLostConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(error.message)
  )
}
