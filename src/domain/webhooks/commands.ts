import { nothingKnown, neededFrom, storePosition } from '../../data/feed-position.ts'
import { Prisma, type WebhookEndpoint } from '../../data/generated/client.ts'
import { selectChanges } from '../../data/sql/find-changes.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import type { ContactChangeKind } from '../changes/rules.ts'
import { type Context, requireScope } from '../context.ts'
import { type ContactFilter, resolveFilter } from '../finding/filter.ts'
import { getWebhookEndpoint } from './queries.ts'
import { maxEndpoints, parseUrl } from './rules.ts'
import type { WebhookSending } from './services.ts'
import { newSecret, sealSecret } from './sign.ts'
import { storeFilter } from '../finding/stored-filter.ts'

/** What callers decide about an endpoint. Omitted fields keep their values. */
export interface WebhookEndpointInput {
  readonly url?: string | null | undefined
  readonly description?: string | null | undefined
  /** Null or empty: all. */
  readonly kinds?: readonly ContactChangeKind[] | null | undefined
  /** Null: all contacts. */
  readonly filter?: ContactFilter | null | undefined
  readonly importedContacts?: boolean | null | undefined
  readonly enabled?: boolean | null | undefined
}

type WebhookSettings = Pick<WebhookSending, 'allowPrivate'>

export interface WithSecret {
  readonly endpoint: WebhookEndpoint
  /** Shown once. */
  readonly secret: string
}

/** An endpoint gets what contacts:read reads, so that scope is needed as well. @throws InsufficientPermissions */
function requireScopes(context: Context): void {
  requireScope(context, 'settings:write')
  requireScope(context, 'contacts:read')
}

/** Creates an endpoint. It gets what happens from now on. @throws InvalidInput */
export async function createWebhookEndpoint(
  context: Context,
  { url, ...input }: WebhookEndpointInput & { readonly url: string },
  { allowPrivate }: WebhookSettings,
): Promise<WithSecret> {
  requireScopes(context)
  const { organizationId, name } = context.actor
  const data = { ...(await parseInput(context, input)), url: parseUrl(url, allowPrivate) }
  const [id, secret, now] = [newId('webhookEndpoint'), newSecret(), context.now()]
  const { seen } = await selectChanges(context.db, organizationId, nothingKnown, 0)
  const endpoint = await transaction(context.db, async (tx) => {
    await audit(tx, context, 'webhook_endpoint.created', [{ id, contactId: null }])
    // Counted under the lock of the organization's row, so that two requests do not both take the last one.
    await tx.sql`select id from organizations where id = ${organizationId} for update`
    const count = await tx.prisma.webhookEndpoint.count({ where: { organizationId } })
    if (count >= maxEndpoints)
      throw new InvalidInput(`An organization has at most ${maxEndpoints} webhook endpoints. Delete one first.`, {
        field: 'url',
        expected: `at most ${maxEndpoints} endpoints`,
      })
    return tx.prisma.webhookEndpoint.create({
      data: {
        ...data,
        organizationId,
        id,
        secret: sealSecret(context.secretKeys, id, secret),
        position: storePosition(seen),
        neededFrom: neededFrom(seen),
        dueAt: now,
        createdAt: now,
        createdBy: name,
        updatedAt: now,
      },
    })
  })
  return { endpoint, secret }
}

/** Changes an endpoint. One that is enabled again goes on where it stopped, as far as changes are kept. @throws InvalidInput, NotFound */
export async function updateWebhookEndpoint(
  context: Context,
  id: string,
  { url, enabled, ...input }: WebhookEndpointInput,
  { allowPrivate }: WebhookSettings,
): Promise<WebhookEndpoint> {
  requireScopes(context)
  const { organizationId } = context.actor
  const now = context.now()
  const before = await getWebhookEndpoint(context, id)
  const isResumed = enabled === true && !before.enabled
  const data = {
    ...(await parseInput(context, input)),
    ...(typeof url === 'string' && { url: parseUrl(url, allowPrivate) }),
    ...(typeof enabled === 'boolean' && { enabled }),
    // A new URL may work at once, whatever the old one did.
    ...((isResumed || typeof url === 'string') && { failures: 0, retryAt: null, failingSince: null, switchedOffAt: null }),
  }
  return transaction(context.db, async (tx) => {
    const fields = Object.keys({ ...input, ...(url !== undefined && { url }), ...(enabled !== undefined && { enabled }) })
    await audit(tx, context, 'webhook_endpoint.updated', [{ id, contactId: null }], fields)
    const where = { organizationId_id: { organizationId, id } }
    return tx.prisma.webhookEndpoint.update({ where, data: { ...data, dueAt: now, updatedAt: now } })
  })
}

/** Removes an endpoint with its deliveries. What waits is not sent any more. @throws NotFound */
export async function deleteWebhookEndpoint(context: Context, id: string): Promise<void> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  await getWebhookEndpoint(context, id)
  await transaction(context.db, async (tx) => {
    // Locked first: a worker that is at it adds no delivery meanwhile.
    await tx.sql`select id from webhook_endpoints where organization_id = ${organizationId} and id = ${id} for update`
    await audit(tx, context, 'webhook_endpoint.deleted', [{ id, contactId: null }])
    await tx.prisma.webhookDelivery.deleteMany({ where: { organizationId, endpointId: id } })
    await tx.prisma.webhookEndpoint.deleteMany({ where: { organizationId, id } })
  })
}

const hour = 60 * 60 * 1000
const maxOverlap = 7 * 24

/**
 * Gives an endpoint a new secret. Events are signed with both until the overlap ends.
 * @param overlapHours 0 to 168; null: 24. @throws InvalidInput, NotFound
 */
export async function rotateWebhookSecret(context: Context, id: string, overlapHours: number | null): Promise<WithSecret> {
  requireScopes(context)
  const { organizationId } = context.actor
  const hours = overlapHours ?? 24
  if (hours < 0 || hours > maxOverlap)
    throw new InvalidInput(`Both secrets are valid for 0 to ${maxOverlap} hours.`, {
      field: 'overlapHours',
      value: hours,
      expected: `an integer from 0 to ${maxOverlap}`,
    })
  const { secret: previousSecret } = await getWebhookEndpoint(context, id)
  const secret = newSecret()
  const now = context.now()
  const previousSecretExpiresAt = new Date(now.getTime() + hours * hour)
  const endpoint = await transaction(context.db, async (tx) => {
    await audit(tx, context, 'webhook_secret.rotated', [{ id, contactId: null }])
    return tx.prisma.webhookEndpoint.update({
      where: { organizationId_id: { organizationId, id } },
      data: { secret: sealSecret(context.secretKeys, id, secret), previousSecret, previousSecretExpiresAt, updatedAt: now },
    })
  })
  return { endpoint, secret }
}

async function parseInput(
  context: Context,
  { description, kinds, filter, importedContacts }: Omit<WebhookEndpointInput, 'url' | 'enabled'>,
) {
  if (filter) await resolveFilter(context, filter)
  return {
    ...(description !== undefined && { description: description === null ? null : parseText(description, 'description', { max: 500 }) }),
    ...(kinds !== undefined && { kinds: [...new Set(kinds ?? [])] }),
    ...(filter !== undefined && { filter: storeFilter(filter) ?? Prisma.DbNull }),
    ...(typeof importedContacts === 'boolean' && { importedContacts }),
  }
}
