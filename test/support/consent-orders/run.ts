import type { Context } from '../../../src/domain/context.ts'
import { upsertTopic } from '../../../src/domain/topics/commands.ts'
import { DomainError } from '../../../src/kernel/errors.ts'
import { deeds, type Link } from './deeds.ts'
import type { Deed, Step } from './steps.ts'
import { type Violation, World } from './world.ts'

/** What a run has found. */
export interface Found {
  /** What was allowed and must not be, and the step after which; null if there is none. */
  readonly violation: (Violation & { readonly after: number }) | null
  /** How many sends were allowed: a test of which nothing is allowed proves nothing. */
  readonly allowed: number
  /** The steps that were not refused. */
  readonly done: readonly Deed[]
}

/** Does everything in its order, a minute apart, and compares what is allowed with the model after each step. */
export async function runOrder(context: Context, clock: { now: Date }, order: readonly Step[]): Promise<Found> {
  const start = clock.now
  const none = { news: false, tips: true, club: false }
  const topics = new Map<string, { id: string; isOpenByDefault: boolean; isArchived: boolean }>()
  for (const [key, isOpenByDefault] of Object.entries(none)) {
    const defaultState = isOpenByDefault ? ('subscribed' as const) : ('opt_in_needed' as const)
    const topic = await upsertTopic(context, null, { key, name: key, defaultState, doubleOptIn: key === 'club' })
    topics.set(key, { id: topic.id, isOpenByDefault, isArchived: false })
  }
  const world = new World(context, topics)
  const links: Link[] = []
  const done: Deed[] = []
  let allowed = 0
  try {
    for (const [after, step] of order.entries()) {
      clock.now = new Date(start.getTime() + (after + 1) * 60_000)
      try {
        if (await deeds[step.do](world, step, links)) done.push(step.do)
      } catch (error) {
        // What is refused did not happen.
        if (!(error instanceof DomainError)) throw error
      }
      await world.look()
      const found = await world.violation()
      allowed += found.allowed
      if (found.violation !== null) return { violation: { ...found.violation, after }, allowed, done }
    }
    return { violation: null, allowed, done }
  } finally {
    clock.now = start
  }
}
