import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { updateContact } from '../../src/domain/contacts/commands.ts'
import { optOut } from '../../src/domain/preferences/opt-out.ts'
import { givenContact } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const csv = { 'Content-Type': 'text/csv' }

/** The channels of each contact that are not unknown, by the email address. */
async function consentOf(tenant: Tenant): Promise<Record<string, Record<string, string>>> {
  const contacts = await gateway.db.prisma.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
  })
  const rows = await Promise.all(
    contacts.map(async ({ id, email }) => {
      const { body } = await tenant.rest('GET', `/${id}/preferences`)
      const states: [string, string][] = Object.entries(body.data.preferences)
      return [email, Object.fromEntries(states.filter(([, state]) => state !== 'unknown'))] as const
    }),
  )
  return Object.fromEntries(rows)
}

describe('columns about consent', () => {
  test('opt out the number of the row, also of a contact that has opted out at another one by a stop word', async () => {
    const tenant = await gateway.organization()
    const numbers = ['+14155552681', '+14155552682']
    const id = await givenContact(tenant, { phone: numbers[0] })
    await updateContact(tenant.context, id, { phoneNumbers: numbers.map((value, index) => ({ value, isPrimary: index === 0 })) })
    const word = async (body: string, occurredAt: Date) => {
      const message = { contact: { id }, channel: 'sms' as const, direction: 'inbound' as const, body, occurredAt }
      await recordActivities(tenant.context, [{ message }])
    }
    await word('STOP', noon)
    const file = `Phone,SMS Opt Out\r\n${numbers[1]},yes`
    expect((await tenant.rest('POST', '/bulk', file, csv)).body.data).toMatchObject({ skipped: 1 })
    const listed = async () =>
      await gateway.db.prisma.suppression.findMany({
        where: { organizationId: tenant.organizationId, channel: 'sms' },
        orderBy: { key: 'asc' },
        select: { key: true, reason: true },
      })
    const both = [
      { key: numbers[0], reason: 'keyword' },
      { key: numbers[1], reason: 'opt_out' },
    ]
    expect(await listed()).toEqual(both)
    // The same file again records nothing, and a start word takes back what a stop word did, and no more.
    const entries = async () => await gateway.db.prisma.consentRecord.count({ where: { organizationId: tenant.organizationId } })
    const before = await entries()
    await tenant.rest('POST', '/bulk', file, csv)
    expect([await entries(), await listed()]).toEqual([before, both])
    await word('START', new Date(noon.getTime() + 1000))
    expect((await tenant.rest('GET', `/${id}/preferences`)).body.data.preferences).toMatchObject({ sms: 'opted_out' })
  })

  test('become opt-outs with the import as their source, and never opt-ins', async () => {
    const tenant = await gateway.organization()
    const file = [
      'Email,Phone,Has Opted Out Of Email,Do Not Call,SMS Marketing Consent,Accepts Email Marketing,Newsletter abbestellt,Status',
      'ada@wool.example,+14155552671,TRUE,,,,,',
      'ben@wool.example,+14155552672,0,X,,,,',
      'cai@wool.example,+14155552673,,,UNSUBSCRIBED,,,',
      'dot@wool.example,+14155552674,,,,no,,',
      'eli@wool.example,+14155552675,no,no,SUBSCRIBED,yes,nein,enabled',
      'fay@wool.example,+14155552676,,,NEVER_SUBSCRIBED,,ja,',
      'gil@wool.example,+14155552677,-,,,,,cleaned',
    ].join('\r\n')
    const { body } = await tenant.rest('POST', '/bulk', file, csv)
    expect(body.data).toMatchObject({ created: 7, skipped: 0 })
    expect(await consentOf(tenant)).toEqual({
      'ada@wool.example': { email: 'opted_out' },
      'ben@wool.example': { voice: 'opted_out' },
      'cai@wool.example': { rcs: 'opted_out', sms: 'opted_out' },
      'dot@wool.example': { email: 'opted_out' },
      'eli@wool.example': {},
      'fay@wool.example': { email: 'opted_out' },
      'gil@wool.example': { email: 'opted_out' },
    })
    expect(body.data.warnings).toMatchObject([
      { code: 'CONSENT_WITHOUT_PROOF', column: 'SMS Marketing Consent', count: 1, rows: [5] },
      { code: 'CONSENT_WITHOUT_PROOF', column: 'Accepts Email Marketing', count: 1, rows: [5] },
    ])
    const eli = await gateway.db.prisma.contact.findFirstOrThrow({
      where: { organizationId: tenant.organizationId, email: 'eli@wool.example' },
    })
    expect(eli.customAttributes).toMatchObject({ 'SMS Marketing Consent': 'SUBSCRIBED', 'Accepts Email Marketing': 'yes' })
    const records = await gateway.db.prisma.consentRecord.findMany({ where: { organizationId: tenant.organizationId } })
    expect(new Set(records.map(({ source }) => source))).toEqual(new Set([`import:${body.data.id}`]))
    const again = await tenant.rest('POST', '/bulk?on_duplicate=update', file, csv)
    expect(again.body.data).toMatchObject({ unchanged: 7, created: 0, updated: 0 })
    expect(await gateway.db.prisma.consentRecord.count({ where: { organizationId: tenant.organizationId } })).toBe(records.length)
  })

  test('that say not to contact close every channel', async () => {
    const tenant = await gateway.organization()
    await tenant.rest('POST', '/bulk', 'Email,Do Not Contact\nida@wool.example,yes\n', csv)
    const states = (await consentOf(tenant))['ida@wool.example'] ?? {}
    expect([Object.keys(states).length, new Set(Object.values(states))]).toEqual([11, new Set(['opted_out'])])
  })

  test('count for a contact that exists already, whose row is skipped', async () => {
    const tenant = await gateway.organization()
    await givenContact(tenant, { email: 'kim@wool.example' })
    const { body } = await tenant.rest(
      'POST',
      '/bulk',
      'Email,Unsubscribed\nkim@wool.example,yes\nlea@wool.example,\nlea@wool.example,yes\n',
      csv,
    )
    expect(body.data).toMatchObject({ created: 1, skipped: 2 })
    expect(await consentOf(tenant)).toEqual({ 'kim@wool.example': { email: 'opted_out' }, 'lea@wool.example': { email: 'opted_out' } })
  })

  test('stay on record when the import is rolled back, and do not keep its contacts', async () => {
    const tenant = await gateway.organization()
    const file = 'Email,Unsubscribed\nmia@wool.example,yes\n'
    const { body } = await tenant.rest('POST', '/bulk', file, csv)
    const undone = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect(undone.body.data.rollback).toEqual({ reversed: 1, kept: 0, failed: 0 })
    await tenant.rest('POST', '/bulk', { contacts: [{ email: 'mia@wool.example' }] })
    expect(await consentOf(tenant)).toEqual({ 'mia@wool.example': { email: 'opted_out' } })
  })
})

