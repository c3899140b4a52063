/**
 * A text that is written while it is sent, as fast as it is taken. Whoever hangs up ends the writing. If the writing fails on the way, the
 * connection breaks off: the status has been sent, and half a file is none.
 */
export function streamOf(parts: AsyncGenerator<string>, onFailure: (error: unknown) => Promise<void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await parts.next()
          if (next.done === true) controller.close()
          else controller.enqueue(encoder.encode(next.value))
        } catch (error) {
          await onFailure(error)
          throw error
        }
      },
      async cancel() {
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
