import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { deleteContacts } from '../../src/domain/contacts/commands.ts'
import { mergeContacts } from '../../src/domain/merging/commands.ts'
import { confirmConsent } from '../../src/domain/preference-links/confirm.ts'
import { createConfirmationLink } from '../../src/domain/preference-links/create.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { optOut } from '../../src/domain/preferences/opt-out.ts'
import { liftSuppression, suppressAddresses } from '../../src/domain/suppression/commands.ts'
import { givenContact, unique } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { at, linksOf, publicUrl } from '../support/links.ts'

let gateway: TestGateway
let tenant: Tenant
let links: ReturnType<typeof linksOf>
beforeAll(async () => {
  gateway = await openGateway({ publicUrl })
  tenant = await gateway.organization()
  links = linksOf(gateway, tenant)
})
afterAll(() => gateway.close())

interface Person {
  readonly id: string
  readonly email: string
  readonly phone: string
}

async function person(): Promise<Person> {
  const fields = { email: `evidence${unique()}@example.com`, phone: `+1415555${3000 + unique()}` }
  return { id: await givenContact(tenant, fields), ...fields }
}

const write = (phone: string, body: string, more: Record<string, unknown> = {}) =>
  recordActivities(tenant.context, [
    { message: { contact: { phone }, channel: 'sms', direction: 'inbound', occurredAt: at(-3), body, ...more } },
  ])

const subjectData = async (id: string) => (await tenant.rest('GET', `/${id}/subject-data.json`)).body.data

const nothing = { purpose: null, text_version: null, proof_url: null, message_id: null, lawful_basis: null, external_id: null }
const now = noon.toISOString()
const said = { recorded_at: now, recorded_by: 'Test key' }
const saidYesByEmail = { ...said, channel: 'email', state: 'opted_in', origin: 'reported' }

/** One way for consent to come on record, and the entry of the ledger that it must leave. */
type Way = [name: string, act: (person: Person) => Promise<unknown>, entry: (person: Person) => Record<string, unknown>]

const ways: Way[] = [
  [
    'a report with all that is known',
    ({ id }) =>
      setPreferences(tenant.context, id, [
        {
          channel: 'email',
          state: 'opted_in',
          source: 'web_form',
          lawfulBasis: 'consent',
          textVersion: 'v3',
          proofUrl: 'https://example.com/proof/1',
          externalId: 'form-17',
          recordedAt: at(-60),
        },
      ]),
    ({ email }) => ({
      ...saidYesByEmail,
      address: email,
      source: 'web_form',
      lawful_basis: 'consent',
      text_version: 'v3',
      proof_url: 'https://example.com/proof/1',
      external_id: 'form-17',
      recorded_at: at(-60).toISOString(),
    }),
  ],
  [
    'the map of REST',
    ({ id }) => tenant.rest('PUT', `/${id}/preferences`, { preferences: { sms: 'opted_in' }, source: 'shop', text_version: 'v1' }),
    ({ phone }) => ({ ...said, channel: 'sms', state: 'opted_in', origin: 'reported', address: phone, source: 'shop', text_version: 'v1' }),
  ],
  [
    'a bulk action',
    ({ id }) =>
      tenant.rest('POST', '/actions', {
        action: 'set_preferences',
        contact_ids: [id],
        params: { changes: [{ channel: 'voice', state: 'opted_out', source: 'register' }] },
      }),
    ({ phone }) => ({ ...said, channel: 'voice', state: 'opted_out', origin: 'reported', address: phone, source: 'register' }),
  ],
  [
    'an opt-out by address',
    ({ email }) => optOut(tenant.context, { contact: { email }, source: 'letter', externalId: 'letter-9' }),
    ({ email }) => ({
      ...said,
      channel: 'email',
      state: 'opted_out',
      origin: 'reported',
      address: email,
      source: 'letter',
      external_id: 'letter-9',
    }),
  ],
  [
    'an import',
    ({ email }) => tenant.rest('POST', '/bulk?on_duplicate=update', `Email,Unsubscribed\n${email},yes\n`, { 'Content-Type': 'text/csv' }),
    ({ email }) => ({
      ...said,
      channel: 'email',
      state: 'opted_out',
      origin: 'import',
      address: email,
      source: expect.stringMatching(/^import:imp_/),
    }),
  ],
  [
    'a stop word',
    ({ phone }) => write(phone, 'Stop', { externalId: `twilio-${unique()}` }),
    ({ phone }) => ({
      ...said,
      channel: 'sms',
      state: 'opted_out',
      origin: 'keyword',
      address: phone,
      source: 'keyword',
      message_id: expect.stringMatching(/^msg_/),
      external_id: expect.stringMatching(/^msg_/),
      recorded_at: at(-3).toISOString(),
    }),
  ],
  [
    'a complaint',
    ({ email }) =>
      recordActivities(tenant.context, [
        { message: { contact: { email }, channel: 'email', direction: 'outbound', occurredAt: at(-9), failureReason: 'complaint' } },
      ]),
    ({ email }) => ({
      ...said,
      channel: 'email',
      state: 'opted_out',
      origin: 'complaint',
      address: email,
      source: 'complaint',
      message_id: expect.stringMatching(/^msg_/),
      external_id: expect.stringMatching(/^msg_/),
    }),
  ],
  [
    'the page of a link',
    async ({ id }) => links.post((await links.linkFor(id)).url, { email: 'opted_in', 'shown.email': 'unknown' }),
    ({ email }) => ({
      ...said,
      recorded_by: 'Link',
      channel: 'email',
      state: 'opted_in',
      origin: 'reported',
      address: email,
      source: 'preference_page',
      lawful_basis: 'consent',
      text_version: 'preference-page/1 en',
    }),
  ],
  [
    'a one-click request',
    async ({ id }) => links.oneClick((await links.linkFor(id)).oneClickUrl),
    ({ email }) => ({
      ...said,
      recorded_by: 'Link',
      channel: 'email',
      state: 'opted_out',
      origin: 'reported',
      address: email,
      source: 'one_click',
    }),
  ],
  [
    'a confirmation',
    async ({ id }) => {
      await setPreferences(tenant.context, id, [
        { channel: 'email', state: 'pending', source: 'web_form', textVersion: 'v4', recordedAt: at(-5) },
      ])
      const { token } = await createConfirmationLink(tenant.context, { contactId: id })
      await confirmConsent(tenant.context, token)
    },
    ({ email }) => ({
      ...saidYesByEmail,
      address: email,
      source: 'double_opt_in',
      lawful_basis: 'consent',
      text_version: 'v4',
      external_id: expect.stringMatching(/^confirmation of cns_/),
    }),
  ],
]

