// Worlds that the model's assumptions were not chosen by: they show whether a change helps in general.
import type { Dice } from './random.ts'
import { around, drawRates, hours, type Hypothesis, type Level, minutes, rates, still, type World } from './worlds.ts'

const evenly = (from: number, until: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + ((index + 0.5) * (until - from)) / count)

/** Contacts with one good hour between two of the day, for the draw and for the Bayes-optimal policy. */
const withGoodHour = (from: number, until: number) => ({
  draw: still((dice: Dice) => {
    const at = around(dice.uniform(1, 2), dice.uniform(from, until))
    return { rates: drawRates(dice), level: ((_channel, _weekday, hour) => at(hour)) satisfies Level }
  }),
  hypotheses: (): Hypothesis[] =>
    [1.1, 1.5, 1.9].flatMap((kappa) =>
      evenly(from, until, 12).map((peak) => {
        const at = around(kappa, peak)
        return { weight: 1 / 36, level: (_channel, _weekday, hour) => at(hour), rates }
      }),
    ),
})

const alike: Level = () => 0.5

export const moreWorlds: readonly World[] = [
  {
    name: 'newsletter at a good hour',
    ...withGoodHour(8.5, 12.5),
    delay: hours,
    sendAt: () => ({ weekday: 2, hour: 10 }),
  },
  {
    name: 'evening hours',
    ...withGoodHour(17, 22),
    delay: minutes,
    sendAt: (dice) => ({ weekday: dice.between(0, 6), hour: dice.between(8, 20) }),
  },
  {
    name: 'two sending hours',
    ...withGoodHour(8, 20),
    delay: hours,
    sendAt: (dice) => ({ weekday: dice.between(1, 5), hour: dice.happens(0.5) ? 9 : 18 }),
  },
  {
    name: 'hours do not matter',
    draw: still((dice) => ({ rates: drawRates(dice), level: alike })),
    delay: hours,
    sendAt: (dice) => ({ weekday: dice.between(0, 6), hour: dice.between(7, 21) }),
    hypotheses: () => [{ weight: 1, level: alike, rates }],
  },
]
