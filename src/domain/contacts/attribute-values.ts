import type { Tx } from '../../data/database.ts'
import { type DefinedAttribute, shareDefinitions } from '../../data/sql/attribute-definitions.ts'
import { isDay, isTimeWithZone, isWebAddress } from '../../kernel/attribute-formats.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten } from '../../kernel/text.ts'
import type { Context } from '../context.ts'

/** What decides whether a value fits. */
export type AttributeRule = Pick<DefinedAttribute, 'key' | 'label' | 'type' | 'options' | 'isEnforced'>

/** Whether a value of JSON has the type of a definition. */
export function fits({ type, options }: Pick<AttributeRule, 'type' | 'options'>, value: unknown): boolean {
  if (type === 'number') return typeof value === 'number'
  if (type === 'boolean') return typeof value === 'boolean'
  if (typeof value !== 'string') return false
  switch (type) {
    case 'text':
      return true
    case 'enum':
      return options.includes(value)
    case 'url':
      return isWebAddress(value)
    case 'date':
      return isDay(value)
    case 'date_time':
      return isTimeWithZone(value)
  }
}

/** What a value of a definition looks like, for messages. */
export function expectedValue({ type, options }: Pick<AttributeRule, 'type' | 'options'>): string {
  switch (type) {
    case 'text':
      return 'a text'
    case 'number':
      return 'a number, such as 12 or 1.5'
    case 'boolean':
      return 'true or false'
    case 'enum':
      return `one of ${options.slice(0, 20).map(shorten).join(', ')}${options.length > 20 ? ' …' : ''}`
    case 'url':
      return 'an address, such as https://example.com'
    case 'date':
      return 'a day, such as 2026-02-01'
    case 'date_time':
      return 'a time with its zone, such as 2026-02-01T09:30:00Z'
  }
}

/** What is wrong with attributes that are given: values that do not fit definitions that are enforced. Null removes an attribute, which is never wrong. */
export function unfitAttributes(
  given: Readonly<Record<string, unknown>> | null | undefined,
  definitions: readonly AttributeRule[],
): InvalidInput[] {
  if (given === null || given === undefined) return []
  return definitions
    .filter((definition) => definition.isEnforced && Object.hasOwn(given, definition.key))
    .map((definition) => ({ definition, value: given[definition.key] }))
    .filter(({ definition, value }) => value !== null && value !== undefined && !fits(definition, value))
    .map(({ definition, value }) => {
      const expected = expectedValue(definition)
      return new InvalidInput(`The custom attribute ${shorten(definition.key)} is not ${expected}.`, {
        field: `customAttributes.${definition.key}`,
        value: typeof value === 'string' ? shorten(value) : value,
        expected,
      })
    })
}

/**
 * The definitions that the attributes of an input have to fit. Belongs at the beginning of the transaction that writes them. One statement; none where the
 * input leaves attributes alone.
 */
export async function definitionsFor(
  tx: Tx,
  { actor }: Context,
  { customAttributes }: { readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined },
): Promise<DefinedAttribute[]> {
  return customAttributes === undefined ? [] : shareDefinitions(tx, actor.organizationId)
}
