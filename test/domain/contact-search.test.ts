import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { ReadDb } from '../../src/data/database.ts'
import { transaction } from '../../src/data/transaction.ts'
import { Prisma } from '../../src/data/generated/client.ts'
import type { SearchAtom } from '../../src/data/sql/search-words.ts'
import { type ContactSort, selectContacts } from '../../src/data/sql/find-contacts.ts'
import { type ContactFilter, parseFilter } from '../../src/domain/finding/filter.ts'
import { parseSearch } from '../../src/domain/contacts/search.ts'
import type { PageRequest } from '../../src/kernel/page.ts'
import { searchableText, searchTerms } from '../../src/kernel/search-text.ts'
import { type TestGateway, openOwnGateway, type Tenant } from '../support/gateway.ts'

/** More contacts than are looked at before they are looked up, several times over. */
const many = 8000

let gateway: TestGateway
let big: Tenant
let small: Tenant
let people: Person[]

interface Person {
  readonly id: string
  readonly text: string
  readonly digits: string
  readonly terms: readonly number[]
  readonly isDeleted: boolean
  readonly stage: string
  readonly country: string
  readonly tags: string[]
  readonly email: string | null
}

/** The digits of a phone number, as if there were few of them. */
const number = fc.string({ unit: fc.constantFrom('0', '1', '2', '7'), minLength: 3, maxLength: 12 })

/** Names of few letters, so that short words are common, with something now and then that hardly anybody has. */
const letter = fc.constantFrom(...Array.from('aabbeeiinnoorr'), 'z', '1', '2', '0')
const oddity = fc.constantFrom(
  '%',
  '_',
  '\\',
  'ß',
  'İ',
  'ı',
  'é',
  'e\u0301',
  '山田',
  '太',
  '🎉',
  '👩‍👧',
  'иван',
  '&',
  '+',
  "'",
  'q',
  'ﬁ',
  '…',
)
const name = fc
  .tuple(fc.array(letter, { minLength: 1, maxLength: 6 }), fc.option(oddity, { freq: 60 }), fc.array(letter, { maxLength: 3 }))
  .map(([before, odd, after]) => `${before.join('')}${odd ?? ''}${after.join('')}`)

beforeAll(async () => {
  gateway = await openOwnGateway()
  big = await gateway.organization()
  small = await gateway.organization()
  people = fc.sample(fc.tuple(name, name, number), { seed: 7, numRuns: many }).map(([first, last, number], index) => ({
    id: `con_${String(index).padStart(26, '0')}`,
    ...searchColumns(`${first} ${last}`, index % 2222 === 1 ? '4925550199' : number),
    isDeleted: index % 3 === 0,
    stage: index % 2000 === 1 ? 'churned' : index < many / 2 ? 'lead' : 'customer',
    country: index % 2500 === 1 ? 'NZ' : 'US',
    tags: [...(index % 1500 === 1 ? ['rare'] : []), ...(index < 1500 ? ['old'] : []), 'all'],
    email: index % 2222 === 1 ? null : `${index}@example.com`,
  }))
  await givenPeople(big, people)
  await givenPeople(small, people.slice(0, 50))
  await settle()
}, 120_000)
afterAll(() => gateway.close())

function searchColumns(name: string, digits: string): Pick<Person, 'text' | 'digits' | 'terms'> {
  const text = searchableText([name])
  return { text, digits, terms: searchTerms(text, [digits]) }
}

/** As an autovacuum leaves the table, which may come at any time: what it has tidied up is what the planner goes by. */
async function settle(): Promise<void> {
  await gateway.db.sql`select gin_clean_pending_list('contacts_living_words')`
  await gateway.db.prisma.$executeRaw`analyze contacts`
}

async function givenPeople({ organizationId }: Tenant, rows: readonly Person[]): Promise<void> {
  const people = JSON.stringify(rows.map((row, index) => ({ ...row, index })))
  await gateway.db.prisma.$executeRaw`
    insert into contacts (organization_id, id, phone, email, email_key, lifecycle_stage, country_code, tags, tag_keys, source, search_text,
      search_digits, search_terms, search_version, name_key, created_at, updated_at, deleted_at)
    select ${organizationId}, id, '+' || 1000 + index, email, email, stage::lifecycle_stage, country, tags, tags, 'api', text, digits, terms, 1, text,
      at, at, case when "isDeleted" then at end
    from jsonb_to_recordset(${people}::jsonb) as p(id text, text text, digits text, terms int[], "isDeleted" boolean, stage text, country text, tags text[], email text, index int)
    cross join lateral (select timestamptz '2026-01-01Z' + index * interval '1 minute' as at) moments`
}

