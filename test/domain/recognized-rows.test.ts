import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keysOf } from '../../src/domain/contacts/keys.ts'
import { changeContact } from '../../src/domain/contacts/change-contact.ts'
import { changedFields, type ContactFields, type ContactInput, newContact } from '../../src/domain/contacts/rules.ts'
import { byKey, recognize } from '../../src/domain/imports/rows/recognize.ts'
import { RowDraft } from '../../src/domain/imports/rows/row-draft.ts'

/** What a cell can hold that is stored unchanged, and what is stored as something else. */
const inputs = fc.record(
  {
    phone: fc.constantFrom('+14155552671', '+1 415 555 2671', '+14155552671 x12', '+442079460958', '+5215512345678', '+525512345678'),
    phoneExtension: fc.constantFrom('12', 'x12'),
    email: fc.constantFrom('ana@example.com', 'Ana@Example.com', ' ana@example.com', 'ána@müller.example'),
    firstName: fc.constantFrom('Ana', ' Ana ', 'A\u0301na', '\u00c1na'),
    company: fc.constantFrom('Harbour  Lane', 'Harbour Lane'),
    countryCode: fc.constantFrom('US', 'us', 'DE'),
    timezone: fc.constantFrom('Europe/Berlin', 'europe/berlin', 'US/Eastern'),
    language: fc.constantFrom('pt-BR', 'pt_br', 'iw'),
    lifecycleStage: fc.constantFrom('lead' as const, 'customer' as const),
    tags: fc.constantFrom(['vip'], ['VIP', 'vip'], [' vip ', 'new'], ['vip', 'new']),
    customAttributes: fc.dictionary(
      fc.constantFrom('plan', 'seats', '__proto__'),
      fc.constantFrom<unknown>('pro', 5, { b: 1, a: [2] }, ['x']),
    ),
  },
  { requiredKeys: [] },
)

/** A row that was written from what is stored, as an export writes it: a few of its fields. */
function exported(fields: ContactFields, keep: readonly string[]): ContactInput {
  const { phone, phoneExtension, email, firstName, company, countryCode, timezone, language, lifecycleStage, tags, customAttributes } =
    fields
  const named = { phone, phoneExtension: phoneExtension || null, email, firstName, company, countryCode, timezone, language }
  const all = { ...named, lifecycleStage, tags: tags.length === 0 ? null : tags, customAttributes }
  return Object.fromEntries(Object.entries(all).filter(([key, value]) => keep.includes(key) && value !== null))
}

const keep = fc.subarray([
  'phone',
  'phoneExtension',
  'email',
  'firstName',
  'company',
  'countryCode',
  'timezone',
  'language',
  'lifecycleStage',
  'tags',
  'customAttributes',
])

const options = { matchBy: null, tags: 'replace', addTags: [] } as const

test('a row that is recognized is one that would be read, meet this contact by all that it names, and leave it unchanged', () => {
  let recognized = 0
  fc.assert(
    fc.property(inputs, inputs, keep, fc.boolean(), (one, other, fields, isExported) => {
      const stored = accept(one)
      fc.pre(stored !== null)
      if (stored === null) return
      const contact = { id: 'con_1', revision: 1, lifecycleStage: stored.lifecycleStage, fields: stored, addresses: [], furtherKeys: [] }
      const input = isExported ? exported(stored, fields) : other
      const row = recognize({ rowNumber: 1, input, draft: new RowDraft() }, byKey([contact]), options)
      if (row === null) return
      recognized += 1
      const alone = newContact(input, null)
      const { phone, phoneKey, phoneExtension, email, emailKey } = alone
      expect(row.keys).toEqual({ phone, phoneKey, phoneExtension, email, emailKey })
      expect(keysOf(stored)).toEqual(expect.arrayContaining(keysOf(alone)))
      expect(changedFields(stored, changeContact(stored, input, 'DE'))).toEqual([])
    }),
    { numRuns: 1000 },
  )
  // A test of nothing would pass as well.
  expect(recognized).toBeGreaterThan(30)
})

test('a contact as it was exported is recognized, whichever of its fields the file has', () => {
  const stored = newContact(
    {
      phone: '+14155552671',
      email: 'Ana@Example.com',
      firstName: 'Ana',
      tags: ['vip', 'new'],
      customAttributes: { plan: 'pro', deep: { b: 1, a: 2 } },
    },
    null,
  )
  const contact = { id: 'con_1', revision: 1, lifecycleStage: stored.lifecycleStage, fields: stored, addresses: [], furtherKeys: [] }
  const names = ['firstName', 'countryCode', 'lifecycleStage', 'tags', 'customAttributes']
  fc.assert(
    fc.property(fc.constantFrom('phone', 'email'), fc.subarray(names), (key, others) => {
      const row = recognize({ rowNumber: 1, input: exported(stored, [key, ...others]), draft: new RowDraft() }, byKey([contact]), options)
      expect(row?.contact).toBe(contact)
    }),
  )
})

function accept(input: ContactInput): ContactFields | null {
  try {
    return newContact(input, null)
  } catch {
    return null
  }
}
