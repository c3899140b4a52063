// A world with hidden truths, in which ways to choose channel and hour can be played against each other. The model under test is given no
// constant of it; only the Bayes-optimal policy knows how the world draws its truths.
import { chance } from '../../prisma/demo/random.ts'
import { evidenceHalfLifeDays, evidenceOf, type Try } from '../../src/domain/next-best-action/evidence.ts'
import { learnHabits } from '../../src/domain/next-best-action/learn-habits.ts'
import { replyChances } from '../../src/domain/next-best-action/reply-chances.ts'

const hoursOfDay = 24
const day = 24 * 60 * 60 * 1000
const worldNow = new Date('2026-03-01T00:00:00Z')
/** How far the past reaches back, in days. */
const span = 180

export const channels = ['email', 'sms', 'whatsapp'] as const
/** The Beta distribution that each channel's reply rates are drawn from. */
const rates = [
  { alpha: 2, beta: 5 },
  { alpha: 1, beta: 6 },
  { alpha: 1.5, beta: 5 },
] as const

/** The hidden habits of one contact. */
interface Truth {
  /** The chance of an answer on each channel, at the best hour. */
  readonly rates: readonly number[]
  readonly peak: number
  /** How much the hour matters. */
  readonly kappa: number
}

interface Played {
  readonly age: number
  readonly channel: number
  readonly hour: number
  readonly answered: boolean
}

export interface Simulated {
  /** The habits of today. */
  readonly truth: Truth
  readonly past: readonly Played[]
}

/** What a policy does with one contact, and how likely it thinks an answer is. */
export interface Choice {
  readonly channel: number
  readonly hour: number
  readonly chance: number
}

export type Policy = (world: readonly Simulated[]) => Choice[]

export interface WorldOptions {
  readonly seed: number
  readonly contacts: number
  /** Messages of a random policy to each contact. */
  readonly messages: number
  /** Whether everybody's habits change half-way. */
  readonly drifting?: boolean
}

/** Draws a world. The same options, the same world. */
export function simulate({ seed, contacts, messages, drifting = false }: WorldOptions): Simulated[] {
  const dice = chance(seed)
  const draw = (): Truth => ({
    rates: rates.map(({ alpha, beta }) => drawBeta(() => dice.next(), alpha, beta)),
    peak: 8 + 12 * dice.next(),
    kappa: 1 + dice.next(),
  })
  return Array.from({ length: contacts }, () => {
    const before = draw()
    const truth = drifting ? draw() : before
    const past = Array.from({ length: messages }, (): Played => {
      const age = 1 + dice.next() * (span - 1)
      const [channel, hour] = [dice.between(0, channels.length - 1), dice.between(0, hoursOfDay - 1)]
      return { age, channel, hour, answered: dice.happens(rateAt(age > span / 2 ? before : truth, channel, hour)) }
    })
    return { truth, past: past.toSorted((one, other) => other.age - one.age) }
  })
}

function shape(kappa: number, distance: number): number {
  return Math.exp(kappa * (Math.cos((distance * 2 * Math.PI) / hoursOfDay) - 1))
}

/** The true chance of an answer. */
function rateAt(truth: Truth, channel: number, hour: number): number {
  return (truth.rates[channel] ?? 0) * shape(truth.kappa, hour - truth.peak)
}

/** The model of the gateway, as it is used there. @param halfLifeDays Infinity switches its decay off */
export function ours(halfLifeDays: number = evidenceHalfLifeDays): Policy {
  return (world) => {
    const evidence = world.map(({ past }) => evidenceOf(past.map(toTry), worldNow, (moment) => moment.getUTCHours(), halfLifeDays))
    const habits = learnHabits(evidence.slice(0, 1000))
    return evidence.map((known) => {
      const chances = replyChances(known, habits)
      return likeliest((channel, hour) => chances.at(channels[channel] ?? 'email', hour).mean)
    })
  }
}

function toTry({ age, channel, hour, answered }: Played): Try {
  const triedAt = new Date(Math.floor((worldNow.getTime() - age * day) / day) * day + hour * 60 * 60 * 1000)
  return { channel: channels[channel] ?? 'email', triedAt, answeredAt: answered ? triedAt : null }
}

