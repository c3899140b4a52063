import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contactTables } from '../../src/data/sql/personal-tables.ts'
import { transaction } from '../../src/data/transaction.ts'
import { beginErasures } from '../../src/domain/erasure/begin.ts'
import { allErasures, type ErasedPerson, reeraseContacts } from '../../src/domain/erasure/reerase.ts'
import { eraseContacts } from '../../src/domain/erasure/commands.ts'
import { deleteOldActivities, purgeDeletedContacts, resumeErasures } from '../../src/domain/erasure/retention.ts'
import { stageImport } from '../../src/domain/imports/commands.ts'
import { deleteOldImports } from '../../src/domain/imports/job/delete-old.ts'
import { finishImport } from '../../src/domain/imports/job/work.ts'
import { deleteOldReservations } from '../../src/domain/reservations/commands.ts'
import { reserveSend } from '../../src/domain/sending/commands.ts'
import { addressHash } from '../../src/kernel/address-hash.ts'
import { dumpOf, linesWith } from '../support/dump.ts'
import { givenActivities, givenContact, givenContacts, givenNote } from '../support/factories.ts'
import { noon, openOwnGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())

const reason = 'Request of 12 May, case 4711'
const person = { phone: '+14155552671', email: 'zebulina@distinct.example', first_name: 'Zebulina', last_name: 'Quarkworth' }
/** Everything that says something about the person. */
const values = [
  ...'4155552671 zebulina quarkworth Ballonfabrik zq-attribute zq-tag zq-note zq-body zq-subject zq-recording zq-ticket zq-event zq-property zq-source zq-purpose zq-proof zq-external zq-block zq-unblock zq-listed zq-former@ zq-report'.split(
    ' ',
  ),
  '415) 555-2671',
]

/** Puts a person on record everywhere, through the APIs. @returns its id */
async function livePerson(tenant: Tenant): Promise<string> {
  const key = (name: string) => ({ 'Idempotency-Key': name })
  await tenant.gql('mutation { createAttributeDefinition(input: { key: "note", type: TEXT }) { __typename } }')
  const former = { ...person, email: 'zq-former@distinct.example', custom_attributes: { note: 'zq-attribute' }, tags: ['zq-tag'] }
  const created = await tenant.rest('POST', '', former, key('create'))
  const id: string = created.body.data.id
  await tenant.rest('PUT', `/${id}/preferences`, {
    changes: [{ channel: 'email', state: 'opted_out', source: 'zq-source', purpose: 'zq-purpose', proof_url: 'https://zq-proof.example' }],
  })
  await tenant.rest('PATCH', `/${id}`, { email: person.email }, key('change'))
  await tenant.rest('PUT', `/${id}/preferences`, {
    changes: [{ channel: 'sms', state: 'opted_in', source: 'zq-source', text_version: '2026-01', external_id: 'zq-report' }],
  })
  await tenant.rest('POST', '/bulk', { contacts: [{ ...person, company: 'Ballonfabrik' }], on_duplicate: 'update' }, key('import'))
  const csv = 'Name;Phone;Mail\nZebulina Quarkworth;(415) 555-2671;\nQuarkworth, Zebulina;;\nSomebody;;fine@example.com\n'
  await tenant.rest('POST', '/bulk?default_country=US', csv, { 'Content-Type': 'text/csv' })
  await tenant.rest('POST', `/${id}/notes`, { body: 'zq-note' }, key('note'))
  const occurredAt = new Date('2026-02-01T10:00:00Z')
  await givenActivities(tenant, id, [
    { message: { occurredAt, channel: 'sms', direction: 'inbound', body: 'zq-body', subject: 'zq-subject', externalId: 'zq-external-1' } },
    { message: { occurredAt, channel: 'sms', direction: 'outbound', category: 'service', body: 'zq-body', status: 'delivered' } },
    { call: { occurredAt, direction: 'inbound', status: 'missed', recordingUrl: 'https://zq-recording.example' } },
    { ticket: { occurredAt, subject: 'zq-ticket', externalId: 'zq-external-2' } },
    { event: { occurredAt, name: 'zq-event', properties: { what: 'zq-property' } } },
  ])
  await reserveSend(tenant.context, { contactId: id, channel: 'voice', category: 'transactional' })
  const next = await tenant.rest('GET', `/${id}/next-best-action`)
  const dismiss = `mutation ($id: ID!) { recordSuggestionOutcome(input: { id: $id, outcome: DISMISSED }) { __typename } }`
  await tenant.gql(dismiss, { id: next.body.data.suggestions[0].id })
  await tenant.rest('POST', `/${id}/block`, { reason: 'zq-block' })
  await tenant.rest('POST', `/${id}/unblock`, { reason: 'zq-unblock' })
  await tenant.rest('POST', '/suppressions', { addresses: [person.email], note: 'zq-listed' })
  await tenant.rest('PATCH', `/${id}`, { lifecycle_stage: 'customer' })
  return id
}

