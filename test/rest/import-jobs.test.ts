import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { stageImport } from '../../src/domain/imports/commands.ts'
import { deleteOldImports } from '../../src/domain/imports/job/delete-old.ts'
import { finishImport, workOnNextImport } from '../../src/domain/imports/job/work.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, noon, openOwnGateway, type Tenant } from '../support/gateway.ts'
import { secretKeys } from '../support/secret-keys.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openOwnGateway()
})
afterAll(() => gateway.close())
afterEach(() => {
  gateway.clock.now = noon
})

const csv = { 'Content-Type': 'text/csv' }

/** The organization's living contacts, by what distinguishes them. */
async function contactsOf(tenant: Tenant) {
  return gateway.db.prisma.contact.findMany({
    where: { organizationId: tenant.organizationId, deletedAt: null },
    orderBy: { id: 'asc' },
    select: { phone: true, email: true, firstName: true, tags: true, customAttributes: true },
  })
}

test('a dry run does everything but keep it', async () => {
  const tenant = await gateway.organization()
  await givenContact(tenant, { email: 'ana@example.com' })
  const contacts = [
    { email: 'ana@example.com', phone: '+14155552671' },
    { phone: '+14155552671', first_name: 'Ana' },
    { email: 'bob@example.com' },
    { email: 'bob@example.com', first_name: 'Bob' },
  ]
  const before = await contactsOf(tenant)
  const dry = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update', dry_run: true })
  expect(await contactsOf(tenant)).toEqual(before)
  const wet = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
  const counts = { total_rows: 4, created: 1, updated: 1, unchanged: 0, skipped: 2 }
  expect([dry.body.data, wet.body.data]).toMatchObject([{ ...counts, dry_run: true, rollback_expires_at: null }, counts])
  const skipped = await Promise.all(
    [dry, wet].map(({ body }) => tenant.rest('GET', `/import-jobs/${body.data.id}/skipped.csv`).then((answer) => answer.body)),
  )
  expect(skipped[0]).toBe(skipped[1])
  expect((await tenant.rest('POST', `/import-jobs/${dry.body.data.id}/rollback`)).body.error.code).toBe('IMPORT_NOT_REVERSIBLE')
})

