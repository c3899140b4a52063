import type { Tx } from '../database.ts'

/**
 * Lets the planner know what the contacts are like. It looks by itself now and then, on the embedded database never; until it has, it
 * takes all indexes of a table that has just grown for equally good, and reads a whole organization to find one phone number.
 */
export async function analyzeContacts(db: Tx): Promise<void> {
  await db.prisma.$executeRaw`analyze contacts`
}
