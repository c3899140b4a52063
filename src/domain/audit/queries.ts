import type { ReadDb } from '../../data/database.ts'
import type { AuditEntry } from '../../data/generated/client.ts'
import { type AuditSearch, selectAuditEntries } from '../../data/sql/find-audit-entries.ts'
import { type List, type Page, type PageRequest, pageOf, type Position } from '../../kernel/page.ts'
import { type ReadContext, requireScope } from '../context.ts'
import { parseSearch } from './rules.ts'

/** The list that a page of the audit log belongs to. */
export const auditList: List = { name: 'audit', key: 'time' }

export function auditPosition(entry: AuditEntry): Position {
  return { key: entry.occurredAt, id: entry.id }
}

/** A page of the organization's audit log, newest first. One statement. @throws InvalidInput */
export async function findAuditEntries(context: ReadContext, search: AuditSearch, page: PageRequest): Promise<Page<AuditEntry>> {
  requireScope(context, 'audit:read')
  const { entries, total } = await selectAuditEntries(context.db, context.actor.organizationId, parseSearch(search), page)
  return pageOf(entries, page, total)
}

/** The entries among these ids. One statement. */
export async function auditEntriesById(context: ReadContext, ids: readonly string[]): Promise<Map<string, AuditEntry>> {
  requireScope(context, 'audit:read')
  const { organizationId } = context.actor
  const entries = await context.db.prisma.auditEntry.findMany({ where: { organizationId, id: { in: [...ids] } } })
  return new Map(entries.map((entry) => [entry.id, entry]))
}

/** The whole log of an organization within a time, newest first, a batch at a time: for the person who runs the gateway. */
export async function* exportAuditEntries(
  { db, organizationId }: { readonly db: ReadDb; readonly organizationId: string },
  search: AuditSearch,
): AsyncGenerator<AuditEntry[]> {
  for (let from: Position | null = null; ;) {
    const page: PageRequest = { limit: 1000, direction: 'forward', from, total: false }
    const { items, hasNext } = pageOf((await selectAuditEntries(db, organizationId, search, page)).entries, page, null)
    yield [...items]
    const last = items.at(-1)
    if (!hasNext || last === undefined) return
    from = auditPosition(last)
  }
}
