import type { Channel } from '../../data/generated/client.ts'
import { hourOnClock } from './channel-clocks.ts'
import { daysOfWeek, type Evidence, hoursOfDay } from './evidence.ts'
import { type Habits, type Rate, rateOf } from './habits.ts'

/** What a contact did on one channel. */
export interface OfChannel {
  readonly channel: Channel
  readonly answers: number
  /** What the tries of a weekday are worth under a best hour: index weekday × 24 + best hour. */
  readonly tries: Float64Array
  /** By best hour: the logarithm of how well it fits the hours of the answers. */
  readonly logHours: Float64Array
}

/**
 * What is believed about one contact: a probability for each combination of taste (which channels it answers on), week (which weekdays), and
 * best hour, which is one for all channels or one for each.
 *
 * Under each combination a message is worth `profile[hour − best hour] × week[weekday]` tries: silence at night says little. With rates that
 * are small the number of answers is nearly Poisson, and with a Gamma prior on the rate its likelihood has a closed form,
 * Γ(α + k) / Γ(α) · β^α / (β + e)^(α + k) for k answers to e tries, beside the product of the levels at which the answers came.
 */
export interface Posterior {
  readonly channels: readonly OfChannel[]
  /** The probability of each taste and week: index taste × weeks + week. */
  readonly kinds: Float64Array
  /** By channel with evidence: the probability of taste, week and best hour together; index (taste × weeks + week) × 24 + best hour. */
  readonly joint: ReadonlyMap<Channel, Float64Array>
  /** The same for the best hour of a channel without evidence of its own, where it is the contact's one best hour. */
  readonly shared: Float64Array
  /** The probability that the best hour differs by channel, by taste and week. */
  readonly apart: Float64Array
}

export function posteriorOf(evidence: Evidence, habits: Habits): Posterior {
  const channels = gather(evidence, habits)
  const { weeks, tastes } = habits
  const size = tastes.length * weeks.length
  const logWeeks = weeks.map((week) => logWeek(evidence, week.levels))
  // Of each kind of contact, by channel, the logarithm of how well each best hour explains what the contact did.
  const fits = channels.map(() => new Float64Array(size * hoursOfDay))
  const sharedLogs = new Float64Array(size * hoursOfDay)
  const logShared = habits.bestHours.map((share) => Math.log(share))
  const logOn = channels.map(({ channel }) => (habits.bestHoursOn.get(channel) ?? habits.bestHours).map((share) => Math.log(share)))
  const together = new Float64Array(size)
  const separate = new Float64Array(size)
  const effective = new Float64Array(hoursOfDay)
  for (const [position, ofChannel] of channels.entries()) {
    const fit = fits[position]
    if (fit === undefined) continue
    for (const [week, { levels }] of weeks.entries()) {
      effectiveTries(ofChannel, levels, effective)
      for (const [taste, kind] of tastes.entries())
        fill(fit, (taste * weeks.length + week) * hoursOfDay, ofChannel, rateOf(kind, ofChannel.channel), effective)
    }
  }
  for (let taste = 0; taste < tastes.length; taste += 1)
    for (let week = 0; week < weeks.length; week += 1) {
      const kind = taste * weeks.length + week
      const prior = Math.log(tastes[taste]?.share ?? 0) + Math.log(weeks[week]?.share ?? 0) + (logWeeks[week] ?? 0)
      const base = kind * hoursOfDay
      let apartLog = 0
      for (let best = 0; best < hoursOfDay; best += 1) sharedLogs[base + best] = logShared[best] ?? 0
      for (const [position, fit] of fits.entries()) {
        for (let best = 0; best < hoursOfDay; best += 1) sharedLogs[base + best] = (sharedLogs[base + best] ?? 0) + (fit[base + best] ?? 0)
        const on = logOn[position] ?? []
        for (let best = 0; best < hoursOfDay; best += 1) fit[base + best] = (fit[base + best] ?? 0) + (on[best] ?? 0)
        apartLog += normalize(fit, base)
      }
      const sharedMass = normalize(sharedLogs, base)
      together[kind] = prior + Math.log(1 - habits.apart) + sharedMass
      separate[kind] = prior + Math.log(habits.apart) + apartLog
    }
  return weighed(channels, fits, sharedLogs, together, separate)
}