async function withoutRow(db: TestGateway['db'], table: string): Promise<boolean> {
  return (await db.prisma.$queryRawUnsafe<unknown[]>(`select from ${table} limit 1`)).length === 0
}

test('after an erasure nothing of the person is in the database, and the proof is', async () => {
  const tenant = await gateway.organization()
  const id = await livePerson(tenant)
  for (const { table } of contactTables) expect([table, await withoutRow(gateway.db, table)]).toEqual([table, false])
  const before = await dumpOf(gateway.db)
  expect(values.filter((value) => linesWith(before, [value]).length === 0)).toEqual([])
  const subject = await tenant.rest('GET', `/${id}/subject-data.json`)
  expect(subject.status).toBe(200)
  const text = JSON.stringify(subject.body)
  expect(values.filter((value) => !text.toLowerCase().includes(value.toLowerCase()))).toEqual([])
  expect(subject.body.data.contact).toMatchObject({ id, phone: person.phone, created_at: noon.toISOString() })
  expect(subject.body.data.messages).toHaveLength(2)

  const answer = await tenant.rest('POST', `/${id}/erase`, { reason }, { 'Idempotency-Key': 'erase' })
  expect([answer.status, answer.body.data]).toMatchObject([
    200,
    { contact_id: id, reason, erased_by: 'Test key', erased_at: noon.toISOString(), completed_at: noon.toISOString() },
  ])
  expect(answer.body.data.counts).toMatchObject({ messages: 2, calls: 1, tickets: 1, events: 1, notes: 1, consent_records: 2 })
  expect(linesWith(await dumpOf(gateway.db), values)).toEqual([])

  const { organizationId } = tenant
  const consents = await gateway.db.prisma.erasedConsent.findMany({ where: { organizationId }, orderBy: { channel: 'asc' } })
  expect(consents.map(({ channel, state, textVersion }) => [channel, state, textVersion])).toEqual([
    ['email', 'opted_out', null],
    ['sms', 'opted_in', '2026-01'],
  ])
  expect(consents.every(({ addressHash }) => addressHash?.startsWith('hash:'))).toBe(true)
  const { nodes } = (await tenant.gql('{ suppressions { nodes { address reason } } }')).body.data.suppressions
  expect(nodes.every(({ address }: { address: string }) => address.startsWith('hash:'))).toBe(true)
  expect(nodes.filter((one: { reason: string }) => one.reason === 'ERASURE')).toHaveLength(2)
  const listed = await tenant.rest('GET', `/suppressions?address=${encodeURIComponent(person.email)}`)
  expect(listed.body.data.map((one: { reason: string }) => one.reason).toSorted()).toEqual(['erasure', 'manual'])

  // The erased id is unknown everywhere, and its keys answer that their answers are gone.
  for (const path of ['', '/profile', '/timeline', '/subject-data.json'])
    expect((await tenant.rest('GET', `/${id}${path}`)).status).toBe(404)
  expect((await tenant.rest('POST', `/${id}/erase`, { reason })).status).toBe(404)
  const restored = await tenant.rest('POST', '/actions', { action: 'restore', contact_ids: [id] })
  expect(restored.body.data.failed).toMatchObject([{ id, code: 'NOT_FOUND' }])
  for (const key of ['create', 'change', 'import', 'note']) {
    const again = await tenant.rest('POST', '', { email: 'x@example.com' }, { 'Idempotency-Key': key })
    expect([key, again.status, again.body.error.code]).toEqual([key, 410, 'ANSWER_ERASED'])
  }
  expect((await tenant.rest('POST', `/${id}/erase`, { reason }, { 'Idempotency-Key': 'erase' })).body).toEqual(answer.body)

  // A contact that is created with the address is suppressed like the person was.
  const again = (await tenant.rest('POST', '', { ...person, email: person.email.toUpperCase() })).body.data.id
  const decision = await tenant.gql(
    `query ($id: ID!) { contact(id: $id) { email: sendDecision(channel: EMAIL, category: TRANSACTIONAL) { allowed reasons { code } }
      sms: sendDecision(channel: SMS, category: SERVICE) { reasons { code } } } }`,
    { id: again },
  )
  expect(decision.body.data.contact.email).toEqual({ allowed: false, reasons: [{ code: 'SUPPRESSED' }] })
  expect(decision.body.data.contact.sms.reasons).toContainEqual({ code: 'SUPPRESSED' })
})

