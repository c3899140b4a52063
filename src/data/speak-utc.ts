import type pg from 'pg'

/** Prisma's adapter writes and reads times without their offset: they mean UTC only in a session that speaks UTC. */
export async function speakUtc(client: pg.ClientBase): Promise<void> {
  await client.query("set time zone 'UTC'")
}
