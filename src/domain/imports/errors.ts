import { DomainError } from '../../kernel/errors.ts'

/** The time in which an import can be rolled back is over. */
export class RollbackWindowExpired extends DomainError {
  constructor(expired: Date) {
    super('ROLLBACK_WINDOW_EXPIRED', `An import can be rolled back for 24 hours. This one could be until ${expired.toISOString()}.`, {
      value: expired.toISOString(),
    })
  }
}

/** There is nothing of the import to roll back, or not yet. */
export class ImportNotReversible extends DomainError {
  constructor(reason: string) {
    super('IMPORT_NOT_REVERSIBLE', reason)
  }
}
