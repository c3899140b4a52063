import type { Tx } from '../database.ts'

/** Removes reservations of every organization that expired before a time. @returns how many */
export async function deleteReservations(db: Tx, before: Date): Promise<number> {
  return db.prisma.$executeRaw`delete from send_reservations r where r.expires_at < ${before}`
}
