import { InvalidInput } from './errors.ts'
import { shorten } from './text.ts'

/** Names of ASCII, which TextDecoder reads as Windows-1252: it is a part of UTF-8, and files that are declared so are that. */
const ascii = /^(?:us-)?ascii$/i

/**
 * Passes a text on as UTF-8. A byte order mark decides; without one the declared charset does; without that it is UTF-8, or UTF-16 where every
 * other byte is zero. Invalid bytes are never replaced.
 * @param charset as a media type declares it; null if none is declared
 * @throws InvalidInput for an unknown charset, and while it is read for text that is in another one
 */
export async function* utf8Of(source: AsyncIterable<Uint8Array>, charset: string | null): AsyncGenerator<Uint8Array> {
  let decoder: Decoder | null = null
  for await (const chunk of source) {
    decoder ??= decoderFor(chunk, charset)
    yield decoder.next(chunk)
  }
  if (decoder !== null) yield decoder.end()
}

interface Decoder {
  next(chunk: Uint8Array): Uint8Array
  end(): Uint8Array
}

function decoderFor(first: Uint8Array, charset: string | null): Decoder {
  const encoding = encodingOf(first) ?? (charset === null || ascii.test(charset) ? 'utf-8' : charset)
  const decoder = textDecoder(encoding)
  const isUtf8 = decoder.encoding === 'utf-8'
  let line = 1
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw wrongCharset(decoder.encoding, line, charset)
    }
  }
  return {
    next(chunk) {
      const text = decode(chunk)
      for (const byte of chunk) if (byte === 10) line += 1
      // What is UTF-8 already goes on as it came.
      return isUtf8 ? chunk : Buffer.from(text)
    },
    end: () => Buffer.from(isUtf8 ? (decode(), '') : decode()),
  }
}

function textDecoder(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw new InvalidInput(`There is no charset ${shorten(encoding)}.`, {
      field: 'charset',
      value: shorten(encoding),
      expected: 'utf-8, utf-16le, windows-1252, iso-8859-15, shift_jis, gb18030 or another charset of the WHATWG encoding standard',
    })
  }
}

/** The encoding that the first bytes show. */
function encodingOf(bytes: Uint8Array): string | null {
  const [one, two, three] = bytes
  if (one === 0xff && two === 0xfe) return 'utf-16le'
  if (one === 0xfe && two === 0xff) return 'utf-16be'
  if (one === 0xef && two === 0xbb && three === 0xbf) return 'utf-8'
  const sample = bytes.subarray(0, 400)
  const zeros = (parity: number) => sample.reduce((count, byte, index) => count + (byte === 0 && index % 2 === parity ? 1 : 0), 0)
  const [even, odd] = [zeros(0), zeros(1)]
  if (odd > sample.length / 4 && even === 0) return 'utf-16le'
  return even > sample.length / 4 && odd === 0 ? 'utf-16be' : null
}

function wrongCharset(encoding: string, line: number, charset: string | null): InvalidInput {
  const where = `behind line ${line.toLocaleString('en')}`
  if (encoding !== 'utf-8' || charset !== null) {
    return new InvalidInput(`The file is not in ${encoding} (${where}), though it is declared so.`, {
      field: 'charset',
      value: charset,
      expected: 'the charset of the file',
    })
  }
  return new InvalidInput(
    `The file is not in UTF-8 (${where}). Save it as "CSV UTF-8", or declare its charset: Content-Type: text/csv; charset=windows-1252.`,
    { field: 'csv', expected: 'CSV in UTF-8 with a header' },
  )
}