describe('a column that is mapped as consent with proof', () => {
  const columns = { Consent: { consent: 'email', proof_column: 'Consent Timestamp' } }

  test('becomes opt-ins where a row has the proof, and never replaces an opt-out', async () => {
    const tenant = await gateway.organization()
    const out = await givenContact(tenant, { email: 'pat@wool.example' })
    await tenant.rest('PUT', `/${out}/preferences`, { changes: [{ channel: 'email', state: 'opted_out' }] })
    const contacts = [
      { email: 'ned@wool.example', Consent: 'yes', 'Consent Timestamp': '2025-04-05T06:07:08Z' },
      { email: 'ola@wool.example', Consent: 'yes', 'Consent Timestamp': '' },
      { email: 'pat@wool.example', Consent: 'yes', 'Consent Timestamp': '2025-04-05T06:07:08Z' },
      { email: 'quo@wool.example', Consent: 'no', 'Consent Timestamp': '' },
      { email: 'ray@wool.example', Consent: 'yes', 'Consent Timestamp': 'https://proof.example/ray' },
    ]
    const { body } = await tenant.rest('POST', '/bulk', { contacts, columns, on_duplicate: 'update' })
    expect(body.data).toMatchObject({ created: 4, skipped: 0, columns: [{}, { name: 'Consent', becomes: 'consent.email' }, {}] })
    expect(await consentOf(tenant)).toEqual({
      'ned@wool.example': { email: 'opted_in' },
      'ola@wool.example': {},
      'pat@wool.example': { email: 'opted_out' },
      'quo@wool.example': { email: 'opted_out' },
      'ray@wool.example': { email: 'opted_in' },
    })
    const records = await gateway.db.prisma.consentRecord.findMany({
      where: { organizationId: tenant.organizationId, state: 'opted_in' },
      orderBy: { id: 'asc' },
    })
    expect(records).toMatchObject([
      {
        recordedAt: new Date('2025-04-05T06:07:08Z'),
        textVersion: 'Consent Timestamp: 2025-04-05T06:07:08Z',
        proofUrl: null,
        proven: true,
      },
      { textVersion: null, proofUrl: 'https://proof.example/ray', proven: true },
    ])
  })

  test.each([
    [{ Consent: { consent: 'email' } }, 'columns', /without proof/],
    [{ Consent: { consent: 'pigeon', proof_column: 'Proof' } }, 'columns', /cannot become/],
    [{ Consent: { consent: 'email', proof_column: 'Nowhere' } }, 'columns', /no column Nowhere/],
    [{ Consent: 'shoe_size' }, 'columns', /cannot become shoe_size: there is no such field/],
    [{ Missing: 'phone' }, 'columns', /no column Missing/],
    [{ Consent: 'external_ids.Not a System' }, 'columns', /cannot become/],
  ])('is refused as %j', async (mapping, field, message) => {
    const tenant = await gateway.organization()
    const { status, body } = await tenant.rest('POST', '/bulk', {
      contacts: [{ email: 'a@wool.example', Consent: 'yes', Proof: 'x' }],
      columns: mapping,
    })
    expect([status, body.error.code, body.error.details.field]).toEqual([422, 'VALIDATION_ERROR', field])
    expect(body.error.message).toMatch(message)
  })
})

