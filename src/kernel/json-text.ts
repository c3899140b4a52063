import { isUtf8 } from 'node:buffer'
import { DomainError } from './errors.ts'
import { shorten } from './text.ts'

/** How deep JSON from outside may be nested. What goes through it level by level would exhaust the stack far above that. */
export const maxJsonDepth = 64

/**
 * Reads JSON from outside.
 * @throws DomainError INVALID_JSON for text that is not UTF-8, not JSON, or nested deeper than 64 levels
 */
export function parseJsonText(bytes: Uint8Array): unknown {
  // Decoding would put U+FFFD in place of every byte that is wrong.
  if (!isUtf8(bytes)) throw invalidJson('it is not valid UTF-8')
  if (isTooDeep(bytes)) throw invalidJson(`it is nested deeper than ${maxJsonDepth} levels`)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text)
  } catch (error) {
    throw invalidJson(error instanceof SyntaxError ? shorten(error.message) : 'it cannot be parsed')
  }
}

/** Whether JSON is nested deeper than it may be. Text that is no JSON can be anything here; the parser refuses it. */
export function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0
  let isInString = false
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]
    if (isInString) {
      if (byte === backslash) index += 1
      else if (byte === quote) isInString = false
    } else if (byte === quote) isInString = true
    else if (byte === bracket || byte === brace) {
      depth += 1
      if (depth > maxJsonDepth) return true
    } else if (byte === closingBracket || byte === closingBrace) depth -= 1
  }
  return false
}

const [quote, backslash, bracket, brace, closingBracket, closingBrace] = [0x22, 0x5c, 0x5b, 0x7b, 0x5d, 0x7d]

function invalidJson(reason: string): DomainError {
  return new DomainError('INVALID_JSON', `The body is not JSON: ${reason}.`, { expected: 'JSON in UTF-8, nested at most 64 levels deep' })
}
