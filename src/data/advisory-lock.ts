import type { Tx } from './database.ts'

const turns = { bootstrap: 7_263_002 } as const

/** Waits until no other process is at this, and keeps the others waiting until the transaction ends. */
export async function takeTurns(tx: Tx, at: keyof typeof turns): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(${turns[at]}::bigint)::text`
}