describe('consent is about the address of its row:', () => {
  const proven = (channel: string) =>
    `columns=${encodeURIComponent(JSON.stringify({ Consent: { consent: channel, proof_column: 'Proof' } }))}`

  test('an opt-in for an address that the contact does not have licenses nothing', async () => {
    const tenant = await gateway.organization()
    const phone = '+14155552681'
    const id = await givenContact(tenant, { phone, email: 'own@wool.example' })
    const file = `Phone,Email,Consent,Proof\n${phone},other@wool.example,yes,form of May\n`
    await tenant.rest('POST', `/bulk?${proven('email')}`, file, csv)
    expect((await tenant.rest('GET', `/${id}/preferences`)).body.data.preferences.email).toBe('unknown')
  })

  test('an opt-in of a row that fits two contacts is for neither, and an opt-out for both', async () => {
    const tenant = await gateway.organization()
    const phone = '+14155552682'
    const one = await givenContact(tenant, { phone })
    const other = await givenContact(tenant, { email: 'two@wool.example' })
    const { body } = await tenant.rest(
      'POST',
      `/bulk?${proven('sms')}`,
      `Phone,Email,Consent,Proof\n${phone},two@wool.example,yes,form of May\n`,
      csv,
    )
    expect(body.data.reasons).toMatchObject([{ code: 'AMBIGUOUS_MATCH' }])
    const states = async (channel: string) =>
      Promise.all([one, other].map(async (id) => (await tenant.rest('GET', `/${id}/preferences`)).body.data.preferences[channel]))
    expect(await states('sms')).toEqual(['unknown', 'unknown'])
    await tenant.rest('POST', '/bulk', `Phone,Email,Unsubscribed\n${phone},two@wool.example,yes\n`, csv)
    expect(await states('email')).toEqual(['opted_out', 'opted_out'])
  })

  test('an opt-out of an address that the contact does not have holds for the contact that gets it', async () => {
    const tenant = await gateway.organization()
    const phone = '+14155552683'
    await givenContact(tenant, { phone, email: 'mine@wool.example' })
    const file = `Phone,Email,Unsubscribed\n${phone},former@wool.example,yes\n`
    for (let time = 0; time < 2; time += 1) await tenant.rest('POST', '/bulk', file, csv)
    const listed = (await tenant.rest('GET', '/suppressions?address=former@wool.example')).body.data
    expect(listed).toMatchObject([{ reason: 'opt_out', channels: ['email'] }])
    await tenant.rest('POST', '/bulk', 'Email\nformer@wool.example\n', csv)
    expect((await consentOf(tenant))['former@wool.example']).toEqual({ email: 'opted_out' })
  })
})

test('an opt-out in an import is of the person although an earlier holder had opted the address out', async () => {
  const tenant = await gateway.organization()
  await optOut(tenant.context, { contact: { email: 'van@wool.example' } })
  const id = await givenContact(tenant, { email: 'van@wool.example' })
  await tenant.rest('POST', '/bulk?on_duplicate=update', 'Email,Unsubscribed\nvan@wool.example,yes\n', csv)
  await tenant.rest('PATCH', `/${id}`, { email: 'own@wool.example' })
  expect((await tenant.rest('GET', `/${id}/preferences`)).body.data.preferences.email).toBe('opted_out')
})
