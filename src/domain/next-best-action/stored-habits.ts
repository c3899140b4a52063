import { z } from 'zod'
import { channels } from '../../kernel/channels.ts'
import { assumedHabits, type Habits } from './habits.ts'
import { hoursOfDay } from './evidence.ts'

const hourly = z.array(z.number().nonnegative()).length(hoursOfDay)
const stored = z.object({
  bestHours: hourly,
  profile: hourly,
  rates: z.partialRecord(z.enum(channels), z.object({ mean: z.number().positive(), strength: z.number().positive() })),
})

export type StoredHabits = z.output<typeof stored>

/** Habits as they are stored. */
export function storeHabits(habits: Habits): StoredHabits {
  return { bestHours: [...habits.bestHours], profile: [...habits.profile], rates: Object.fromEntries(habits.rates) }
}

/** Habits as they were stored; where there are none, or by another version that stored other things, what is assumed of anyone. */
export function readHabits(value: unknown): Habits {
  const { data } = stored.safeParse(value)
  if (data === undefined) return assumedHabits()
  const rates = channels.flatMap((channel) => {
    const rate = data.rates[channel]
    return rate === undefined ? [] : [[channel, rate] as const]
  })
  return { bestHours: data.bestHours, profile: data.profile, rates: new Map(rates) }
}
