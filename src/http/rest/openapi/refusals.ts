import type { ErrorCode } from '../../../kernel/errors.ts'
import { isPart, operationsOf, parametersOf, type Part } from './document.ts'
import { meanings } from '../../error-catalog.ts'

/** Every request can be answered with these. */
const always: readonly ErrorCode[] = [
  'UNAUTHORIZED',
  'INVALID_API_KEY',
  'EXPIRED_TOKEN',
  'INSUFFICIENT_PERMISSIONS',
  'RATE_LIMITED',
  'TIMEOUT',
  'UNAVAILABLE',
  'INTERNAL_ERROR',
]
const fields: readonly ErrorCode[] = ['INVALID_PHONE_NUMBER', 'INVALID_EMAIL', 'MISSING_REQUIRED_FIELD']

/** What else an operation can be refused with. Writes that are not named here can be refused with every code of a write. */
const own: Readonly<Record<string, readonly ErrorCode[]>> = {
  createContact: [...fields, 'CONTACT_ALREADY_EXISTS'],
  updateContact: [...fields, 'CONTACT_ALREADY_EXISTS', 'REVISION_CONFLICT'],
  deleteContact: ['REVISION_CONFLICT'],
  listSuppressions: ['INVALID_PHONE_NUMBER', 'INVALID_EMAIL'],
  createNote: ['MISSING_REQUIRED_FIELD'],
  updateNote: [],
  deleteNote: [],
  blockContact: ['REVISION_CONFLICT'],
  unblockContact: ['REVISION_CONFLICT'],
  bulkDelete: ['MISSING_REQUIRED_FIELD'],
  bulkContactAction: ['MISSING_REQUIRED_FIELD', 'INVALID_CHANNEL'],
  setPreferences: ['MISSING_REQUIRED_FIELD', 'INVALID_CHANNEL', 'CONSENT_NEEDS_PROOF', 'INVALID_PHONE_NUMBER', 'INVALID_EMAIL'],
  importContacts: ['MISSING_REQUIRED_FIELD'],
  previewImport: ['MISSING_REQUIRED_FIELD'],
  exportContacts: [],
  rollBackImport: ['ROLLBACK_WINDOW_EXPIRED', 'IMPORT_NOT_REVERSIBLE'],
}
const anyWrite: readonly ErrorCode[] = [
  ...fields,
  'CONTACT_ALREADY_EXISTS',
  'AMBIGUOUS_MATCH',
  'CONTACT_BLOCKED',
  'ADDRESS_SUPPRESSED',
  'INVALID_CHANNEL',
  'CONSENT_NEEDS_PROOF',
  'REVISION_CONFLICT',
  'MERGE_NOT_REVERSIBLE',
]

const names: Readonly<Record<string, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableContent',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
}

/**
 * Keeps the refusals that an operation can be answered with, and moves what they share to `components.responses`. Changes the document, in
 * which every operation has the refusals of every status.
 */
export function shareRefusals(document: Part): void {
  const { components } = document
  if (!isPart(components)) return
  const shared: Part = {}
  components['responses'] = shared
  for (const { path, method, operation } of operationsOf(document)) {
    const codes = codesOf(path, method, operation)
    const responses = Object.entries(isPart(operation['responses']) ? operation['responses'] : {})
    operation['responses'] = Object.fromEntries(
      responses.flatMap(([status, response]) => {
        const [name, possible] = [names[status], codes.get(Number(status))]
        if (name === undefined) return [[status, response]]
        if (possible === undefined) return []
        shared[name] ??= response
        return [[status, { $ref: `#/components/responses/${name}`, description: possible.join(', ') }]]
      }),
    )
  }
}

/** The codes that an operation can be refused with, by their status. */
function codesOf(path: string, method: string, operation: Part): Map<number, ErrorCode[]> {
  const parameters = parametersOf(operation)
  const has = (name: string) => parameters.some((parameter) => parameter['name'] === name)
  const isWrite = method !== 'get'
  const hasBody = operation['requestBody'] !== undefined
  const codes: ErrorCode[] = [
    ...always,
    ...(path.includes('{') ? (['NOT_FOUND'] as const) : []),
    ...(/\/contacts\/\{id\}/.test(path) ? (['CONTACT_MERGED'] as const) : []),
    ...(has('cursor') ? (['INVALID_CURSOR'] as const) : []),
    ...(path.endsWith('/changes') ? (['EVENT_ID_EXPIRED'] as const) : []),
    ...(isWrite ? (['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_KEY_IN_USE'] as const) : []),
    ...(hasBody ? (['VALIDATION_ERROR', 'INVALID_JSON', 'UNSUPPORTED_MEDIA_TYPE', 'PAYLOAD_TOO_LARGE'] as const) : []),
    ...(own[String(operation['operationId'])] ?? (isWrite ? anyWrite : [])),
  ]
  const byStatus = new Map<number, ErrorCode[]>([[400, ['VALIDATION_ERROR']]])
  for (const code of codes) {
    const statuses = code === 'REVISION_CONFLICT' && has('If-Match') ? [409, 412] : [meanings[code].status]
    for (const status of statuses) byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return byStatus
}
