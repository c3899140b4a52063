import { neededFrom, restorePosition, storePosition } from '../../data/feed-position.ts'
import type { Change, ImportJob, Prisma, WebhookEndpoint } from '../../data/generated/client.ts'
import { type ChangesFound, selectChanges } from '../../data/sql/find-changes.ts'
import { transaction } from '../../data/transaction.ts'
import { idKind, newId } from '../../kernel/ids.ts'
import { encodeEventId } from '../changes/rules.ts'
import { filterChanges, perContact } from '../finding/filter-changes.ts'
import { resolveStoredFilter } from '../finding/filter.ts'
import { typeOf, wantsImports } from './rules.ts'
import { actingFor, type WebhookServices } from './services.ts'
import { restoreFilter } from '../finding/stored-filter.ts'

/** How many changes are read at a time. */
const changesAtOnce = 500

type Event = Pick<WebhookEventRow, 'type' | 'kinds' | 'fields' | 'occurredAt'> & {
  readonly contactId?: string
  readonly importJobId?: string
}
type WebhookEventRow = Prisma.WebhookDeliveryCreateManyInput & { kinds: string[]; fields: string[] }

/**
 * Reads the feed on for an endpoint and makes deliveries of what it wants. The deliveries and the new position are kept together, so that a change is
 * neither lost nor delivered twice when a process ends here. @param lease the endpoint is left alone if it is no longer leased by it
 * @returns whether there is more to read
 */
export async function collectEvents(services: WebhookServices, endpoint: WebhookEndpoint, lease: string): Promise<boolean> {
  const { organizationId, id } = endpoint
  const { db, now, secretKeys } = services
  const from = restorePosition(endpoint.position)
  const read = await selectChanges(db, organizationId, from, changesAtOnce)
  // A database that was restored from a dump numbers its transactions from the beginning: what it has now is the beginning.
  const position = from.next > read.seen.next ? read.seen : read.position
  const events = [...(await importEvents(services, endpoint, read)), ...(await contactEvents(services, endpoint, read))]
  const eventId = encodeEventId(position, { now, secretKeys })
  const common = { organizationId, endpointId: id, eventId, nextAttemptAt: now(), createdAt: now() }
  await transaction(db, async (tx) => {
    const progress = { position: storePosition(position), neededFrom: neededFrom(position) }
    const { count } = await tx.prisma.webhookEndpoint.updateMany({ where: { organizationId, id, lease }, data: progress })
    if (count === 0 || events.length === 0) return
    await tx.prisma.webhookDelivery.createMany({ data: events.map((event) => ({ ...common, id: newId('webhookDelivery'), ...event })) })
  })
  return read.hasMore
}

/** One event for each contact, with all that happened to it. */
async function contactEvents(services: WebhookServices, endpoint: WebhookEndpoint, { changes }: ChangesFound): Promise<Event[]> {
  const { organizationId, kinds, importedContacts, filter } = endpoint
  const isWanted = ({ kind, subjectId, contactId }: Change) =>
    contactId !== null && (kinds.length === 0 || kinds.includes(kind)) && (importedContacts || !isImport(subjectId))
  const changed = perContact(changes.filter(isWanted))
  if (changed.length === 0) return []
  const match = await resolveStoredFilter(actingFor(services, organizationId), restoreFilter(filter))
  const seen = await filterChanges(services.db, organizationId, match, changed)
  return seen.map(({ contactId, kinds: happened, fields, occurredAt }) => ({
    type: typeOf(happened),
    contactId,
    kinds: [...happened],
    fields: [...fields],
    occurredAt,
  }))
}

/** One event for each import that has ended, unless its contacts are events of their own. */
async function importEvents(services: WebhookServices, endpoint: WebhookEndpoint, { changes }: ChangesFound): Promise<Event[]> {
  if (endpoint.importedContacts || !wantsImports(endpoint)) return []
  const ids = [
    ...new Set(changes.flatMap(({ kind, subjectId }) => (kind === 'import.progressed' && subjectId !== null ? [subjectId] : []))),
  ]
  if (ids.length === 0) return []
  const { organizationId, id: endpointId } = endpoint
  const jobs = await services.db.prisma.importJob.findMany({ where: { organizationId, id: { in: ids }, isOpen: false, dryRun: false } })
  const known = await services.db.prisma.webhookDelivery.findMany({
    where: { organizationId, endpointId, importJobId: { in: jobs.map(({ id }) => id) } },
    select: { importJobId: true, type: true },
  })
  const events = jobs.map((job) => ({ job, type: `import.${job.status}` }))
  return events
    .filter(({ job, type }) => !known.some((one) => one.importJobId === job.id && one.type === type))
    .map(({ job, type }) => ({ type, importJobId: job.id, kinds: [], fields: [], occurredAt: endOf(job) ?? services.now() }))
}

function endOf({ rolledBackAt, completedAt }: ImportJob): Date | null {
  return rolledBackAt ?? completedAt
}

function isImport(subjectId: string | null): boolean {
  return subjectId !== null && idKind(subjectId) === 'importJob'
}
