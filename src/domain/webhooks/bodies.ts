import type { ImportJob, WebhookDelivery, WebhookEndpoint } from '../../data/generated/client.ts'
import { selectMatching } from '../../data/sql/find-matching-contacts.ts'
import { snakeCase } from '../../kernel/text.ts'
import { resolveStoredFilter } from '../finding/filter.ts'
import { maxBodySize } from './rules.ts'
import { actingFor, type WebhookServices } from './services.ts'
import { restoreFilter } from '../finding/stored-filter.ts'

/** What an event is made of. */
export type EventRow = Pick<WebhookDelivery, 'id' | 'type' | 'contactId' | 'importJobId' | 'kinds' | 'fields' | 'occurredAt' | 'eventId'>

/**
 * The bodies of events by their ids, with the contacts as they are now. A contact is in it only if the filter of the endpoint matches. A fixed number of
 * statements.
 */
export async function bodiesOf(
  services: WebhookServices,
  endpoint: WebhookEndpoint,
  events: readonly EventRow[],
): Promise<Map<string, string>> {
  const { organizationId } = endpoint
  const context = actingFor(services, organizationId)
  const contactIds = [...new Set(events.flatMap(({ contactId }) => contactId ?? []))]
  const jobIds = [...new Set(events.flatMap(({ importJobId }) => importJobId ?? []))]
  const match = contactIds.length === 0 ? null : await resolveStoredFilter(context, restoreFilter(endpoint.filter))
  const fitting = match === null ? [] : await selectMatching(services.db, organizationId, match, contactIds)
  const matching = fitting.filter(({ isLiving }) => isLiving).map(({ id }) => id)
  const contacts = await services.presentContacts(context, matching)
  const jobs = jobIds.length === 0 ? [] : await services.db.prisma.importJob.findMany({ where: { organizationId, id: { in: jobIds } } })
  const jobsById = new Map(jobs.map((job) => [job.id, job]))
  return new Map(
    events.map((event) => {
      const job = event.importJobId === null ? undefined : jobsById.get(event.importJobId)
      return [event.id, event.importJobId === null ? contactBody(event, contacts) : bodyOf(event, importData(event, job))]
    }),
  )
}

function contactBody(event: EventRow, contacts: ReadonlyMap<string, object>): string {
  const contact = contacts.get(event.contactId ?? '') ?? null
  const data = {
    contact_id: event.contactId,
    kinds: event.kinds,
    fields: event.fields.map(snakeCase),
    event_id: event.eventId,
    matches: contact !== null,
  }
  const body = bodyOf(event, { ...data, contact })
  // Merges may leave a contact with so many addresses that it does not fit: the receiver then reads it by its id.
  return Buffer.byteLength(body) <= maxBodySize ? body : bodyOf(event, { ...data, contact: null, contact_omitted: true })
}

function importData({ importJobId, eventId }: EventRow, job: ImportJob | undefined): object {
  const counts = job && {
    status: job.status,
    total_rows: job.totalRows,
    created: job.created,
    updated: job.updated,
    unchanged: job.unchanged,
    skipped: job.skipped,
  }
  return { import_job_id: importJobId, ...counts, event_id: eventId }
}

/** The body of an event. */
export function bodyOf({ type, occurredAt }: Pick<EventRow, 'type' | 'occurredAt'>, data: object): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data })
}
