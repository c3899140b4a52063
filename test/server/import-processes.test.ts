import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Database, openDatabase } from '../../src/data/open-database.ts'
import { copyTemplate } from '../support/gateway.ts'
import { runCli } from '../support/process.ts'
import { asTest } from '../support/tenancy/as-test.ts'

const rows = 6000

let database: Database
let env: Record<string, string>
let folder: string
let remove: () => Promise<void>
beforeAll(async () => {
  const copy = await copyTemplate()
  remove = copy.remove
  env = copy.config.url === null ? {} : { DATABASE_URL: copy.config.url }
  database = await openDatabase(copy.config)
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-test-'))
})
afterAll(async () => {
  await database.close()
  await remove()
  await rm(folder, { recursive: true, force: true })
})

// The embedded database belongs to one process.
test.skipIf(inject('template').server === null)(
  'two processes that import one file at once make no contact twice, and both report true counts',
  async () => {
    await runCli(['organizations', 'create', '--name', 'Meadow', '--country', 'US'], env)
    const file = join(folder, 'people.csv')
    const lines = Array.from({ length: rows }, (_, index) => `person${index}@example.com,+1212${2_000_000 + index}`)
    await writeFile(file, `email,phone\n${lines.join('\n')}\n`)
    const both = await Promise.all([1, 2].map(() => runCli(['import', file, '--on-duplicate', 'update'], env)))
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    const db = asTest(database.db)
    expect(await db.prisma.contact.count()).toBe(rows)
    const jobs = await db.prisma.importJob.findMany()
    expect(jobs).toHaveLength(2)
    for (const { id, status, processedRows, created, updated, unchanged, skipped } of jobs) {
      expect({ status, processedRows, updated, skipped }).toEqual({ status: 'completed', processedRows: rows, updated: 0, skipped: 0 })
      const outcomes = await db.prisma.importRow.groupBy({ by: ['outcome'], where: { importJobId: id }, _count: true })
      const counted = new Map(outcomes.map(({ outcome, _count }) => [outcome, _count]))
      expect([counted.get('created') ?? 0, counted.get('unchanged') ?? 0]).toEqual([created, unchanged])
    }
    expect(jobs.reduce((sum, { created }) => sum + created, 0)).toBe(rows)
  },
  120_000,
)
