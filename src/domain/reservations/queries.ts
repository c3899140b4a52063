import type { Prisma, SendReservation } from '../../data/generated/client.ts'
import { NotFound } from '../../kernel/errors.ts'
import { visibleContacts } from '../contacts/queries.ts'
import { type Actor, type ReadContext, requireScope } from '../context.ts'

/** The reservations that an actor can see are those of the contacts that it can see. */
export function visibleReservations(actor: Actor): Prisma.SendReservationWhereInput & { organizationId: string } {
  return { organizationId: actor.organizationId, contact: visibleContacts(actor) }
}

/** The visible reservations among these ids. One statement, however many. */
export async function reservationsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, SendReservation>> {
  requireScope(context, 'contacts:read')
  const found = await context.db.prisma.sendReservation.findMany({ where: { ...visibleReservations(context.actor), id: { in: [...ids] } } })
  return new Map(found.map((reservation) => [reservation.id, reservation]))
}

/** What a command has just written, for the caller who wrote it, whether or not it may read. @throws NotFound if it is gone by now */
export async function getWrittenReservation(context: ReadContext, id: string): Promise<SendReservation> {
  const found = await context.db.prisma.sendReservation.findFirst({ where: { ...visibleReservations(context.actor), id } })
  if (found === null) throw new NotFound('reservation', id)
  return found
}
