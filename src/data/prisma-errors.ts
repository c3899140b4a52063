import { Prisma } from './generated/client.ts'

/**
 * The name of the unique index that a write ran into; null for any other error. Citus names the index of a shard, without a
 * constraint and sometimes without the code, so the name is then read from the message.
 */
export function violatedUnique(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null
  const cause = causeOf(error)
  if (error.code === 'P2002' || cause?.['kind'] === 'UniqueConstraintViolation') {
    const constraint = cause?.['constraint']
    if (typeof constraint === 'object' && constraint !== null && 'index' in constraint && typeof constraint.index === 'string')
      return constraint.index
  }
  return uniqueIndexIn(cause?.['originalMessage'])
}

/** The index that PostgreSQL's message about a duplicate key names, without the number of a shard; null for any other message. */
export function uniqueIndexIn(message: unknown): string | null {
  if (typeof message !== 'string') return null
  return /duplicate key value violates unique constraint "(\w+?)(?:_\d{6,})?"/.exec(message)?.[1] ?? null
}

/** Whether the database ended a transaction because of another one (a deadlock, a serialization failure): trying again helps. */
export function isWriteConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false
  return error.code === 'P2034' || causeOf(error)?.['kind'] === 'TransactionWriteConflict'
}

/** Whether a statement gave up waiting for a lock that another transaction holds. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && causeOf(error)?.['originalCode'] === '55P03'
}

/** What the driver said; Prisma's own `meta.target` stays empty behind a driver adapter. */
function causeOf(error: Prisma.PrismaClientKnownRequestError): Record<string, unknown> | null {
  const driverError = error.meta?.['driverAdapterError']
  if (typeof driverError !== 'object' || driverError === null || !('cause' in driverError)) return null
  const { cause } = driverError
  // proof: an object that is not null has string keys
  return typeof cause === 'object' && cause !== null ? (cause as Record<string, unknown>) : null
}
