import type { Channel } from '../../data/generated/client.ts'
import { hourOnClock } from './channel-clocks.ts'
import { daysOfWeek, type Evidence, hoursOfDay } from './evidence.ts'
import { type Habits, type Rate, ratesOn, stancesOn } from './habits.ts'

/** What a contact did on one channel. */
interface OfChannel {
  readonly channel: Channel
  readonly answers: number
  /** What the tries of a weekday are worth under a best hour: index weekday × 24 + best hour. */
  readonly tries: Float64Array
  /** By best hour: the logarithm of how well it fits the hours of the answers. */
  readonly logHours: Float64Array
}

/** What is believed of a channel with evidence: the probability of stance, week and best hour together; index (stance × weeks + week) × 24 + best hour. */
export interface KnownChannel extends OfChannel {
  readonly joint: Float64Array
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
  readonly channels: readonly KnownChannel[]
  /** The probability of each taste and week: index taste × weeks + week. */
  readonly kinds: Float64Array
  /** The probability of taste, week and best hour together, where it is one for all channels; index (taste × weeks + week) × 24 + best hour. */
  readonly shared: Float64Array
  /** The probability that the best hour differs by channel, by taste and week. */
  readonly apart: Float64Array
}

export function posteriorOf(evidence: Evidence, habits: Habits): Posterior {
  const { weeks, tastes } = habits
  const fits = gather(evidence, habits).map((ofChannel) => fitOf(ofChannel, habits))
  const logWeeks = weeks.map((week) => logWeek(evidence, week.levels))
  const logShared = habits.bestHours.map((share) => Math.log(share))
  const [logTogether, logSeparate] = [Math.log(1 - habits.apart), Math.log(habits.apart)]
  const size = tastes.length * weeks.length
  const shared = new Float64Array(size * hoursOfDay)
  const [together, separate] = [new Float64Array(size), new Float64Array(size)]
  for (let taste = 0; taste < tastes.length; taste += 1)
    for (let week = 0; week < weeks.length; week += 1) {
      const kind = taste * weeks.length + week
      const base = kind * hoursOfDay
      const prior = Math.log(tastes[taste]?.share ?? 0) + Math.log(weeks[week]?.share ?? 0) + (logWeeks[week] ?? 0)
      for (let best = 0; best < hoursOfDay; best += 1) shared[base + best] = logShared[best] ?? 0
      let apartLog = 0
      for (const { stances, logs, masses } of fits) {
        const cell = (stances[taste] ?? 0) * weeks.length + week
        for (let best = 0; best < hoursOfDay; best += 1)
          shared[base + best] = (shared[base + best] ?? 0) + (logs[cell * hoursOfDay + best] ?? 0)
        apartLog += masses[cell] ?? 0
      }
      together[kind] = prior + logTogether + normalize(shared, base)
      separate[kind] = prior + logSeparate + apartLog
    }
  return weighed(fits, shared, together, separate)
}

/** How well what a contact did on a channel goes with each stance to it, week and best hour. */
interface Fit {
  readonly ofChannel: OfChannel
  /** By taste, the index of its stance to the channel. */
  readonly stances: readonly number[]
  /** The logarithm of the likelihood; index (stance × weeks + week) × 24 + best hour, and so in `own`. */
  readonly logs: Float64Array
  /** The distribution of the best hour where the channel has its own; and by stance and week, the logarithm of the likelihood then. */
  readonly own: Float64Array
  readonly masses: Float64Array
}

function fitOf(ofChannel: OfChannel, habits: Habits): Fit {
  const { channel } = ofChannel
  const { weeks } = habits
  const rates = ratesOn(habits, channel)
  const logOwn = (habits.bestHoursOn.get(channel) ?? habits.bestHours).map((share) => Math.log(share))
  const logs = new Float64Array(rates.length * weeks.length * hoursOfDay)
  const own = new Float64Array(logs.length)
  const masses = new Float64Array(rates.length * weeks.length)
  const effective = new Float64Array(hoursOfDay)
  for (const [week, { levels }] of weeks.entries()) {
    effectiveTries(ofChannel, levels, effective)
    for (const [stance, rate] of rates.entries()) {
      if (rate === null) continue
      const cell = stance * weeks.length + week
      const base = cell * hoursOfDay
      fill(logs, base, ofChannel, rate, effective)
      for (let best = 0; best < hoursOfDay; best += 1) own[base + best] = (logs[base + best] ?? 0) + (logOwn[best] ?? 0)
      masses[cell] = normalize(own, base)
    }
  }
  return { ofChannel, stances: stancesOn(habits.tastes, channel), logs, own, masses }
}

/** Weighs the conditional distributions by how likely each kind of contact is. The arrays are overwritten. */
function weighed(fits: readonly Fit[], shared: Float64Array, together: Float64Array, separate: Float64Array): Posterior {
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
    for (let index = kind * hoursOfDay; index < (kind + 1) * hoursOfDay; index += 1) shared[index] = (shared[index] ?? 0) * one
  }
  return {
    channels: fits.map((fit) => ({ ...fit.ofChannel, joint: jointOf(fit, shared, separate) })),
    kinds,
    shared,
    apart: separate,
  }
}

/** The probability of stance, week and best hour together. `own` is overwritten. */
function jointOf({ stances, own, masses }: Fit, shared: Float64Array, apart: Float64Array): Float64Array {
  const ofOwn = new Float64Array(masses.length)
  const weeks = apart.length / stances.length
  for (let kind = 0; kind < apart.length; kind += 1) {
    const cell = cellOf(stances, kind, weeks)
    ofOwn[cell] = (ofOwn[cell] ?? 0) + (apart[kind] ?? 0)
  }
  for (let index = 0; index < own.length; index += 1) own[index] = (own[index] ?? 0) * (ofOwn[Math.floor(index / hoursOfDay)] ?? 0)
  for (let kind = 0; kind < apart.length; kind += 1) {
    const [from, to] = [kind * hoursOfDay, cellOf(stances, kind, weeks) * hoursOfDay]
    for (let best = 0; best < hoursOfDay; best += 1) own[to + best] = (own[to + best] ?? 0) + (shared[from + best] ?? 0)
  }
  return own
}

/** The index stance × weeks + week of a kind, whose index is taste × weeks + week. */
function cellOf(stances: readonly number[], kind: number, weeks: number): number {
  const week = kind % weeks
  return (stances[(kind - week) / weeks] ?? 0) * weeks + week
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
export function effectiveTries({ tries }: Pick<OfChannel, 'tries'>, levels: readonly number[], into: Float64Array): void {
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
    fit[base + best] = constant - (alpha + answers) * Math.log(1 + (effective[best] ?? 0) / strength) + (logHours[best] ?? 0)
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
