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

/**
 * The ids of the contacts that meet one condition of a match, of which an index finds soon whether they are few: the value or the range of a defined
 * attribute, or else the words. Null if there is no such condition, or none beside it.
 */
export function selectedByOne(organizationId: string, match: ContactMatch, ownsMost: Prisma.Sql): Prisma.Sql | null {
  const parts = conjuncts(match)
  const [ofAttribute] = selectedByAttributes(
    organizationId,
    parts.flatMap(({ attributes }) => attributes.filter(isDefined)),
  )
  if (ofAttribute !== undefined) return ofAttribute
  const words = parts.flatMap((part) => part.words)
  if (words.length === 0 || parts.flatMap((part) => conditions(organizationId, part, seen)).length === words.length) return null
  return Prisma.sql`select c.id from ${found(organizationId, words.map(wordIndexed), ownsMost)} c`
}

/** A match and those that must hold as well, each of them without these. */
function conjuncts(match: ContactMatch): ContactMatch[] {
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
