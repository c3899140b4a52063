import type { AttributeMatch, AttributeValue } from '../../data/sql/contact-conditions.ts'
import { expectedValue, fits } from '../contacts/attribute-values.ts'
import type { DefinedAttribute } from '../../data/sql/attribute-definitions.ts'
import { isDay } from '../../kernel/attribute-formats.ts'
import { InvalidInput, MissingRequiredField } from '../../kernel/errors.ts'
import { shorten, textFault } from '../../kernel/text.ts'

/** The condition on one custom attribute. All operators that are given must hold; at least one is needed. */
export interface AttributeFilter {
  readonly key: string
  readonly eq?: unknown
  readonly ne?: unknown
  readonly in?: readonly unknown[] | null | undefined
  readonly gt?: unknown
  readonly gte?: unknown
  readonly lt?: unknown
  readonly lte?: unknown
  readonly contains?: string | null | undefined
  readonly startsWith?: string | null | undefined
  readonly exists?: boolean | null | undefined
}

const operators = 'eq, ne, in, gt, gte, lt, lte, contains, startsWith, exists'
const maxTextLength = 1000
const maxChoices = 100

/**
 * Parses the condition on an attribute. Values have the types of JSON: the number 12 and the text "12" are different values. The values of an attribute
 * with a definition are of its type. @throws InvalidInput, MissingRequiredField
 */
export function parseAttribute(filter: AttributeFilter, definition: DefinedAttribute | null, at: string): AttributeMatch {
  const match = definition === null ? parseLoose(filter, at) : parseDefined(filter, definition, at)
  requireOperator(match, at)
  requireRange(match, at)
  return match
}

function parseLoose(filter: AttributeFilter, at: string): AttributeMatch {
  const key = parseText(filter.key, `${at}.key`, 'key of an attribute')
  if (key === '') throw new InvalidInput('An attribute has a key.', { field: `${at}.key`, value: '', expected: '1 to 1,000 characters' })
  const value = (name: 'eq' | 'ne') => (isGiven(filter[name]) ? parseValue(filter[name], `${at}.${name}`) : null)
  const bound = (name: 'gt' | 'gte' | 'lt' | 'lte') => (isGiven(filter[name]) ? parseBound(filter[name], `${at}.${name}`) : null)
  const part = (name: 'contains' | 'startsWith') => {
    const text = filter[name]
    return typeof text === 'string' ? parsePart(text, `${at}.${name}`) : null
  }
  return {
    key,
    defined: null,
    equals: value('eq'),
    differs: value('ne'),
    isOneOf: isGiven(filter.in) ? parseList(filter.in, `${at}.in`) : null,
    above: bound('gt'),
    from: bound('gte'),
    below: bound('lt'),
    upTo: bound('lte'),
    contains: part('contains'),
    startsWith: part('startsWith'),
    exists: filter.exists ?? null,
  }
}

/** The operators that values of a type do not have. */
const unfitOperators: Readonly<Record<DefinedAttribute['type'], readonly (keyof AttributeFilter)[]>> = {
  text: [],
  url: [],
  number: ['contains', 'startsWith'],
  date: ['contains', 'startsWith'],
  date_time: ['contains', 'startsWith'],
  boolean: ['gt', 'gte', 'lt', 'lte', 'contains', 'startsWith'],
  enum: ['gt', 'gte', 'lt', 'lte', 'contains', 'startsWith'],
}

