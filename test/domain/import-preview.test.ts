import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGateway, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const runs = Number(process.env['PREVIEW_RUNS'] ?? 40)
const csv = { 'Content-Type': 'text/csv' }
const cell = (...values: string[]) => fc.constantFrom(...values, '')
const row = fc.tuple(
  cell('ana@example.com', 'Bob <bob@example.com>', 'cyd@example.com; dan@example.com', 'unfinished@', 'n/a'),
  cell('+14155552671', '(415) 555-2672', '020 7946 0958', '5,58199E+12', '030 901820', '12345'),
  cell('USA', 'Deutschland', 'Atlantis', 'GB'),
  cell('Ana', 'Bob', 'NULL'),
  cell('MQL', 'Customer', 'friend'),
  cell('vip', '"a;b"', '#N/A'),
  cell('yes', 'no', 'TRUE'),
)
const file = fc
  .tuple(
    fc.array(row, { minLength: 1, maxLength: 8 }),
    fc.constantFrom('skip', 'update'),
    fc.constantFrom('', '&tags=replace', '&match_by=email'),
  )
  .map(([rows, policy, more]) => ({
    text: ['E-Mail,Telefon,Land,Vorname,Stage,Tags,Unsubscribed', ...rows.map((cells) => cells.join(','))].join('\r\n'),
    query: `default_country=US&on_duplicate=${policy}${more}`,
  }))

test('a preview says what the import does, and writes nothing', async () => {
  const tenant = await gateway.organization()
  await fc.assert(
    fc.asyncProperty(file, async ({ text, query }) => {
      const count = () => gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })
      const before = await count()
      const preview = await tenant.rest('POST', `/bulk/preview?${query}`, text, csv)
      expect([preview.status, await count()]).toEqual([200, before])
      const { rows: _rows, ...said } = preview.body.data
      const { body } = await tenant.rest('POST', `/bulk?${query}`, text, csv)
      expect(body.data).toMatchObject(said)
      const { created, updated, unchanged, skipped, total_rows: total } = said
      expect(created + updated + unchanged + skipped).toBe(total)
    }),
    { numRuns: runs },
  )
}, 1_200_000)
