import { DomainError } from '../../kernel/errors.ts'

/** A merge cannot be taken back. */
export class MergeNotReversible extends DomainError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('MERGE_NOT_REVERSIBLE', message, { field: 'mergeId', ...details })
  }
}
