import { z } from 'zod'
import { channels } from '../../kernel/channels.ts'
import type { Habits } from './habits.ts'
import { daysOfWeek, hoursOfDay } from './evidence.ts'
import { answerIntervals } from './answer-delays.ts'

const channel = z.enum(channels)
const hourly = z.array(z.number().nonnegative()).length(hoursOfDay)
const weekly = z.array(z.number().nonnegative()).length(daysOfWeek)
const share = z.number().positive().max(1.0001)
const rate = z.object({ mean: z.number().positive(), strength: z.number().positive() })
const stored = z.object({
  version: z.literal(3),
  bestHours: hourly,
  bestHoursOn: z.partialRecord(channel, hourly),
  apart: z.number().positive().max(1),
  profile: hourly,
  curves: z.partialRecord(channel, hourly),
  clocks: z.partialRecord(channel, z.number()),
  weeks: z.array(z.object({ share, levels: weekly })).min(1),
  tastes: z.array(z.object({ share, favourite: channel.nullable() })).min(1),
  rates: z.partialRecord(channel, z.object({ even: rate, fond: rate, averse: rate })),
  delays: z.array(z.number().nonnegative()).length(answerIntervals),
  /** In seconds; SQL reads it too. */
  settledAfter: z.number().positive(),
  counts: z.partialRecord(channel, z.object({ sent: z.number(), answered: z.number() })),
  channelsInUse: z.array(channel),
  /** The organization's message that was recorded last, and how many were learned from: they say when to learn again. */
  latestMessageId: z.string().nullable(),
  messages: z.number(),
})

export type StoredHabits = z.output<typeof stored>

/** What is stored of an organization beside its habits. */
export interface Learned {
  readonly habits: Habits
  readonly latestMessageId: string | null
  readonly messages: number
}

/** Habits as they are stored. */
export function storeHabits({ habits, latestMessageId, messages }: Learned): StoredHabits {
  return {
    version: 3,
    bestHours: [...habits.bestHours],
    bestHoursOn: recordOf(habits.bestHoursOn, (shares) => [...shares]),
    apart: habits.apart,
    profile: [...habits.profile],
    curves: recordOf(habits.curves, (levels) => [...levels]),
    clocks: recordOf(habits.clocks, (shift) => shift),
    weeks: habits.weeks.map(({ share: of, levels }) => ({ share: of, levels: [...levels] })),
    tastes: [...habits.tastes],
    rates: recordOf(habits.rates, (one) => one),
    delays: [...habits.delays],
    settledAfter: habits.settledAfter,
    counts: recordOf(habits.counts, (count) => ({ ...count })),
    channelsInUse: [...habits.channelsInUse],
    latestMessageId,
    messages,
  }
}

/** Habits as they were stored; null where there are none, or by another version that stored other things. */
export function readHabits(value: unknown): Learned | null {
  const { data } = stored.safeParse(value)
  if (data === undefined) return null
  const { latestMessageId, messages, ...rest } = data
  const habits: Habits = {
    ...rest,
    bestHoursOn: mapOf(data.bestHoursOn),
    curves: mapOf(data.curves),
    clocks: mapOf(data.clocks),
    weeks: data.weeks.map(({ share: of, levels }) => ({ share: of, levels, assumedShare: of, prior: levels, favourite: null })),
    rates: mapOf(data.rates),
    counts: mapOf(data.counts),
    channelsInUse: new Set(data.channelsInUse),
  }
  return { habits, latestMessageId, messages }
}

type ByChannel<Value> = Partial<Record<(typeof channels)[number], Value>>

function recordOf<Value, Stored>(map: ReadonlyMap<(typeof channels)[number], Value>, store: (value: Value) => Stored): ByChannel<Stored> {
  return Object.fromEntries([...map].map(([key, value]) => [key, store(value)]))
}

function mapOf<Value>(record: ByChannel<Value>): Map<(typeof channels)[number], Value> {
  return new Map(
    channels.flatMap((key) => {
      const value = record[key]
      return value === undefined ? [] : [[key, value] as const]
    }),
  )
}