/** The channel and hour of the last answer; the organization's best channel at 14:00 where there was none. */
export const lastAnswered: Policy = (world) => {
  const fallback = { channel: bestChannel(world), hour: 14, chance: 0 }
  return world.map(({ past }) => {
    const last = past.findLast((played) => played.answered)
    return last === undefined ? fallback : { channel: last.channel, hour: last.hour, chance: 0 }
  })
}

/** The organization's best channel at 14:00, for everyone. */
export const organizationsBest: Policy = (world) => {
  const choice = { channel: bestChannel(world), hour: 14, chance: 0 }
  return world.map(() => choice)
}

export function atRandom(seed: number): Policy {
  const dice = chance(seed)
  return (world) => world.map(() => ({ channel: dice.between(0, channels.length - 1), hour: dice.between(0, hoursOfDay - 1), chance: 0 }))
}

/** Knows the truth: for reference. */
export const oracle: Policy = (world) => world.map(({ truth }) => likeliest((channel, hour) => rateAt(truth, channel, hour)))

/**
 * Knows from what distributions the world draws and sees the same past: no policy can do better on average in a world that stands still. The
 * posterior is summed up on a grid over peak, kappa and the rate of each channel.
 */
export const bayesOptimal: Policy = (world) => {
  const grid = bayesGrid()
  return world.map(({ past }) => {
    const answers = channels.map(() => new Float64Array(hoursOfDay))
    const silences = channels.map(() => new Float64Array(hoursOfDay))
    for (const { channel, hour, answered } of past) increment((answered ? answers : silences)[channel], hour)
    const cells = grid.cells.map((cell) => ({ cell, ...weigh(grid, cell, answers, silences) }))
    const highest = Math.max(...cells.map(({ logLikelihood }) => logLikelihood))
    const sum = channels.map(() => new Float64Array(hoursOfDay))
    let total = 0
    for (const { cell, logLikelihood, means } of cells) {
      const weight = Math.exp(logLikelihood - highest)
      total += weight
      for (const [channel, mean] of means.entries())
        for (let hour = 0; hour < hoursOfDay; hour += 1) increment(sum[channel], hour, weight * mean * (cell.level[hour] ?? 0))
    }
    return likeliest((channel, hour) => (sum[channel]?.[hour] ?? 0) / total)
  })
}

/** One peak and kappa: how readily a contact like that answers at each hour, and the logarithms of its silences by hour and rate. */
interface GridCell {
  readonly level: Float64Array
  readonly logSilence: readonly Float64Array[]
}

interface BayesGrid {
  readonly rates: Float64Array
  /** The prior of each channel over the rates. */
  readonly priors: readonly Float64Array[]
  readonly cells: readonly GridCell[]
}

function bayesGrid(): BayesGrid {
  const thetas = Float64Array.from({ length: 60 }, (_, index) => (index + 0.5) / 60)
  const cells: GridCell[] = []
  for (const kappa of [1.1, 1.3, 1.5, 1.7, 1.9]) {
    for (let peak = 8.25; peak < 20; peak += 0.5) {
      const level = Float64Array.from({ length: hoursOfDay }, (_, hour) => shape(kappa, hour - peak))
      cells.push({ level, logSilence: [...level].map((factor) => thetas.map((theta) => Math.log1p(-theta * factor))) })
    }
  }
  return {
    rates: thetas,
    priors: rates.map(({ alpha, beta }) => thetas.map((theta) => theta ** (alpha - 1) * (1 - theta) ** (beta - 1))),
    cells,
  }
}

