import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blockContact } from '../../src/domain/blocking/commands.ts'
import { createContact } from '../../src/domain/contacts/commands.ts'
import { contactsById } from '../../src/domain/contacts/queries.ts'
import { eraseContacts } from '../../src/domain/erasure/commands.ts'
import { purgeDeletedContacts } from '../../src/domain/erasure/retention.ts'
import { mergeContacts } from '../../src/domain/merging/commands.ts'
import { unmergeContacts } from '../../src/domain/merging/unmerge.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { sendDecisionsByContact } from '../../src/domain/sending/queries.ts'
import { dumpOf, linesWith } from '../support/dump.ts'
import { type GivenActivity, givenActivities, givenNote } from '../support/factories.ts'
import { noon, openOwnGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

/** How many merges are tried: a few in the suite; as many as `MERGE_RUNS` says for a long night. */
const runs = Number(process.env['MERGE_RUNS'] ?? 6)

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())

const channel = fc.constantFrom('sms' as const, 'email' as const, 'whatsapp' as const, 'instagram' as const)
const anyPerson = fc.record({
  phones: fc.integer({ min: 0, max: 2 }),
  emails: fc.integer({ min: 1, max: 2 }),
  firstName: fc.option(fc.constantFrom('Ana', 'Anna', 'Ben'), { nil: null }),
  stage: fc.constantFrom('lead', 'customer'),
  tags: fc.subarray(['a', 'b', 'c']),
  attributes: fc.dictionary(fc.constantFrom('plan', 'seats'), fc.integer({ min: 0, max: 3 })),
  externalIds: fc.integer({ min: 0, max: 2 }),
  consents: fc.array(
    fc.record({ channel, state: fc.constantFrom('opted_in' as const, 'opted_out' as const), minutes: fc.integer({ min: 1, max: 5 }) }),
    {
      maxLength: 4,
    },
  ),
  isBlocked: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
  notes: fc.integer({ min: 0, max: 2 }),
  events: fc.integer({ min: 0, max: 2 }),
})

type Person = typeof anyPerson extends fc.Arbitrary<infer Value> ? Value : never

const plain: Person = {
  phones: 0,
  emails: 0,
  firstName: null,
  stage: 'lead',
  tags: [],
  attributes: {},
  externalIds: 0,
  consents: [],
  isBlocked: false,
  notes: 0,
  events: 0,
}

let numbers = 0
async function givenPerson(tenant: Tenant, person: Person): Promise<string> {
  const next = () => String((numbers += 1)).padStart(4, '0')
  const id = await createContact(tenant.context, {
    phoneNumbers: Array.from({ length: person.phones }, () => ({ value: `+1415555${next()}`, label: 'work' })),
    emailAddresses: Array.from({ length: person.emails }, () => ({ value: `p${next()}@example.com` })),
    externalIds: Array.from({ length: person.externalIds }, () => ({ system: 'crm', value: next() })),
    firstName: person.firstName,
    lifecycleStage: person.stage,
    tags: person.tags,
    customAttributes: person.attributes,
  })
  for (const { channel: on, state, minutes } of person.consents) {
    const proof = { source: 'web_form', proofUrl: 'https://example.com/proof', recordedAt: new Date(noon.getTime() - minutes * 60_000) }
    await setPreferences(tenant.context, id, [{ channel: on, state, ...proof }])
  }
  if (person.isBlocked) await blockContact(tenant.context, { contactId: id })
  for (let index = 0; index < person.notes; index += 1) await givenNote(tenant, id)
  for (let index = 0; index < person.events; index += 1)
    await givenActivities(tenant, id, [{ event: { name: 'visited', occurredAt: noon } }])
  return id
}

/** Every row of the organization in the tables that a merge writes, without revisions and the times of changes. */
async function dump({ organizationId }: Tenant): Promise<unknown> {
  const { db } = gateway
  const where = { where: { organizationId } }
  const contacts = await db.prisma.contact.findMany({ ...where, orderBy: { id: 'asc' } })
  const addresses = await db.prisma.contactAddress.findMany({ ...where, orderBy: [{ kind: 'asc' }, { key: 'asc' }, { contactId: 'asc' }] })
  const byId = { ...where, orderBy: { id: 'asc' as const } }
  return {
    contacts: contacts.map(({ revision: _revision, updatedAt: _updatedAt, ...contact }) => contact),
    addresses,
    consent: await db.prisma.consentRecord.findMany(byId),
    preferences: await db.prisma.channelPreference.findMany({ ...where, orderBy: [{ contactId: 'asc' }, { channel: 'asc' }] }),
    suppressions: await db.prisma.suppression.findMany(byId),
    blocks: await db.prisma.block.findMany(byId),
    notes: await db.prisma.note.findMany(byId),
    events: await db.prisma.event.findMany(byId),
    transitions: await db.prisma.lifecycleTransition.findMany(byId),
  }
}

