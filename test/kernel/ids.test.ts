import { describe, expect, test, vi } from 'vitest'
import { isDeepStrictEqual } from 'node:util'
import { TypeID } from 'typeid-js'
import { newId } from '../../src/kernel/ids.ts'

const bytesOf = (id: string) => TypeID.fromString(id).toUUIDBytes()

describe('a new id', () => {
  test('is a TypeID over a UUIDv7, and ids of a process ascend', () => {
    const ids = Array.from({ length: 5000 }, () => newId('contact'))
    expect(ids.toSorted()).toEqual(ids)
    const [first = ''] = ids
    expect(TypeID.fromString(first).toUUID()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const milliseconds = Number(new DataView(bytesOf(first).buffer, bytesOf(first).byteOffset).getBigUint64(0) >> 16n)
    expect(Math.abs(Date.now() - milliseconds)).toBeLessThan(5000)
  })

  test('has 62 random bits, so that how many were made between two of them is not to be seen', () => {
    const ids = Array.from({ length: 2000 }, () => bytesOf(newId('note')))
    const tails = ids.map((bytes) => Buffer.from(bytes.subarray(8)).readBigUInt64BE() & (2n ** 62n - 1n))
    expect(new Set(tails).size).toBe(tails.length)
    const ascending = tails.filter((tail, index) => index > 0 && tail > (tails[index - 1] ?? 0n)).length
    expect(ascending).toBeGreaterThan(800)
    expect(ascending).toBeLessThan(1200)
    expect(isDeepStrictEqual(tails, tails.toSorted())).toBe(false)
  })

  test('follows a clock that was set back by an hour, and does not count on in its place', () => {
    newId('contact')
    const past = Date.now() - 3_600_000
    const clock = vi.spyOn(Date, 'now').mockReturnValue(past)
    const milliseconds = Number(Buffer.from(bytesOf(newId('contact'))).readBigUInt64BE() >> 16n)
    clock.mockRestore()
    expect(milliseconds).toBe(past)
  })
})
