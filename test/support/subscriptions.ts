import type { TestGateway, Tenant } from './gateway.ts'

/** One event of a stream. */
export interface ReceivedEvent {
  readonly id: string | null
  // Tests look at answers whose shape they state in the comparison.
  // oxlint-disable-next-line no-explicit-any
  readonly body: any
}

/** A subscription as a client sees it. */
export interface Watching {
  readonly status: number
  /** The next event; null when the stream has ended. */
  next(): Promise<ReceivedEvent | null>
  /** Whether the server has said that nothing comes any more. */
  isComplete(): boolean
  /** Closes the connection. */
  close(): Promise<void>
}

/** Subscribes through the real API, with server-sent events. */
export async function watch(
  gateway: Pick<TestGateway, 'app'>,
  tenant: Pick<Tenant, 'key'>,
  query: string,
  { variables = {}, headers = {} }: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Promise<Watching> {
  const request = new Request('http://localhost:4000/graphql', {
    method: 'POST',
    headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', Accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  return watching(await gateway.app.fetch(request))
}

/** Reads a response as a stream of events. */
export function watching(response: Response): Watching {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) throw new Error('The response has no body.')
  let text = ''
  let complete = false
  return {
    status: response.status,
    isComplete: () => complete,
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end === -1) {
          const { done, value } = await reader.read()
          if (done) return null
          text += value
          continue
        }
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const line = (name: string) =>
          lines
            .find((candidate) => candidate.startsWith(`${name}:`))
            ?.slice(name.length + 1)
            .trim() ?? null
        if (line('event') === 'complete') complete = true
        else if (line('event') === 'next') return { id: line('id'), body: JSON.parse(line('data') ?? 'null') }
      }
    },
    close: () => reader.cancel(),
  }
}
