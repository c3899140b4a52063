import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeAttributes } from '../../src/domain/contacts/custom-attributes.ts'
import { parseFilter } from '../../src/domain/finding/filter.ts'
import { parseSearch } from '../../src/domain/contacts/search.ts'
import { changeContact } from '../../src/domain/contacts/change-contact.ts'
import { changedFields, type ContactInput, newContact } from '../../src/domain/contacts/rules.ts'
import { parseTags, tagKey } from '../../src/domain/contacts/tags.ts'
import { DomainError } from '../../src/kernel/errors.ts'
import { displayNameOf } from '../../src/domain/contacts/names.ts'

const email = 'ana@example.com'
const text = fc.string({ unit: 'grapheme', maxLength: 220 })
const anyInput: fc.Arbitrary<ContactInput> = fc.record(
  {
    phone: fc.oneof(text, fc.constantFrom('+14155552671', '(415) 555-2671', '+49 30 23125 017 x5', null)),
    phoneExtension: fc.oneof(fc.constantFrom('12', '', null), text),
    email: fc.oneof(fc.emailAddress(), text, fc.constant(null)),
    firstName: fc.option(text),
    displayName: fc.option(text),
    countryCode: fc.option(fc.constantFrom('US', 'de', 'XX')),
    tags: fc.option(fc.array(fc.oneof(text, fc.constantFrom('VIP', 'vip ', 'beta')), { maxLength: 120 })),
    customAttributes: fc.option(fc.dictionary(text, fc.jsonValue(), { maxKeys: 5 })),
  },
  { requiredKeys: [] },
)

