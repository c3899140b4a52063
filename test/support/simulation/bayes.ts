import { likeliest, type Policy } from './judge.ts'
import { hourOf, weekdayOf } from './policies.ts'
import { channels, type Hypothesis, hoursOfDay, type Simulated, type World } from './worlds.ts'

const grid = Float64Array.from({ length: 40 }, (_, index) => ((index + 0.5) / 40) ** 1.7)
/** The width that each point of the grid stands for. */
const widths = grid.map((_, index) => ((index + 1) / 40) ** 1.7 - (index / 40) ** 1.7)
const times = 7 * hoursOfDay

/**
 * Knows from what distributions the world draws and whether each message will be answered: no policy can do better on average in a world
 * that stands still. The posterior is summed up on a grid over every kind of contact and the rate of each channel.
 */
export function bayesOptimal(world: World): Policy | null {
  if (world.hypotheses === null) return null
  const kinds = world.hypotheses().map(prepare)
  return (contacts) => contacts.map((contact) => choose(kinds, contact))
}

interface Kind {
  readonly logWeight: number
  /** By channel, then by weekday and hour. */
  readonly levels: readonly Float64Array[]
  readonly priors: readonly Float64Array[]
}

function prepare({ weight, level, rates }: Hypothesis): Kind {
  const levels = channels.map((_, channel) =>
    Float64Array.from({ length: times }, (__, time) => level(channel, Math.floor(time / hoursOfDay), time % hoursOfDay)),
  )
  const priors = rates.map(({ alpha, beta }) => {
    const density = grid.map((theta, index) => theta ** (alpha - 1) * (1 - theta) ** (beta - 1) * (widths[index] ?? 0))
    const mass = density.reduce((sum, value) => sum + value, 0)
    return density.map((value) => value / mass)
  })
  return { logWeight: Math.log(weight), levels, priors }
}

function choose(kinds: readonly Kind[], { past }: Simulated) {
  const ofChannels = channels.map((_, channel) => {
    const counts = new Map<number, { answers: number; silences: number }>()
    for (const one of past) {
      if (one.channel !== channel) continue
      const time = weekdayOf(one.sentAt) * hoursOfDay + hourOf(one.sentAt)
      const count = counts.get(time) ?? { answers: 0, silences: 0 }
      if (one.willAnswer) count.answers += 1
      else count.silences += 1
      counts.set(time, count)
    }
    return counts
  })
  const weighed = kinds.map((kind) => ({ kind, ...weigh(kind, ofChannels) }))
  const highest = Math.max(...weighed.map(({ logLikelihood }) => logLikelihood))
  const sums = channels.map(() => new Float64Array(times))
  let total = 0
  for (const { kind, logLikelihood, means } of weighed) {
    const weight = Math.exp(logLikelihood - highest)
    if (weight < 1e-6) continue
    total += weight
    for (const [channel, sum] of sums.entries()) {
      const factor = weight * (means[channel] ?? 0)
      const level = kind.levels[channel]
      for (let time = 0; time < times; time += 1) sum[time] = (sum[time] ?? 0) + factor * (level?.[time] ?? 0)
    }
  }
  return likeliest((channel, weekday, hour) => (sums[channel]?.[weekday * hoursOfDay + hour] ?? 0) / total)
}

function weigh(kind: Kind, ofChannels: readonly Map<number, { answers: number; silences: number }>[]) {
  let logLikelihood = kind.logWeight
  const means: number[] = []
  for (const [channel, counts] of ofChannels.entries()) {
    const level = kind.levels[channel]
    const prior = kind.priors[channel]
    let answered = 0
    const likelihood = new Float64Array(grid.length).fill(1)
    for (const [time, { answers, silences }] of counts) {
      const factor = level?.[time] ?? 1
      answered += answers
      if (answers > 0) logLikelihood += answers * Math.log(factor)
      if (silences > 0)
        for (let index = 0; index < grid.length; index += 1) {
          const silence = 1 - (grid[index] ?? 0) * factor
          likelihood[index] = (likelihood[index] ?? 0) * (silences === 1 ? silence : silence ** silences)
        }
    }
    let [mass, first] = [0, 0]
    for (let index = 0; index < grid.length; index += 1) {
      const theta = grid[index] ?? 0
      const value = (prior?.[index] ?? 0) * theta ** answered * (likelihood[index] ?? 0)
      mass += value
      first += value * theta
    }
    logLikelihood += Math.log(mass)
    means.push(first / mass)
  }
  return { logLikelihood, means }
}
