import type { Call, Event, Message, Prisma, Ticket } from '../../data/generated/client.ts'
import { visibleContacts } from '../contacts/queries.ts'
import { type ReadContext, requireScope } from '../context.ts'

/** The visible messages among these ids. One statement, however many. */
export async function messagesById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Message>> {
  return byId(await context.db.prisma.message.findMany({ where: visible(context, ids) }))
}

/** The visible calls among these ids. One statement, however many. */
export async function callsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Call>> {
  return byId(await context.db.prisma.call.findMany({ where: visible(context, ids) }))
}

/** The visible tickets among these ids. One statement, however many. */
export async function ticketsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Ticket>> {
  return byId(await context.db.prisma.ticket.findMany({ where: visible(context, ids) }))
}

/** The visible events among these ids. One statement, however many. */
export async function eventsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, Event>> {
  return byId(await context.db.prisma.event.findMany({ where: visible(context, ids) }))
}

/** The activities that an actor can see are those of the contacts that it can see. */
function visible(context: ReadContext, ids: readonly string[]) {
  requireScope(context, 'contacts:read')
  const { actor } = context
  return {
    organizationId: actor.organizationId,
    contact: visibleContacts(actor),
    id: { in: [...ids] },
  } satisfies Prisma.MessageWhereInput & Prisma.CallWhereInput & Prisma.TicketWhereInput & Prisma.EventWhereInput
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
