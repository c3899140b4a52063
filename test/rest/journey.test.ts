import { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { readCsv, unguarded } from '../../src/kernel/csv.ts'
import { givenActivities, givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const day = 24 * 60 * 60
const on = (days: number) => new Date(noon.getTime() + days * day * 1000)
const stamp = (days: number) => on(days).toISOString()

/** A contact that wrote, was called, became a customer, needed help and was blocked, a day each. */
async function givenLife(tenant: Tenant): Promise<{ id: string; ids: string[] }> {
  gateway.clock.now = on(0)
  const id = await givenContact(tenant, { firstName: 'Ana' })
  const ids: string[] = []
  const live = async (days: number, happen: () => Promise<unknown>) => {
    gateway.clock.now = on(days)
    const made = await happen()
    if (Array.isArray(made)) ids.push(...(made as string[]))
  }
  const message = { channel: 'whatsapp', direction: 'inbound' } as const
  await live(1, () => givenActivities(tenant, id, [{ message: { ...message, occurredAt: on(1), body: 'Hello\nthere' } }]))
  await live(2, () =>
    givenActivities(tenant, id, [{ call: { occurredAt: on(2), direction: 'outbound', status: 'answered', durationSeconds: 90 } }]),
  )
  await live(3, () => updateContact(tenant.context, id, { lifecycleStage: 'customer' }))
  await live(4, () => givenActivities(tenant, id, [{ message: { ...message, occurredAt: on(4), body: 'Thanks' } }]))
  await live(5, () => givenActivities(tenant, id, [{ event: { occurredAt: on(5), name: 'order_placed', properties: { total: 5 } } }]))
  await live(6, () => givenActivities(tenant, id, [{ ticket: { occurredAt: on(6), subject: 'Help', priority: 'high' } }]))
  await live(7, () => tenant.rest('POST', `/${id}/block`, { reason: 'Abuse.' }))
  await live(8, () => givenActivities(tenant, id, [{ message: { ...message, occurredAt: on(8), body: 'Sorry' } }]))
  await live(9, () => tenant.rest('POST', `/${id}/unblock`))
  gateway.clock.now = on(10)
  return { id, ids }
}

const blank = { channel: null, direction: null, detail: null }
const said = { channel: 'whatsapp', direction: 'inbound' }

test('the journey lists how a contact came and moved, oldest first, in three statements', async () => {
  const tenant = await gateway.organization()
  const { id, ids } = await givenLife(tenant)
  const { body, statements } = await tenant.rest('GET', `/${id}/journey`)
  gateway.clock.now = noon
  const [hello, call, thanks, order, help, sorry] = ids
  const lead = { ...blank, stage: 'lead' }
  const customer = { ...blank, stage: 'customer' }
  expect(statements).toHaveLength(3)
  expect(body.data).toEqual({
    contact_id: id,
    current_stage: 'customer',
    stages: [
      { stage: 'lead', entered: stamp(0), left: stamp(3), duration: 3 * day, touches: { voice: 1, whatsapp: 1 } },
      { stage: 'customer', entered: stamp(3), left: null, duration: 7 * day, touches: { whatsapp: 2 } },
    ],
    entries: [
      { ...lead, occurred_at: stamp(0), type: 'created', title: 'Created', reference_id: id },
      { ...lead, ...said, occurred_at: stamp(1), type: 'first_touch', title: 'Hello', detail: 'received', reference_id: hello },
      {
        ...lead,
        occurred_at: stamp(2),
        type: 'first_touch',
        channel: 'voice',
        direction: 'outbound',
        title: 'Call to the contact, answered',
        detail: '90 seconds',
        reference_id: call,
      },
      {
        ...customer,
        occurred_at: stamp(3),
        type: 'stage_changed',
        title: 'From lead to customer',
        detail: 'by Test key',
        reference_id: expect.stringMatching(/^lct_/),
      },
      { ...customer, ...said, occurred_at: stamp(4), type: 'touch', title: 'Thanks', detail: 'received', reference_id: thanks },
      { ...customer, occurred_at: stamp(5), type: 'milestone', title: 'order_placed', detail: '{"total": 5}', reference_id: order },
      { ...customer, occurred_at: stamp(6), type: 'milestone', title: 'Ticket: Help', detail: 'open, high priority', reference_id: help },
      {
        ...customer,
        occurred_at: stamp(7),
        type: 'blocked',
        title: 'Blocked by Test key',
        detail: 'Abuse.',
        reference_id: expect.stringMatching(/^blk_/),
      },
      { ...customer, ...said, occurred_at: stamp(8), type: 'touch', title: 'Sorry', detail: 'filed under spam', reference_id: sorry },
      {
        ...customer,
        occurred_at: stamp(9),
        type: 'unblocked',
        title: 'Unblocked by Test key',
        reference_id: expect.stringMatching(/^blk_/),
      },
    ],
  })
  expect(body.meta.pagination).toEqual({ cursor: null, has_more: false, total: 10 })
})

test('the entries page, and the stages stay', async () => {
  const tenant = await gateway.organization()
  const { id } = await givenLife(tenant)
  const whole = await tenant.rest('GET', `/${id}/journey`)
  const seen: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await tenant.rest('GET', `/${id}/journey?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(body.data.stages).toEqual(whole.body.data.stages)
    seen.push(...body.data.entries)
    cursor = body.meta.pagination.cursor
  }
  gateway.clock.now = noon
  expect(seen).toEqual(whole.body.data.entries)
  const { cursor } = (await tenant.rest('GET', `/${id}/timeline?limit=1`)).body.meta.pagination
  expect((await tenant.rest('GET', `/${id}/journey?cursor=${cursor}`)).body.error.code).toBe('INVALID_CURSOR')
})

test('an import says so, and what a contact did before it was created belongs to its first stage', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  await gateway.db.prisma.contact.updateMany({
    where: { id },
    data: { source: 'import', customAttributes: { first_seen_at: '2019-04-05T06:07:08.000Z' } },
  })
  await givenActivities(tenant, id, [{ message: { occurredAt: on(-9), channel: 'sms', direction: 'inbound' } }])
  const { body } = await tenant.rest('GET', `/${id}/journey`)
  expect(body.data.entries.map(({ type, stage, title }: Record<string, string>) => [type, stage, title])).toEqual([
    ['first_touch', 'lead', 'Message from the contact'],
    ['imported', 'lead', 'Came in with an import'],
  ])
  expect(body.data.entries[1].detail).toBe('first seen on 2019-04-05')
  expect(body.data.stages).toEqual([{ stage: 'lead', entered: stamp(0), left: null, duration: 0, touches: { sms: 1 } }])
})

test('as CSV it is the same, whole, for a strict reader', async () => {
  const tenant = await gateway.organization()
  const { id } = await givenLife(tenant)
  const whole = await tenant.rest('GET', `/${id}/journey`)
  const file = await tenant.rest('GET', `/${id}/journey.csv`)
  gateway.clock.now = noon
  expect(file.status).toBe(200)
  expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="journey-${id}.csv"`)
  expect(file.body.slice(0, 78)).toBe('occurred_at,stage,type,channel,direction,title,detail,reference_id\r\n2026-03-01')
  const records: Record<string, string>[] = parse(file.body, { columns: true })
  const entries: Record<string, string | null>[] = whole.body.data.entries
  expect(records).toEqual(entries.map((entry) => Object.fromEntries(Object.entries(entry).map(([column, cell]) => [column, cell ?? '']))))
})

test('no cell of the CSV runs in a spreadsheet, and none breaks out of its place', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  const titles = ['=HYPERLINK("http://evil.example","x")', '@SUM(1+1)', '+1+1', '-2+3', '"quoted", and\nmore', '=1;\r\n=2', ' =1', "'=1"]
  await givenActivities(
    tenant,
    id,
    titles.map((body, index) => ({ message: { occurredAt: on(-1 - index), channel: 'sms', direction: 'inbound', body } })),
  )
  const file = await tenant.rest('GET', `/${id}/journey.csv`)
  const records: Record<string, string>[] = parse(file.body, { columns: true })
  expect(records.map((record) => record['title']).toReversed()).toEqual([
    'Created',
    '\'=HYPERLINK("http://evil.example","x")',
    "'@SUM(1+1)",
    "'+1+1",
    "'-2+3",
    '"quoted", and',
    "'=1;",
    "'=1",
    "''=1",
  ])
  for (const record of records) for (const cell of Object.values(record)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
  // Our own reader takes the guard away again.
  const { records: read } = await readCsv(Readable.from([Buffer.from(file.body)]), { charset: null, scoreHeader: () => 0 })
  const restored: string[] = []
  for await (const cells of read) restored.push(unguarded(cells[5] ?? ''))
  expect(restored.slice(1, 3)).toEqual(["'=1", '=1'])
})

test('a journey of several thousand entries is read in pieces, each when it is wanted', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  for (let batch = 0; batch < 3; batch += 1) {
    await givenActivities(
      tenant,
      id,
      Array.from({ length: 1000 }, (_, index) => ({ event: { occurredAt: on(-1), name: `e${batch * 1000 + index}` } })),
    )
  }
  const file = await tenant.rest('GET', `/${id}/journey.csv`)
  const records: Record<string, string>[] = parse(file.body, { columns: true })
  expect(new Set(records.map((record) => record['title'])).size).toBe(3001)
  // The contact, and four pages.
  expect(file.statements).toHaveLength(5)
})

test('unknown and foreign contacts have no journey', async () => {
  const [tenant, stranger] = [await gateway.organization(), await gateway.organization()]
  const id = await givenContact(tenant)
  for (const path of ['journey', 'journey.csv']) {
    expect((await stranger.rest('GET', `/${id}/${path}`)).body.error.code).toBe('NOT_FOUND')
    expect((await tenant.rest('GET', `/con_00000000000000000000000000/${path}`)).status).toBe(404)
    expect((await tenant.rest('GET', `/abc/${path}`)).status).toBe(400)
    const writer = await tenant.withScopes('contacts:write')
    expect((await writer.rest('GET', `/${id}/${path}`)).status).toBe(403)
  }
})

test('GraphQL returns the same, nested', async () => {
  const tenant = await gateway.organization()
  const { id, ids } = await givenLife(tenant)
  const { body, statements } = await tenant.gql(
    `query ($id: ID!) { contact(id: $id) { journey { currentStage
      stages { stage enteredAt leftAt durationSeconds touches { channel count } }
      entries(first: 2) { totalCount nodes { occurredAt stage type channel direction title detail referenceId } pageInfo { hasNextPage } } } } }`,
    { id },
  )
  gateway.clock.now = noon
  expect(statements).toHaveLength(3)
  expect(body.data.contact.journey).toEqual({
    currentStage: 'CUSTOMER',
    stages: [
      {
        stage: 'LEAD',
        enteredAt: stamp(0),
        leftAt: stamp(3),
        durationSeconds: 3 * day,
        touches: [
          { channel: 'VOICE', count: 1 },
          { channel: 'WHATSAPP', count: 1 },
        ],
      },
      { stage: 'CUSTOMER', enteredAt: stamp(3), leftAt: null, durationSeconds: 7 * day, touches: [{ channel: 'WHATSAPP', count: 2 }] },
    ],
    entries: {
      totalCount: 10,
      nodes: [
        { ...blank, occurredAt: stamp(0), stage: 'LEAD', type: 'CREATED', title: 'Created', referenceId: id },
        {
          occurredAt: stamp(1),
          stage: 'LEAD',
          type: 'FIRST_TOUCH',
          channel: 'WHATSAPP',
          direction: 'INBOUND',
          title: 'Hello',
          detail: 'received',
          referenceId: ids[0],
        },
      ],
      pageInfo: { hasNextPage: true },
    },
  })
})

test('the journey shows stop words, topics and suppressions, and nothing of them is left after an erasure', async () => {
  const tenant = await gateway.organization()
  const phone = '+14155552671'
  const id = await givenContact(tenant, { phone })
  await tenant.gql('mutation { upsertTopic(input: { key: "news", name: "News" }) { __typename } }')
  gateway.clock.now = on(1)
  await tenant.rest('PUT', `/${id}/preferences`, {
    changes: [{ channel: 'sms', topic: 'news', state: 'opted_in', source: 'web_form', text_version: 'v1' }],
  })
  gateway.clock.now = on(2)
  const message = { channel: 'sms', direction: 'inbound' } as const
  await givenActivities(tenant, id, [{ message: { ...message, occurredAt: on(2), body: 'STOP' } }])
  gateway.clock.now = on(3)
  const put = await tenant.rest('POST', '/suppressions', { addresses: [phone], note: 'Said so by phone.' })
  gateway.clock.now = on(4)
  await tenant.rest('POST', `/suppressions/${put.body.data.suppressed[0].id}/lift`, { reason: 'Wrong number.' })
  const entriesOf = async (contactId: string) =>
    (await tenant.rest('GET', `/${contactId}/journey`)).body.data.entries.map((one: Record<string, string>) => [
      one['type'],
      one['title'],
      one['detail'],
    ])
  expect(await entriesOf(id)).toEqual([
    ['created', 'Created', null],
    ['consent_changed', 'Opted in to sms', 'web_form, for News'],
    ['consent_changed', 'Opted out of sms', 'by a stop or start word'],
    ['first_touch', expect.any(String), 'received'],
    ['suppressed', 'Address suppressed by Test key', 'put on the list by hand: Said so by phone.'],
    ['suppression_lifted', 'Suppression lifted by Test key', 'put on the list by hand: Wrong number.'],
  ])
  await tenant.rest('POST', `/${id}/erase`, { reason: 'Request of May' })
  const again = await givenContact(tenant, { phone })
  const after = await entriesOf(again)
  gateway.clock.now = noon
  expect(after.map(([type]: string[]) => type)).toEqual(['suppressed', 'created', 'suppression_lifted', 'suppressed'])
  expect(JSON.stringify(after)).not.toMatch(/by phone|Wrong number/)
})
