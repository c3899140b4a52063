/** A file was not read any further for too long. What it is made from was given back. */
class ReaderIdle extends Error {
  constructor(seconds: number) {
    super(`The client did not read for ${seconds} seconds.`)
    this.name = 'ReaderIdle'
  }
}

/** How long a client may leave a file unread, in milliseconds. */
export const longestIdle = 30_000

/**
 * A text that is written while it is sent, as fast as it is taken. A client that closes the connection ends the writing, and so does one
 * that does not read for 30 seconds: what is written may hold a connection to the database. If the writing fails on the way, the
 * connection breaks off: the status has been sent, and half a file is none.
 */
export function streamOf(
  parts: AsyncGenerator<string>,
  onFailure: (error: unknown) => Promise<void>,
  idleLimit = longestIdle,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  const giveUp = async () => {
    await parts.return(undefined).catch(() => {})
    await onFailure(new ReaderIdle(idleLimit / 1000))
  }
  return new ReadableStream<Uint8Array>(
    {
      start() {
        timer = setTimeout(() => void giveUp(), idleLimit).unref()
      },
      async pull(controller) {
        clearTimeout(timer)
        try {
          const next = await parts.next()
          if (next.done === true) controller.close()
          else {
            controller.enqueue(encoder.encode(next.value))
            timer = setTimeout(() => void giveUp(), idleLimit).unref()
          }
        } catch (error) {
          await onFailure(error)
          throw error
        }
      },
      async cancel() {
        clearTimeout(timer)
        await parts.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

/** Bytes that are there already, in pieces, so that other work gets its turn between them. */
export async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = 64 * 1024
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}
