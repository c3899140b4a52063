import { expect, test } from 'vitest'
import { openDatabase } from '../../src/data/open-database.ts'
import { newId } from '../../src/kernel/ids.ts'
import { copyTemplate } from '../support/gateway.ts'
import { compare } from '../support/soak/ledger.ts'
import { soak } from '../support/soak/run.ts'
import { asTest } from '../support/tenancy/as-test.ts'

// `npm run soak` does the same at length.
test('whatever was acknowledged is there once, though the server is stopped, killed and started again', async () => {
  const { config, remove } = await copyTemplate()
  const restarts = ['SIGTERM', 'SIGKILL'] as const
  const {
    faults,
    requests,
    restarts: done,
    people,
  } = await soak({ database: config, requests: 200, concurrency: 8, restarts, rests: false })
  expect(faults).toEqual([])
  expect(requests).toBeGreaterThanOrEqual(200)
  expect(done.map(({ signal }) => signal)).toEqual(restarts)

  // The comparison that has just found nothing finds what there is to find.
  const database = await openDatabase(config)
  const db = asTest(database.db)
  const noted = people.find(({ notes }) => notes.length > 0)
  const [note] = noted?.notes ?? []
  if (noted === undefined || note === undefined) throw new Error('No contact has a note.')
  const row = await db.prisma.note.findFirstOrThrow({ where: { id: note.id } })
  await db.prisma.note.create({ data: { ...row, id: newId('note') } })
  await db.prisma.contact.updateMany({ where: { id: noted.id }, data: { firstName: 'Another request' } })
  await db.prisma.event.deleteMany({})
  const events = people.flatMap((person) => person.events)
  const faultsNow = await compare(db, people)
  expect(faultsNow.map((fault) => fault.split(': ', 2).join(': ')).toSorted()).toEqual([
    'contacts: acknowledged, but not there',
    'contacts: there, but never acknowledged, or there twice',
    ...events.map(() => 'events: acknowledged, but not there'),
    'notes: there, but never acknowledged, or there twice',
  ])
  await database.close()
  await remove()
}, 300_000)