function parseDefined(filter: AttributeFilter, definition: DefinedAttribute, at: string): AttributeMatch {
  const { key, id, type } = definition
  const unfit = unfitOperators[type].find((operator) => isGiven(filter[operator]))
  if (unfit !== undefined) {
    const others = operators.split(', ').filter((operator) => !unfitOperators[type].some((one) => one === operator))
    throw new InvalidInput(`The attribute ${shorten(key)} is of the type ${type.toUpperCase()}, which ${unfit} does not go with.`, {
      field: `${at}.${unfit}`,
      expected: `one of ${others.join(', ')}`,
    })
  }
  const typed = (value: unknown, field: string): AttributeValue => parseTyped(definition, value, field)
  const bounds = { gt: filter.gt, gte: filter.gte, lt: filter.lt, lte: filter.lte }
  // The general checks come with it: the length of texts, the number of choices.
  const loose = parseLoose({ key, in: filter.in, contains: filter.contains, startsWith: filter.startsWith, exists: filter.exists }, at)
  const bound = (name: keyof typeof bounds) => {
    const value = isGiven(bounds[name]) ? typed(bounds[name], `${at}.${name}`) : null
    return typeof value === 'boolean' ? null : value
  }
  return {
    ...loose,
    defined: { id, type },
    equals: isGiven(filter.eq) ? typed(filter.eq, `${at}.eq`) : null,
    differs: isGiven(filter.ne) ? typed(filter.ne, `${at}.ne`) : null,
    isOneOf: loose.isOneOf?.map((value, index) => typed(value, `${at}.in.${index}`)) ?? null,
    above: bound('gt'),
    from: bound('gte'),
    below: bound('lt'),
    upTo: bound('lte'),
  }
}

function parseTyped(definition: DefinedAttribute, value: unknown, field: string): AttributeValue {
  const { type } = definition
  // A day is its midnight in UTC.
  const given = type === 'date_time' && typeof value === 'string' && isDay(value) ? `${value}T00:00:00Z` : value
  const parsed = parseValue(given, field)
  if (fits(definition, parsed)) return parsed
  throw new InvalidInput(`The attribute is of the type ${type.toUpperCase()}, and this is no value of it.`, {
    field,
    value: typeof value === 'string' ? shorten(value) : value,
    expected: expectedValue(definition),
  })
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}

function parseValue(value: unknown, field: string): AttributeValue {
  if (typeof value === 'string') return parseText(value, field, 'value')
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
  throw new InvalidInput('This is not the value of an attribute.', { field, value, expected: 'a text, a number, true or false' })
}

function parseBound(value: unknown, field: string): string | number {
  const parsed = parseValue(value, field)
  if (typeof parsed !== 'boolean') return parsed
  throw new InvalidInput('Nothing is greater or less than true or false. Use eq.', { field, value, expected: 'a number or a text' })
}

function parseList(values: readonly unknown[], field: string): AttributeValue[] {
  if (values.length >= 1 && values.length <= maxChoices) return values.map((value, index) => parseValue(value, `${field}.${index}`))
  throw new InvalidInput(`The list has ${values.length} values.`, { field, expected: `1 to ${maxChoices} values` })
}

function parsePart(text: string, field: string): string {
  const part = parseText(text, field, 'text')
  if (part !== '') return part
  throw new InvalidInput('Every text contains an empty one. Use exists to find contacts that have the attribute.', {
    field,
    value: '',
    expected: 'at least one character',
  })
}

function parseText(text: string, field: string, noun: string): string {
  const fault = textFault(text, { max: maxTextLength, multiline: true })
  if (fault === null) return text
  throw new InvalidInput(`The ${noun} ${fault.is}.`, { field, value: shorten(text), expected: fault.expected })
}

function requireOperator({ key: _key, defined: _defined, ...asked }: AttributeMatch, at: string): void {
  if (Object.values(asked).some((value) => value !== null)) return
  throw new MissingRequiredField('An attribute is filtered by at least one operator.', { field: at, expected: `one of ${operators}` })
}

/** Bounds of two types, and bounds between which nothing is, are mistakes. */
function requireRange({ defined, above, from, below, upTo }: AttributeMatch, at: string): void {
  const bounds = [above, from, below, upTo].filter((bound) => bound !== null)
  if (new Set(bounds.map((bound) => typeof bound)).size > 1) {
    throw new InvalidInput('The bounds are a number and a text: no value is between them.', {
      field: at,
      expected: 'bounds that are all numbers or all texts',
    })
  }
  const [low, high] = [from ?? above, upTo ?? below]
  const isClosed = above === null && below === null
  if (low === null || high === null) return
  const [least, most] = [low, high].map((bound) =>
    defined?.type === 'date' || defined?.type === 'date_time' ? Date.parse(String(bound)) : bound,
  )
  if (typeof least !== 'number' || typeof most !== 'number' || least < most || (least === most && isClosed)) return
  throw new InvalidInput(`No value is between ${low} and ${high}.`, { field: at, expected: 'a lower bound below the upper one' })
}