function weigh(
  grid: BayesGrid,
  { level, logSilence }: GridCell,
  answers: readonly Float64Array[],
  silences: readonly Float64Array[],
): { logLikelihood: number; means: number[] } {
  let logLikelihood = 0
  const means: number[] = []
  for (const [channel, prior] of grid.priors.entries()) {
    let answered = 0
    const logs = new Float64Array(grid.rates.length)
    for (let hour = 0; hour < hoursOfDay; hour += 1) {
      const [count, silent, ofHour] = [answers[channel]?.[hour] ?? 0, silences[channel]?.[hour] ?? 0, logSilence[hour]]
      answered += count
      if (count > 0) logLikelihood += count * Math.log(level[hour] ?? 1)
      if (silent > 0 && ofHour !== undefined)
        for (let index = 0; index < logs.length; index += 1) increment(logs, index, silent * (ofHour[index] ?? 0))
    }
    let [mass, first] = [0, 0]
    for (const [index, theta] of grid.rates.entries()) {
      const likelihood = (prior[index] ?? 0) * theta ** answered * Math.exp(logs[index] ?? 0)
      mass += likelihood
      first += likelihood * theta
    }
    logLikelihood += Math.log(mass)
    means.push(first / mass)
  }
  return { logLikelihood, means }
}

/** What a policy's choices are worth. Outcomes are replaced by their expectation: the true chances are known. */
export interface Outcome {
  readonly replyRate: number
  /** How much more the oracle gets. */
  readonly regret: number
  /** The expected square of the difference between what was predicted and what happens. */
  readonly brier: number
  /** Expected calibration error over ten bins of prediction. */
  readonly calibrationError: number
  /** For each bin: how many choices, what was predicted on average, and what is true. */
  readonly reliability: readonly { readonly count: number; readonly predicted: number; readonly actual: number }[]
}

export function judge(world: readonly Simulated[], choices: readonly Choice[]): Outcome {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, predicted: 0, actual: 0 }))
  let [sum, brier] = [0, 0]
  for (const [index, { truth }] of world.entries()) {
    const choice = choices[index]
    if (choice === undefined) throw new RangeError('A policy left out a contact.')
    const actual = rateAt(truth, choice.channel, choice.hour)
    sum += actual
    brier += actual * (1 - choice.chance) ** 2 + (1 - actual) * choice.chance ** 2
    const bin = bins[Math.min(Math.floor(choice.chance * 10), 9)]
    if (bin === undefined) continue
    bin.count += 1
    bin.predicted += choice.chance
    bin.actual += actual
  }
  const best = oracle(world).reduce((total, { chance: ofBest }) => total + ofBest, 0)
  return {
    replyRate: sum / world.length,
    regret: (best - sum) / world.length,
    brier: brier / world.length,
    calibrationError: bins.reduce((error, bin) => error + Math.abs(bin.predicted - bin.actual), 0) / world.length,
    reliability: bins.map(({ count, predicted, actual }) => ({
      count,
      predicted: predicted / (count || 1),
      actual: actual / (count || 1),
    })),
  }
}

function bestChannel(world: readonly Simulated[]): number {
  const answered = channels.map((_, channel) => {
    const played = world.flatMap(({ past }) => past.filter((one) => one.channel === channel))
    return played.filter((one) => one.answered).length / (played.length || 1)
  })
  return answered.indexOf(Math.max(...answered))
}

function likeliest(chanceOf: (channel: number, hour: number) => number): Choice {
  let best: Choice = { channel: 0, hour: 0, chance: -1 }
  for (let channel = 0; channel < channels.length; channel += 1) {
    for (let hour = 0; hour < hoursOfDay; hour += 1) {
      const likely = chanceOf(channel, hour)
      if (likely > best.chance) best = { channel, hour, chance: likely }
    }
  }
  return best
}

function increment(counts: Float64Array | undefined, index: number, by = 1): void {
  if (counts !== undefined) counts[index] = (counts[index] ?? 0) + by
}

/** Draws from Beta(alpha, beta) as a ratio of Gamma draws (Marsaglia and Tsang 2000). */
function drawBeta(next: () => number, alpha: number, beta: number): number {
  const one = drawGamma(next, alpha)
  return one / (one + drawGamma(next, beta))
}

function drawGamma(next: () => number, shapeOf: number): number {
  const d = shapeOf - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    const v = (1 + c * normal) ** 3
    if (v > 0 && Math.log(1 - next()) < 0.5 * normal ** 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
