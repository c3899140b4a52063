import type { ReadDb } from '../database.ts'
import type { Organization } from '../generated/client.ts'

export async function selectOrganization(db: ReadDb, id: string): Promise<Organization | null> {
  const rows = await db.$queryRaw<Organization[]>`
    select o.id, o.name, o.default_country as "defaultCountry", o.quiet_hours as "quietHours",
      o.marketing_needs_opt_in as "marketingNeedsOptIn", o.keyword_channels::text[] as "keywordChannels", o.keyword_languages as "keywordLanguages", o.stop_words as "stopWords",
      o.start_words as "startWords", o.created_at as "createdAt", o.updated_at as "updatedAt"
    from organizations o where o.id = ${id}`
  return rows[0] ?? null
}