test('whatever was merged: taking the merge back gives every row back exactly, and no message becomes allowed by a merge', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyPerson, { minLength: 2, maxLength: 3 }), async (people) => {
      const tenant = await gateway.organization()
      const ids: string[] = []
      for (const person of people) ids.push(await givenPerson(tenant, person))
      const [intoId = '', ...fromIds] = ids
      const before = await dump(tenant)
      const refusedBefore = await refused(tenant, ids)
      const { id } = await mergeContacts(tenant.context, { intoId, fromIds })
      const refusedAfter = await refused(tenant, [intoId])
      expect([...refusedBefore].filter((key) => !refusedAfter.has(key))).toEqual([])
      await unmergeContacts(tenant.context, id)
      expect(await dump(tenant)).toEqual(before)
    }),
    { numRuns: runs },
  )
})

const anyActivity = fc.record({
  kind: fc.constantFrom('message' as const, 'message' as const, 'message' as const, 'call' as const, 'ticket' as const, 'event' as const),
  owner: fc.nat(2),
  hours: fc.integer({ min: 1, max: 400 }),
  channel: fc.constantFrom('sms' as const, 'email' as const, 'whatsapp' as const),
  direction: fc.constantFrom('inbound' as const, 'outbound' as const),
})

function activityOf({
  kind,
  hours,
  channel: on,
  direction,
}: typeof anyActivity extends fc.Arbitrary<infer Activity> ? Activity : never): GivenActivity {
  const occurredAt = new Date(noon.getTime() - hours * 3_600_000)
  switch (kind) {
    case 'message':
      return { message: { channel: on, direction, occurredAt, body: 'hello' } }
    case 'call':
      return { call: { direction, status: 'answered', occurredAt } }
    case 'ticket':
      return { ticket: { subject: 'Parcel', occurredAt } }
    case 'event':
      return { event: { name: 'visited', occurredAt } }
  }
}

test('what is counted of merged contacts is what is counted of one that has had all of it from the start', async () => {
  const asked = `query ($id: ID!) { contact(id: $id) {
    timeline(first: 100) { totalCount nodes { __typename occurredAt } }
    profile { activityCounts { kind channel direction count } openTickets { subject openedAt }
      engagement { score recency frequency replies replyRate replyRates { channel sent replied rate } preferredChannel bestLocalHour firstSeenAt lastSeenAt } } } }`
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(anyActivity, { maxLength: 24, selector: ({ hours }) => hours }), async (activities) => {
      const tenant = await gateway.organization()
      const person = () => givenPerson(tenant, { ...plain, phones: 1, emails: 1 })
      const [intoId, second, third, whole] = [await person(), await person(), await person(), await person()]
      for (const activity of activities) {
        await givenActivities(tenant, [intoId, second, third][activity.owner] ?? intoId, [activityOf(activity)])
        await givenActivities(tenant, whole, [activityOf(activity)])
      }
      await mergeContacts(tenant.context, { intoId, fromIds: [second, third] })
      const answer = async (id: string) => (await tenant.gql(asked, { id })).body
      expect(await answer(intoId)).toEqual(await answer(whole))
    }),
    { numRuns: runs },
  )
})

/** The channels on which any of the contacts has refused marketing, or is blocked. */
async function refused(tenant: Tenant, ids: readonly string[]): Promise<Set<string>> {
  const contacts = [...(await contactsById(tenant.context, ids)).values()]
  const found = new Set<string>()
  for (const on of ['sms', 'email', 'whatsapp', 'instagram'] as const) {
    const decisions = await sendDecisionsByContact(tenant.context, contacts, { channel: on, category: 'marketing' })
    for (const { reasons } of decisions.values()) {
      for (const { code } of reasons) if (code === 'OPTED_OUT' || code === 'BLOCKED' || code === 'SUPPRESSED') found.add(`${on} ${code}`)
    }
  }
  return found
}

