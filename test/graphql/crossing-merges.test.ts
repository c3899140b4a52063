import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenContacts, givenNote } from '../support/factories.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

/** How many rounds are played: a few in the suite; as many as `CROSSING_RUNS` says for a long night. */
const rounds = Number(process.env['CROSSING_RUNS'] ?? 8)

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test('merges that cross each other, with edits and unmerges beside, are done or refused, and lose nothing', async () => {
  const tenant = await gateway.organization()
  const statuses = new Map<number, number>()
  for (let round = 0; round < rounds; round += 1) {
    const [one = '', other = '', third = ''] = await givenContacts(tenant, [{ firstName: 'Ana' }, { firstName: 'Ben' }, {}])
    for (const [index, id] of [one, other, third].entries()) await givenNote(tenant, id, `note ${index}`)
    const answers = await Promise.all([
      tenant.rest('POST', `/${one}/merge`, { from_ids: [other] }),
      tenant.rest('POST', `/${other}/merge`, { from_ids: [one] }),
      tenant.rest('POST', `/${other}/merge`, { from_ids: [third] }),
      tenant.rest('PATCH', `/${one}`, { company: 'Northwind' }),
      tenant.rest('PATCH', `/${other}`, { email: `ben${round}@home.example` }),
      tenant.rest('POST', `/${other}/block`, {}),
      tenant.rest('DELETE', `/${third}`),
    ])
    const merges = answers.flatMap(({ status, body }, index) => (index < 3 && status === 200 ? [body.data.merge.id as string] : []))
    const unmerged = await Promise.all(merges.map((mergeId) => unmerge(tenant, mergeId)))
    for (const { status } of [...answers, ...unmerged]) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect([...statuses.keys()].filter((status) => ![200, 204, 404, 409, 410].includes(status))).toEqual([])
  // Of the first two, one merge wins each time.
  expect(statuses.get(200)).toBeGreaterThanOrEqual(rounds * 3)
  const { organizationId } = tenant
  const orphans = await gateway.db.sql`
    select n.id from notes n where n.organization_id = ${organizationId}
      and not exists (select from contacts c where c.organization_id = n.organization_id and c.id = n.contact_id and c.merged_into_id is null)
    union all
    select c.id from contacts c join contacts s on s.organization_id = c.organization_id and s.id = c.merged_into_id
    where c.organization_id = ${organizationId} and (c.deleted_at is null or s.id = c.id)
    union all
    select a.contact_id from contact_addresses a join contacts c on c.organization_id = a.organization_id and c.id = a.contact_id
    where a.organization_id = ${organizationId} and a.is_living <> (c.deleted_at is null)`
  expect(orphans).toEqual([])
  expect(await gateway.db.prisma.note.count({ where: { organizationId } })).toBe(3 * rounds)
})

async function unmerge(tenant: Tenant, mergeId: string) {
  const answer = await tenant.gql(
    `mutation ($mergeId: ID!) { unmergeContacts(input: { mergeId: $mergeId }) { __typename ... on Error { code } } }`,
    { mergeId },
  )
  expect(answer.body.errors).toBeUndefined()
  return answer
}
