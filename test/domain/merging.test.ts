import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blockContact } from '../../src/domain/blocking/commands.ts'
import { createContact } from '../../src/domain/contacts/commands.ts'
import { contactsById } from '../../src/domain/contacts/queries.ts'
import { mergeContacts } from '../../src/domain/merging/commands.ts'
import { unmergeContacts } from '../../src/domain/merging/unmerge.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { sendDecisionsByContact } from '../../src/domain/sending/queries.ts'
import { givenActivities, givenNote } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

/** How many merges are tried: a few in the suite; as many as `MERGE_RUNS` says for a long night. */
const runs = Number(process.env['MERGE_RUNS'] ?? 6)

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
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

let numbers = 0
async function givenPerson(tenant: Tenant, person: typeof anyPerson extends fc.Arbitrary<infer Person> ? Person : never): Promise<string> {
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
  const contacts = await db.contact.findMany({ ...where, orderBy: { id: 'asc' } })
  const addresses = await db.contactAddress.findMany({ ...where, orderBy: [{ kind: 'asc' }, { key: 'asc' }, { contactId: 'asc' }] })
  const byId = { ...where, orderBy: { id: 'asc' as const } }
  return {
    contacts: contacts.map(({ revision: _revision, updatedAt: _updatedAt, ...contact }) => contact),
    addresses,
    consent: await db.consentRecord.findMany(byId),
    preferences: await db.channelPreference.findMany({ ...where, orderBy: [{ contactId: 'asc' }, { channel: 'asc' }] }),
    suppressions: await db.suppression.findMany(byId),
    blocks: await db.block.findMany(byId),
    notes: await db.note.findMany(byId),
    events: await db.event.findMany(byId),
    transitions: await db.lifecycleTransition.findMany(byId),
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
