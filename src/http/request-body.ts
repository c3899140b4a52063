import { DomainError } from '../kernel/errors.ts'
import { shorten } from '../kernel/text.ts'

/** The body is larger than the limit of the path. */
export class PayloadTooLarge extends DomainError {
  constructor(maxBytes: number) {
    const most = `${Math.floor(maxBytes / 1024).toLocaleString('en')} KiB`
    super('PAYLOAD_TOO_LARGE', `The body is larger than the ${most} that this path accepts.`, { expected: `at most ${most}` })
  }
}

/** The media type that a header names, without its parameters. */
export function mediaTypeOf(contentType: string | null | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The charset that a header names; null if it names none. */
export function charsetOf(contentType: string | null | undefined): string | null {
  return /;\s*charset\s*=\s*"?([^\s;"]+)"?/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? null
}

/** Whether JSON with these headers is read here: UTF-8, which ASCII is too, and not compressed. */
export function isPlainUtf8(headers: Pick<Headers, 'get'>): boolean {
  const charset = charsetOf(headers.get('content-type'))
  return isIdentity(headers) && (charset === null || ['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(charset))
}

function isIdentity(headers: Pick<Headers, 'get'>): boolean {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  return encoding === '' || encoding === 'identity'
}

/** @throws DomainError UNSUPPORTED_MEDIA_TYPE for a body that is compressed */
export function requireIdentity(headers: Pick<Headers, 'get'>): void {
  if (isIdentity(headers)) return
  const encoding = shorten(headers.get('content-encoding') ?? '')
  throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `A body with Content-Encoding: ${encoding} is not read. Send it uncompressed.`, {
    value: encoding,
    expected: 'no Content-Encoding',
  })
}

/** @throws DomainError UNSUPPORTED_MEDIA_TYPE for JSON that is compressed or in another charset than UTF-8 */
export function requirePlainUtf8(headers: Pick<Headers, 'get'>): void {
  requireIdentity(headers)
  if (isPlainUtf8(headers)) return
  const charset = shorten(charsetOf(headers.get('content-type')) ?? '')
  throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `JSON in the charset ${charset} is not read. Send it in UTF-8.`, {
    value: charset,
    expected: 'charset=utf-8',
  })
}

/**
 * Reads the body of a request. Call it when the caller is authenticated: nothing of a body is kept in memory before that.
 * @throws PayloadTooLarge
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const length = request.headers.get('content-length')
  if (length !== null && request.headers.get('transfer-encoding') === null) {
    // Node's parser holds a client to the length that it states.
    if (Number(length) > maxBytes) throw new PayloadTooLarge(maxBytes)
    return new Uint8Array(await request.arrayBuffer())
  }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > maxBytes) throw new PayloadTooLarge(maxBytes)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