describe('a contact', () => {
  test('is refused with a sentence, or is whole: reachable, consistent and stable', () => {
    fc.assert(
      fc.property(anyInput, anyInput, (input, change) => {
        try {
          const contact = newContact(input, 'US')
          expect(contact.phone ?? contact.email).not.toBeNull()
          expect(contact.email === null).toBe(contact.emailKey === null)
          if (contact.phone === null) expect(contact.phoneExtension).toBe('')
          expect(contact.tagKeys).toEqual(contact.tags.map(tagKey))
          expect(new Set(contact.tagKeys).size).toBe(contact.tags.length)
          expect(displayNameOf(contact)).not.toBe('')
          // Saying nothing changes nothing, and saying a thing twice is saying it once.
          expect(changedFields(changeContact(contact, {}, 'US'), contact)).toEqual([])
          const changed = changeContact(contact, change, 'US')
          // A country that is sent as it was read stays that of the phone number, whatever it is then.
          if (change.countryCode === contact.countryCode) return
          expect(changedFields(changeContact(changed, change, 'US'), changed)).toEqual([])
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          expect(error.message).toMatch(/\.$/)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('needs a phone number or an email address, and keeps one of them', () => {
    expect(() => newContact({ firstName: 'Ana' }, null)).toThrow('A contact needs a phone number or an email address.')
    expect(() => changeContact(newContact({ email }, null), { email: null }, null)).toThrow(
      'A contact needs a phone number or an email address.',
    )
    expect(() => newContact({ email: '  ', phone: '' }, null)).toThrow('A contact needs a phone number or an email address.')
  })

  test.each([
    ['+14155552671 x12', undefined, '12'],
    ['+14155552671', '12', '12'],
    ['+14155552671 x12', '12', '12'],
    ['+14155552671 x12', null, '12'],
    ['+14155552671', null, ''],
  ])('with the phone %s and the extension %s has the extension "%s"', (phone, phoneExtension, expected) => {
    expect(newContact({ phone, phoneExtension }, null).phoneExtension).toBe(expected)
  })

  test('keeps an extension with its number, and loses it with another', () => {
    const contact = newContact({ phone: '+14155552671 x12' }, null)
    expect(changeContact(contact, { phone: '+1 (415) 555-2671' }, null).phoneExtension).toBe('12')
    expect(changeContact(contact, { phone: '+14155552672' }, null).phoneExtension).toBe('')
    expect(() => changeContact(contact, { phone: '+14155552671 x12', phoneExtension: '13' }, null)).toThrow(
      'The phone number has another extension in it than the one beside it.',
    )
    expect(() => newContact({ email, phoneExtension: '13' }, null)).toThrow('An extension needs the phone number that it belongs to.')
  })

  test('has the country that was set, else that of its phone, and follows the phone', () => {
    const american = newContact({ phone: '+14155552671' }, null)
    expect(american.countryCode).toBe('US')
    expect(changeContact(american, { phone: '+493023125017' }, null).countryCode).toBe('DE')
    const set = changeContact(american, { countryCode: 'mx' }, null)
    expect(set.countryCode).toBe('MX')
    expect(changeContact(set, { phone: '+493023125017' }, null).countryCode).toBe('MX')
    expect(changeContact(set, { countryCode: null }, null).countryCode).toBe('US')
  })

  test('reads a national number in its own country before the organization’s', () => {
    expect(newContact({ phone: '030 23125017', countryCode: 'DE' }, 'US').phone).toBe('+493023125017')
    expect(newContact({ phone: '(415) 555-2671' }, 'US').phone).toBe('+14155552671')
    expect(changeContact(newContact({ email, countryCode: 'DE' }, 'US'), { phone: '030 23125017' }, 'US').phone).toBe('+493023125017')
  })
})

describe('tags', () => {
  test('are a set without regard to case, in the order and spelling of their first naming', () => {
    expect(parseTags([' VIP', 'beta', 'vip', 'Vip '])).toEqual(['VIP', 'beta'])
  })

  test('are at most 100 of at most 64 characters', () => {
    const many = Array.from({ length: 101 }, (_, index) => `tag ${index}`)
    expect(() => parseTags(many)).toThrow('A contact has at most 100 tags.')
    expect(parseTags([...many.slice(0, 100), ...many.slice(0, 100)])).toHaveLength(100)
    expect(() => parseTags(['x'.repeat(65)])).toThrow('A tag is 65 characters long.')
    expect(() => parseTags([' '])).toThrow('A tag is empty.')
  })
})

describe('custom attributes', () => {
  test('merge by key, and null removes one', () => {
    expect(mergeAttributes({ plan: 'pro', seats: 3 }, { seats: null, since: { year: 2026 } })).toEqual({
      plan: 'pro',
      since: { year: 2026 },
    })
  })

  test('keep any JSON unchanged, names of prototypes included', () => {
    const odd: unknown = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "": 2}')
    expect(() => mergeAttributes({}, odd as Record<string, unknown>)).toThrow('The name of a custom attribute is empty.')
    const kept = mergeAttributes({}, JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as Record<string, unknown>)
    expect(JSON.stringify(kept)).toBe('{"__proto__":{"polluted":true},"constructor":1}')
    expect({}).not.toHaveProperty('polluted')
  })

  test('are at most 16 KiB, 32 levels deep, and without NUL', () => {
    expect(() => mergeAttributes({}, { text: 'x'.repeat(16 * 1024) })).toThrow('The custom attributes take 16,395 bytes together.')
    const deep: unknown = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)
    expect(() => mergeAttributes({}, { deep })).toThrow('The custom attribute deep is nested too deep.')
    expect(() => mergeAttributes({}, { text: 'a\u0000' })).toThrow('The custom attribute text has a NUL or a broken character in it.')
  })
})

const part = (text: string) => ({ kind: 'part', text })
const start = (text: string) => ({ kind: 'start', text })
const digits = (text: string) => ({ kind: 'digits', text })

describe('a search', () => {
  test.each([
    ['', []],
    ['  Ana   GARCÍA ', [[[part('ana')]], [[part('garcia')]]]],
    ['an', [[[start('an')]]]],
    ['415', [[[digits('415')]]]],
    ['41', [[[start('41')]]]],
    ['(415) 555-26', [[[digits('41555526')], [part('415'), part('55526')]]]],
    ["O'Brien", [[[part('obrien')], [start('o'), part('brien')]]]],
    ['Jörg', [[[part('jorg')], [part('joerg')]]]],
    ['Goebel', [[[part('goebel')], [part('gobel')]]]],
    ['"García, José"', [[[part('garcia')]], [[part('jose')]]]],
    ['王', [[[part('王')]]]],
    ['Ян', [[[start('ян')]]]],
    ['Dr. Ana', [[[part('ana')]]]],
    ['mailto:ana@s.example', [[[part('ana@s.example')]]]],
  ])('for %j looks for %j', (search, words) => {
    expect(parseSearch(search)).toEqual(words)
  })

  test('has at most 200 characters and 10 words', () => {
    expect(() => parseSearch('x'.repeat(201))).toThrow('The search is 201 characters long.')
    expect(() => parseSearch('a b c d e f g h i j k')).toThrow('The search has 11 words.')
  })
})

test('a filter that nothing can match is refused', () => {
  const noon = new Date('2026-03-01T12:00:00Z')
  expect(() => parseFilter({ createdAfter: noon, createdBefore: noon })).toThrow(
    'No time is at or after 2026-03-01T12:00:00.000Z and before 2026-03-01T12:00:00.000Z.',
  )
  expect(() => parseFilter({ lifecycleStage: [] })).toThrow('The filter is empty.')
  expect(() => parseFilter({ tags: Array.from({ length: 101 }, String) })).toThrow('The filter has 101 choices.')
})
