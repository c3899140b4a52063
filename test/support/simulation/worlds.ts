// Worlds with hidden truths, in which ways to choose channel, weekday and hour can be played against each other. The model under test is
// given no constant of them; only the Bayes-optimal policy knows how a world draws its contacts.
import { type Dice, diceOf } from './random.ts'

export const hoursOfDay = 24
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
/** A Sunday. */
export const worldNow = Date.parse('2026-03-01T00:00:00Z')
/** How far the past reaches back, in days. */
export const pastDays = 180

export const channels = ['email', 'sms', 'whatsapp'] as const
export type WorldChannel = (typeof channels)[number]

/** How readily a contact answers at the time of a message, as a share of its rate on the channel. */
export type Level = (channel: number, weekday: number, hour: number) => number

/** The hidden habits of one contact. */
export interface Truth {
  /** The chance of an answer on each channel at the best time. */
  readonly rates: readonly number[]
  readonly level: Level
  /** Whether a machine answers on a channel. */
  readonly machine?: readonly boolean[]
}

/** A kind of contact, for the Bayes-optimal policy: how common it is, its level, and the Beta distributions of its rates. */
export interface Hypothesis {
  readonly weight: number
  readonly level: Level
  readonly rates: readonly { readonly alpha: number; readonly beta: number }[]
}

export interface World {
  readonly name: string
  /** Draws a contact's habits at the beginning and at the end of the past; between them they change gradually. */
  draw(dice: Dice): { readonly before: Truth; readonly now: Truth; readonly drift?: 'sudden' | 'gradual' }
  /** How long a person takes to answer, in milliseconds. */
  delay(dice: Dice): number
  /** When in its week a message goes out. */
  sendAt(dice: Dice): { readonly weekday: number; readonly hour: number }
  /** Every kind of contact; null where that cannot be enumerated. */
  readonly hypotheses: (() => Hypothesis[]) | null
}

export interface Played {
  readonly channel: number
  readonly sentAt: number
  /** When a person answered; null if that has not happened yet. */
  readonly answeredAt: number | null
  /** When a machine answered, and whether it said that it is one; null if none did. */
  readonly machine: { readonly at: number; readonly isFlagged: boolean } | null
  /** Whether a person answers in the end, which no policy but Bayes's may look at. */
  readonly willAnswer: boolean
}

export interface Simulated {
  readonly truth: Truth
  readonly past: readonly Played[]
}

export const rates = [
  { alpha: 2, beta: 5 },
  { alpha: 1, beta: 6 },
  { alpha: 1.5, beta: 5 },
]
const rare = [
  { alpha: 2, beta: 60 },
  { alpha: 1, beta: 80 },
  { alpha: 1.5, beta: 60 },
]

export const drawRates = (dice: Dice, from = rates) => from.map(({ alpha, beta }) => dice.beta(alpha, beta))
export const around = (kappa: number, peak: number) => (at: number) =>
  Math.exp(kappa * (Math.cos(((at - peak) * 2 * Math.PI) / hoursOfDay) - 1))
const peaks = Array.from({ length: 24 }, (_, index) => 8.25 + index / 2)
const kappas = [1.1, 1.5, 1.9]

/** A contact with one good hour of the day, the same on each channel. */
const drawHour = (dice: Dice): Level => {
  const at = around(dice.uniform(1, 2), dice.uniform(8, 20))
  return (_channel, _weekday, hour) => at(hour)
}
const each = (levelOf: (at: (hour: number) => number) => Level, weight: number, from = rates): Hypothesis[] =>
  kappas.flatMap((kappa) => peaks.map((peak) => ({ weight: weight / 72, level: levelOf(around(kappa, peak)), rates: from })))

const anyTime = (dice: Dice) => ({ weekday: dice.between(0, 6), hour: dice.between(0, 23) })
const atTen = (dice: Dice) => ({ weekday: dice.between(0, 6), hour: 10 })
const officeHours = (dice: Dice) => ({ weekday: dice.between(1, 5), hour: dice.between(9, 16) })
const atOnce = () => 0
export const minutes = (dice: Dice) => dice.lognormal(12 * minute, 1)
export const hours = (dice: Dice) => dice.lognormal(5 * hour, 0.8)
const days = (dice: Dice) => dice.lognormal(1.5 * day, 0.7)

