import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import { mask } from './kernel/mask.ts'

/** Structured logs, one JSON object a line. Nothing that names a person gets into them. */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: (error: unknown) => maskAll(stdSerializers.err(error instanceof Error ? error : new Error(String(error)))) },
  }
  return pino(options, destination)
}

/** How much is written at once, in bytes, and how long a line waits for others, in milliseconds. */
const together = { bytes: 4096, wait: 100 }

/**
 * Writes lines together: a line by itself costs a small request a tenth of its CPU. What waits is written before the process exits, whatever ends it,
 * short of a kill.
 */
function standardOutput(): DestinationStream & Pick<ReturnType<typeof pino.destination>, 'flushSync'> {
  const stream = pino.destination({ dest: process.stdout.fd, sync: false, minLength: together.bytes })
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    timer = null
    stream.flush()
  }
  return {
    write(line) {
      stream.write(line)
      timer ??= setTimeout(flush, together.wait).unref()
    },
    // Asked for after what is fatal.
    flushSync: () => stream.flushSync(),
  }
}

function maskAll(value: unknown): unknown {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map(maskAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'raw' ? undefined : maskAll(item)]))
}
