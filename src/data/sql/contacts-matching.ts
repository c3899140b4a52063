import { type ContactSource, type LifecycleStage, Prisma } from '../generated/client.ts'
import { definedConditions, isDefined, selectedByAttributes } from './attribute-conditions.ts'
import {
  activityCondition,
  type ActivityMatch,
  type AttributeMatch,
  consentCondition,
  type ConsentMatch,
  looseConditions,
} from './contact-conditions.ts'
import { idArray } from './id-array.ts'
import { type SearchWord, wordIndexed, wordSeen } from './search-words.ts'

/** A precise filter over contacts. All of it must hold. Null asks for nothing; lists are "any of" unless their names say otherwise. */
export interface ContactMatch {
  /** Any of these contacts. */
  readonly ids: readonly string[] | null
  /** Every word must be found. */
  readonly words: readonly SearchWord[]
  readonly lifecycleStages: readonly LifecycleStage[] | null
  readonly countryCodes: readonly string[] | null
  readonly tagKeys: readonly string[] | null
  readonly allTagKeys: readonly string[] | null
  readonly noTagKeys: readonly string[] | null
  /** In small ASCII letters. */
  readonly companies: readonly string[] | null
  readonly languages: readonly string[] | null
  readonly timezones: readonly string[] | null
  readonly sources: readonly ContactSource[] | null
  readonly hasPhone: boolean | null
  readonly hasEmail: boolean | null
  readonly hasName: boolean | null
  readonly hasCompany: boolean | null
  readonly isBlocked: boolean | null
  /** Inclusive. */
  readonly createdAfter: Date | null
  /** Exclusive. */
  readonly createdBefore: Date | null
  /** Inclusive. */
  readonly updatedAfter: Date | null
  /** Exclusive. */
  readonly updatedBefore: Date | null
  readonly attributes: readonly AttributeMatch[]
  readonly consent: ConsentMatch | null
  readonly activity: ActivityMatch | null
  /** All of these must hold as well. */
  readonly and: readonly ContactMatch[]
  /** One of these must hold as well. */
  readonly or: readonly ContactMatch[] | null
  /** This must not hold. */
  readonly not: ContactMatch | null
}

/**
 * How the same is asked of a contact: `seen` where contacts are looked at one by one, in words that no index knows, and `indexed` in those of the
 * index `contacts_living_words`, which would cost much more for each contact that is looked at without it.
 */
interface Asking {
  readonly word: (word: SearchWord) => Prisma.Sql
  readonly stages: (stages: readonly LifecycleStage[]) => Prisma.Sql
  readonly countries: (codes: readonly string[]) => Prisma.Sql
  readonly isIndexed: boolean
}

const seen: Asking = {
  word: wordSeen,
  stages: (stages) => Prisma.sql`c.lifecycle_stage = any(${stages}::text[]::lifecycle_stage[])`,
  countries: (codes) => Prisma.sql`c.country_code = any(${codes}::text[])`,
  isIndexed: false,
}

const indexed: Asking = {
  word: wordIndexed,
  stages: (stages) => Prisma.sql`array[c.lifecycle_stage] && ${stages}::text[]::lifecycle_stage[]`,
  countries: (codes) => Prisma.sql`array[c.country_code] && ${codes}::text[]`,
  isIndexed: true,
}

/** The condition that the organization's living contacts match, over the table `contacts` under the name `c`: to find them by the index. */
export function contactsMatching(organizationId: string, match: ContactMatch): Prisma.Sql {
  return Prisma.sql`${livingContacts(organizationId)}${and(conditions(organizationId, match, indexed))}${and(created(match))}`
}

/**
 * Those contacts as rows of the table, to find them by the index. It looks for each that it finds among all of the organization's as well, which
 * takes longer than reading it, and is for nothing where hardly any others are: an organization that has most contacts is not asked of the index,
 * which knows its column in one collation only, but of the contacts that it finds.
 * @param ownsMost whether the organization has most contacts, as a condition
 */
export function matchingContacts(organizationId: string, match: ContactMatch, ownsMost: Prisma.Sql): Prisma.Sql {
  return found(organizationId, [...conditions(organizationId, match, indexed), ...created(match)], ownsMost)
}

