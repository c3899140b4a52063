import { type Chance, chance } from '../../../prisma/demo/random.ts'

/** Draws from distributions; the same seed, the same draws. */
export interface Dice extends Chance {
  beta(alpha: number, beta: number): number
  /** Exponentially distributed with the given mean. */
  exponential(mean: number): number
  /** Lognormal: the logarithm is normal around log(median). */
  lognormal(median: number, sigma: number): number
  uniform(low: number, high: number): number
}

export function diceOf(seed: number): Dice {
  const source = chance(seed)
  const next = () => source.next()
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    ...source,
    beta(alpha, beta) {
      const one = drawGamma(next, normal, alpha)
      return one / (one + drawGamma(next, normal, beta))
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    lognormal: (median, sigma) => median * Math.exp(sigma * normal()),
    uniform: (low, high) => low + (high - low) * next(),
  }
}

/** Marsaglia and Tsang 2000; a shape below 1 by their power of a uniform draw. */
function drawGamma(next: () => number, normal: () => number, shape: number): number {
  if (shape < 1) return drawGamma(next, normal, shape + 1) * next() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = normal()
    const v = (1 + c * z) ** 3
    if (v > 0 && Math.log(1 - next()) < 0.5 * z ** 2 + d - d * v + d * Math.log(v)) return d * v
  }
}