describe('a rollback', () => {
  test('brings back what was, and keeps contacts that were changed since', async () => {
    const tenant = await gateway.organization()
    const ana = await givenContact(tenant, { email: 'ana@example.com', firstName: 'Ana', tags: ['a'], customAttributes: { plan: 'pro' } })
    const bob = await givenContact(tenant, { email: 'bob@example.com', firstName: 'Bob' })
    const cyd = await givenContact(tenant, { email: 'cyd@example.com', phone: '+14155552673', firstName: 'Cyd' })
    const before = await gateway.db.prisma.contact.findFirstOrThrow({ where: { id: ana } })
    const contacts = [
      { email: 'ana@example.com', first_name: 'Anna', tags: ['b'], lifecycle_stage: 'customer', plan: 'basic', seats: 3 },
      { email: 'bob@example.com', first_name: 'Bobby' },
      { email: 'new@example.com' },
      { email: 'newer@example.com' },
      { phone: '+14155552673', email: 'cydney@example.com', first_name: 'Cyd' },
    ]
    const { body } = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
    expect(body.data).toMatchObject({ created: 2, updated: 3 })
    await tenant.rest('PATCH', `/${bob}`, { company: 'Northwind' })
    const taker = await givenContact(tenant, { email: 'cyd@example.com' })
    gateway.clock.now = new Date(noon.getTime() + 23 * 60 * 60 * 1000)
    const answer = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect([answer.status, answer.body.data]).toMatchObject([200, { status: 'rolled_back', rollback: { reversed: 3, kept: 1, failed: 1 } }])
    const after = await gateway.db.prisma.contact.findFirstOrThrow({ where: { id: ana } })
    expect(after).toEqual({ ...before, revision: 3, updatedAt: gateway.clock.now })
    const stages = await gateway.db.prisma.lifecycleTransition.findMany({ where: { contactId: ana }, orderBy: { id: 'asc' } })
    expect(stages.map(({ fromStage, toStage }) => [fromStage, toStage])).toEqual([
      ['lead', 'customer'],
      ['customer', 'lead'],
    ])
    const living = await gateway.db.prisma.contact.findMany({
      where: { organizationId: tenant.organizationId, deletedAt: null },
      select: { id: true, email: true, firstName: true },
    })
    expect(new Map(living.map(({ id, ...contact }) => [id, contact]))).toEqual(
      new Map([
        [ana, { email: 'ana@example.com', firstName: 'Ana' }],
        [bob, { email: 'bob@example.com', firstName: 'Bobby' }],
        [cyd, { email: 'cydney@example.com', firstName: 'Cyd' }],
        [taker, { email: 'cyd@example.com', firstName: null }],
      ]),
    )
    const kept = await tenant.rest('GET', `/import-jobs/${body.data.id}/kept.csv`)
    expect([kept.headers.get('content-disposition'), kept.body]).toEqual([
      `attachment; filename="kept-${body.data.id}.csv"`,
      [
        'row_number,contact_id,reason_code,message',
        `2,${bob},CHANGED_SINCE,"The contact ${bob} was changed after the import, so it is kept unchanged."`,
        `5,${cyd},CONTACT_ALREADY_EXISTS,The contact ${taker} has the phone number or the email address that this one had before the import.`,
        '',
      ].join('\r\n'),
    ])
    const entries = await gateway.db.prisma.auditEntry.findMany({ where: { subjectId: body.data.id }, orderBy: { id: 'asc' } })
    expect(entries.map(({ action }) => action)).toEqual(['contact_import.created', 'contact_import.rolled_back'])
    const again = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect([again.status, again.body.error.code]).toEqual([409, 'IMPORT_NOT_REVERSIBLE'])
  })

  test('keeps a new contact with a preference or note recorded since: a contact that opted out must not come back as an unknown one', async () => {
    const tenant = await gateway.organization()
    const contacts = ['preference', 'note', 'nothing'].map((name) => ({ email: `${name}@example.com` }))
    const { body } = await tenant.rest('POST', '/bulk', { contacts })
    const created = await gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId }, orderBy: { id: 'asc' } })
    const [preference, note] = created.map(({ id }) => id)
    await tenant.rest('PUT', `/${preference}/preferences`, { changes: [{ channel: 'email', state: 'opted_out' }] })
    await tenant.rest('POST', `/${note}/notes`, { body: 'Called, and wants an offer.' })
    const answer = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect(answer.body.data.rollback).toEqual({ reversed: 1, kept: 2, failed: 0 })
    expect((await contactsOf(tenant)).map(({ email }) => email)).toEqual(['preference@example.com', 'note@example.com'])
    const again = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
    expect(again.body.data).toMatchObject({ created: 1, unchanged: 2 })
    expect((await tenant.rest('GET', `/${preference}/preferences`)).body.data.preferences.email).toBe('opted_out')
  })

  test('keeps contacts that wrote, called or were written to since, and those with a ticket or event, whenever these happened', async () => {
    const tenant = await gateway.organization()
    const stored = async (name: string) => givenContact(tenant, { email: `${name}@example.com`, firstName: 'Before' })
    await Promise.all([stored('answered'), stored('silent')])
    const names = ['wrote', 'written', 'called', 'asked', 'bought', 'nothing', 'answered', 'silent']
    const contacts = names.map((name) => ({ email: `${name}@example.com`, first_name: 'After' }))
    const at = (minutes: number) => new Date(gateway.clock.now.getTime() + minutes * 60_000)
    // An activity from before the import says nothing about what the import changed.
    const message = (name: string, minutes: number, direction: 'inbound' | 'outbound' = 'inbound') => ({
      message: { contact: { email: `${name}@example.com` }, occurredAt: at(minutes), channel: 'email' as const, direction, body: 'Hello' },
    })
    await recordActivities(tenant.context, [message('silent', -1)])
    const { body } = await tenant.rest('POST', '/bulk', { contacts, on_duplicate: 'update' })
    expect(body.data).toMatchObject({ created: 6, updated: 2 })
    const of = (name: string) => ({ contact: { email: `${name}@example.com` }, occurredAt: at(-5) })
    const outcomes = await recordActivities(tenant.context, [
      message('wrote', -5),
      message('written', 0, 'outbound'),
      message('answered', 0),
      { call: { ...of('called'), direction: 'inbound', status: 'missed' } },
      { ticket: { ...of('asked'), subject: 'Refund' } },
      { event: { ...of('bought'), name: 'order_placed' } },
    ])
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['created']))
    const answer = await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
    expect(answer.body.data.rollback).toEqual({ reversed: 2, kept: 6, failed: 0 })
    const living = await gateway.db.prisma.contact.findMany({
      where: { organizationId: tenant.organizationId, deletedAt: null },
      select: { email: true, firstName: true },
    })
    const kept = names.filter((name) => name !== 'nothing' && name !== 'silent').map((name) => [`${name}@example.com`, 'After'])
    expect(Object.fromEntries(living.map(({ email, firstName }) => [email, firstName]))).toEqual(
      Object.fromEntries([...kept, ['silent@example.com', 'Before']]),
    )
    expect((await tenant.rest('GET', `/import-jobs/${body.data.id}/kept.csv`)).body).toContain('an activity, a preference or a note')
  })

  test('that failed and is asked for again goes on where it was, and takes nothing that it has reversed for changed', async () => {
    const tenant = await gateway.organization()
    const rows = Array.from({ length: 5001 }, (_, index) => `person${index}@example.com`)
    const { body } = await tenant.rest('POST', '/bulk', ['email', ...rows].join('\n'), csv)
    const work = () => workOnNextImport({ db: gateway.db, now: () => gateway.clock.now, secretKeys })
    while ((await work()) !== null);
    const path = `/import-jobs/${body.data.id}`
    await tenant.rest('POST', `${path}/rollback`)
    await work()
    // As it is after the last of too many faults.
    await gateway.db.prisma.importJob.updateMany({ where: { id: body.data.id }, data: { status: 'failed', isOpen: false, attempts: 8 } })
    expect((await tenant.rest('POST', `${path}/rollback`)).status).toBe(202)
    expect(await gateway.db.prisma.importJob.findFirst({ where: { id: body.data.id } })).toMatchObject({ attempts: 0, reversed: 500 })
    while ((await work()) !== null);
    expect((await tenant.rest('GET', path)).body.data).toMatchObject({ rollback: { reversed: 5001, kept: 0, failed: 0 } })
  }, 60_000)

  test('is possible for 24 hours, and needs the scope', async () => {
    const tenant = await gateway.organization()
    const { body } = await tenant.rest('POST', '/bulk', { contacts: [{ email: 'ana@example.com' }] })
    const path = `/import-jobs/${body.data.id}/rollback`
    expect((await (await tenant.withScopes('contacts:read')).rest('POST', path)).status).toBe(403)
    gateway.clock.now = new Date(noon.getTime() + 24 * 60 * 60 * 1000)
    const answer = await tenant.rest('POST', path)
    expect([answer.status, answer.body.error.code]).toEqual([409, 'ROLLBACK_WINDOW_EXPIRED'])
    expect(await contactsOf(tenant)).toHaveLength(1)
  })
})