export const still = (drawing: (dice: Dice) => Truth) => (dice: Dice) => {
  const truth = drawing(dice)
  return { before: truth, now: truth }
}
const plain = still((dice) => ({ rates: drawRates(dice), level: drawHour(dice) }))
const plainHypotheses = () => each((at) => (_channel, _weekday, hour) => at(hour), 1)

const weekly = { office: [0.1, 1, 1, 1, 1, 1, 0.15], leisure: [1, 0.2, 0.2, 0.2, 0.2, 0.3, 1], any: [1, 1, 1, 1, 1, 1, 1] }
const onDays =
  (week: readonly number[]) =>
  (at: (hour: number) => number): Level =>
  (_channel, weekday, hour) =>
    at(hour) * (week[weekday] ?? 1)

/** Good hours of email, text message and chat lie so many hours from the contact's own. */
const shifts = [-4, 0, 5]
const shifted =
  (at: (hour: number) => number): Level =>
  (channel, _weekday, hour) =>
    at(hour - (shifts[channel] ?? 0))

const twice =
  (at: (hour: number) => number): Level =>
  (_channel, _weekday, hour) =>
    0.5 * at(hour) + 0.5 * at(hour - 9)

const liked = { alpha: 4, beta: 5 }
const disliked = { alpha: 1, beta: 30 }

/** All worlds by name. */
export const worlds: readonly World[] = [
  { name: 'plain', draw: plain, delay: atOnce, sendAt: anyTime, hypotheses: plainHypotheses },
  { name: 'answers after minutes', draw: plain, delay: minutes, sendAt: anyTime, hypotheses: plainHypotheses },
  { name: 'answers after hours', draw: plain, delay: hours, sendAt: anyTime, hypotheses: plainHypotheses },
  { name: 'answers after days', draw: plain, delay: days, sendAt: anyTime, hypotheses: plainHypotheses },
  { name: 'fixed hour 10:00', draw: plain, delay: hours, sendAt: atTen, hypotheses: plainHypotheses },
  { name: 'office-hours sending', draw: plain, delay: hours, sendAt: officeHours, hypotheses: plainHypotheses },
  {
    name: 'weekday habits',
    draw: still((dice) => {
      const share = dice.next()
      const week = share < 0.6 ? weekly.office : share < 0.8 ? weekly.leisure : weekly.any
      const at = around(dice.uniform(1, 2), dice.uniform(8, 20))
      return { rates: drawRates(dice), level: onDays(week)(at) }
    }),
    delay: hours,
    sendAt: anyTime,
    hypotheses: () => [...each(onDays(weekly.office), 0.6), ...each(onDays(weekly.leisure), 0.2), ...each(onDays(weekly.any), 0.2)],
  },
  {
    name: 'hour depends on channel',
    draw: still((dice) => ({ rates: drawRates(dice), level: shifted(around(dice.uniform(1, 2), dice.uniform(8, 20))) })),
    delay: minutes,
    sendAt: anyTime,
    hypotheses: () => each(shifted, 1),
  },
  {
    name: 'own hour on each channel',
    draw: still((dice) => {
      const at = channels.map(() => around(dice.uniform(1, 2), dice.uniform(8, 20)))
      return { rates: drawRates(dice), level: (channel, _weekday, hour) => at[channel]?.(hour) ?? 0 }
    }),
    delay: minutes,
    sendAt: anyTime,
    hypotheses: null,
  },
  {
    name: 'bimodal hours',
    draw: still((dice) => ({ rates: drawRates(dice), level: twice(around(dice.uniform(3, 4), dice.uniform(7, 12))) })),
    delay: hours,
    sendAt: anyTime,
    hypotheses: () =>
      [3.25, 3.75].flatMap((kappa) =>
        Array.from({ length: 20 }, (_, index) => ({ weight: 1 / 40, level: twice(around(kappa, 7.125 + index / 4)), rates })),
      ),
  },
  {
    name: 'channel split',
    draw: still((dice) => {
      const favourite = dice.between(0, 2)
      const drawn = channels.map((_, channel) => (channel === favourite ? liked : disliked))
      return { rates: drawRates(dice, drawn), level: drawHour(dice) }
    }),
    delay: hours,
    sendAt: anyTime,
    hypotheses: () =>
      channels.flatMap((_, favourite) =>
        each(
          (at) => (_channel, _weekday, hour) => at(hour),
          1 / 3,
          channels.map((__, channel) => (channel === favourite ? liked : disliked)),
        ),
      ),
  },
  {
    name: 'low rates (1–3 %)',
    draw: still((dice) => ({ rates: drawRates(dice, rare), level: drawHour(dice) })),
    delay: hours,
    sendAt: anyTime,
    hypotheses: () => each((at) => (_channel, _weekday, hour) => at(hour), 1, rare),
  },
  {
    name: 'automatic answers',
    draw: still((dice) => ({
      rates: drawRates(dice),
      level: drawHour(dice),
      machine: [dice.happens(0.3), dice.happens(0.1), dice.happens(0.2)],
    })),
    delay: hours,
    sendAt: anyTime,
    hypotheses: plainHypotheses,
  },
  {
    name: 'gradual drift',
    draw: (dice) => ({ before: plain(dice).now, now: plain(dice).now, drift: 'gradual' }),
    delay: hours,
    sendAt: anyTime,
    hypotheses: null,
  },
  {
    name: 'sudden drift',
    draw: (dice) => ({ before: plain(dice).now, now: plain(dice).now, drift: 'sudden' }),
    delay: atOnce,
    sendAt: anyTime,
    hypotheses: null,
  },
]

