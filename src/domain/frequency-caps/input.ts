import type { Channel, FrequencyCapRule, LifecycleStage, MessageCategory } from '../../data/generated/client.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { parseText } from '../../kernel/text.ts'
import type { ContactFilter } from '../finding/filter.ts'
import { storeFilter } from '../finding/stored-filter.ts'
import { parseTags } from '../contacts/tags.ts'
import type { Audience } from './rules.ts'

/** What callers say about a rule. Silence leaves a field of a rule that there is alone; null clears what can be cleared. */
export interface FrequencyCapRuleInput {
  readonly name?: string | null | undefined
  /** Null: messages on all channels count together. */
  readonly channel?: Channel | null | undefined
  /** Null: all but transactional messages count. */
  readonly category?: MessageCategory | null | undefined
  /** 1 to 1,000,000 messages. */
  readonly limit?: number | null | undefined
  /** A minute to a year. */
  readonly windowSeconds?: number | null | undefined
  /** Replaces the audience; null: everyone. */
  readonly audience?:
    | {
        readonly lifecycleStages?: readonly LifecycleStage[] | null | undefined
        readonly tags?: readonly string[] | null | undefined
        readonly countryCodes?: readonly string[] | null | undefined
        readonly filter?: ContactFilter | null | undefined
      }
    | null
    | undefined
  readonly enabled?: boolean | null | undefined
}

/** Everything about a rule that callers decide. */
export type FrequencyCapFields = Omit<FrequencyCapRule, 'organizationId' | 'id' | 'createdAt' | 'updatedAt'>

const maxLimit = 1_000_000
const minWindow = 60
const maxWindow = 365 * 24 * 60 * 60
const maxCountries = 100

/**
 * Decides what a rule is.
 * @param current what it is so far; null for a new one
 * @throws InvalidInput, MissingRequiredField
 */
export function decideRule(current: FrequencyCapFields | null, input: FrequencyCapRuleInput): FrequencyCapFields {
  return {
    name: parseName(given(input.name, current?.name, 'name', '1 to 200 characters')),
    channel: input.channel === undefined ? (current?.channel ?? null) : input.channel,
    category: parseCategory(input.category === undefined ? (current?.category ?? null) : input.category),
    limit: parseNumber(given(input.limit, current?.limit, 'limit', limitRange.expected), limitRange),
    windowSeconds: parseNumber(given(input.windowSeconds, current?.windowSeconds, 'windowSeconds', windowRange.expected), windowRange),
    ...decideAudience(current, input.audience),
    enabled: input.enabled ?? current?.enabled ?? true,
  }
}

interface Range {
  readonly field: string
  readonly noun: string
  readonly min: number
  readonly max: number
  readonly expected: string
}

const limitRange: Range = { field: 'limit', noun: 'limit', min: 1, max: maxLimit, expected: 'an integer from 1 to 1,000,000' }
const windowRange: Range = {
  field: 'windowSeconds',
  noun: 'window',
  min: minWindow,
  max: maxWindow,
  expected: 'an integer from 60 (a minute) to 31,536,000 (a year)',
}

function parseNumber(value: number, { field, noun, min, max, expected }: Range): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new InvalidInput(`The ${noun} is too ${value < min ? 'small' : 'large'}.`, { field, value, expected })
}

function parseCategory(category: MessageCategory | null): MessageCategory | null {
  if (category !== 'transactional') return category
  throw new InvalidInput('A rule for transactional messages limits nothing: they pass every frequency cap.', {
    field: 'category',
    value: category,
    expected: 'marketing, service, or null for both',
  })
}

function parseName(text: string): string {
  const name = parseText(text, 'name', { max: 200 })
  if (name !== null) return name
  throw new MissingRequiredField('A rule needs a name.', { field: 'name', value: text, expected: '1 to 200 characters' })
}

function given<Value>(value: Value | null | undefined, current: Value | undefined, field: string, expected: string): Value {
  const decided = value === undefined ? current : value
  if (decided !== undefined && decided !== null) return decided
  throw new MissingRequiredField(`A rule cannot do without its ${field}.`, { field, expected })
}

function decideAudience(current: FrequencyCapFields | null, input: FrequencyCapRuleInput['audience']): MutableAudience {
  if (input === undefined && current !== null) {
    const { lifecycleStages, tags, countryCodes, filter } = current
    return { lifecycleStages, tags, countryCodes, filter }
  }
  const codes = input?.countryCodes ?? []
  if (codes.length > maxCountries) {
    throw new InvalidInput(`The audience has ${codes.length} countries.`, {
      field: 'audience.countryCodes',
      expected: `at most ${maxCountries} countries`,
    })
  }
  return {
    lifecycleStages: [...new Set(input?.lifecycleStages ?? [])],
    tags: parseTags(input?.tags ?? []),
    countryCodes: [...new Set(codes.map((code) => parseCountryCode(code, 'audience.countryCodes')))],
    // proof: what is stored is JSON
    filter: storeFilter(input?.filter) as FrequencyCapFields['filter'],
  }
}

type MutableAudience = { -readonly [Key in keyof Audience]: Audience[Key][number][] } & Pick<FrequencyCapFields, 'filter'>
