import type { ReadDb } from '../database.ts'
import { type Organization, Prisma } from '../generated/client.ts'

/** Every column of an organization, under the names that Prisma gives them. */
export const organizationColumns = Prisma.sql`
  o.id, o.name, o.default_country as "defaultCountry", o.quiet_hours as "quietHours",
  o.marketing_needs_opt_in as "marketingNeedsOptIn", o.whatsapp_service_window as "whatsappServiceWindow",
  o.keyword_channels::text[] as "keywordChannels", o.keyword_languages as "keywordLanguages", o.stop_words as "stopWords",
  o.start_words as "startWords",
  o.created_at as "createdAt", o.updated_at as "updatedAt"`

export async function selectOrganization(db: ReadDb, id: string): Promise<Organization | null> {
  const rows = await db.sql<Organization[]>`select ${organizationColumns} from organizations o where o.id = ${id}`
  return rows[0] ?? null
}
