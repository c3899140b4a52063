import type { ReadDb } from '../database.ts'
import type { SuggestionOutcomeKind } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** A suggestion that is not to return yet. */
export interface SetAside {
  readonly contactId: string
  readonly action: string
  /** Empty for an idea of the organization. */
  readonly subjectId: string
}

/** What is set aside of the suggestions of several contacts: of outcomes about one thing the latest counts; one statement. */
export async function selectSetAside(db: ReadDb, organizationId: string, contactIds: readonly string[], now: Date): Promise<SetAside[]> {
  return db.sql<SetAside[]>`
    select latest.contact_id as "contactId", latest.action, latest.subject_id as "subjectId"
    from (
      select distinct on (o.contact_id, o.action, o.subject_id) o.contact_id, o.action, o.subject_id, o.until
      from suggestion_outcomes o
      where o.organization_id = ${organizationId} and o.contact_id = any(${idArray(contactIds)})
      order by o.contact_id, o.action, o.subject_id, o.recorded_at desc, o.id desc
    ) latest
    where latest.until > ${now}`
}

export interface OutcomeCount {
  readonly action: string
  readonly outcome: SuggestionOutcomeKind
  readonly count: number
}

/** How often each outcome was recorded for each action; one statement. */
export async function countSuggestionOutcomes(
  db: ReadDb,
  organizationId: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<OutcomeCount[]> {
  return db.sql<OutcomeCount[]>`
    select o.action, o.outcome, count(*)::int as count
    from suggestion_outcomes o
    where o.organization_id = ${organizationId} and o.recorded_at >= ${from} and o.recorded_at < ${to}
    group by o.action, o.outcome`
}
