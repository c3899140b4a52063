import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidCursor } from '../../src/kernel/errors.ts'
import { decodeCursor, encodeCursor, pageOf, parsePageSize } from '../../src/kernel/page.ts'
import { idAt, idKind, newId, parseId } from '../../src/kernel/ids.ts'

const times = { name: 'contacts:a', key: 'time' } as const
const names = { name: 'contacts:b', key: 'text' } as const
const numbers = { name: 'rows:a', key: 'number' } as const
const anyId = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes) => idAt('contact', new Date(0), bytes))

describe('a cursor', () => {
  test('comes back as the position that it stands for', () => {
    const anyInstant = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(anyInstant, anyId, (key, id) => {
        expect(decodeCursor(times, encodeCursor(times, { key, id }))).toEqual({ key, id })
      }),
    )
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000')),
        anyId,
        (key, id) => {
          expect(decodeCursor(names, encodeCursor(names, { key, id }))).toEqual({ key, id })
        },
      ),
    )
  })

  test('of a list that is sorted by a number holds one that the database can read', () => {
    const id = newId('contact')
    for (const key of [0, 100_000, 2 ** 31 - 1]) expect(decodeCursor(numbers, encodeCursor(numbers, { key, id }))).toEqual({ key, id })
    for (const key of [-1, 0.5, 2 ** 31, '1', new Date(Number.NaN)])
      expect(() => decodeCursor(numbers, encodeCursor(numbers, { key, id }))).toThrow(InvalidCursor)
  })

  test('of another list, cut short or made up is refused', () => {
    const cursor = encodeCursor(times, { key: new Date(0), id: newId('contact') })
    expect(() => decodeCursor(names, cursor)).toThrow(InvalidCursor)
    for (let length = 0; length < cursor.length - 1; length += 1)
      expect(() => decodeCursor(times, cursor.slice(0, length))).toThrow(InvalidCursor)
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
        expect(() => decodeCursor(times, text)).toThrow(InvalidCursor)
      }),
    )
    const forged = [
      ['contacts:a', 'x', newId('contact')],
      ['contacts:a', 1e300, newId('contact')],
      ['contacts:a', 1.5, newId('contact')],
      ['contacts:a', 0, "' or 1=1"],
      ['contacts:a', 0, newId('contact'), 1],
      {},
      null,
    ]
    for (const value of forged)
      expect(() => decodeCursor(times, Buffer.from(JSON.stringify(value)).toString('base64url'))).toThrow(InvalidCursor)
  })
})

test('a page size is an integer from 1 to 200, 25 by default', () => {
  expect([parsePageSize(undefined, 'first'), parsePageSize(null, 'first'), parsePageSize(1, 'first'), parsePageSize(200, 'first')]).toEqual(
    [25, 25, 1, 200],
  )
  for (const size of [0, -1, 201, 1.5, Number.NaN, 2 ** 40])
    expect(() => parsePageSize(size, 'first')).toThrow('A page has 1 to 200 items.')
})

test('a page keeps the order of the list in both directions, and knows whether there is more', () => {
  const from = { key: new Date(0), id: newId('contact') }
  const forward = { limit: 2, direction: 'forward', from: null, total: false } as const
  const backward = { limit: 2, direction: 'backward', from, total: true } as const
  expect(pageOf([1, 2, 3], forward, null)).toEqual({ items: [1, 2], hasNext: true, hasPrevious: false, total: null })
  expect(pageOf([3, 2, 1], backward, 10_000)).toEqual({ items: [2, 3], hasNext: true, hasPrevious: true, total: 10_000 })
  expect(pageOf([3, 2], backward, 10_001)).toEqual({ items: [2, 3], hasNext: true, hasPrevious: false, total: null })
})

describe('an id', () => {
  test('says what it names', () => {
    expect([idKind(newId('contact')), idKind(newId('note')), idKind('con_x'), idKind('')]).toEqual(['contact', 'note', null, null])
    expect(() => parseId('contact', newId('note'), 'contactId')).toThrow(
      'This is not the id of a contact; those look like con_01jm8xw4r2e5tvq0c9h3kzb7nd.',
    )
  })

  test('ascends with its time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 45 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        (at, later, one, other) => {
          expect(idAt('message', new Date(at), one) < idAt('message', new Date(at + later), other)).toBe(true)
          expect(idKind(idAt('message', new Date(at), one))).toBe('message')
        },
      ),
    )
  })
})
