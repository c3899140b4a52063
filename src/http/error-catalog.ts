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
    when: 'The credential does not have the required scope.',
    remedy: 'Use a key with the scope in the message.',
  },
  NOT_FOUND: {
    status: 404,
    when: 'The object does not exist in this organization, or its contact is deleted.',
    remedy: 'Check the id.',
  },
  CONTACT_MERGED: {
    status: 410,
    when: 'The contact was merged into another one.',
    remedy: 'Use the contact in details.merged_into.',
  },
  ROUTE_NOT_FOUND: { status: 404, when: 'The path does not exist.', remedy: 'See /docs/rest for the paths.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    when: 'The path exists, but not for this method.',
    remedy: 'Use one of the methods in the header Allow.',
  },
  VALIDATION_ERROR: {
    status: 422,
    when: 'A value is malformed, or a parameter or field is unknown. Status 400 for the path and the query, 422 for the body.',
    remedy: 'Correct the field in details.field; details.expected says what is accepted.',
  },
  INVALID_JSON: { status: 400, when: 'The body is not JSON.', remedy: 'Correct the body at the position in the message.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    when: 'The media type of the body is not supported by this path.',
    remedy: 'Send JSON, with the header Content-Type: application/json.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, when: 'The body is larger than the limit of the path.', remedy: 'Split the request.' },
  INVALID_CURSOR: {
    status: 400,
    when: 'The cursor does not belong to this list.',
    remedy: 'Pass the cursor of the previous page unchanged, or start without one.',
  },
  INVALID_PHONE_NUMBER: {
    status: 422,
    when: 'A phone number or its extension is not valid.',
    remedy: 'Send the number with its country prefix, such as +14155551234.',
  },
  INVALID_EMAIL: { status: 422, when: 'An email address is not valid.', remedy: 'Correct the address.' },
  MISSING_REQUIRED_FIELD: {
    status: 422,
    when: 'A required field is missing.',
    remedy: 'Send the field in details.field.',
  },
  INVALID_CHANNEL: {
    status: 422,
    when: 'The channel does not exist.',
    remedy: 'Use one of the channels in details.expected.',
  },
  CONTACT_ALREADY_EXISTS: {
    status: 409,
    when: 'Another contact of the organization has this phone number or email address.',
    remedy: 'Update the contact in details.existing_id.',
  },
  AMBIGUOUS_MATCH: {
    status: 409,
    when: 'The given identifiers belong to different contacts.',
    remedy: 'Send identifiers of one contact, or merge the contacts in details.contact_ids.',
  },
  CONTACT_BLOCKED: {
    status: 409,
    when: 'The contact is blocked, so no message may be sent to it.',
    remedy: 'Do not send the message, or unblock the contact first.',
  },
  ADDRESS_SUPPRESSED: {
    status: 409,
    when: 'The address is on the suppression list.',
    remedy: 'Do not send to this address. An entry ends only when it is lifted with a reason.',
  },
  CONSENT_NEEDS_PROOF: {
    status: 422,
    when: 'A contact that opted out is opted in again without a source and a proof.',
    remedy: 'Send source and text_version or proof_url with the opt-in.',
  },
  REVISION_CONFLICT: {
    status: 409,
    when: 'The contact was changed after the revision in the request. With the header If-Match the status is 412.',
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
    when: 'The import cannot be rolled back: it was a dry run, is still running, or was rolled back already.',
    remedy: 'Check the status of the import. A running import can be rolled back when it is completed.',
  },
  MERGE_NOT_REVERSIBLE: {
    status: 409,
    when: 'The merge is more than 30 days old, was reverted already, or an address of a merged contact is taken.',
    remedy: 'Read details.reason. Free the address, or keep the contacts merged.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    when: 'The Idempotency-Key was used with another request: another method, path, body or API key.',
    remedy: 'Use a new key for a new request, and the same key only to repeat one.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    when: 'The first request with this Idempotency-Key is still running.',
    remedy: 'Try again in a second to get the response of the first request.',
  },
  ANSWER_ERASED: {
    status: 410,
    when: 'The stored answer to the first request with this Idempotency-Key was about a contact that has been erased since.',
    remedy: 'Use a new key for a new request. The first request was carried out.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 400,
    when: 'No operation with this hash is registered.',
    remedy: 'Register the operation, or send its text as query.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    when: 'The request names an operation by its hash, and this server registers no operations.',
    remedy: 'Send the text of the operation as query.',
  },
  EVENT_ID_EXPIRED: {
    status: 410,
    when: 'Changes are to be read after an event that is older than changes are kept (7 days by default), or of another server.',
    remedy: 'Read the data again, and go on from its event id.',
  },
  SUBSCRIBER_TOO_SLOW: {
    status: 429,
    when: 'A subscription was ended because the client read its events too slowly.',
    remedy: 'Subscribe again with the last eventId as `after`; ask for fewer fields, or for fewer contacts.',
  },
  RATE_LIMITED: {
    status: 429,
    when: 'The credential has used its limit for the window.',
    remedy: 'Wait for the number of seconds in the header Retry-After.',
  },
  TIMEOUT: {
    status: 503,
    when: 'The request took too long and was stopped. A write may have been kept whose commit was under way.',
    remedy: 'Request less at a time, or try again later.',
  },
  UNAVAILABLE: {
    status: 503,
    when: 'The database, or the identity provider whose tokens are accepted, cannot be reached. A write may have been kept whose commit was under way.',
    remedy: 'Try again after the number of seconds in the header Retry-After, writes with the same Idempotency-Key.',
  },
  INTERNAL_ERROR: {
    status: 500,
    when: 'Internal error.',
    remedy: 'Try again. If the error persists, report the request id.',
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
