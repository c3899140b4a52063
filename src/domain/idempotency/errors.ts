import { DomainError } from '../../kernel/errors.ts'

/** The key came before with another request. */
export class IdempotencyKeyReused extends DomainError {
  constructor(key: string) {
    super('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Use a new key for a new request.', {
      field: 'idempotencyKey',
      value: key,
      expected: 'a key that was not used in the last 24 hours, or the same request',
    })
  }
}

/** The answer to the first request with the key was about a contact that has been erased since. */
export class AnswerErased extends DomainError {
  constructor(key: string) {
    super(
      'ANSWER_ERASED',
      'The request with this Idempotency-Key was carried out. Its answer was removed, because it was about a contact that has been erased since. Use a new key for a new request.',
      { field: 'idempotencyKey', value: key, expected: 'a key that was not used in the last 24 hours' },
    )
  }
}

/** The first request with the key has not been answered yet. */
export class IdempotencyKeyInUse extends DomainError {
  constructor(key: string) {
    super('IDEMPOTENCY_KEY_IN_USE', 'The first request with this Idempotency-Key is still running. Try again in a second.', {
      field: 'idempotencyKey',
      value: key,
    })
  }
}
