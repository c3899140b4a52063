/** Every error code of both APIs. `http/error-catalog.ts` has its meaning and HTTP status. */
export const errorCodes = [
  'UNAUTHORIZED',
  'INVALID_API_KEY',
  'EXPIRED_TOKEN',
  'INSUFFICIENT_PERMISSIONS',
  'NOT_FOUND',
  'CONTACT_MERGED',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'VALIDATION_ERROR',
  'INVALID_JSON',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
  'INVALID_CURSOR',
  'INVALID_PHONE_NUMBER',
  'INVALID_EMAIL',
  'MISSING_REQUIRED_FIELD',
  'INVALID_CHANNEL',
  'CONTACT_ALREADY_EXISTS',
  'AMBIGUOUS_MATCH',
  'CONTACT_BLOCKED',
  'ADDRESS_SUPPRESSED',
  'CONSENT_NEEDS_PROOF',
  'REVISION_CONFLICT',
  'SEND_NOT_ALLOWED',
  'ROLLBACK_WINDOW_EXPIRED',
  'IMPORT_NOT_REVERSIBLE',
  'MERGE_NOT_REVERSIBLE',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_USE',
  'ANSWER_ERASED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'EVENT_ID_EXPIRED',
  'SUBSCRIBER_TOO_SLOW',
  'RATE_LIMITED',
  'TIMEOUT',
  'UNAVAILABLE',
  'INTERNAL_ERROR',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** What a refusal says beside its sentence. Field names are those of the domain, in camelCase. */
export interface ErrorDetails {
  readonly [detail: string]: unknown
  /** The input that is wrong, as a path: `tags`, `contact.email`. */
  readonly field?: string
  /** The value that was refused. */
  readonly value?: unknown
  /** What would have been accepted. */
  readonly expected?: string
  /** All that is wrong, where several fields are; the other details are those of the first. */
  readonly errors?: readonly FieldFault[]
}

/** One of several things that are wrong with an input. */
export interface FieldFault {
  readonly code: ErrorCode
  readonly message: string
  readonly field?: string
  readonly value?: unknown
  readonly expected?: string
}

/**
 * A refusal that callers can expect: it has a code, one plain sentence and details, and both APIs show it unchanged.
 * Any other error is a bug, and nothing of it is shown.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  #details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(cut(message, longestMessage))
    this.name = new.target.name
    this.code = code
    this.#details = bounded(details)
  }

  get details(): ErrorDetails {
    return this.#details
  }

  /** The same refusal, which says what else is wrong. */
  listing(errors: readonly FieldFault[]): this {
    this.#details = { ...this.#details, errors }
    return this
  }
}

/** Some input is malformed or breaks a rule. */
export class InvalidInput extends DomainError {
  constructor(message: string, details: ErrorDetails) {
    super('VALIDATION_ERROR', message, details)
  }
}

/** Some input that cannot be done without is absent. */
export class MissingRequiredField extends DomainError {
  constructor(message: string, details: ErrorDetails) {
    super('MISSING_REQUIRED_FIELD', message, details)
  }
}

/** Collects what is wrong with the parts of an input, so that all of it is refused at once. */
export class Faults {
  readonly #found: DomainError[] = []

  /** The decision on a part; `otherwise` if the part is refused. Anything but a refusal is thrown. */
  try<Value>(decide: () => Value, otherwise: Value): Value {
    try {
      return decide()
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      this.#found.push(error)
      return otherwise
    }
  }

  add(refusal: DomainError): void {
    this.#found.push(refusal)
  }

  get isEmpty(): boolean {
    return this.#found.length === 0
  }

  /** @throws the first refusal, if there is one; it lists the others */
  throwFirst(): void {
    if (this.#found.length > 0) throw together(this.#found)
  }
}

/** How many faults one refusal lists. */
const maxFaults = 50

/** The first of several refusals. If there are more, `details.errors` lists all of them, the first included. */
export function together(refusals: readonly DomainError[]): DomainError {
  const [first] = refusals
  if (first === undefined) throw new TypeError('There is no refusal.')
  const listed = refusals.flatMap(faultsOf)
  return listed.length < 2 ? first : first.listing(listed.slice(0, maxFaults))
}

/** All that a refusal says is wrong, the refusal itself first. */
export function faultsOf({ code, message, details: { errors, field, value, expected } }: DomainError): readonly FieldFault[] {
  if (errors !== undefined) return errors
  return [
    {
      code,
      message,
      ...(field !== undefined && { field }),
      ...(value !== undefined && { value }),
      ...(expected !== undefined && { expected }),
    },
  ]
}

/** There is no such thing in the caller's organization; a foreign thing answers just like an unknown one. */
export class NotFound extends DomainError {
  constructor(noun: string, id: string, field = 'id') {
    super('NOT_FOUND', `There is no ${noun} with the id ${id}.`, { field, value: id })
  }
}

/** A paging cursor is malformed, or was handed out by another list. */
export class InvalidCursor extends DomainError {
  constructor(value: string) {
    super('INVALID_CURSOR', 'The cursor is not one that this list handed out. Start again without a cursor.', {
      field: 'cursor',
      value,
      expected: 'a cursor from the previous page of this list, unchanged',
    })
  }
}

/** Errors repeat what was sent, which can be a megabyte: the message and the value are cut. In characters. */
const longestMessage = 1000
const longestValue = 200

function bounded(details: ErrorDetails): ErrorDetails {
  const { field, value } = details
  return {
    ...details,
    ...(typeof field === 'string' && { field: cut(field, longestValue) }),
    ...(typeof value === 'string' && { value: cut(value, longestValue) }),
    ...(typeof value === 'object' && value !== null && !isShort(value) && { value: undefined }),
  }
}

function isShort(value: object): boolean {
  try {
    return JSON.stringify(value).length <= longestMessage
  } catch {
    return false
  }
}

/** Cuts a text that is too long to be repeated. */
export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`
}
