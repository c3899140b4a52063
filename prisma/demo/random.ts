/** Reproducible chance: the same seed gives the same draws, always. */
export interface Chance {
  /** A number from 0 up to but not including 1. */
  next(): number
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
  /** True in `probability` of all draws. */
  happens(probability: number): boolean
  bytes(length: number): Uint8Array
}

/** The generator mulberry32 (Tommy Ettinger, public domain): small, and good enough for a demo. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    pick<Item>(items: readonly Item[]): Item {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new RangeError('There is nothing to pick from.')
      return item
    },
    happens: (probability) => next() < probability,
    bytes: (length) => Uint8Array.from({ length }, () => between(0, 255)),
  }
}