describe('each id has a defined answer:', () => {
  const erase = `mutation ($input: EraseContactsInput!) { eraseContacts(input: $input) { __typename
    ... on EraseContactsPayload { erasures { contactId completedAt } failed { contactId code } } ... on FieldError { code field } } }`

  test('unknown and foreign ids are not found, one that is named twice is erased once, deleted contacts are erased', async () => {
    const [tenant, stranger] = [await gateway.organization(), await gateway.organization()]
    const [one = '', deleted = ''] = await givenContacts(tenant, [{}, {}])
    const foreign = await givenContact(stranger)
    await tenant.rest('DELETE', `/${deleted}`)
    const { body } = await tenant.gql(erase, { input: { ids: [deleted, foreign, one, one], reason } })
    expect(body.data.eraseContacts).toEqual({
      __typename: 'EraseContactsPayload',
      erasures: [deleted, one].map((contactId) => ({ contactId, completedAt: noon.toISOString() })),
      failed: [{ contactId: foreign, code: 'NOT_FOUND' }],
    })
    expect((await stranger.rest('GET', `/${foreign}`)).status).toBe(200)
    expect((await gateway.db.prisma.erasure.count({ where: { organizationId: stranger.organizationId } })) === 0).toBe(true)
  })

  test('101 ids, none, a missing reason, one that names the person, and a key without the scope are refused', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { email: 'named@example.com', firstName: 'Ada', lastName: 'Lovelace' })
    const ask = async (input: unknown) => (await tenant.gql(erase, { input })).body.data.eraseContacts
    expect(await ask({ ids: Array(101).fill(id), reason })).toEqual({ __typename: 'InvalidInput', code: 'VALIDATION_ERROR', field: 'ids' })
    expect(await ask({ ids: [], reason })).toMatchObject({ field: 'ids' })
    expect(await ask({ ids: [id], reason: '  ' })).toMatchObject({ code: 'MISSING_REQUIRED_FIELD', field: 'reason' })
    expect(await ask({ ids: [id], reason: 'Ms. Lovelace (Ada) wrote' })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'reason' })
    expect(await ask({ ids: [id], reason: 'Mail of NAMED@example.com.' })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'reason' })
    const writer = await tenant.withScopes('contacts:read', 'contacts:write')
    expect((await writer.rest('POST', `/${id}/erase`, { reason })).body.error.code).toBe('INSUFFICIENT_PERMISSIONS')
    expect((await tenant.rest('GET', `/${id}`)).status).toBe(200)
  })

  test('an import that waits skips the rows of the person, and one that is rolled back keeps it erased', async () => {
    const tenant = await gateway.organization()
    const contacts = [{ email: 'stays@example.com' }, { phone: '+14155552671', first_name: 'Comes back' }]
    const first = await tenant.rest('POST', '/bulk', { contacts })
    const phone = '+14155552671'
    const { id } = await gateway.db.prisma.contact.findFirstOrThrow({ where: { organizationId: tenant.organizationId, phone } })
    await tenant.rest('POST', '/bulk', { contacts: [{ phone: '+14155552671', company: 'Acme' }], on_duplicate: 'update' })
    const waiting = { kind: 'json', contacts: [{ phone: '(415) 555-2671', country_code: 'US' }, { email: 'new@example.com' }] } as const
    const job = await stageImport(tenant.context, waiting, {}, { waits: true })
    await eraseContacts(tenant.context, { ids: [id], reason })
    expect(await finishImport(tenant.context, job)).toMatchObject({ status: 'completed', created: 1, skipped: 1 })
    const skipped = await tenant.rest('GET', `/import-jobs/${job.id}/skipped.csv`)
    expect(skipped.body).toContain('1,ERASED,')
    for (const each of [first.body.data.id, (await updateJobOf(tenant)).id]) {
      const rollback = await tenant.rest('POST', `/import-jobs/${each}/rollback`)
      expect([rollback.status, rollback.body.data.status, rollback.body.data.rollback.kept]).toEqual([200, 'rolled_back', 1])
    }
    expect(linesWith(await dumpOf(gateway.db), ['Comes back'])).toEqual([])
  })

  const updateJobOf = (tenant: Tenant) =>
    gateway.db.prisma.importJob.findFirstOrThrow({ where: { organizationId: tenant.organizationId, onDuplicate: 'update' } })
})