/** More alternatives are not looked up one by one. */
const mostAlternatives = 10

/**
 * The ids of the contacts that meet one condition of a match, of which an index finds soon whether they are few: the value or the range of a defined
 * attribute, the words, a period of updates, or each of some alternatives by one of these. Null if there is no such condition, or if it is
 * all that is asked and the index of words finds it as well.
 * @param limit how many are wanted at the most
 */
export function selectedByOne(organizationId: string, match: ContactMatch, ownsMost: Prisma.Sql, limit: Prisma.Sql): Prisma.Sql | null {
  const parts = conjuncts(match)
  const hasOthers = parts.some((part) => conditions(organizationId, { ...part, words: [] }, seen).length > 0)
  const [selected] = [...selections(organizationId, match, ownsMost, hasOthers), ...parts.flatMap(({ or }) => ofAlternatives(or ?? []))]
  return selected === undefined ? null : Prisma.sql`${selected} limit ${limit}`

  function ofAlternatives(or: readonly ContactMatch[]): Prisma.Sql[] {
    if (or.length > mostAlternatives) return []
    const each = or.flatMap((one) => selections(organizationId, one, ownsMost, true).slice(0, 1))
    if (each.length === 0 || each.length < or.length) return []
    const limited = each.map((ids) => Prisma.sql`(${ids} limit ${limit})`)
    return [Prisma.sql`select id from (${Prisma.join(limited, ' union all ')}) s`]
  }
}

/** The same by each condition that stands in a match or among those that must hold as well, the most selective first. */
function selections(organizationId: string, match: ContactMatch, ownsMost: Prisma.Sql, hasOthers: boolean): Prisma.Sql[] {
  const parts = conjuncts(match)
  const attributes = parts.flatMap((part) => part.attributes.filter(isDefined))
  const words = parts.flatMap((part) => part.words)
  const updates = parts.flatMap((part) => within(Prisma.sql`c.updated_at`, part.updatedAfter, part.updatedBefore))
  return [
    ...selectedByAttributes(organizationId, attributes),
    ...(words.length > 0 && hasOthers ? [Prisma.sql`select c.id from ${found(organizationId, words.map(wordIndexed), ownsMost)} c`] : []),
    ...(updates.length > 0
      ? [Prisma.sql`select c.id from contacts c where ${livingContacts(organizationId)}${and(updates)} order by c.updated_at`]
      : []),
  ]
}

/** Whether words are asked for, other than among alternatives or exceptions. */
export function hasWords(match: ContactMatch): boolean {
  return conjuncts(match).some(({ words }) => words.length > 0)
}

/** A match and those that must hold as well, each of them without these. */
export function conjuncts(match: ContactMatch): ContactMatch[] {
  return [{ ...match, and: [] }, ...match.and.flatMap(conjuncts)]
}

function found(organizationId: string, wantedOfAll: readonly Prisma.Sql[], ownsMost: Prisma.Sql): Prisma.Sql {
  const wanted = Prisma.sql`c.deleted_at is null${and(wantedOfAll)}`
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
  return Prisma.sql`c.organization_id = ${organizationId}${and(conditions(organizationId, match, seen))}${and(created(match))}`
}

/** The condition that a contact is one of the organization's living ones. */
export function livingContacts(organizationId: string): Prisma.Sql {
  return Prisma.sql`c.organization_id = ${organizationId} and c.deleted_at is null`
}

/** What a match asks of each contact itself, other than when it was created; none where it asks for nothing. */
export function contactConditions(organizationId: string, match: ContactMatch): Prisma.Sql[] {
  return conditions(organizationId, match, seen)
}

/** Within which time a match wants contacts to have been created. */
export function created({ createdAfter, createdBefore }: Pick<ContactMatch, 'createdAfter' | 'createdBefore'>): Prisma.Sql[] {
  return within(Prisma.sql`c.created_at`, createdAfter, createdBefore)
}

/** Conditions that go on from another one. */
export function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.empty : Prisma.sql` and ${Prisma.join([...conditions], ' and ')}`
}