/** Who must be found, newest first, by looking at everybody. */
function expected(everyone: readonly Person[], search: string): string[] {
  const words = parseSearch(search)
  const has = ({ text, digits }: Person, atom: SearchAtom) => {
    if (atom.kind === 'digits') return text.includes(atom.text) || digits.includes(atom.text)
    return text.includes(atom.kind === 'start' ? ` ${atom.text}` : atom.text)
  }
  const isFound = (person: Person) => words.every((word) => word.some((atoms) => atoms.every((atom) => has(person, atom))))
  return everyone
    .filter((person) => !person.isDeleted && isFound(person))
    .map(({ id }) => id)
    .toReversed()
}

function ask(db: ReadDb, tenant: Tenant, filter: ContactFilter, page: Partial<PageRequest> = {}, sort: ContactSort = 'createdAt') {
  return selectContacts(db, {
    organizationId: tenant.organizationId,
    match: parseFilter(filter),
    sort,
    direction: 'desc',
    page: { limit: 25, direction: 'forward', from: null, total: false, ...page },
  })
}

test('whatever is searched for, those are found whom looking at everybody finds', async () => {
  const part = fc.tuple(fc.integer({ min: 0, max: many - 1 }), fc.nat(20), fc.integer({ min: 1, max: 8 })).map(([index, from, length]) =>
    Array.from(`${people[index]?.text} ${people[index]?.digits}`)
      .slice(from, from + length)
      .join('')
      .trim(),
  )
  const word = fc.oneof({ weight: 4, arbitrary: part }, oddity, fc.string({ unit: letter, maxLength: 3 }), number)
  const search = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
  await fc.assert(
    fc.asyncProperty(search, fc.boolean(), fc.nat(), async (search, inSmall, place) => {
      const everyone = inSmall ? people.slice(0, 50) : people
      const found = expected(everyone, search)
      const { rows, total } = await ask(gateway.db, inSmall ? small : big, { search }, { total: true })
      expect(rows.map(({ id }) => id)).toEqual(found.slice(0, 26))
      expect(total).toBe(found.length)
      // And from somewhere within.
      const start = found.length === 0 ? 0 : place % found.length
      const id = found[start]
      if (id === undefined) return
      const from = { key: new Date(Date.UTC(2026, 0, 1, 0, Number(id.slice(4)))), id }
      const next = await ask(gateway.db, inSmall ? small : big, { search }, { from })
      expect(next.rows.map((row) => row.id)).toEqual(found.slice(start + 1, start + 27))
    }),
    { numRuns: 400 },
  )
}, 120_000)

interface Plan {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly Plan[]
  readonly 'Node Type': string
  readonly 'Index Cond'?: string
}

/** How the database has answered: the steps that it took, those that it left out not among them. */
async function stepsOf(asking: (db: ReadDb) => Promise<unknown>, settings: Prisma.Sql = Prisma.sql`select 1`): Promise<Plan[]> {
  let asked: Prisma.Sql | undefined
  const listener = {
    sql: (strings: readonly string[], ...values: unknown[]) => {
      asked = Prisma.sql(strings, ...values)
      return Promise.resolve([])
    },
  }
  // The function under test uses nothing else of a database.
  await asking(listener as unknown as ReadDb)
  const explain = Prisma.sql`explain (analyze, format json) ${asked}`
  const [answer] = await transaction(gateway.db, async (tx) => {
    await tx.prisma.$executeRaw(settings)
    return tx.sql<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(explain)
  })
  const root = answer?.['QUERY PLAN'][0]
  if (root === undefined) throw new Error('The database does not explain itself.')
  const steps = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(steps)]
  return steps(root.Plan).filter((step) => step['Actual Loops'] > 0)
}

/** So few contacts would be read from end to end: this has the plan be one for many. */
const asForMany = Prisma.sql`set local enable_seqscan = off`

/** How many contacts the database looks at to answer. */
async function looksAt(asking: (db: ReadDb) => Promise<unknown>): Promise<number> {
  const steps = (await stepsOf(asking, asForMany)).filter((step) => step['Relation Name'] === 'contacts')
  const rows = (step: Plan) => step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Index Recheck'] ?? 0)
  return steps.reduce((sum, step) => sum + rows(step) * step['Actual Loops'], 0)
}

/**
 * A thousand in the order of the list, once to look at them and once to know that there are more; some again before they are counted; and those that
 * match, twice, those of the small organization among them.
 */
const atMost = (matching: number) => 2302 + 2 * matching

/** On Citus, plans are those of the nodes, which are not looked at. */
const isOnCitus = (inject('template').server?.nodes.length ?? 0) > 1