test('an erasure that a process has left is finished by the next one, and the contact does not come back in between', async () => {
  const tenant = await gateway.organization()
  const id = await livePerson(tenant)
  await transaction(tenant.context.db, (tx) => beginErasures(tx, { ...tenant.context, db: tx }, [id], { reason, suppress: true }))
  expect((await tenant.rest('GET', `/${id}`)).status).toBe(404)
  expect((await tenant.rest('GET', `/${id}/subject-data.json`)).status).toBe(404)
  const restored = await tenant.rest('POST', '/actions', { action: 'restore', contact_ids: [id] })
  expect(restored.body.data.failed).toMatchObject([{ id, code: 'NOT_FOUND' }])
  const services = { db: tenant.context.db, secretKeys, now: () => new Date(noon.getTime() + 120_000) }
  expect(await resumeErasures(services)).toBe(1)
  expect(await resumeErasures(services)).toBe(0)
  const own = (await dumpOf(gateway.db)).split('\n').filter((line) => line.includes(tenant.organizationId))
  expect(linesWith(own.join('\n'), values)).toEqual([])
})

test('after the restore of a backup the persons of the list are erased again, and suppressed again', async () => {
  const tenant = await gateway.organization()
  const [byId = '', byAddress = '', later = ''] = await givenContacts(tenant, [
    { email: 'by-id@example.com' },
    { email: 'before@example.com' },
    {},
  ])
  const { erasures } = await eraseContacts(tenant.context, { ids: [later], reason })
  const list: ErasedPerson[] = []
  for await (const page of allErasures(tenant.context)) list.push(...page)
  expect(list).toEqual([{ contactId: later, reason, erasedAt: noon, addresses: erasures[0]?.addresses }])
  // What a restored backup has: the contacts, and no erasure of theirs.
  const hashed = (key: string) => `email ${addressHash(secretKeys, tenant.organizationId, { kind: 'email', key })}`
  const restored = [
    ...list,
    { contactId: byId, reason, erasedAt: noon, addresses: [hashed('by-id@example.com')] },
    { contactId: 'con_01kjn3jfg0e8gtqeyc9tc0zxxx', reason, erasedAt: noon, addresses: [hashed('before@example.com')] },
  ]
  const answer = await reeraseContacts(tenant.context, restored)
  expect([answer.contactIds.toSorted(), answer.onRecord]).toEqual([[byId, byAddress].toSorted(), 1])
  expect(await reeraseContacts(tenant.context, restored)).toMatchObject({ contactIds: [] })
  const again = (await tenant.rest('POST', '', { email: 'before@example.com' })).body.data.id
  const listed = await tenant.rest('GET', '/suppressions?address=before@example.com')
  expect(listed.body.data).toMatchObject([{ address: 'before@example.com', reason: 'erasure' }])
  expect((await tenant.rest('GET', `/${again}`)).status).toBe(200)
})

test('an address that another living contact has stays that contact’s', async () => {
  const tenant = await gateway.organization()
  const [one = '', other = ''] = await givenContacts(tenant, [
    { phone: '+14155552671', phoneExtension: '1' },
    { phone: '+14155552671', phoneExtension: '2' },
  ])
  await eraseContacts(tenant.context, { ids: [one], reason })
  expect(await gateway.db.prisma.suppression.count({ where: { organizationId: tenant.organizationId } })).toBe(0)
  expect((await tenant.rest('GET', `/${other}`)).body.data.phone).toBe('+14155552671')
})