function within(column: Prisma.Sql, from: Date | null, to: Date | null): Prisma.Sql[] {
  return [...(from === null ? [] : [Prisma.sql`${column} >= ${from}`]), ...(to === null ? [] : [Prisma.sql`${column} < ${to}`])]
}

/** A nested match as one condition. It may be null where it does not hold. */
function whole(organizationId: string, match: ContactMatch, asking: Asking): Prisma.Sql {
  const all = [...conditions(organizationId, match, asking), ...created(match)]
  return all.length === 0 ? Prisma.sql`true` : Prisma.sql`(${Prisma.join(all, ' and ')})`
}

function conditions(organizationId: string, match: ContactMatch, asking: Asking): Prisma.Sql[] {
  const { ids, or, not, consent, activity } = match
  const nested = (one: ContactMatch, way: Asking) => whole(organizationId, one, way)
  return [
    ...(ids === null ? [] : [Prisma.sql`c.id = any(${idArray(ids)})`]),
    ...match.words.map(asking.word),
    ...labels(match, asking),
    ...presence(match),
    ...within(Prisma.sql`c.updated_at`, match.updatedAfter, match.updatedBefore),
    ...match.attributes.filter((one) => !isDefined(one)).flatMap(looseConditions),
    ...definedConditions(organizationId, match.attributes.filter(isDefined), asking.isIndexed),
    ...(consent === null ? [] : [consentCondition(organizationId, consent, asking.isIndexed)]),
    ...(activity === null ? [] : [activityCondition(organizationId, activity, asking.isIndexed)]),
    ...match.and.map((one) => nested(one, asking)),
    ...(or === null
      ? []
      : [
          Prisma.sql`(${Prisma.join(
            [...or].map((one) => nested(one, asking)),
            ' or ',
          )})`,
        ]),
    // A condition on a value that is absent is null: it does not hold, and its opposite does. No index finds what does not hold.
    ...(not === null ? [] : [Prisma.sql`${nested(not, seen)} is not true`]),
  ]
}

function labels(match: ContactMatch, asking: Asking): Prisma.Sql[] {
  const { lifecycleStages, countryCodes, tagKeys, allTagKeys, noTagKeys, companies, languages, timezones, sources } = match
  return [
    ...(lifecycleStages === null ? [] : [asking.stages(lifecycleStages)]),
    ...(countryCodes === null ? [] : [asking.countries(countryCodes)]),
    ...(tagKeys === null ? [] : [Prisma.sql`c.tag_keys && ${tagKeys}::text[]`]),
    ...(allTagKeys === null ? [] : [Prisma.sql`c.tag_keys @> ${allTagKeys}::text[]`]),
    ...(noTagKeys === null ? [] : [Prisma.sql`not c.tag_keys && ${noTagKeys}::text[]`]),
    ...(companies === null ? [] : [Prisma.sql`lower(c.company collate "C") = any(${companies}::text[])`]),
    ...(languages === null ? [] : [Prisma.sql`c.language = any(${languages}::text[])`]),
    ...(timezones === null ? [] : [Prisma.sql`c.timezone = any(${timezones}::text[])`]),
    ...(sources === null ? [] : [Prisma.sql`c.source = any(${sources}::text[]::contact_source[])`]),
  ]
}

function presence({ hasPhone, hasEmail, hasName, hasCompany, isBlocked }: ContactMatch): Prisma.Sql[] {
  const nameless = Prisma.sql`(c.first_name is null and c.last_name is null and c.display_name is null)`
  return [
    ...(hasPhone === null ? [] : [hasPhone ? Prisma.sql`c.phone is not null` : Prisma.sql`c.phone is null`]),
    // The key is there when the address is, and an index knows it.
    ...(hasEmail === null ? [] : [hasEmail ? Prisma.sql`c.email_key is not null` : Prisma.sql`c.email is null`]),
    ...(hasName === null ? [] : [hasName ? Prisma.sql`not ${nameless}` : nameless]),
    ...(hasCompany === null ? [] : [hasCompany ? Prisma.sql`c.company is not null` : Prisma.sql`c.company is null`]),
    ...(isBlocked === null ? [] : [isBlocked ? Prisma.sql`c.blocked_at is not null` : Prisma.sql`c.blocked_at is null`]),
  ]
}
