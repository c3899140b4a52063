// A process of its own that `subscriptions.ts` starts: subscribes, and counts what it receives as cheaply as it can, since it shares the
// processors with the server. All receive the same: an event is parsed once, and recognized by its id after that.
import { Agent, request } from 'node:http'

/** What it is asked to do. */
export interface Task {
  readonly url: string
  readonly headers: Record<string, string>
  readonly query: string
  readonly count: number
}

/** What it has counted. */
export interface Tally {
  /** How many changes each subscriber has received, least and most. */
  readonly least: number
  readonly most: number
  readonly events: number
  readonly ended: number
  /** How many events took so many milliseconds from the commit of the oldest change in it, by the milliseconds. */
  readonly delays: readonly number[]
}

interface Event {
  readonly changes: number
  /** When the oldest of them was committed. */
  readonly oldest: number
}

const received: number[] = []
const delays: number[] = []
const events = new Map<string, Event>()
let [count, ended] = [0, 0]

process.on('message', (message: Task | 'tally') => {
  if (message === 'tally') process.send?.(tally())
  else void subscribeAll(message).then(() => process.send?.('subscribed'))
})

async function subscribeAll(task: Task): Promise<void> {
  for (let started = 0; started < task.count; started += 50)
    await Promise.all(Array.from({ length: Math.min(50, task.count - started) }, (_, index) => subscribe(task, started + index)))
}

function subscribe({ url, headers, query }: Task, subscriber: number): Promise<void> {
  received[subscriber] = 0
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, Accept: 'text/event-stream' }, agent: new Agent() }, (response) => {
      resolve()
      let rest: Buffer | null = null
      response.on('data', (chunk: Buffer) => {
        const whole: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk])
        rest = take(whole, subscriber)
      })
      response.on('end', () => (ended += 1))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ query }))
  })
}

/** Takes the events that a chunk has. @returns what is left of it: the beginning of another */
function take(chunk: Buffer, subscriber: number): Buffer | null {
  let begin = 0
  for (let end = endOf(chunk, begin); end !== -1; end = endOf(chunk, begin)) {
    if (chunk[begin] === 0x69) arrived(chunk.subarray(begin, end), subscriber)
    begin = end + 2
  }
  return begin === chunk.length ? null : chunk.subarray(begin)
}

/** Where the next event ends. Most chunks are one. */
function endOf(chunk: Buffer, begin: number): number {
  return chunk.indexOf('\n\n', begin, 'latin1')
}

function arrived(event: Buffer, subscriber: number): void {
  const id = event.toString('latin1', 4, event.indexOf(0x0a))
  const known = events.get(id) ?? read(event)
  events.set(id, known)
  count += 1
  received[subscriber] = (received[subscriber] ?? 0) + known.changes
  const delay = Math.max(0, Date.now() - known.oldest)
  delays[delay] = (delays[delay] ?? 0) + 1
}

function read(event: Buffer): Event {
  const times = Array.from(event.toString('latin1').matchAll(/"company":"(\d+)"/g), ([, time]) => Number(time))
  return { changes: times.length, oldest: Math.min(...times) }
}

function tally(): Tally {
  return {
    least: received.reduce((least, changes) => Math.min(least, changes), Infinity),
    most: received.reduce((most, changes) => Math.max(most, changes), 0),
    events: count,
    ended,
    delays: Array.from(delays, (times) => times ?? 0),
  }
}