describe('consent leaves who, when, how, at which address and with which proof in the ledger and in subject data:', () => {
  test.each(ways)('%s', async (_name, act, entry) => {
    const someone = await person()
    await act(someone)
    const expected = { ...nothing, ...entry(someone) }
    expect((await tenant.rest('GET', `/${someone.id}/preferences`)).body.data.records[0]).toMatchObject(expected)
    const { address, ...rest } = expected as Record<string, unknown>
    const { consent_records: records, audit_entries: entries } = await subjectData(someone.id)
    expect(records).toContainEqual(expect.objectContaining({ ...rest, address_key: address, created_at: now }))
    expect(entries.map(({ action }: { action: string }) => action)).toContain('preference.set')
  })

  test('a merge, by the opt-out that the ledgers together would not hold', async () => {
    const [into, from] = [await person(), await person()]
    await setPreferences(tenant.context, from.id, [{ channel: 'email', state: 'opted_out', source: 'letter', recordedAt: at(-50) }])
    await setPreferences(tenant.context, into.id, [
      { channel: 'email', state: 'opted_in', source: 'web_form', textVersion: 'v1', recordedAt: at(-40) },
    ])
    await mergeContacts(tenant.context, { intoId: into.id, fromIds: [from.id] })
    const { consent_records: records, contact_merges: merges } = await subjectData(into.id)
    const [merge] = merges
    const kept = { origin: 'merge', source: 'merge', external_id: merge.id, state: 'opted_out', channel: 'email', recorded_by: 'Test key' }
    expect(records).toContainEqual(expect.objectContaining(kept))
    expect(records).toContainEqual(
      expect.objectContaining({ source: 'letter', address_key: from.email, recorded_at: at(-50).toISOString() }),
    )
  })

  test('a stop word to a deleted contact, by the id that the provider has for the message', async () => {
    const { id, phone } = await person()
    await deleteContacts(tenant.context, [id])
    const occurredAt = at(-3)
    await recordActivities(tenant.context, [
      { message: { contact: { id }, channel: 'sms', direction: 'inbound', occurredAt, body: 'STOP', externalId: 'SM17' } },
    ])
    const { consent_records: records } = await subjectData(id)
    expect(records).toMatchObject([{ origin: 'keyword', source: 'keyword', external_id: 'SM17', message_id: null, address_key: phone }])
  })

  test('a suppression and its lift, by both names, times and reasons', async () => {
    const { id, email } = await person()
    const { ids } = await suppressAddresses(tenant.context, { addresses: [email], note: 'Letter of 1 May' })
    await liftSuppression(tenant.context, ids[0] ?? '', 'Asked for it again')
    expect((await subjectData(id)).suppressions).toEqual([
      expect.objectContaining({
        kind: 'email',
        key: email,
        reason: 'manual',
        note: 'Letter of 1 May',
        since: now,
        created_by: 'Test key',
        created_at: now,
        lifted_by: 'Test key',
        lift_reason: 'Asked for it again',
      }),
    ])
    const audited = await gateway.db.prisma.auditEntry.findMany({ where: { subjectId: ids[0] ?? '' }, orderBy: { id: 'asc' } })
    expect(audited.map(({ action, actorName }) => [action, actorName])).toEqual([
      ['suppression.added', 'Test key'],
      ['suppression.lifted', 'Test key'],
    ])
  })
})
