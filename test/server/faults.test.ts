import { expect, inject, test } from 'vitest'
import { postgresPrograms } from '../support/cluster.ts'
import { nginxProgram } from '../support/faults/nginx.ts'
import { endure } from '../support/faults/run.ts'

// Needs PostgreSQL's and nginx's own programs, and once is enough: it runs where the suite runs on a server. `npm run faults` does more of it.
test.runIf(inject('template').server !== null && postgresPrograms !== null && nginxProgram !== null)(
  'whatever is killed, no acknowledged write is lost or doubled, no stale row is read, and refusals are honest and brief',
  async () => {
    const { faults, figures, done, contacts, readsOfReplica } = await endure({ concurrency: 6, requests: 30 })
    expect(faults).toEqual([])
    expect(done).toHaveLength(6)
    expect(contacts).toBeGreaterThan(6)
    expect(readsOfReplica).toBeGreaterThan(50)
    // Refused clients got a status, a time to retry, and for a reason. A worker of nginx that ends closes the connections
    // that rest, as late as its last answer is written, and one of them may have been taken up again just then: HTTP has no other way to say so
    // (RFC 9112, 9.3.1). What a gateway does to a connection, nginx would report as 502.
    const honest =
      /^(?:retried after 503 at |its twin is still under way|ECONNRESET on a kept connection (?:at reload of nginx|while the server was up)$)/
    expect([...figures.retries.keys()].filter((why) => !honest.test(why))).toEqual([])
    // The primary is the only one without a second.
    const slow = done.filter(({ refusedAfter }) => refusedAfter > 10_000)
    expect(slow).toEqual([])
  },
  180_000,
)
