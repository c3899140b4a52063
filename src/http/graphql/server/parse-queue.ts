import type { Plugin } from 'graphql-yoga'

/**
 * Lets one document be parsed and validated at a time, and everything else in between: neither can be interrupted, and several that come at once would keep
 * all other requests waiting for as long as all of them take together.
 */
export function parseQueue(): Plugin {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async onParams() {
      const mine = last
      last = mine.then(() => new Promise((resolve) => setImmediate(resolve)))
      await mine
    },
  }
}
