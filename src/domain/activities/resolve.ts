import type { Tx } from '../../data/database.ts'
import type { Channel } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { idKind } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { visibleContacts } from '../contacts/queries.ts'
import { type Context, requireScope } from '../context.ts'

export interface Resolution {
  /** The id of an inbound message or of a call from the contact. */
  readonly activityId: string
  /** False opens it again. Default: true. */
  readonly resolved?: boolean | null | undefined
}

/**
 * Marks an inbound message as needing no answer, and with it all that the contact wrote so far in its conversation, which is its channel; or a
 * missed call, and with it all so far. Or opens one of them again. One that is resolved stays resolved as it was.
 * @returns its id @throws InvalidInput, NotFound
 */
export async function resolveActivity(context: Context, { activityId, resolved }: Resolution): Promise<string> {
  requireScope(context, 'contacts:write')
  await transaction(context.db, (tx) => writeResolution(tx, context, activityId, resolved ?? true))
  return activityId
}

/** The same within a transaction. */
export async function writeResolution(tx: Tx, context: Context, activityId: string, resolved: boolean): Promise<void> {
  const kind = idKind(activityId)
  if (kind !== 'message' && kind !== 'call')
    throw new InvalidInput('Only messages and calls can be resolved. Report the status of a ticket with recordActivities.', {
      field: 'activityId',
      value: activityId.slice(0, 120),
      expected: 'the id of an inbound message or call',
    })
  const { organizationId } = context.actor
  const where = { organizationId, contact: visibleContacts(context.actor), id: activityId, direction: 'inbound' as const }
  const select = { contactId: true, resolvedAt: true } as const
  const message = kind === 'message' ? await tx.prisma.message.findFirst({ where, select: { ...select, channel: true } }) : null
  const found = message ?? (kind === 'call' ? await tx.prisma.call.findFirst({ where, select }) : null)
  if (found === null) throw new NotFound(`inbound ${kind}`, activityId)
  if ((found.resolvedAt !== null) === resolved) return
  const [{ contactId }, channel] = [found, message?.channel ?? null]
  const now = context.now()
  const data = { resolvedAt: resolved ? now : null, updatedAt: now }
  const one = { organizationId, contactId, ...(resolved ? { resolvedAt: null, occurredAt: { lte: now } } : { id: activityId }) }
  if (channel === null) await tx.prisma.call.updateMany({ where: { ...one, direction: 'inbound', status: { not: 'answered' } }, data })
  else await tx.prisma.message.updateMany({ where: { ...one, direction: 'inbound', channel: { in: conversationOf(channel) } }, data })
  const subject = { id: activityId, contactId }
  await audit(tx, context, 'activity.resolved', [subject], ['resolvedAt'], [{ kind: 'activity.updated', contactId, subjectId: activityId }])
}

/** Text and RCS messages of a number are one conversation. */
function conversationOf(channel: Channel): Channel[] {
  return channel === 'sms' || channel === 'rcs' ? ['sms', 'rcs'] : [channel]
}
