import { type LifecycleStage, Prisma } from '../generated/client.ts'
import { listed } from './listed.ts'
import { type SearchWord, wordIndexed, wordSeen } from './search-words.ts'

/** A precise filter over contacts. Null asks for nothing; lists are "any of". */
export interface ContactMatch {
  /** Any of these contacts. */
  readonly ids: readonly string[] | null
  /** Every word must be found. */
  readonly words: readonly SearchWord[]
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

/**
 * How the same is asked of a contact: `seen` where contacts are looked at one by one, in words that no index knows, and `indexed` in those of the
 * index `contacts_living_words`, which would cost much more for each contact that is looked at without it.
 */
interface Asking {
  readonly word: (word: SearchWord) => Prisma.Sql
  readonly stages: (stages: readonly LifecycleStage[]) => Prisma.Sql
  readonly countries: (codes: readonly string[]) => Prisma.Sql
}

const seen: Asking = {
  word: wordSeen,
  stages: (stages) => Prisma.sql`c.lifecycle_stage = any(${stages}::text[]::lifecycle_stage[])`,
  countries: (codes) => Prisma.sql`c.country_code = any(${codes}::text[])`,
}

const indexed: Asking = {
  word: wordIndexed,
  stages: (stages) => Prisma.sql`array[c.lifecycle_stage] && ${stages}::text[]::lifecycle_stage[]`,
  countries: (codes) => Prisma.sql`array[c.country_code] && ${codes}::text[]`,
}

/** The condition that the organization's living contacts match, over the table `contacts` under the name `c`: to find them by the index. */
export function contactsMatching(organizationId: string, match: ContactMatch): Prisma.Sql {
  return Prisma.sql`${livingContacts(organizationId)}${and(conditions(match, indexed))}${and(created(match))}`
}

/**
 * Those contacts as rows of the table, to find them by the index. It looks for each that it finds among all of the organization's as well, which
 * takes longer than reading it, and is for nothing where hardly any others are: an organization that has most contacts is not asked of the index,
 * which knows its column in one collation only, but of the contacts that it finds.
 * @param ownsMost whether the organization has most contacts, as a condition
 */
export function matchingContacts(organizationId: string, match: ContactMatch, ownsMost: Prisma.Sql): Prisma.Sql {
  const wanted = Prisma.sql`c.deleted_at is null${and(conditions(match, indexed))}${and(created(match))}`
  return Prisma.sql`(
    select c.* from contacts c where not ${ownsMost} and c.organization_id = ${organizationId} and ${wanted}
    union all
    select c.* from contacts c where ${ownsMost} and c.organization_id = ${organizationId} collate "POSIX" and ${wanted})`
}

/** The same condition, to find them by looking at one after the other. */
export function contactsSeen(organizationId: string, match: ContactMatch): Prisma.Sql {
  return Prisma.sql`${contactsFitting(organizationId, match)} and c.deleted_at is null`
}

/** The same condition for contacts that live or are deleted, to look at some that are known. */
export function contactsFitting(organizationId: string, match: ContactMatch): Prisma.Sql {
  return Prisma.sql`c.organization_id = ${organizationId}${and(conditions(match, seen))}${and(created(match))}`
}

/** The condition that a contact is one of the organization's living ones. */
export function livingContacts(organizationId: string): Prisma.Sql {
  return Prisma.sql`c.organization_id = ${organizationId} and c.deleted_at is null`
}

/** What a match asks of each contact itself, other than when it was created; none where it asks for nothing. */
export function contactConditions(match: ContactMatch): Prisma.Sql[] {
  return conditions(match, seen)
}

/** Within which time a match wants contacts to have been created. */
export function created({ createdAfter, createdBefore }: ContactMatch): Prisma.Sql[] {
  return [
    ...(createdAfter === null ? [] : [Prisma.sql`c.created_at >= ${createdAfter}`]),
    ...(createdBefore === null ? [] : [Prisma.sql`c.created_at < ${createdBefore}`]),
  ]
}

/** Conditions that go on from another one. */
export function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql` and ${Prisma.join([...conditions], ' and ')}`
}

function conditions(match: ContactMatch, asking: Asking): Prisma.Sql[] {
  const { ids, lifecycleStages, countryCodes, tagKeys, hasPhone, hasEmail } = match
  return [
    ...(ids === null ? [] : [Prisma.sql`c.id = any(${listed(ids)})`]),
    ...match.words.map(asking.word),
    ...(lifecycleStages === null ? [] : [asking.stages(lifecycleStages)]),
    ...(countryCodes === null ? [] : [asking.countries(countryCodes)]),
    ...(tagKeys === null ? [] : [Prisma.sql`c.tag_keys && ${tagKeys}::text[]`]),
    ...(hasPhone === null ? [] : [hasPhone ? Prisma.sql`c.phone is not null` : Prisma.sql`c.phone is null`]),
    // The key is there when the address is, and an index knows it.
    ...(hasEmail === null ? [] : [hasEmail ? Prisma.sql`c.email_key is not null` : Prisma.sql`c.email is null`]),
  ]
}
