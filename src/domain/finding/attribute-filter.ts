import type { AttributeMatch, AttributeValue } from '../../data/sql/contact-conditions.ts'
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
 * Parses the condition on an attribute. Values have the types of JSON: the number 12 and the text "12" are different values.
 * @throws InvalidInput, MissingRequiredField
 */
export function parseAttribute(filter: AttributeFilter, at: string): AttributeMatch {
  const key = parseText(filter.key, `${at}.key`, 'key of an attribute')
  if (key === '') throw new InvalidInput('An attribute has a key.', { field: `${at}.key`, value: '', expected: '1 to 1,000 characters' })
  const value = (name: 'eq' | 'ne') => (isGiven(filter[name]) ? parseValue(filter[name], `${at}.${name}`) : null)
  const bound = (name: 'gt' | 'gte' | 'lt' | 'lte') => (isGiven(filter[name]) ? parseBound(filter[name], `${at}.${name}`) : null)
  const part = (name: 'contains' | 'startsWith') => {
    const text = filter[name]
    return typeof text === 'string' ? parsePart(text, `${at}.${name}`) : null
  }
  const match: AttributeMatch = {
    key,
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
  requireOperator(match, at)
  requireRange(match, at)
  return match
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

function requireOperator({ key: _key, ...asked }: AttributeMatch, at: string): void {
  if (Object.values(asked).some((value) => value !== null)) return
  throw new MissingRequiredField('An attribute is filtered by at least one operator.', { field: at, expected: `one of ${operators}` })
}

/** Bounds of two types, and bounds between which nothing is, are mistakes. */
function requireRange({ above, from, below, upTo }: AttributeMatch, at: string): void {
  const bounds = [above, from, below, upTo].filter((bound) => bound !== null)
  if (new Set(bounds.map((bound) => typeof bound)).size > 1) {
    throw new InvalidInput('The bounds are a number and a text: no value is between them.', {
      field: at,
      expected: 'bounds that are all numbers or all texts',
    })
  }
  const [low, high] = [from ?? above, upTo ?? below]
  const isClosed = above === null && below === null
  if (low === null || high === null || typeof low !== 'number' || typeof high !== 'number') return
  if (low < high || (low === high && isClosed)) return
  throw new InvalidInput(`No number is between ${low} and ${high}.`, { field: at, expected: 'a lower bound below the upper one' })
}
