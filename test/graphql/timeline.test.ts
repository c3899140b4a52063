import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenActivities, givenContact, givenContacts } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const ago = (hours: number) => new Date(noon.getTime() - hours * 60 * 60 * 1000)

/** Two of each kind, an hour apart, the newest first: event, ticket, call, message and the same again. */
async function givenPast(tenant: Tenant): Promise<string> {
  const contactId = await givenContact(tenant)
  await givenActivities(
    tenant,
    contactId,
    [8, 4].flatMap((hours) => [
      {
        message: {
          occurredAt: ago(hours),
          channel: 'whatsapp',
          direction: 'inbound',
          body: `Message ${hours}\nand more`,
          externalId: `m${hours}`,
        },
      } as const,
      { call: { occurredAt: ago(hours - 1), direction: 'outbound', status: 'no_answer', externalId: `c${hours}` } } as const,
      { ticket: { occurredAt: ago(hours - 2), subject: `Ticket ${hours}` } } as const,
      { event: { occurredAt: ago(hours - 3), name: `event_${hours}`, properties: { deepKey: { innerKey: 1 } } } } as const,
    ]),
  )
  return contactId
}

const newestFirst = [
  'event_4',
  'Ticket 4',
  'Call to the contact, not answered',
  'Message 4',
  'event_8',
  'Ticket 8',
  'Call to the contact, not answered',
  'Message 8',
]

