import type { ContactMatch } from '../../data/sql/contacts-matching.ts'
import type { LifecycleStage } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { parseIds } from './ids.ts'
import { parseSearch } from './search.ts'
import { parseTag, tagKey } from './tags.ts'

/** Which contacts are wanted. All of it must hold; silence and null ask for nothing. */
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
  readonly hasPhone?: boolean | null | undefined
  readonly hasEmail?: boolean | null | undefined
  /** The first time that counts. */
  readonly createdAfter?: Date | null | undefined
  /** The first time that does not count any more. */
  readonly createdBefore?: Date | null | undefined
}

const maxChoices = 100

/** Makes a filter precise enough to be asked of the database. @throws InvalidInput */
export function parseFilter(filter: ContactFilter): ContactMatch {
  const createdAfter = filter.createdAfter ?? null
  const createdBefore = filter.createdBefore ?? null
  if (createdAfter !== null && createdBefore !== null && createdAfter >= createdBefore) {
    throw new InvalidInput('`createdAfter` is not before `createdBefore`.', {
      field: 'createdBefore',
      value: createdBefore.toISOString(),
      expected: `a time later than ${createdAfter.toISOString()}`,
    })
  }
  return {
    ids: filter.ids === null || filter.ids === undefined ? null : parseIds(filter.ids, 'ids'),
    words: parseSearch(filter.search ?? ''),
    lifecycleStages: choices(filter.lifecycleStage, 'lifecycleStage'),
    countryCodes: choices(filter.countryCode, 'countryCode')?.map((code) => parseCountryCode(code)) ?? null,
    tagKeys: choices(filter.tags, 'tags')?.map((tag) => tagKey(parseTag(tag))) ?? null,
    hasPhone: filter.hasPhone ?? null,
    hasEmail: filter.hasEmail ?? null,
    createdAfter,
    createdBefore,
  }
}

function choices<Choice>(given: readonly Choice[] | null | undefined, field: string): readonly Choice[] | null {
  if (given === null || given === undefined) return null
  if (given.length > 0 && given.length <= maxChoices) return given
  throw new InvalidInput(`The filter ${given.length === 0 ? 'is empty' : `has ${given.length} choices`}.`, {
    field,
    expected: `1 to ${maxChoices} choices`,
  })
}
