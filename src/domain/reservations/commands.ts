import type { SendReservation } from '../../data/generated/client.ts'
import type { Tx } from '../../data/database.ts'
import { deleteReservations } from '../../data/sql/delete-old-reservations.ts'
import { lockReservations } from '../../data/sql/lock-reservations.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { statusOf } from './rules.ts'

export type NewReservation = Pick<
  SendReservation,
  'contactId' | 'channel' | 'category' | 'topicId' | 'address' | 'occursAt' | 'expiresAt' | 'createdAt'
>

/** Writes a reservation that has been decided about, within the transaction that has locked the contact. @returns its id */
export async function insertReservation({ db, actor }: Context, fields: NewReservation): Promise<string> {
  const id = newId('sendReservation')
  const data = { ...fields, organizationId: actor.organizationId, id, reservedBy: actor.name }
  await db.prisma.sendReservation.create({ data, select: { id: true } })
  return id
}

/**
 * Gives the slot of a reservation back. One that was released or has expired stays so.
 * @returns its id
 * @throws NotFound; InvalidInput if its message has been recorded
 */
export async function releaseReservation(context: Context, idText: string): Promise<string> {
  requireScope(context, 'contacts:write')
  const id = parseId('sendReservation', idText)
  const { organizationId } = context.actor
  return transaction(context.db, async (tx) => {
    const [reservation] = await lockReservations(tx, organizationId, [id])
    if (reservation === undefined) throw new NotFound('reservation', id)
    const now = context.now()
    const status = statusOf(reservation, now)
    if (status === 'used') {
      throw new InvalidInput('The message of this reservation has been recorded, so there is nothing to release.', {
        field: 'id',
        value: id,
        expected: 'a reservation whose message has not been recorded',
      })
    }
    if (status !== 'held') return id
    await tx.prisma.sendReservation.updateMany({ where: { organizationId, id }, data: { releasedAt: now } })
    await audit(tx, context, 'reservation.released', [{ id, contactId: reservation.contactId }])
    return id
  })
}

/** How long a reservation is kept after it has expired, whether or not its message was recorded. */
const kept = 30 * 24 * 60 * 60 * 1000

/** Removes reservations that expired more than 30 days ago, of every organization. @returns how many */
export async function deleteOldReservations(db: Tx, now: Date): Promise<number> {
  return deleteReservations(db, new Date(now.getTime() - kept))
}