test('more than 5,000 rows go on in the background, and show how far they are', async () => {
  const tenant = await gateway.organization()
  const rows = Array.from({ length: 5001 }, (_, index) => `person${index}@example.com,Person ${index}`)
  const { status, body } = await tenant.rest('POST', '/bulk', ['email,first_name', ...rows].join('\n'), csv)
  const { id } = body.data
  expect([status, body.data]).toMatchObject([202, { status: 'pending', total_rows: 5001, processed_rows: 0 }])
  expect((await tenant.rest('POST', `/import-jobs/${id}/rollback`)).body.error.code).toBe('IMPORT_NOT_REVERSIBLE')
  const work = () => workOnNextImport({ db: gateway.db, now: () => gateway.clock.now, secretKeys })
  await work()
  expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toMatchObject({
    status: 'processing',
    processed_rows: 500,
    created: 500,
  })
  while ((await work()) !== null);
  expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toMatchObject({
    status: 'completed',
    processed_rows: 5001,
    created: 5001,
  })
  const undo = await tenant.rest('POST', `/import-jobs/${id}/rollback`)
  expect([undo.status, undo.body.data]).toMatchObject([202, { status: 'processing', rollback: { reversed: 0, kept: 0, failed: 0 } }])
  while ((await work()) !== null);
  expect((await tenant.rest('GET', `/import-jobs/${id}`)).body.data).toMatchObject({ status: 'rolled_back', rollback: { reversed: 5001 } })
  expect(await contactsOf(tenant)).toHaveLength(0)
}, 60_000)

