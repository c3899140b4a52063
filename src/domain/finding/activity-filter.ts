import type { ActivityMatch } from '../../data/sql/contact-conditions.ts'
import type { Channel, Direction } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten, textFault } from '../../kernel/text.ts'

/** The kinds of activities. */
const kindsOfActivity = ['message', 'call', 'ticket', 'event'] as const
type ActivityKind = (typeof kindsOfActivity)[number]

/** How often something happened with a contact. All that is given must hold for the same activity. */
export interface ActivityFilter {
  /** Any of these kinds; default: every kind that has what else is asked for. */
  readonly kinds?: readonly ActivityKind[] | null | undefined
  /** Of messages; calls are on `voice`. */
  readonly channel?: Channel | null | undefined
  /** Of messages and calls. */
  readonly direction?: Direction | null | undefined
  /** Of events. */
  readonly name?: string | null | undefined
  /** Inclusive. */
  readonly from?: Date | null | undefined
  /** Exclusive. */
  readonly to?: Date | null | undefined
  /** Default: 1, or 0 where `atMost` is given. */
  readonly atLeast?: number | null | undefined
  readonly atMost?: number | null | undefined
}

const maxCount = 1_000_000

/** @throws InvalidInput */
export function parseActivity(filter: ActivityFilter, at: string): ActivityMatch {
  const { from = null, to = null } = filter
  if (from !== null && to !== null && from >= to) {
    throw new InvalidInput(`No time is at or after ${from.toISOString()} and before ${to.toISOString()}.`, {
      field: `${at}.to`,
      value: to.toISOString(),
      expected: `a time later than ${from.toISOString()}`,
    })
  }
  const atMost = parseCount(filter.atMost ?? null, `${at}.atMost`)
  const atLeast = parseCount(filter.atLeast ?? null, `${at}.atLeast`) ?? (atMost === null ? 1 : 0)
  if (atMost !== null && atLeast > atMost) {
    throw new InvalidInput(`No number is at least ${atLeast} and at most ${atMost}.`, {
      field: `${at}.atMost`,
      value: atMost,
      expected: `at least ${atLeast}`,
    })
  }
  return {
    kinds: parseKinds(filter, at),
    channel: filter.channel ?? null,
    direction: filter.direction ?? null,
    name: filter.name === null || filter.name === undefined ? null : parseName(filter.name, `${at}.name`),
    from,
    to,
    atLeast,
    atMost,
  }
}

/** Whether activities of a kind have everything that is asked for. */
function has(kind: ActivityKind, { channel, direction, name }: ActivityFilter): boolean {
  if (typeof name === 'string' && kind !== 'event') return false
  if (typeof direction === 'string' && kind !== 'message' && kind !== 'call') return false
  return typeof channel !== 'string' || kind === 'message' || (kind === 'call' && channel === 'voice')
}

function parseKinds(filter: ActivityFilter, at: string): ActivityKind[] {
  if (filter.kinds?.length === 0) {
    throw new InvalidInput('The filter names no kind of activity.', {
      field: `${at}.kinds`,
      expected: `some of ${kindsOfActivity.join(', ')}`,
    })
  }
  const wanted = [...new Set(filter.kinds ?? kindsOfActivity)]
  const kinds = wanted.filter((kind) => has(kind, filter))
  if (kinds.length > 0) return kinds
  throw new InvalidInput('No activity has all of this: messages have a channel and a direction, calls a direction, events a name.', {
    field: at,
    expected: 'a channel, a direction and a name of kinds that have them',
  })
}

function parseCount(count: number | null, field: string): number | null {
  if (count === null || (Number.isInteger(count) && count >= 0 && count <= maxCount)) return count
  throw new InvalidInput('This is not a number of activities.', {
    field,
    value: count,
    expected: `an integer from 0 to ${maxCount.toLocaleString('en')}`,
  })
}

function parseName(text: string, field: string): string {
  const fault = text.trim() === '' ? { is: 'is empty', expected: '1 to 200 characters' } : textFault(text, { max: 200 })
  if (fault === null) return text.trim()
  throw new InvalidInput(`The name of an event ${fault.is}.`, { field, value: shorten(text), expected: fault.expected })
}
