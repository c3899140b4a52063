import { expect, inject, test } from 'vitest'
import { copyTemplate } from '../support/gateway.ts'
import { startServer } from '../support/process.ts'
import { asTest } from '../support/tenancy/as-test.ts'
import { openDatabase } from '../../src/data/open-database.ts'

const record = `mutation ($input: [ActivityInput!]!) {
  recordActivities(input: { activities: $input }) { ... on RecordActivitiesPayload { outcomes { status code } } ... on Error { message } }
}`

// The embedded database belongs to one process.
test.runIf(inject('template').server !== null)('two processes that record the same external ids at once leave one row each', async () => {
  const { config, remove } = await copyTemplate()
  const key = 'dv_live_sk_chosen_by_operator'
  const env = { DATABASE_URL: config.url ?? '', DEMO_DATA: 'false', BOOTSTRAP_API_KEY: key, LOG_LEVEL: 'error', RATE_LIMIT: 'off' }
  const servers = [await startServer(env), await startServer(env)]
  const about = { contact: { email: 'one@example.com' }, createContact: true, occurredAt: '2026-01-01T10:00:00Z' }
  const batch = Array.from({ length: 50 }, (_, index) => [
    { message: { ...about, externalId: `m${index}`, channel: 'EMAIL', direction: 'OUTBOUND', status: 'SENT' } },
    { event: { ...about, externalId: `e${index}`, name: 'seen' } },
  ]).flat()
  try {
    const statuses: string[] = []
    for (let round = 0; round < 5; round += 1) {
      // The two send the same batch, one of them the other way round, so that they meet in the middle.
      const answers = await Promise.all(
        servers.map(async ({ url }, index) => {
          const input = index === 0 ? batch : batch.toReversed()
          const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
          const response = await fetch(`${url}/graphql`, {
            method: 'POST',
            headers,
            body: JSON.stringify({ query: record, variables: { input } }),
          })
          const { data }: { data: { recordActivities: { outcomes: { status: string }[] } } } = JSON.parse(await response.text())
          return data.recordActivities.outcomes.map(({ status }) => status)
        }),
      )
      statuses.push(...answers.flat())
    }
    const counts = {
      CREATED: statuses.filter((status) => status === 'CREATED').length,
      UNCHANGED: statuses.filter((status) => status === 'UNCHANGED').length,
    }
    expect(counts).toEqual({ CREATED: 100, UNCHANGED: 900 })
    const database = await openDatabase(config)
    try {
      const db = asTest(database.db)
      expect([await db.prisma.message.count(), await db.prisma.event.count(), await db.prisma.contact.count()]).toEqual([50, 50, 1])
    } finally {
      await database.close()
    }
  } finally {
    for (const server of servers) {
      server.process.kill('SIGTERM')
      await server.exit()
    }
    await remove()
  }
})