test('the four kinds are merged newest first, and pages go on in both directions', async () => {
  const tenant = await gateway.organization()
  const id = await givenPast(tenant)
  const page = async (args: string) => {
    const { body, statements } = await tenant.gql(
      `query ($id: ID!) { contact(id: $id) { timeline(${args}) { totalCount nodes { title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      { id },
    )
    const { nodes, pageInfo, totalCount } = body.data.contact.timeline
    expect(statements).toHaveLength(1)
    return { titles: nodes.map((node: { title: string }) => node.title), pageInfo, totalCount }
  }
  expect(await page('first: 200')).toMatchObject({
    titles: newestFirst,
    totalCount: 8,
    pageInfo: { hasNextPage: false, hasPreviousPage: false },
  })
  const first = await page('first: 3')
  expect(first).toMatchObject({ titles: newestFirst.slice(0, 3), pageInfo: { hasNextPage: true } })
  const second = await page(`first: 3, after: "${first.pageInfo.endCursor}"`)
  expect(second).toMatchObject({ titles: newestFirst.slice(3, 6), totalCount: 8 })
  expect(await page(`last: 2, before: "${second.pageInfo.startCursor}"`)).toMatchObject({ titles: newestFirst.slice(1, 3) })
  expect(await page('last: 2')).toMatchObject({ titles: newestFirst.slice(6), pageInfo: { hasPreviousPage: true } })
  expect(await page(`first: 3, after: "${second.pageInfo.endCursor}", kinds: [MESSAGE, CALL]`)).toMatchObject({
    titles: newestFirst.slice(6),
    totalCount: 4,
  })
  expect(await page(`kinds: [TICKET], from: "${ago(6).toISOString()}"`)).toMatchObject({ titles: ['Ticket 4', 'Ticket 8'] })
  expect(await page(`from: "${ago(4).toISOString()}", to: "${ago(1).toISOString()}"`)).toMatchObject({ titles: newestFirst.slice(1, 4) })
})

test('what arrives while a client pages moves nothing', async () => {
  const tenant = await gateway.organization()
  const id = await givenPast(tenant)
  const first = await tenant.rest('GET', `/${id}/timeline?limit=4`)
  // One that is newer than all, one that shares its time with the last of the page, and one between those to come.
  await givenActivities(
    tenant,
    id,
    [0, 4, 5.5].map((hours) => ({ event: { occurredAt: ago(hours), name: `new_${hours}` } })),
  )
  const titles = (answer: typeof first) => answer.body.data.map((entry: { title: string }) => entry.title)
  const second = await tenant.rest('GET', `/${id}/timeline?limit=200&cursor=${first.body.meta.pagination.cursor}`)
  const seen = [...titles(first), ...titles(second)]
  expect(seen.filter((title) => !title.startsWith('new_'))).toEqual(newestFirst)
  expect(seen).toContain('new_5.5')
})

test('REST returns the same in one shape, in two statements', async () => {
  const tenant = await gateway.organization()
  const id = await givenPast(tenant)
  const { body, statements } = await tenant.rest('GET', `/${id}/timeline?limit=4`)
  expect(statements).toHaveLength(2)
  expect(body.meta.pagination).toEqual({ cursor: expect.any(String), has_more: true, total: 8 })
  const stamps = { created_at: noon.toISOString(), updated_at: noon.toISOString() }
  expect(body.data).toEqual([
    {
      id: expect.stringMatching(/^evt_/),
      kind: 'event',
      occurred_at: ago(1).toISOString(),
      channel: null,
      direction: null,
      status: null,
      title: 'event_4',
      body: null,
      data: { external_id: null, ...stamps, name: 'event_4', properties: { deepKey: { innerKey: 1 } } },
    },
    {
      id: expect.stringMatching(/^tkt_/),
      kind: 'ticket',
      occurred_at: ago(2).toISOString(),
      channel: null,
      direction: null,
      status: 'open',
      title: 'Ticket 4',
      body: null,
      data: {
        external_id: null,
        ...stamps,
        subject: 'Ticket 4',
        status_at: ago(2).toISOString(),
        priority: 'normal',
        first_reply_at: null,
        closed_at: null,
      },
    },
    {
      id: expect.stringMatching(/^call_/),
      kind: 'call',
      occurred_at: ago(3).toISOString(),
      channel: 'voice',
      direction: 'outbound',
      status: 'no_answer',
      title: 'Call to the contact, not answered',
      body: null,
      data: { external_id: 'c4', ...stamps, duration_seconds: null, recording_url: null, is_automatic: false, resolved_at: null },
    },
    {
      id: expect.stringMatching(/^msg_/),
      kind: 'message',
      occurred_at: ago(4).toISOString(),
      channel: 'whatsapp',
      direction: 'inbound',
      status: 'received',
      title: 'Message 4',
      body: 'Message 4\nand more',
      data: {
        external_id: 'm4',
        ...stamps,
        category: null,
        routed_to: 'inbox',
        failure_reason: null,
        may_be_opt_out: false,
        is_automatic: false,
        resolved_at: null,
        subject: null,
        sent_at: null,
        delivered_at: null,
        read_at: null,
      },
    },
  ])
  const filtered = await tenant.rest('GET', `/${id}/timeline?kinds=message,%20event&from=2026-03-01&to=2026-03-01T08:30:00Z`)
  expect(filtered.body.data.map((entry: { title: string }) => entry.title)).toEqual(['Message 4', 'event_8', 'Message 8'])
})

test.each([
  ['kinds=message,pigeon', 'kinds'],
  ['kinds=', 'kinds'],
  ['from=yesterday', 'from'],
  ['from=2026-03-02&to=2026-03-01', 'from'],
  ['limit=201', 'limit'],
  ['since=2026-03-01', 'since'],
])('refuses ?%s', async (query, field) => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const answer = await tenant.rest('GET', `/${id}/timeline?${query}`)
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION_ERROR', details: { field } } } })
})

test('cursors of another contact and foreign contacts are refused', async () => {
  const [tenant, stranger] = [await gateway.organization(), await gateway.organization()]
  const [one, other] = [await givenPast(tenant), await givenContact(tenant)]
  const { cursor } = (await tenant.rest('GET', `/${one}/timeline?limit=1`)).body.meta.pagination
  expect((await tenant.rest('GET', `/${other}/timeline?cursor=${cursor}`)).body.error.code).toBe('INVALID_CURSOR')
  expect((await stranger.rest('GET', `/${one}/timeline`)).status).toBe(404)
  expect((await tenant.rest('GET', `/${other}/timeline`)).body.data).toEqual([])
  const node = (await tenant.rest('GET', `/${one}/timeline?limit=1`)).body.data[0].id
  expect((await stranger.gql('query ($node: ID!) { node(id: $node) { id } }', { node })).body).toEqual({ data: { node: null } })
})

test('the last activity is the first entry of the timeline, in one statement for a page of contacts', async () => {
  const tenant = await gateway.organization()
  const [ana = '', bob = ''] = await givenContacts(tenant, [{ firstName: 'Ana' }, { firstName: 'Bob' }, { firstName: 'Cleo' }])
  await givenActivities(tenant, ana, [
    { event: { name: 'seen', occurredAt: ago(2) } },
    { call: { direction: 'inbound', status: 'missed', occurredAt: ago(1) } },
  ])
  await givenActivities(tenant, bob, [{ ticket: { subject: 'Help', occurredAt: ago(3) } }])
  const read = (fields: string) => tenant.gql(`{ contacts { nodes { id ${fields} } } }`)
  const { body, statements } = await read('lastActivity { __typename id } timeline(first: 1) { nodes { __typename id } }')
  const nodes: { lastActivity: { __typename: string } | null; timeline: { nodes: unknown[] } }[] = body.data.contacts.nodes
  const last = nodes.map(({ lastActivity }) => lastActivity)
  expect(last.map((entry) => entry?.__typename ?? null)).toEqual([null, 'Ticket', 'Call'])
  expect(last).toEqual(nodes.map(({ timeline }) => timeline.nodes[0] ?? null))
  expect(statements.length).toBe((await read('timeline(first: 1) { nodes { id } }')).statements.length + 1)
})
