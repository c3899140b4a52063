import { channels, hoursOfDay, type Simulated, trueChance, type Truth } from './worlds.ts'

/** What a policy does with one contact, and how likely it thinks an answer is. */
export interface Choice {
  readonly channel: number
  /** 0 (Sunday) to 6. */
  readonly weekday: number
  readonly hour: number
  /** Null where the policy predicts nothing. */
  readonly chance: number | null
}

export type Policy = (contacts: readonly Simulated[]) => Choice[]

/** What a policy's choices are worth. Outcomes are replaced by their expectation: the true chances are known. */
export interface Outcome {
  readonly replyRate: number
  /** Expected calibration error over ten bins of prediction; null where nothing is predicted. */
  readonly calibrationError: number | null
  /** Of each bin: how many choices, what was predicted and what is true, added up. */
  readonly bins: readonly Bin[]
}

interface Bin {
  count: number
  predicted: number
  actual: number
}

const predicted = 10

export function judge(contacts: readonly Simulated[], choices: readonly Choice[]): Outcome {
  const bins: Bin[] = Array.from({ length: predicted }, () => ({ count: 0, predicted: 0, actual: 0 }))
  let sum = 0
  let error: number | null = 0
  for (const [index, { truth }] of contacts.entries()) {
    const choice = choices[index]
    if (choice === undefined) throw new RangeError('A policy left out a contact.')
    const actual = trueChance(truth, choice.channel, choice.weekday, choice.hour)
    sum += actual
    if (choice.chance === null) error = null
    const bin = bins[Math.min(Math.floor((choice.chance ?? 0) * predicted), predicted - 1)]
    if (bin === undefined) continue
    bin.count += 1
    bin.predicted += choice.chance ?? 0
    bin.actual += actual
  }
  if (error !== null) error = bins.reduce((total, bin) => total + Math.abs(bin.predicted - bin.actual), 0) / contacts.length
  return { replyRate: sum / contacts.length, calibrationError: error, bins }
}

/** The channel, weekday and hour where a chance is greatest; of equals the first. */
export function likeliest(chanceOf: (channel: number, weekday: number, hour: number) => number): Choice & { readonly chance: number } {
  let best = { channel: 0, weekday: 0, hour: 0, chance: -1 }
  for (let channel = 0; channel < channels.length; channel += 1)
    for (let weekday = 0; weekday < 7; weekday += 1)
      for (let hour = 0; hour < hoursOfDay; hour += 1) {
        const chance = chanceOf(channel, weekday, hour)
        if (chance > best.chance) best = { channel, weekday, hour, chance }
      }
  return best
}

export const chanceOf =
  (truth: Truth) =>
  (channel: number, weekday: number, hour: number): number =>
    trueChance(truth, channel, weekday, hour)
