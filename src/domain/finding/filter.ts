import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import type { ContactSource, LifecycleStage, Topic } from '../../data/generated/client.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { parseLanguage } from '../../kernel/languages.ts'
import { shorten, textFault } from '../../kernel/text.ts'
import { parseTimezone } from '../../kernel/time-zones.ts'
import { parseIds } from '../contacts/ids.ts'
import { parseSearch } from '../contacts/search.ts'
import { parseTag, tagKey } from '../contacts/tags.ts'
import type { ReadContext } from '../context.ts'
import { type DefinedAttribute, selectDefinitions } from '../../data/sql/attribute-definitions.ts'
import { allTopics } from '../topics/queries.ts'
import { type ActivityFilter, parseActivity } from './activity-filter.ts'
import { type AttributeFilter, parseAttribute } from './attribute-filter.ts'
import { type ConsentFilter, parseConsent } from './consent-filter.ts'
import { PredicateCount } from './predicate-count.ts'

/** Which contacts are wanted. All that is given must hold; omitted fields and null ask for nothing. */
export interface ContactFilter {
  /** Any of these contacts, 1 to 1,000. */
  readonly ids?: readonly string[] | null | undefined
  /** Words that must all be found in the names, the company, the email address or the phone number. */
  readonly search?: string | null | undefined
  /** Any of these stages. */
  readonly lifecycleStage?: readonly LifecycleStage[] | null | undefined
  /** Any of these countries. */
  readonly countryCode?: readonly string[] | null | undefined
  /** Any of these tags. */
  readonly tags?: readonly string[] | null | undefined
  readonly tagsAll?: readonly string[] | null | undefined
  readonly tagsNone?: readonly string[] | null | undefined
  /** Any of these companies, without regard to the case of ASCII letters. */
  readonly company?: readonly string[] | null | undefined
  readonly language?: readonly string[] | null | undefined
  readonly timezone?: readonly string[] | null | undefined
  readonly source?: readonly ContactSource[] | null | undefined
  readonly hasPhone?: boolean | null | undefined
  readonly hasEmail?: boolean | null | undefined
  /** A first, last or display name. */
  readonly hasName?: boolean | null | undefined
  readonly hasCompany?: boolean | null | undefined
  readonly isBlocked?: boolean | null | undefined
  /** Inclusive. */
  readonly createdAfter?: Date | null | undefined
  /** Exclusive. */
  readonly createdBefore?: Date | null | undefined
  /** Inclusive. */
  readonly updatedAfter?: Date | null | undefined
  /** Exclusive. */
  readonly updatedBefore?: Date | null | undefined
  readonly attributes?: readonly AttributeFilter[] | null | undefined
  readonly consent?: ConsentFilter | null | undefined
  readonly activity?: ActivityFilter | null | undefined
  readonly and?: readonly ContactFilter[] | null | undefined
  readonly or?: readonly ContactFilter[] | null | undefined
  readonly not?: ContactFilter | null | undefined
}

const maxChoices = 100
export const maxLevels = 5

/** What of an organization's settings the meaning of a filter depends on. */
export interface FilterSettings {
  readonly topics: readonly Topic[]
  readonly definitions: readonly DefinedAttribute[]
}

/** Makes a filter precise enough for the database. One statement if it names a topic, and one if it names an attribute. @throws InvalidInput */
export async function resolveFilter(context: ReadContext, filter: ContactFilter): Promise<ContactMatch> {
  return parseFilter(filter, await settingsOf(context, [filter]))
}

/**
 * The same for a filter that was stored. It keeps its meaning: where an attribute has got a definition since that its values do not go with, values are
 * compared as without one.
 */
export async function resolveStoredFilter(context: ReadContext, filter: ContactFilter): Promise<ContactMatch> {
  return parseStored(filter, await settingsOf(context, [filter]))
}

/** The same for several, in their order, with as many statements as for one. */
export async function resolveStoredFilters(context: ReadContext, filters: readonly ContactFilter[]): Promise<ContactMatch[]> {
  const settings = await settingsOf(context, filters)
  return filters.map((filter) => parseStored(filter, settings))
}

function parseStored(filter: ContactFilter, settings: FilterSettings): ContactMatch {
  try {
    return parseFilter(filter, settings)
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    return parseFilter(filter, { ...settings, definitions: [] })
  }
}

async function settingsOf(context: ReadContext, filters: readonly ContactFilter[]): Promise<FilterSettings> {
  const namesTopic = filters.some((filter) => namesAny(filter, ({ consent }) => typeof consent?.topic === 'string'))
  const namesAttribute = filters.some((filter) => namesAny(filter, ({ attributes }) => (attributes?.length ?? 0) > 0))
  const [topics, definitions] = await Promise.all([
    namesTopic ? allTopics(context) : [],
    namesAttribute ? selectDefinitions(context.db, context.actor.organizationId) : [],
  ])
  return { topics, definitions }
}

/** The same for a filter whose topics and definitions are among those that are given. @throws InvalidInput */
export function parseFilter(
  filter: ContactFilter,
  { topics, definitions }: FilterSettings = { topics: [], definitions: [] },
): ContactMatch {
  // Until its index is complete, an attribute is found like one without a definition.
  const indexed = new Map(definitions.filter(({ isIndexed }) => isIndexed).map((one) => [one.key, one]))
  return parseLevel(filter, { at: '', level: 1, topics, definitions: indexed, count: new PredicateCount() })
}

