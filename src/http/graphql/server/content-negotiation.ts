import { mediaTypeOf } from '../../request-body.ts'

const ofResponses = 'application/graphql-response+json'
const plain = 'application/json'

/** Whether a body is said to be JSON. */
export function isJson(contentType: string | null | undefined): boolean {
  return contentType === plain || mediaTypeOf(contentType) === plain
}

/** The type of JSON for a response that has to be JSON whatever the client accepts, such as a refusal. */
export function jsonTypeOrDefault(accept: string | null | undefined): string {
  return jsonTypeFor(accept ?? null) ?? plain
}

/** Whether a client goes by the status of a response, as GraphQL over HTTP defines it. */
export function goesByStatus(accept: string | null): boolean {
  return jsonTypeFor(accept) === ofResponses
}

/**
 * The type of JSON that is answered with to a header Accept, as Yoga chooses it: what is named first counts, and without a choice it is plain JSON.
 * Null where no JSON is accepted.
 */
export function jsonTypeFor(accept: string | null): string | null {
  if (accept === null || accept === plain || accept === '*/*') return plain
  for (const range of accept.replaceAll(/\s/g, '').toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';')
    if ((parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8') !== 'charset=utf-8') continue
    if (type === ofResponses) return ofResponses
    if (type === plain || type === 'application/*' || type === '*/*' || type === '*/json') return plain
  }
  return null
}
