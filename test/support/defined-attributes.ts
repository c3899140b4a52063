import fc from 'fast-check'
import { createDefinition } from '../../src/domain/attributes/commands.ts'
import type { AttributeFilter } from '../../src/domain/finding/attribute-filter.ts'
import type { Tenant } from './gateway.ts'

/** An attribute of each type, and values that contacts have of it: the last ones do not fit. */
const defined = {
  nick: { type: 'text', fitting: ['Pro', '100% pro_', '', `${'x'.repeat(250)}1`, `${'x'.repeat(250)}2`], others: [12, ['Pro']] },
  size: { type: 'number', fitting: [12, 1.5, -3, 0, 1e21], others: ['12', true] },
  active: { type: 'boolean', fitting: [true, false], others: ['true', 1] },
  born: { type: 'date', fitting: ['2024-02-29', '1999-12-31'], others: ['2023-02-29', '2024-02-29T00:00:00Z'] },
  seen: {
    type: 'date_time',
    fitting: ['2024-02-29T00:00:00Z', '2024-02-29T00:30:00+01:00', '2024-02-29T00:00:00.0019Z'],
    others: ['2024-02-29'],
  },
  tier: { type: 'enum', fitting: ['Gold', 'Silver'], others: ['gold', 'Bronze'] },
  site: { type: 'url', fitting: ['https://a.example/Shop', 'http://b.example'], others: ['a.example'] },
} as const

type Key = keyof typeof defined
export const definedKeys = Object.keys(defined) as Key[] // proof: the keys of a constant

export async function givenDefinitions(tenant: Tenant): Promise<void> {
  for (const key of definedKeys) {
    const { type } = defined[key]
    await createDefinition(tenant.context, { key, type, options: type === 'enum' ? ['Gold', 'Silver', 'Platinum'] : [] })
  }
}

/** What the contact with a number has: a value of most attributes, every fourth of which does not fit. */
export function definedValues(index: number): Record<string, unknown> {
  return Object.fromEntries(
    definedKeys.flatMap((key, at): [string, unknown][] => {
      const { fitting, others } = defined[key]
      const turn = index + at
      if (turn % 5 === 4) return []
      const values: readonly unknown[] = turn % 4 === 3 ? others : fitting
      return [[key, values[index % values.length]]]
    }),
  )
}

const operators = { eq: 'one', ne: 'one', in: 'list', gt: 'one', gte: 'one', lt: 'one', lte: 'one' } as const
const unordered = new Set<Key>(['active', 'tier'])

/** A filter over one of these attributes, with operators that it has. */
export const definedFilter: fc.Arbitrary<AttributeFilter> = fc.constantFrom(...definedKeys).chain((key) => {
  const values: readonly unknown[] = key === 'tier' ? ['Gold', 'Platinum'] : defined[key].fitting
  const one = fc.constantFrom(...values, ...(key === 'seen' ? ['2024-02-29'] : []))
  const names = (Object.keys(operators) as (keyof typeof operators)[]).filter((name) => !unordered.has(key) || !/^[gl]t/.test(name))
  const compared = fc.constantFrom(...names).chain((name): fc.Arbitrary<AttributeFilter> => {
    const value: fc.Arbitrary<unknown> = operators[name] === 'list' ? fc.array(one, { minLength: 1, maxLength: 2 }) : one
    return value.map((given) => ({ key, [name]: given }))
  })
  const parts: fc.Arbitrary<AttributeFilter>[] =
    key === 'nick' || key === 'site'
      ? [
          fc.constantFrom('PRO', '%', 'o_', 'example', 'xxx2', '\\').map((contains) => ({ key, contains })),
          fc.constantFrom('p', '100%', 'HTTPS://a', '_').map((startsWith) => ({ key, startsWith })),
        ]
      : []
  return fc.oneof(
    compared,
    compared,
    fc.boolean().map((exists): AttributeFilter => ({ key, exists })),
    ...parts,
  )
})

/** What contacts are sorted by by one of these attributes: a value that fits; null for none. */
export function sortedBy(stored: Record<string, unknown>, key: Key): string | number | null {
  const known: readonly unknown[] = defined[key].fitting
  if (!Object.hasOwn(stored, key) || !known.includes(stored[key])) return null
  const value = key === 'seen' || key === 'born' ? Date.parse(String(stored[key])) : stored[key]
  return typeof value === 'number' ? value : String(value).slice(0, 200)
}

/** Whether stored attributes meet a filter over one of these attributes; null for an attribute that is not one of them. */
export function meetsDefined(stored: Record<string, unknown>, filter: AttributeFilter): boolean | null {
  const key = definedKeys.find((one) => one === filter.key)
  if (key === undefined) return null
  const has = Object.hasOwn(stored, key)
  const known: readonly unknown[] = defined[key].fitting
  const read = (value: unknown): unknown =>
    key === 'seen' || key === 'born' ? Date.parse(/T/.test(String(value)) ? String(value) : `${String(value)}T00:00:00Z`) : value
  const value = has && known.includes(stored[key]) ? read(stored[key]) : undefined
  const compare = (other: unknown): number | null => {
    const wanted = read(other)
    if (typeof value === 'number' && typeof wanted === 'number') return value - wanted
    return typeof value === 'string' && typeof wanted === 'string' ? Buffer.compare(Buffer.from(value), Buffer.from(wanted)) : null
  }
  const is = (other: unknown, holds: (order: number) => boolean) => {
    const order = compare(other)
    return order !== null && holds(order)
  }
  const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return (
    (filter.eq === undefined || value === read(filter.eq)) &&
    (filter.ne === undefined || (has && value !== read(filter.ne))) &&
    (!filter.in || (value !== undefined && filter.in.some((one) => value === read(one)))) &&
    (filter.gt === undefined || is(filter.gt, (order) => order > 0)) &&
    (filter.gte === undefined || is(filter.gte, (order) => order >= 0)) &&
    (filter.lt === undefined || is(filter.lt, (order) => order < 0)) &&
    (filter.lte === undefined || is(filter.lte, (order) => order <= 0)) &&
    (typeof filter.contains !== 'string' || (typeof value === 'string' && ascii(value).includes(ascii(filter.contains)))) &&
    (typeof filter.startsWith !== 'string' || (typeof value === 'string' && ascii(value).startsWith(ascii(filter.startsWith)))) &&
    (typeof filter.exists !== 'boolean' || filter.exists === has)
  )
}