function namesAny(filter: ContactFilter, isNamed: (level: ContactFilter) => boolean, level = 1): boolean {
  if (level > maxLevels) return false
  const { and, or, not } = filter
  const nested = [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])]
  return isNamed(filter) || nested.some((one) => namesAny(one, isNamed, level + 1))
}

/** How many predicates a filter has of its own. A list of choices is one, each attribute is one. */
function ownPredicates({ and: _and, or: _or, not: _not, attributes, ...others }: ContactFilter): number {
  const given = Object.values(others).filter((value) => value !== null && value !== undefined)
  return given.length + (attributes?.length ?? 0)
}

interface Level {
  /** The path of the filter, with a dot at its end; empty for the outermost. */
  readonly at: string
  readonly level: number
  readonly topics: readonly Topic[]
  readonly definitions: ReadonlyMap<string, DefinedAttribute>
  readonly count: PredicateCount
}

function parseLevel(filter: ContactFilter, here: Level): ContactMatch {
  const { at, topics, definitions } = here
  here.count.add(ownPredicates(filter), at)
  const some = <Choice, Parsed>(
    choices: readonly Choice[] | null | undefined,
    name: string,
    parse: (choice: Choice, field: string) => Parsed,
  ) => parseChoices(choices, `${at}${name}`)?.map((choice) => parse(choice, `${at}${name}`)) ?? null
  const tagKeys = (tags: readonly string[] | null | undefined, name: string) =>
    some(tags, name, (tag, field) => tagKey(parseTag(tag, field)))
  const { attributes, consent, activity } = filter
  return {
    ids: filter.ids === null || filter.ids === undefined ? null : parseIds(filter.ids, `${at}ids`),
    words: parseSearch(filter.search ?? '', `${at}search`),
    lifecycleStages: parseChoices(filter.lifecycleStage, `${at}lifecycleStage`),
    countryCodes: some(filter.countryCode, 'countryCode', parseCountryCode),
    tagKeys: tagKeys(filter.tags, 'tags'),
    allTagKeys: tagKeys(filter.tagsAll, 'tagsAll'),
    noTagKeys: tagKeys(filter.tagsNone, 'tagsNone'),
    companies: some(filter.company, 'company', parseCompany),
    languages: some(filter.language, 'language', parseLanguage),
    timezones: some(filter.timezone, 'timezone', parseTimezone),
    sources: parseChoices(filter.source, `${at}source`),
    hasPhone: filter.hasPhone ?? null,
    hasEmail: filter.hasEmail ?? null,
    hasName: filter.hasName ?? null,
    hasCompany: filter.hasCompany ?? null,
    isBlocked: filter.isBlocked ?? null,
    ...parsePeriod(filter.createdAfter, filter.createdBefore, ['createdAfter', 'createdBefore'], at),
    ...parsePeriod(filter.updatedAfter, filter.updatedBefore, ['updatedAfter', 'updatedBefore'], at),
    attributes:
      parseChoices(attributes, `${at}attributes`)?.map((one, index) =>
        parseAttribute(one, definitions.get(one.key) ?? null, `${at}attributes.${index}`),
      ) ?? [],
    consent: consent ? parseConsent(consent, topics, `${at}consent`) : null,
    activity: activity ? parseActivity(activity, `${at}activity`) : null,
    and: parseNested(filter.and, 'and', here) ?? [],
    or: parseNested(filter.or, 'or', here),
    not: filter.not ? parseLevel(filter.not, below(here, 'not')) : null,
  }
}

function parseNested(filters: readonly ContactFilter[] | null | undefined, name: string, here: Level): ContactMatch[] | null {
  return parseChoices(filters, `${here.at}${name}`)?.map((one, index) => parseLevel(one, below(here, `${name}.${index}`))) ?? null
}

function below({ at, level, ...shared }: Level, name: string): Level {
  if (level < maxLevels) return { ...shared, at: `${at}${name}.`, level: level + 1 }
  throw new InvalidInput(`The filter is nested more than ${maxLevels} levels deep. Write it with fewer levels of and, or and not.`, {
    field: `${at}${name}`,
    expected: `at most ${maxLevels} levels`,
  })
}

function parsePeriod<After extends string, Before extends string>(
  after: Date | null | undefined,
  before: Date | null | undefined,
  [afterName, beforeName]: readonly [After, Before],
  at: string,
): Record<After | Before, Date | null> {
  if (after && before && after >= before) {
    throw new InvalidInput(`No time is at or after ${after.toISOString()} and before ${before.toISOString()}.`, {
      field: `${at}${beforeName}`,
      value: before.toISOString(),
      expected: `a time later than ${after.toISOString()}`,
    })
  }
  // proof: these are the two names
  return { [afterName]: after ?? null, [beforeName]: before ?? null } as Record<After | Before, Date | null>
}

function parseCompany(text: string, field: string): string {
  const company = text.trim()
  const fault = company === '' ? { is: 'is empty', expected: '1 to 200 characters' } : textFault(company, { max: 200 })
  if (fault !== null) throw new InvalidInput(`The company ${fault.is}.`, { field, value: shorten(text), expected: fault.expected })
  return company.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function parseChoices<Choice>(given: readonly Choice[] | null | undefined, field: string): readonly Choice[] | null {
  if (given === null || given === undefined) return null
  if (given.length > 0 && given.length <= maxChoices) return given
  throw new InvalidInput(`The filter ${given.length === 0 ? 'is empty' : `has ${given.length} choices`}.`, {
    field,
    expected: `1 to ${maxChoices} choices`,
  })
}