export interface WorldOptions {
  readonly seed: number
  readonly contacts: number
  /** Messages of a random policy to each contact. */
  readonly messages: number
}

export function worldNamed(name: string): World {
  const found = worlds.find((world) => world.name === name)
  if (found === undefined) throw new RangeError(`There is no world ${name}.`)
  return found
}

/** Draws contacts and their past. The same options, the same world. */
export function simulate(world: World, { seed, contacts, messages }: WorldOptions): Simulated[] {
  const dice = diceOf(seed)
  return Array.from({ length: contacts }, () => {
    const { before, now, drift } = world.draw(dice)
    const past = Array.from({ length: messages }, () => play(world, dice, before, now, drift))
    return { truth: now, past: past.toSorted((one, other) => one.sentAt - other.sentAt) }
  })
}

function play(world: World, dice: Dice, before: Truth, now: Truth, drift: 'sudden' | 'gradual' | undefined): Played {
  const { weekday, hour: sentHour } = world.sendAt(dice)
  const channel = dice.between(0, channels.length - 1)
  const week = dice.between(0, Math.floor(pastDays / 7) - 1)
  const sentAt = worldNow - (week + 1) * 7 * day + weekday * day + sentHour * hour + dice.between(0, 59) * minute
  const age = (worldNow - sentAt) / day
  const old = drift === 'gradual' ? dice.happens(age / pastDays) : drift === 'sudden' && age > pastDays / 2
  const willAnswer = dice.happens(trueChance(old ? before : now, channel, weekday, sentHour))
  const answer = sentAt + Math.max(world.delay(dice), 20_000)
  const isMachine = now.machine?.[channel] === true && dice.happens(0.8)
  const machine = isMachine ? { at: sentAt + dice.between(1, 4) * 1000, isFlagged: dice.happens(0.5) } : null
  return { channel, sentAt, answeredAt: willAnswer && answer <= worldNow ? answer : null, machine, willAnswer }
}

/** The true chance that a person answers. */
export function trueChance(truth: Truth, channel: number, weekday: number, at: number): number {
  return (truth.rates[channel] ?? 0) * truth.level(channel, weekday, at)
}
