import { DomainError } from './errors.ts'

/** The database took longer over one statement than it may. */
export class StatementTimeout extends DomainError {
  constructor() {
    super('TIMEOUT', 'This took longer than it may, and was stopped. Request less at a time, or try again later.')
  }
}

/** The database cannot be reached, or closes its connections because it is stopping or starting. A commit that was under way may have been kept. */
export class DatabaseUnavailable extends DomainError {
  constructor() {
    super('UNAVAILABLE', 'The database cannot be reached. Try again in a few seconds, and send a write with the same Idempotency-Key.')
  }
}

/** Others have changed the same rows at the same time, again and again. */
export class Contended extends DomainError {
  constructor() {
    super('UNAVAILABLE', 'Others are changing the same data. Nothing was changed. Try again in a few seconds.')
  }
}

/** As many files are being read as may be at once. */
export class TooManyReaders extends DomainError {
  constructor() {
    super('UNAVAILABLE', 'Too many exports are being read. Read the open ones to their end, or try again in a few seconds.')
  }
}

/** There is no room left on a disk that the work needs. */
export class DiskFull extends DomainError {
  /** Prisma keeps it when it wraps the error. */
  readonly meta = { isDiskFull: true }

  constructor() {
    super('UNAVAILABLE', 'The disk of the database or of the gateway is full. Nothing was changed. Make room on the disk, and try again.')
  }
}

/**
 * The refusal that an error stands for; null if it is a bug. The data layer throws the faults above, but Prisma wraps
 * what a driver throws into an error of its own, of which only the code and `meta` are ours.
 */
export function refusalBehind(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error.code === 'TIMEOUT') return new StatementTimeout()
  if (error.code !== 'UNAVAILABLE') return null
  const meta = 'meta' in error ? error.meta : null
  return typeof meta === 'object' && meta !== null && 'isDiskFull' in meta ? new DiskFull() : new DatabaseUnavailable()
}