test('an erasure by the id of a merged contact removes all that are merged, and their addresses stay suppressed', async () => {
  const tenant = await gateway.organization()
  const kept = await createContact(tenant.context, { email: 'zq-kept@example.com', firstName: 'Zq-first' })
  const middle = await createContact(tenant.context, { email: 'zq-middle@example.com', firstName: 'Zq-second', phone: '+14155550199' })
  const last = await createContact(tenant.context, { email: 'zq-last@example.com', firstName: 'Zq-third' })
  // Deleted before another contact gets its address, and restored when that one is erased.
  const former = await createContact(tenant.context, { email: 'zq-last@example.org', firstName: 'Zulu' })
  await givenNote(tenant, middle)
  await mergeContacts(tenant.context, { intoId: middle, fromIds: [last] })
  await mergeContacts(tenant.context, { intoId: kept, fromIds: [middle] })
  await tenant.rest('DELETE', `/${former}`)
  await tenant.rest('POST', `/${kept}/notes`, { body: 'zq-note' })
  await tenant.gql(`mutation { updateContact(input: { id: "${kept}", emailAddresses: [
    { value: "zq-kept@example.com" }, { value: "zq-middle@example.com" }, { value: "zq-last@example.com" }, { value: "zq-last@example.org" }
  ] }) { __typename } }`)

  const subject = await tenant.rest('GET', `/${kept}/subject-data.json`)
  expect(subject.body.data.contact_merges).toHaveLength(1)
  expect(JSON.stringify(subject.body.data.contact_merges)).toContain('Zq-second')
  const ofMerged = await tenant.rest('GET', `/${last}/subject-data.json`)
  expect([ofMerged.status, ofMerged.body.error.code]).toEqual([410, 'CONTACT_MERGED'])

  const values = ['zq-', '4155550199']
  const own = async () => (await dumpOf(gateway.db)).split('\n').filter((line) => line.includes(tenant.organizationId))
  expect(linesWith((await own()).join('\n'), values).length).toBeGreaterThan(5)
  const { erasures, failed } = await eraseContacts(tenant.context, { ids: [last], reason: 'Request of 12 May' })
  expect([erasures.map(({ contactId, completedAt }) => [contactId, completedAt]), failed]).toEqual([[[last, noon]], []])
  expect(linesWith((await own()).filter((line) => !line.includes(former)).join('\n'), values)).toEqual([])
  for (const id of [kept, middle, last]) expect([id, (await tenant.rest('GET', `/${id}`)).status]).toEqual([id, 404])
  expect(await gateway.db.prisma.contactMerge.count({ where: { organizationId: tenant.organizationId } })).toBe(0)

  const listed = async (address: string) => (await tenant.rest('GET', `/suppressions?address=${address}`)).body.data
  expect(await listed('zq-middle@example.com')).toMatchObject([{ address: expect.stringMatching(/^hash:/), reason: 'erasure' }])
  await createContact(tenant.context, {
    emailAddresses: [{ value: 'other@example.com' }, { value: 'zq-middle@example.com' }],
  })
  expect(await listed('zq-middle@example.com')).toMatchObject([{ address: 'zq-middle@example.com', reason: 'erasure' }])
  await tenant.rest('POST', '/actions', { action: 'restore', contact_ids: [former] })
  expect((await tenant.rest('GET', `/${former}`)).status).toBe(200)
  expect(await listed('zq-last@example.org')).toMatchObject([{ address: 'zq-last@example.org', reason: 'erasure' }])
})

test('retention leaves merged contacts while the other one lives, and both for 30 days after the merge', async () => {
  const tenant = await gateway.organization()
  const [kept, merged] = [
    await createContact(tenant.context, { email: 'ana@example.com' }),
    await createContact(tenant.context, { email: 'anna@example.com' }),
  ]
  await mergeContacts(tenant.context, { intoId: kept, fromIds: [merged] })
  const purge = (days: number) =>
    purgeDeletedContacts({ db: tenant.context.db, secretKeys, now: () => new Date(noon.getTime() + days * 24 * 60 * 60 * 1000) }, 5)
  const left = () => gateway.db.prisma.contact.count({ where: { organizationId: tenant.organizationId } })
  await purge(40)
  expect(await left()).toBe(2)
  await tenant.rest('DELETE', `/${kept}`)
  await purge(29)
  expect(await left()).toBe(2)
  await purge(31)
  expect(await left()).toBe(0)
})
