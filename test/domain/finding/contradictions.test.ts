import { expect, test } from 'vitest'
import { contradictsItself } from '../../../src/domain/finding/contradictions.ts'
import { type ContactFilter, parseFilter } from '../../../src/domain/finding/filter.ts'

const since = new Date('2026-01-01T00:00:00Z')

test.each<[string, ContactFilter, boolean]>([
  ['nothing', {}, false],
  ['a tag and not the same tag', { and: [{ tags: ['vip'] }, { not: { tags: ['VIP'] } }] }, true],
  ['a tag, and neither it nor another one', { tags: ['vip'], not: { tags: ['vip', 'beta'] } }, false],
  ['not all', { not: {} }, true],
  ['a tag and another one', { and: [{ tags: ['vip'] }, { tags: ['beta'] }] }, false],
  ['two stages at once', { and: [{ lifecycleStage: ['lead'] }, { lifecycleStage: ['customer'] }] }, true],
  ['two lists with a stage in common', { and: [{ lifecycleStage: ['lead', 'customer'] }, { lifecycleStage: ['customer'] }] }, false],
  [
    'three lists, no two of them apart',
    { and: [{ countryCode: ['US', 'FR'] }, { countryCode: ['FR', 'DE'] }, { countryCode: ['DE', 'US'] }] },
    true,
  ],
  ['with and without a number', { hasPhone: true, and: [{ hasPhone: false }] }, true],
  ['something and not it together with something else', { hasPhone: true, not: { hasPhone: true, hasEmail: true } }, false],
  ['two things and not both', { hasPhone: true, hasEmail: true, not: { and: [{ hasEmail: true }], hasPhone: true } }, true],
  ['an activity and not the same', { activity: { from: since, atLeast: 1 }, not: { activity: { from: since, atLeast: 1 } } }, true],
  ['an activity and not an earlier one', { activity: { from: since, atLeast: 1 }, not: { activity: { atLeast: 1 } } }, false],
  ['a word and not it', { search: 'Ana', not: { search: 'ana' } }, true],
  [
    'alternatives that each contradict themselves',
    { or: [{ hasName: true, not: { hasName: true } }, { and: [{ source: ['api'] }, { source: ['import'] }] }] },
    true,
  ],
  ['alternatives of which one does not', { or: [{ hasName: true }, { hasName: true, not: { hasName: true } }] }, false],
])('%s', (_name, filter, expected) => {
  expect(contradictsItself(parseFilter(filter))).toBe(expected)
})
