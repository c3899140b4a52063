import { csvRecord } from '../../kernel/csv.ts'
import type { PageRequest, Position } from '../../kernel/page.ts'
import { getContact } from '../contacts/queries.ts'
import type { ReadContext } from '../context.ts'
import { journeyByContact, journeyPosition } from './queries.ts'
import type { JourneyEntry } from './rules.ts'

const columns = ['occurred_at', 'stage', 'type', 'channel', 'direction', 'title', 'detail', 'reference_id']

/** How many entries are in memory at a time. */
const pageSize = 1000

/**
 * The whole journey of a contact as CSV, oldest first, in chunks of about a thousand lines: each is read when the one before it has
 * been taken, so that a journey of any length takes the same memory.
 * @returns when it is known that there is such a contact; what is read later can still fail
 * @throws NotFound
 */
export async function journeyCsv(context: ReadContext, contactId: string): Promise<AsyncGenerator<string>> {
  await getContact(context, contactId)
  return chunks(context, contactId)
}

async function* chunks(context: ReadContext, contactId: string): AsyncGenerator<string> {
  yield csvRecord(columns)
  for (let from: Position | null = null; ;) {
    const request: PageRequest = { limit: pageSize, direction: 'forward', from, total: false }
    const page = (await journeyByContact(context, [contactId], request)).get(contactId)
    const last = page?.items.at(-1)
    if (page === undefined || last === undefined) return
    yield page.items.map((entry) => csvRecord(cells(entry))).join('')
    if (!page.hasNext) return
    from = journeyPosition(last)
  }
}

function cells({ occurredAt, stage, type, channel, direction, title, detail, referenceId }: JourneyEntry): (string | null)[] {
  return [occurredAt.toISOString(), stage, type, channel, direction, title, detail, referenceId]
}