test('records of the past are removed with their contact and in no other way', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant)
  await tenant.rest('PUT', `/${id}/preferences`, { changes: [{ channel: 'email', state: 'opted_out' }] })
  await tenant.rest('PATCH', `/${id}`, { lifecycle_stage: 'customer' })
  await tenant.rest('POST', `/${id}/block`)
  const { organizationId } = tenant
  for (const table of ['consent_records', 'lifecycle_transitions', 'blocks']) {
    const attempt = gateway.db.prisma.$executeRawUnsafe(`delete from ${table} where organization_id = $1`, organizationId)
    await expect(attempt).rejects.toThrow(/a record of the past/)
  }
})

test('retention erases what was deleted long ago without suppressing it, and removes old activities but open tickets', async () => {
  const tenant = await gateway.organization()
  const [kept = '', old = ''] = await givenContacts(tenant, [{}, { email: 'old@example.com' }])
  const past = new Date('2025-01-01T00:00:00Z')
  await givenActivities(tenant, kept, [
    { message: { occurredAt: past, channel: 'sms', direction: 'inbound', body: 'old' } },
    { message: { occurredAt: noon, channel: 'sms', direction: 'inbound', body: 'new' } },
    { ticket: { occurredAt: past, subject: 'Open' } },
    { ticket: { occurredAt: past, subject: 'Closed', status: 'closed' } },
    { event: { occurredAt: past, name: 'old' } },
  ])
  await reserveSend(tenant.context, { contactId: kept, channel: 'email', category: 'service' })
  await tenant.rest('DELETE', `/${old}`)
  const { db } = tenant.context
  const services = { db, secretKeys, now: () => new Date(noon.getTime() + 31 * 24 * 60 * 60 * 1000) }
  expect(await purgeDeletedContacts(services, 32)).toBe(0)
  expect(await purgeDeletedContacts(services, 30)).toBeGreaterThanOrEqual(1)
  expect(await purgeDeletedContacts(services, 30)).toBe(0)
  expect(await deleteOldActivities(services, 60)).toBeGreaterThanOrEqual(3)
  expect(await deleteOldReservations(db, services.now())).toBeGreaterThanOrEqual(1)
  const { organizationId } = tenant
  expect(await gateway.db.prisma.contact.findMany({ where: { organizationId }, select: { id: true } })).toEqual([{ id: kept }])
  expect(await gateway.db.prisma.suppression.count({ where: { organizationId } })).toBe(0)
  expect((await gateway.db.prisma.message.findMany({ where: { organizationId } })).map(({ body }) => body)).toEqual(['new'])
  expect((await gateway.db.prisma.ticket.findMany({ where: { organizationId } })).map(({ subject }) => subject)).toEqual(['Open'])
  expect(await gateway.db.prisma.erasure.findMany({ where: { organizationId } })).toMatchObject([{ contactId: old, erasedBy: 'Retention' }])
})

test('the samples of an import are removed with its rows', async () => {
  const tenant = await gateway.organization()
  const { body } = await tenant.rest('POST', '/bulk', { contacts: [{ email: 'sample@example.com', first_name: 'Sampled' }] })
  expect(JSON.stringify(body.data.columns)).toContain('Sampled')
  await deleteOldImports(gateway.db, new Date(noon.getTime() + 25 * 60 * 60 * 1000))
  const job = await tenant.rest('GET', `/import-jobs/${body.data.id}`)
  expect(job.body.data.columns.map((column: { name: string; samples: string[] }) => column.samples)).toEqual([[], []])
})

test('another organization can neither erase a contact nor read its subject data', async () => {
  const [owner, stranger] = [await gateway.organization(), await gateway.organization()]
  const id = await givenContact(owner)
  await givenNote(owner, id)
  expect((await stranger.rest('POST', `/${id}/erase`, { reason })).body.error).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  expect((await stranger.rest('GET', `/${id}/subject-data.json`)).body.error).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  expect((await owner.rest('GET', `/${id}`)).status).toBe(200)
})