/** Turns the conditional distributions into joint ones. The arrays are overwritten. */
function weighed(
  channels: readonly OfChannel[],
  fits: readonly Float64Array[],
  shared: Float64Array,
  together: Float64Array,
  separate: Float64Array,
): Posterior {
  const highest = Math.max(...together, ...separate)
  let total = 0
  for (let kind = 0; kind < together.length; kind += 1) {
    together[kind] = Math.exp((together[kind] ?? 0) - highest)
    separate[kind] = Math.exp((separate[kind] ?? 0) - highest)
    total += (together[kind] ?? 0) + (separate[kind] ?? 0)
  }
  const kinds = new Float64Array(together.length)
  for (let kind = 0; kind < kinds.length; kind += 1) {
    const [one, apart] = [(together[kind] ?? 0) / total, (separate[kind] ?? 0) / total]
    kinds[kind] = one + apart
    separate[kind] = apart
    for (let index = kind * hoursOfDay; index < (kind + 1) * hoursOfDay; index += 1) {
      shared[index] = (shared[index] ?? 0) * one
      for (const fit of fits) fit[index] = (fit[index] ?? 0) * apart + (shared[index] ?? 0)
    }
  }
  return {
    channels,
    kinds,
    joint: new Map(channels.map(({ channel }, position) => [channel, fits[position] ?? shared])),
    shared,
    apart: separate,
  }
}

/** The contact's tries and answers by channel, under each best hour. */
function gather(evidence: Evidence, habits: Habits): OfChannel[] {
  const found = new Map<Channel, { channel: Channel; answers: number; tries: Float64Array; logHours: Float64Array }>()
  const logProfile = habits.profile.map((level) => Math.log(level))
  for (const { channel, weekday, hour, tries, answers } of evidence.cells) {
    let ofChannel = found.get(channel)
    if (ofChannel === undefined) {
      ofChannel = { channel, answers: 0, tries: new Float64Array(daysOfWeek * hoursOfDay), logHours: new Float64Array(hoursOfDay) }
      found.set(channel, ofChannel)
    }
    ofChannel.answers += answers
    const { tries: effective, logHours } = ofChannel
    const base = weekday * hoursOfDay
    const weighted = tries * (habits.curves.get(channel)?.[hour] ?? 1)
    const onClock = hourOnClock(habits.clocks, channel, hour)
    for (let best = 0; best < hoursOfDay; best += 1) {
      const distance = (onClock - best + hoursOfDay) % hoursOfDay
      effective[base + best] = (effective[base + best] ?? 0) + weighted * (habits.profile[distance] ?? 1)
      if (answers > 0) logHours[best] = (logHours[best] ?? 0) + answers * (logProfile[distance] ?? 0)
    }
  }
  return [...found.values()]
}

function logWeek({ cells }: Evidence, levels: readonly number[]): number {
  let sum = 0
  for (const { weekday, answers } of cells) if (answers > 0) sum += answers * Math.log(levels[weekday] ?? 1)
  return sum
}

/** What all tries on a channel are worth in a week, by best hour. */
export function effectiveTries({ tries }: OfChannel, levels: readonly number[], into: Float64Array): void {
  into.fill(0)
  for (let weekday = 0; weekday < daysOfWeek; weekday += 1) {
    const level = levels[weekday] ?? 1
    const base = weekday * hoursOfDay
    for (let best = 0; best < hoursOfDay; best += 1) into[best] = (into[best] ?? 0) + level * (tries[base + best] ?? 0)
  }
}

function fill(fit: Float64Array, base: number, { answers, logHours }: OfChannel, { mean, strength }: Rate, effective: Float64Array): void {
  const alpha = mean * strength
  const constant = answers > 0 ? logGamma(alpha + answers) - logGamma(alpha) - answers * Math.log(strength) : 0
  for (let best = 0; best < hoursOfDay; best += 1)
    fit[base + best] = constant - (alpha + answers) * Math.log1p((effective[best] ?? 0) / strength) + (logHours[best] ?? 0)
}

/** Turns 24 logarithms into a distribution that adds up to one, and returns the logarithm of what they added up to. */
function normalize(values: Float64Array, base: number): number {
  let highest = -Infinity
  for (let index = base; index < base + hoursOfDay; index += 1) highest = Math.max(highest, values[index] ?? 0)
  let sum = 0
  for (let index = base; index < base + hoursOfDay; index += 1) {
    const value = Math.exp((values[index] ?? 0) - highest)
    values[index] = value
    sum += value
  }
  for (let index = base; index < base + hoursOfDay; index += 1) values[index] = (values[index] ?? 0) / sum
  return highest + Math.log(sum)
}

/** The logarithm of the Gamma function: Stirling's series, after its argument has been raised to where that is exact to nine digits. */
function logGamma(argument: number): number {
  let [shift, value] = [0, argument]
  for (; value < 7; value += 1) shift -= Math.log(value)
  const square = 1 / (value * value)
  return shift + (value - 0.5) * Math.log(value) - value + 0.918938533204673 + (1 / 12 - (1 / 360 - square / 1260) * square) / value
}

/** The Beta posterior of a rate after so many answers to so many tries; tries at bad hours are fractions, so there can be fewer of them. */
export function posteriorRate(prior: Rate, answers: number, tries: number): { readonly mean: number; readonly variance: number } {
  const alpha = prior.mean * prior.strength + answers
  const beta = (1 - prior.mean) * prior.strength + Math.max(tries - answers, 0)
  const total = alpha + beta
  return { mean: alpha / total, variance: (alpha * beta) / (total ** 2 * (total + 1)) }
}
