import type { PoolSettings } from './pool.ts'

/** How much longer than its server a gateway waits for a statement to end, in milliseconds. */
const grace = 1000

/**
 * How every connection begins. It speaks UTC, because Prisma's adapter writes and reads times without their offset; and a statement
 * that takes longer than it may is stopped by the server. Nothing is compiled: that takes longer than any page does, and the planner decides for
 * it by what parts would cost that are seldom done.
 * @param statementTimeout in milliseconds; 0 for none. The embedded database cannot interrupt itself and ignores it.
 */
export function session(statementTimeout: number): PoolSettings {
  return {
    answerTimeout: answerTimeoutFor(statementTimeout),
    // The pool waits for what this returns; its types do not say so.
    // oxlint-disable-next-line no-misused-promises
    onConnect: async (client) => {
      await client.query(`set time zone 'UTC'; set jit = off; set statement_timeout = ${Math.trunc(statementTimeout)}`)
    },
  }
}

/**
 * How a connection through a pooler in transaction mode begins. The pooler keeps the time zone for each of its clients; other settings would
 * stay on whichever connection of the server was used, so the role brings those (docs/production.md).
 * @param statementTimeout in milliseconds; 0 for none
 */
export function pooledSession(statementTimeout: number): PoolSettings {
  return {
    answerTimeout: answerTimeoutFor(statementTimeout),
    // oxlint-disable-next-line no-misused-promises -- as above
    onConnect: async (client) => {
      await client.query("set time zone 'UTC'")
    },
  }
}

function answerTimeoutFor(statementTimeout: number): number {
  return statementTimeout === 0 ? 0 : statementTimeout + grace
}
