import type pg from 'pg'

/** Prisma's adapter writes and reads times without their offset: they mean UTC only in a session that speaks UTC. */
export const speakingUtc: pg.PoolConfig = {
  // The pool waits for what this returns; its types do not say so.
  // oxlint-disable-next-line no-misused-promises
  onConnect: async (client) => {
    await client.query("set time zone 'UTC'")
  },
}