test.skipIf(isOnCitus).each([
  ['a letter that no contact has', { search: 'w' }, 0],
  ['a sign that no contact has', { search: '~' }, 0],
  ['two letters that no contact has', { search: 'xw' }, 0],
  ['a pair of letters that every contact has, and one that no contact has', { search: 'a xw' }, 0],
  ['letters of another script that no contact has', { search: 'мария' }, 0],
  ['a word that no contact has', { search: 'wolfgang' }, 0],
  ['four digits that no contact has', { search: '0003' }, 0],
  ['digits that no contact has, though many have any three of them', { search: '(07) 170-172-277' }, 0],
  ['digits that hardly anybody has', { search: '555-0199' }, 4],
  ['a stage that hardly anybody is in', { lifecycleStage: ['churned'] }, 4],
  ['a stage that no contact is in', { lifecycleStage: ['advocate'] }, 0],
  ['a country that hardly anybody is in', { countryCode: ['NZ'] }, 4],
  ['a country that no contact is in', { countryCode: ['FR'] }, 0],
  ['a tag that hardly anybody has', { tags: ['rare'] }, 7],
  ['a tag and a stage that never go together', { tags: ['old'], lifecycleStage: ['customer'] }, 0],
  ['no contact among the few that lack an address', { hasEmail: false, search: 'xw' }, 4],
  ['the few who lack an address', { hasEmail: false }, 4],
  ['no contact that lacks a number', { hasPhone: false }, 0],
] satisfies readonly (readonly [string, ContactFilter, number])[])('%s: not everybody is looked at', async (_what, filter, most) => {
  for (const sort of ['createdAt', 'updatedAt', 'name'] as const)
    expect(await looksAt((db) => ask(db, big, filter, { total: true }, sort))).toBeLessThanOrEqual(atMost(most))
})

/** The conditions on the index that contacts are looked up by. */
async function lookups(tenant: Tenant): Promise<string[]> {
  const steps = await stepsOf((db) => ask(db, tenant, { search: 'wolfgang' }, { total: true }), asForMany)
  return steps.flatMap((step) => (step['Node Type'] === 'Bitmap Index Scan' ? [step['Index Cond'] ?? ''] : []))
}

test.skipIf(isOnCitus)(
  'who has most of the contacts is not looked for in the index at each of them, and a small organization finds no contact of another',
  async () => {
    // So few contacts are all looked at in the order of the list, and only counted in the index.
    expect(await lookups(small)).toEqual([expect.stringContaining(`organization_id = '${small.organizationId}'`)])
    const most = await lookups(big)
    expect(most).toHaveLength(2)
    for (const condition of most) expect(condition).not.toMatch(/organization_id/)
    const even = await gateway.organization()
    await givenPeople(even, people)
    await settle()
    const both = [...(await lookups(big)), ...(await lookups(even))]
    expect(both).toHaveLength(4)
    for (const condition of both) expect(condition).toMatch(/organization_id/)
    await gateway.db.prisma.$executeRaw`delete from contacts where organization_id = ${even.organizationId}`
    await settle()
  },
)

test.skipIf(isOnCitus)('what is common is counted along the list, and no contact is sorted for it', async () => {
  const steps = await stepsOf((db) => ask(db, big, { search: 'a' }, { total: true }))
  expect(steps.filter((step) => step['Node Type'] === 'Sort' && step['Actual Rows'] > 26)).toEqual([])
})

test('pages are whole whether their matches are near, further along the list, or far away', async () => {
  const tenant = await gateway.organization()
  const crowd = Array.from({ length: 4000 }, (_, index): Person => {
    const tags = [...(index % 60 === 0 ? ['sparse'] : []), ...(index < 300 ? ['old'] : []), ...(index % 900 === 0 ? ['few'] : [])]
    const id = `con_${String(index).padStart(26, '0')}`
    return { id, ...searchColumns(`Person ${index}`, ''), isDeleted: index % 7 === 0, stage: 'lead', country: 'US', tags, email: null }
  })
  await givenPeople(tenant, crowd)
  await settle()
  for (const tag of ['sparse', 'old', 'few']) {
    const found: string[] = []
    let after: string | null = null
    do {
      const { body } = await tenant.gql(
        'query ($tag: String!, $after: String) { contacts(filter: { tags: [$tag] }, first: 25, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { tag, after },
      )
      found.push(...body.data.contacts.nodes.map(({ id }: { id: string }) => id))
      after = body.data.contacts.pageInfo.hasNextPage ? body.data.contacts.pageInfo.endCursor : null
    } while (after !== null)
    const tagged = crowd.filter(({ tags, isDeleted }) => !isDeleted && tags.includes(tag))
    expect(found).toEqual(tagged.map(({ id }) => id).toReversed())
  }
})
