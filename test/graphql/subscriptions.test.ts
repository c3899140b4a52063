import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '../../src/data/driver/query-stats.ts'
import { stageImport } from '../../src/domain/imports/commands.ts'
import { finishImport } from '../../src/domain/imports/job/work.ts'
import { givenActivities, givenContact, givenContacts, givenNote } from '../support/factories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'
import { watch } from '../support/subscriptions.ts'
import { secretKeys } from '../support/secret-keys.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

const contactChanged = `subscription($id: ID!, $after: String) {
  contactChanged(id: $id, after: $after) { eventId kinds fields contactId occurredAt contact { displayName tags notes(first: 2) { nodes { body } } } }
}`

describe('one contact', () => {
  test('is delivered in its current state, with everything below it, and without other contacts', async () => {
    const [id, other] = await givenContacts(tenant, [{ firstName: 'Ada' }, { firstName: 'Bob' }])
    const watching = await watch(gateway, tenant, contactChanged, { variables: { id } })
    expect(watching.status).toBe(200)
    await tenant.rest('PATCH', `/${other}`, { last_name: 'Nobody' })
    await tenant.rest('PATCH', `/${id}`, { last_name: 'Lovelace', tags: ['maths'] })
    const received = await watching.next()
    expect(received?.body).toEqual({
      data: {
        contactChanged: {
          eventId: received?.id,
          kinds: ['UPDATED'],
          fields: ['lastName', 'tags'],
          contactId: id,
          occurredAt: noon.toISOString(),
          contact: { displayName: 'Ada Lovelace', tags: ['maths'], notes: { nodes: [] } },
        },
      },
    })
    await givenNote(tenant, id ?? '', 'Wrote the first program')
    expect((await watching.next())?.body.data.contactChanged).toMatchObject({
      kinds: ['NOTE_CREATED'],
      contact: { notes: { nodes: [{ body: 'Wrote the first program' }] } },
    })
    await tenant.rest('POST', `/${id}/block`, {})
    expect((await watching.next())?.body.data.contactChanged.kinds).toEqual(['BLOCKED'])
    await tenant.rest('DELETE', `/${id}`)
    expect((await watching.next())?.body.data.contactChanged).toMatchObject({ kinds: ['DELETED'], contact: null })
    await watching.close()
  })

  test('a change that is rolled back is not delivered', async () => {
    const id = await givenContact(tenant, { firstName: 'Ada', phone: '+14155550188' })
    const other = await givenContact(tenant)
    const watching = await watch(gateway, tenant, contactChanged, { variables: { id } })
    expect((await tenant.rest('PATCH', `/${other}`, { phone: '+14155550188' })).status).toBe(409)
    await tenant.rest('PATCH', `/${id}`, { first_name: 'Ada' })
    await tenant.rest('PATCH', `/${id}`, { first_name: 'Eve' })
    expect((await watching.next())?.body.data.contactChanged).toMatchObject({ fields: ['firstName'], contact: { displayName: 'Eve' } })
    await watching.close()
  })

  test('a client that reconnects gets what happened meanwhile, and then goes on', async () => {
    const id = await givenContact(tenant, { firstName: 'Ada' })
    const first = await watch(gateway, tenant, contactChanged, { variables: { id } })
    await tenant.rest('PATCH', `/${id}`, { company: 'One' })
    const known = await first.next()
    await first.close()
    await tenant.rest('PATCH', `/${id}`, { company: 'Two' })
    await givenNote(tenant, id, 'While away')
    const reconnects = [{ variables: { id, after: known?.id } }, { variables: { id }, headers: { 'Last-Event-ID': known?.id ?? '' } }]
    for (const reconnect of reconnects) {
      const again = await watch(gateway, tenant, contactChanged, reconnect)
      expect((await again.next())?.body.data.contactChanged).toMatchObject({ kinds: ['UPDATED', 'NOTE_CREATED'], fields: ['company'] })
      await again.close()
    }
    const again = await watch(gateway, tenant, contactChanged, reconnects[0])
    await again.next()
    await tenant.rest('POST', `/${id}/block`, {})
    expect((await again.next())?.body.data.contactChanged.kinds).toEqual(['BLOCKED'])
    await again.close()
  })

  test.each([
    ['nonsense', 'VALIDATION_ERROR'],
    [secretKeys.encrypt('event-id', `1...${noon.getTime() - 7 * 24 * 3_600_000 - 1}`), 'EVENT_ID_EXPIRED'],
    // Of another database, whose transactions have come further.
    [secretKeys.encrypt('event-id', `99999999999999...${noon.getTime()}`), 'EVENT_ID_EXPIRED'],
  ])('an event id that says nothing here is refused: %s', async (after, code) => {
    const id = await givenContact(tenant)
    const { body } = await tenant.gql(contactChanged, { id, after })
    expect(body.errors).toMatchObject([{ path: ['contactChanged'], extensions: { code, field: 'after' } }])
  })

  test('an unknown one is refused', async () => {
    const { body } = await tenant.gql(contactChanged, { id: 'con_00000000000000000000000000' })
    expect(body.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })
})

describe('the contacts of a filter', () => {
  const query = `subscription($filter: ContactFilter, $kinds: [ContactChangeKind!]) {
    contactsChanged(filter: $filter, kinds: $kinds) { eventId changes { contactId matches kinds contact { displayName } } }
  }`

  test('are delivered when they match, and when they match no more', async () => {
    const mine = await gateway.organization()
    const [customer, lead] = await givenContacts(mine, [
      { firstName: 'Cy', lifecycleStage: 'customer' },
      { firstName: 'Lea', lifecycleStage: 'lead' },
    ])
    const watching = await watch(gateway, mine, query, { variables: { filter: { lifecycleStage: ['CUSTOMER'] } } })
    const next = async () => (await watching.next())?.body.data.contactsChanged.changes
    await mine.rest('PATCH', `/${lead}`, { company: 'Still a lead' })
    await mine.rest('PATCH', `/${customer}`, { company: 'Still a customer' })
    expect(await next()).toEqual([{ contactId: customer, matches: true, kinds: ['UPDATED'], contact: { displayName: 'Cy' } }])
    await mine.rest('PATCH', `/${lead}`, { lifecycle_stage: 'customer' })
    expect(await next()).toEqual([{ contactId: lead, matches: true, kinds: ['UPDATED'], contact: { displayName: 'Lea' } }])
    await mine.rest('PATCH', `/${customer}`, { lifecycle_stage: 'churned' })
    expect(await next()).toEqual([{ contactId: customer, matches: false, kinds: ['UPDATED'], contact: { displayName: 'Cy' } }])
    await mine.rest('DELETE', `/${customer}`)
    await mine.rest('DELETE', `/${lead}`)
    expect(await next()).toEqual([{ contactId: lead, matches: false, kinds: ['DELETED'], contact: null }])
    await mine.gql('mutation($ids: [ID!]!) { restoreContacts(input: { ids: $ids }) { __typename } }', { ids: [lead] })
    expect(await next()).toEqual([{ contactId: lead, matches: true, kinds: ['RESTORED'], contact: { displayName: 'Lea' } }])
    await watching.close()
  })

  test('imports and bulk actions are delivered, many contacts at a time, each once', async () => {
    const mine = await gateway.organization()
    const watching = await watch(gateway, mine, query, { variables: { filter: { search: 'import' }, kinds: ['CREATED', 'UPDATED'] } })
    const contacts = Array.from({ length: 450 }, (_, index) => ({ email: `import${index}@example.com` }))
    await mine.rest('POST', '/bulk', { contacts })
    const received = new Set<string>()
    while (received.size < 450) {
      const event = await watching.next()
      for (const { contactId, kinds } of event?.body.data.contactsChanged.changes ?? []) {
        expect(kinds).toEqual(['CREATED'])
        expect(received.has(contactId)).toBe(false)
        received.add(contactId)
      }
    }
    await mine.rest('POST', '/actions', { action: 'add_tags', contact_ids: [...received].slice(0, 3), params: { tags: ['x'] } })
    expect((await watching.next())?.body.data.contactsChanged.changes).toHaveLength(3)
    await watching.close()
  })

  test('all who ask the same are answered by one execution', async () => {
    const mine = await gateway.organization()
    const id = await givenContact(mine)
    const statements: string[] = []
    const count = { statements: 0, milliseconds: 0, onStatement: (sql: string) => void statements.push(sql) }
    const all = await countStatements(count, () => Promise.all(Array.from({ length: 4 }, () => watch(gateway, mine, query))))
    const other = await watch(gateway, mine, query.replace('displayName', 'company'))
    await mine.rest('PATCH', `/${id}`, { company: 'Shared' })
    const received = await Promise.all(all.map((watching) => watching.next()))
    expect(new Set(received.map((event) => JSON.stringify(event))).size).toBe(1)
    expect(statements.filter((sql) => sql.includes('as "displayName"'))).toHaveLength(1)
    expect((await other.next())?.body.data.contactsChanged.changes).toMatchObject([{ contact: { company: 'Shared' } }])
    await Promise.all([...all, other].map((watching) => watching.close()))
  })
})

test('what is recorded of a contact is delivered, and its later changes', async () => {
  const contactId = await givenContact(tenant)
  const watching = await watch(
    gateway,
    tenant,
    'subscription($id: ID!) { timelineAdded(contactId: $id) { eventId entries { isNew entry { __typename title ... on Message { status } } } } }',
    { variables: { id: contactId } },
  )
  const next = async () => (await watching.next())?.body.data.timelineAdded.entries
  const message = {
    externalId: 'm1',
    channel: 'email',
    direction: 'outbound',
    subject: 'Hello',
    occurredAt: new Date('2026-02-01Z'),
  } as const
  await givenNote(tenant, contactId)
  await givenActivities(tenant, contactId, [{ message }, { event: { name: 'seen', occurredAt: new Date('2026-02-02Z') } }])
  expect(await next()).toEqual([
    { isNew: true, entry: { __typename: 'Message', title: 'Hello', status: 'SENT' } },
    { isNew: true, entry: { __typename: 'Event', title: 'seen' } },
  ])
  await givenActivities(tenant, contactId, [{ message: { ...message, status: 'read' } }])
  expect(await next()).toEqual([{ isNew: false, entry: { __typename: 'Message', title: 'Hello', status: 'READ' } }])
  await watching.close()
})

test('the progress of an import is delivered at once and whenever it is further, until it has ended', async () => {
  const job = await stageImport(
    tenant.context,
    { kind: 'json', contacts: Array.from({ length: 1100 }, (_, n) => ({ email: `p${n}@example.org` })) },
    {},
  )
  const query = 'subscription($id: ID!) { importProgress(id: $id) { job { status processedRows } } }'
  const watching = await watch(gateway, tenant, query, { variables: { id: job.id } })
  const next = async () => (await watching.next())?.body.data.importProgress.job
  expect(await next()).toEqual({ status: 'PENDING', processedRows: 0 })
  await finishImport(tenant.context, job)
  const received = []
  for (let progress = await next(); progress !== undefined; progress = await next()) received.push(progress)
  expect(received.at(-1)).toEqual({ status: 'COMPLETED', processedRows: 1100 })
  expect(watching.isComplete()).toBe(true)
  const late = await watch(gateway, tenant, query, { variables: { id: job.id } })
  expect([(await late.next())?.body.data.importProgress.job.status, await late.next(), late.isComplete()]).toEqual([
    'COMPLETED',
    null,
    true,
  ])
})

test('another organization receives nothing', async () => {
  const [mine, stranger] = [await gateway.organization(), await gateway.organization()]
  const id = await givenContact(mine)
  const watching = await watch(gateway, stranger, 'subscription { contactsChanged { changes { contactId } } }')
  await mine.rest('PATCH', `/${id}`, { company: 'Mine' })
  const own = await givenContact(stranger)
  expect((await watching.next())?.body.data.contactsChanged.changes).toEqual([{ contactId: own }])
  await watching.close()
})
