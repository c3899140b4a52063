import type { ReadDb } from '../database.ts'
import type { FrequencyCapRule } from '../generated/client.ts'

/** The rules of an organization that are switched on, by name. */
export function selectRulesInForce(db: ReadDb, organizationId: string): Promise<FrequencyCapRule[]> {
  return db.sql<FrequencyCapRule[]>`
    select r.organization_id as "organizationId", r.id, r.name, r.channel, r.category, r.limit, r.window_seconds as "windowSeconds",
      r.lifecycle_stages::text[] as "lifecycleStages", r.tags, r.country_codes as "countryCodes", r.filter, r.enabled,
      r.created_at as "createdAt", r.updated_at as "updatedAt"
    from frequency_cap_rules r where r.organization_id = ${organizationId} and r.enabled order by r.name, r.id`
}
