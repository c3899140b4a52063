import { type LifecycleStage, Prisma } from '../generated/client.ts'

/** A precise filter over contacts. Null asks for nothing; lists are "any of". */
export interface ContactMatch {
  /** Every word must be found, in one of its spellings. Folded like `contacts.search_text`. */
  readonly words: readonly (readonly string[])[]
  readonly lifecycleStages: readonly LifecycleStage[] | null
  readonly countryCodes: readonly string[] | null
  readonly tagKeys: readonly string[] | null
  readonly hasPhone: boolean | null
  readonly hasEmail: boolean | null
  /** Inclusive. */
  readonly createdAfter: Date | null
  /** Exclusive. */
  readonly createdBefore: Date | null
}

/** The condition that the organization's living contacts match, over the table `contacts` under the name `c`. */
export function contactsMatching(organizationId: string, match: ContactMatch): Prisma.Sql {
  return Prisma.sql`${contactsFitting(organizationId, match)} and c.deleted_at is null`
}

/** The same condition for contacts that live or are deleted. */
export function contactsFitting(organizationId: string, match: ContactMatch): Prisma.Sql {
  const conditions = [Prisma.sql`c.organization_id = ${organizationId}`]
  for (const spellings of match.words) {
    const found = spellings.map((spelling) => Prisma.sql`c.search_text like ${`%${escapeLike(spelling)}%`}`)
    conditions.push(Prisma.sql`(${Prisma.join(found, ' or ')})`)
  }
  if (match.lifecycleStages !== null)
    conditions.push(Prisma.sql`c.lifecycle_stage = any(${match.lifecycleStages}::text[]::lifecycle_stage[])`)
  if (match.countryCodes !== null) conditions.push(Prisma.sql`c.country_code = any(${match.countryCodes}::text[])`)
  if (match.tagKeys !== null) conditions.push(Prisma.sql`c.tag_keys && ${match.tagKeys}::text[]`)
  if (match.hasPhone !== null) conditions.push(match.hasPhone ? Prisma.sql`c.phone is not null` : Prisma.sql`c.phone is null`)
  if (match.hasEmail !== null) conditions.push(match.hasEmail ? Prisma.sql`c.email is not null` : Prisma.sql`c.email is null`)
  if (match.createdAfter !== null) conditions.push(Prisma.sql`c.created_at >= ${match.createdAfter}`)
  if (match.createdBefore !== null) conditions.push(Prisma.sql`c.created_at < ${match.createdBefore}`)
  return Prisma.join(conditions, ' and ')
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}
