import type { Channel, MessageCategory } from '../../data/generated/client.ts'
import { decideSending, type SendFacts } from '../sending/rules.ts'
import type { Chance, ReplyChances } from './reply-chances.ts'
import { clockOf, type Slot, slotsOfWeek } from './week-clock.ts'

const day = 24 * 60 * 60 * 1000
/** Something that has to wait so many days is worth half. */
export const delayHalfLifeDays = 14
const decay = Math.LN2 / delayHalfLifeDays

/** Below the value of any time that is allowed. */
const refused = -1

/** What a time depends on beside what is allowed. */
export interface Circumstances {
  readonly now: Date
  readonly chances: ReplyChances
  /** The time zone of the contact's hours. */
  readonly zone: string
}

/** When a message of a category can go out on a channel, and how likely it is answered then. */
export interface Plan {
  readonly channel: Channel
  /** As soon as it is allowed. */
  readonly soonest: Date
  /** Why it is not allowed at once; null if it is. */
  readonly hindrance: string | null
  /** The best allowed time within a week of that. */
  readonly slot: Slot
  readonly chance: Chance
}

export type Planner = (channel: Channel, category: MessageCategory) => Plan | null

/** Plans each channel and category once. */
export function plannerOf(facts: SendFacts, circumstances: Circumstances): Planner {
  const plans = new Map<string, Plan | null>()
  const slots = slotsOfWeek(circumstances.zone, circumstances.now)
  return (channel, category) => {
    const key = `${channel} ${category}`
    const plan = plans.has(key) ? (plans.get(key) ?? null) : planOf(facts, circumstances, slots, { channel, category })
    plans.set(key, plan)
    return plan
  }
}

/** Null if the send decision would never allow it. */
function planOf(
  facts: SendFacts,
  { now, chances, zone }: Circumstances,
  week: readonly Slot[],
  { channel, category }: { readonly channel: Channel; readonly category: MessageCategory },
): Plan | null {
  const { nextAllowedAt: soonest, reasons } = decideSending(facts, { channel, category, at: now })
  if (soonest === null) return null
  const first = { at: soonest, ...clockOf(zone)(soonest) }
  const later = soonest <= now ? week : week.filter(({ at }) => at >= soonest)
  const slots = later.length > 0 ? later : [first, ...slotsOfWeek(zone, soonest)]
  const values = new Float64Array(slots.length)
  for (const [index, { at, weekday, hour: local }] of slots.entries()) {
    const delay = (at.getTime() - soonest.getTime()) / day
    values[index] = chances.worthAt(channel, weekday, local) * Math.exp(-delay * decay)
  }
  const slot = bestAllowed(slots, values, ({ at }) => decideSending(facts, { channel, category, at }).allowed) ?? first
  const chance = chances.at(channel, slot.weekday, slot.hour)
  return { channel, soonest, hindrance: reasons[0]?.message ?? null, slot, chance }
}

/** The allowed time of the highest value, the earliest of those that are alike; null if none is allowed. The values are overwritten. */
function bestAllowed(slots: readonly Slot[], values: Float64Array, isAllowed: (slot: Slot) => boolean): Slot | null {
  for (;;) {
    let [best, highest] = [-1, refused]
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? refused
      if (value > highest) [best, highest] = [index, value]
    }
    const slot = slots[best]
    if (slot === undefined) return null
    if (isAllowed(slot)) return slot
    values[best] = refused
  }
}
