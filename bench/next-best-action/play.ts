import { bayesOptimal } from '../../test/support/simulation/bayes.ts'
import { judge, type Policy } from '../../test/support/simulation/judge.ts'
import { ours } from '../../test/support/simulation/ours.ts'
import { atRandom, bestChannelAtTwo, bestDaypart, lastAnswered, oracle, simpleShrinkage } from '../../test/support/simulation/policies.ts'
import { simulate, type World } from '../../test/support/simulation/worlds.ts'

/** The policies that a few lines of code can follow. */
export const naive = {
  'last answered': lastAnswered,
  'best channel at 14:00': bestChannelAtTwo,
  'best channel × daypart': bestDaypart,
  'simple shrinkage': simpleShrinkage,
} satisfies Record<string, Policy>

/** What the policies reached in one world: a list has a value for each seed. */
export interface Result {
  readonly world: string
  readonly contacts: number
  readonly messages: number
  readonly replyRates: Readonly<Record<string, readonly number[]>>
  /** Of the predictions of all seeds together: expected calibration error over ten bins. */
  readonly calibrationError: number
  /** Ours divided by the Bayes-optimal policy, on the contacts that it was computed for; empty where it cannot be computed. */
  readonly ofBayes: readonly number[]
}

export interface Size {
  readonly contacts: number
  readonly messages: number
  readonly seeds: number
}

/** The Bayes-optimal policy takes longer than all others: so many contacts show what it reaches. */
const mostForBayes = 500

/** Lets every policy choose for every contact of some worlds of one kind. */
export function play(world: World, { contacts, messages, seeds }: Size): Result {
  const replyRates: Record<string, number[]> = {}
  const ofBayes: number[] = []
  const bins = Array.from({ length: 10 }, () => ({ predicted: 0, actual: 0 }))
  const bayes = bayesOptimal(world)
  for (let seed = 1; seed <= seeds; seed += 1) {
    const drawn = simulate(world, { seed, contacts, messages })
    const policies: Record<string, Policy> = { ours: ours(), ...naive, random: atRandom(seed), oracle }
    for (const [name, policy] of Object.entries(policies)) {
      const choices = policy(drawn)
      const outcome = judge(drawn, choices)
      replyRates[name] = [...(replyRates[name] ?? []), outcome.replyRate]
      if (name !== 'ours') continue
      for (const [index, { predicted, actual }] of outcome.bins.entries()) {
        const bin = bins[index]
        if (bin === undefined) continue
        bin.predicted += predicted
        bin.actual += actual
      }
      if (bayes === null) continue
      const some = drawn.slice(0, mostForBayes)
      ofBayes.push(judge(some, choices.slice(0, mostForBayes)).replyRate / judge(some, bayes(some)).replyRate)
    }
  }
  const error = bins.reduce((sum, { predicted, actual }) => sum + Math.abs(predicted - actual), 0)
  return { world: world.name, contacts, messages, replyRates, calibrationError: error / (contacts * seeds), ofBayes }
}
