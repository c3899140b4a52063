import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'

/** Structured logs, one JSON object a line. Nothing that names a person gets into them. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: (error: unknown) => maskAll(stdSerializers.err(error instanceof Error ? error : new Error(String(error)))) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** Hides email addresses and phone numbers in a text. Errors of libraries repeat the values that they failed on. */
export function mask(text: string): string {
  return text.replace(/[^\s@"'<>()]+@[^\s@"'<>()]+/g, '[email]').replace(/\+?\(?\d(?:[\s().-]{0,2}\d){6,}/g, '[number]')
}

function maskAll(value: unknown): unknown {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map(maskAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'raw' ? undefined : maskAll(item)]))
}
