import type { DomainError, ErrorCode } from '../kernel/errors.ts'

interface Meaning {
  /** HTTP status; where path and query differ from the body, the status for the body. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 500 | 503
  /** When a caller meets it. */
  readonly when: string
  /** What the caller can do about it. */
  readonly remedy: string
}

/** Every error code with its HTTP status. Both APIs use it; `/docs/errors` shows it. */
export const meanings: Readonly<Record<ErrorCode, Meaning>> = {
  UNAUTHORIZED: {
    status: 401,
    when: 'The request carries no credential.',
    remedy: 'Send the API key in the header X-API-Key, or as Authorization: Bearer <key>.',
  },
  INVALID_API_KEY: {
    status: 401,
    when: 'The API key is unknown, malformed or revoked.',
    remedy: 'Check that the key was copied whole, or ask for a new one.',
  },
  EXPIRED_TOKEN: { status: 401, when: 'The credential has expired.', remedy: 'Ask for a new one.' },
  INSUFFICIENT_PERMISSIONS: {
    status: 403,
    when: 'The credential does not have the scope that the call needs.',
    remedy: 'Use a key with the scope that the message names.',
  },
  NOT_FOUND: {
    status: 404,
    when: 'There is no such thing in this organization; deleted contacts and everything of theirs count as gone.',
    remedy: 'Check the id.',
  },
  CONTACT_MERGED: {
    status: 410,
    when: 'The contact was merged into another one.',
    remedy: 'Use the contact that details.merged_into names.',
  },
  ROUTE_NOT_FOUND: { status: 404, when: 'There is no such path.', remedy: 'See /docs/rest for the paths.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    when: 'The path exists, but not for this method.',
    remedy: 'Use one of the methods in the header Allow.',
  },
  VALIDATION_ERROR: {
    status: 422,
    when: 'Something is malformed: in the path or the query with status 400, in the body with status 422. Unknown query parameters and unknown fields count.',
    remedy: 'See details.field for the input and details.expected for what is accepted.',
  },
  INVALID_JSON: { status: 400, when: 'The body is not JSON.', remedy: 'Check the body near the place that the message names.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    when: 'The body is of a type that this path does not read.',
    remedy: 'Send JSON, with the header Content-Type: application/json.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, when: 'The body is larger than the path accepts.', remedy: 'Send less at a time.' },
  INVALID_CURSOR: {
    status: 400,
    when: 'The cursor was not handed out by this list.',
    remedy: 'Pass the cursor of the previous page unchanged, or start without one.',
  },
  INVALID_PHONE_NUMBER: {
    status: 422,
    when: 'A phone number or its extension is not one that can be called.',
    remedy: 'Send the number with its country prefix, such as +14155551234.',
  },
  INVALID_EMAIL: { status: 422, when: 'An email address is not one that mail can be sent to.', remedy: 'Correct the address.' },
  MISSING_REQUIRED_FIELD: {
    status: 422,
    when: 'A field that cannot be done without is absent.',
    remedy: 'Send the field that details.field names.',
  },
  INVALID_CHANNEL: {
    status: 422,
    when: 'There is no such channel.',
    remedy: 'Use one of the channels that details.expected names.',
  },
  CONTACT_ALREADY_EXISTS: {
    status: 409,
    when: 'Another contact of the organization has this phone number or email address.',
    remedy: 'Update the contact that details.existing_id names.',
  },
  AMBIGUOUS_MATCH: {
    status: 409,
    when: 'The given identifiers belong to different contacts.',
    remedy: 'Send identifiers of one contact, or merge the contacts that details.contact_ids names.',
  },
  CONTACT_BLOCKED: {
    status: 409,
    when: 'The contact is blocked: no message goes out to it.',
    remedy: 'Do not send the message, or unblock the contact first.',
  },
  ADDRESS_SUPPRESSED: {
    status: 409,
    when: 'The address is on the suppression list.',
    remedy: 'Do not send to this address. An entry ends only when it is lifted with a reason.',
  },
  CONSENT_NEEDS_PROOF: {
    status: 422,
    when: 'A contact that opted out is to be opted in again without a source and a proof.',
    remedy: 'Send source and text_version or proof_url with the opt-in.',
  },
  REVISION_CONFLICT: {
    status: 409,
    when: 'The contact was changed since the revision that the request names. With the header If-Match the status is 412.',
    remedy: 'Read the contact again, apply the change to its current state, and send its current revision.',
  },
  SEND_NOT_ALLOWED: {
    status: 409,
    when: 'A message may not be sent, so no slot was reserved for it.',
    remedy: 'See the decision for every reason, and for the time at which the message may be sent.',
  },
  ROLLBACK_WINDOW_EXPIRED: {
    status: 409,
    when: 'The import was completed more than 24 hours ago.',
    remedy: 'Change or delete the contacts that it wrote.',
  },
  IMPORT_NOT_REVERSIBLE: {
    status: 409,
    when: 'There is nothing of the import to roll back: it was a dry run, is still running, or was rolled back already.',
    remedy: 'Look at the status of the import; one that is running can be rolled back when it is completed.',
  },
  MERGE_NOT_REVERSIBLE: {
    status: 409,
    when: 'The merge is more than 30 days old, was reverted already, or an address of a merged contact is taken.',
    remedy: 'Read details.reason. Free the address, or keep the contacts merged.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    when: 'The Idempotency-Key came before with another request: other method, path, body or API key.',
    remedy: 'Use a new key for a new request, and the same key only to repeat one.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    when: 'The first request with this Idempotency-Key is still being worked on.',
    remedy: 'Try again in a moment: then the first one’s answer is there.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 400,
    when: 'A GraphQL operation was named by its hash, and no operation with this hash is registered.',
    remedy: 'Register the operation, or send its text as query.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    when: 'A GraphQL operation is named by its hash, and this server keeps no registered operations.',
    remedy: 'Send the text of the operation as query.',
  },
  EVENT_ID_EXPIRED: {
    status: 410,
    when: 'A subscription was to go on after an event that is more than 24 hours old: what happened since is not kept any more.',
    remedy: 'Read again what you show, and subscribe without `after`.',
  },
  SUBSCRIBER_TOO_SLOW: {
    status: 429,
    when: 'A subscription was ended because its events were not taken as fast as they came.',
    remedy: 'Subscribe again with the last eventId as `after`; ask for fewer fields, or for fewer contacts.',
  },
  RATE_LIMITED: {
    status: 429,
    when: 'The API key has asked for more than its limit within the window.',
    remedy: 'Wait for as many seconds as the header Retry-After says.',
  },
  TIMEOUT: {
    status: 503,
    when: 'The work took longer than it may, and was stopped; nothing of it was kept.',
    remedy: 'Ask for less at a time, or try again later.',
  },
  UNAVAILABLE: {
    status: 503,
    when: 'The database, or the identity provider whose tokens are accepted, cannot be reached; nothing was changed.',
    remedy: 'Try again after as many seconds as the header Retry-After says.',
  },
  INTERNAL_ERROR: {
    status: 500,
    when: 'Something broke on our side.',
    remedy: 'Try again; if it stays, report the request id.',
  },
}

/** The header WWW-Authenticate of a refusal that asks for a credential; null for any other. */
export function challengeOf({ code }: DomainError): string | null {
  if (meanings[code].status !== 401) return null
  return code === 'UNAUTHORIZED' ? 'Bearer realm="contact-gateway"' : 'Bearer realm="contact-gateway", error="invalid_token"'
}

/** After how many seconds a caller should come again; null where coming again would not help. */
export function retryAfterOf(refusal: DomainError): number | null {
  if (refusal.code === 'UNAVAILABLE') return 2
  const { retryAfter } = refusal.details
  return typeof retryAfter === 'number' ? retryAfter : null
}