test('an import goes on when the clock of the machine is set back, and one that another process works on is left to it', async () => {
  const tenant = await gateway.organization()
  const contacts = Array.from({ length: 600 }, (_, index) => ({ email: `person${index}@example.com` }))
  const job = await stageImport(tenant.context, { kind: 'json', contacts }, {})
  const work = () => workOnNextImport({ db: gateway.db, now: () => gateway.clock.now, secretKeys })
  // The process that took it has it for a minute.
  expect(await work()).toBeNull()
  gateway.clock.now = new Date(noon.getTime() - 60 * 60 * 1000)
  expect((await work())?.job).toMatchObject({ id: job.id, processedRows: 500 })
  gateway.clock.now = new Date(noon.getTime() - 24 * 60 * 60 * 1000)
  expect((await work())?.job).toMatchObject({ id: job.id, status: 'completed', created: 600 })
})

test('a dry run that a request works on to its end is left to it, however large it is', async () => {
  const tenant = await gateway.organization()
  const contacts = Array.from({ length: 5001 }, (_, index) => ({ email: `person${index}@example.com` }))
  const services = { db: gateway.db, now: () => gateway.clock.now, secretKeys }
  const staged = await stageImport(tenant.context, { kind: 'json', contacts }, { dryRun: true }, { waits: true })
  expect(await workOnNextImport(services)).toBe(null)
  expect(await finishImport(services, staged)).toMatchObject({ status: 'completed', created: 5001 })
}, 60_000)

test('imports are listed newest first, and belong to their organization', async () => {
  const [tenant, stranger] = [await gateway.organization(), await gateway.organization()]
  const ids: string[] = []
  for (const email of ['a@example.com', 'b@example.com', 'c@example.com'])
    ids.unshift((await tenant.rest('POST', '/bulk', { contacts: [{ email }] })).body.data.id)
  const first = await tenant.rest('GET', '/import-jobs?limit=2')
  const { cursor } = first.body.meta.pagination
  expect(first.body.meta.pagination).toEqual({ cursor, has_more: true, total: 3 })
  const second = await tenant.rest('GET', `/import-jobs?limit=2&cursor=${cursor}`)
  expect([...first.body.data, ...second.body.data].map((job: { id: string }) => job.id)).toEqual(ids)
  expect(first.statements).toHaveLength(1)
  for (const path of ['', '/skipped.csv']) expect((await stranger.rest('GET', `/import-jobs/${ids[0]}${path}`)).status).toBe(404)
  expect((await stranger.rest('POST', `/import-jobs/${ids[0]}/rollback`)).status).toBe(404)
  expect((await stranger.rest('GET', '/import-jobs')).body.data).toEqual([])
})

test('an upload with an Idempotency-Key is imported once', async () => {
  const tenant = await gateway.organization()
  const once = { 'Idempotency-Key': 'a' }
  const file = 'email,first_name\nana@example.com,Ana\n'
  const first = await tenant.rest('POST', '/bulk', file, { ...csv, ...once })
  const again = await tenant.rest('POST', '/bulk', file, { ...csv, ...once })
  expect(again.body).toEqual(first.body)
  expect(await gateway.db.prisma.importJob.count({ where: { organizationId: tenant.organizationId } })).toBe(1)
})

test('what a rollback does not need any more is forgotten, and the rows that have a reason stay', async () => {
  const tenant = await gateway.organization()
  const contacts = [{ email: 'ana@example.com' }, { email: 'ana' }, { email: 'bob@example.com' }]
  const { body } = await tenant.rest('POST', '/bulk', { contacts })
  const bob = await gateway.db.prisma.contact.findFirstOrThrow({
    where: { organizationId: tenant.organizationId, email: 'bob@example.com' },
  })
  await tenant.rest('PATCH', `/${bob.id}`, { first_name: 'Bob' })
  await tenant.rest('POST', `/import-jobs/${body.data.id}/rollback`)
  const rows = () => gateway.db.prisma.importRow.findMany({ where: { importJobId: body.data.id }, select: { rowNumber: true } })
  await deleteOldImports(gateway.db, new Date(noon.getTime() + 24 * 60 * 60 * 1000))
  expect(await rows()).toEqual([{ rowNumber: 1 }, { rowNumber: 2 }, { rowNumber: 3 }])
  await deleteOldImports(gateway.db, new Date(noon.getTime() + 24 * 60 * 60 * 1000 + 1))
  expect(await rows()).toEqual([{ rowNumber: 2 }, { rowNumber: 3 }])
})
