import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/kernel/ids.ts'
import { blockContact } from '../../src/domain/blocking/commands.ts'
import { createContact, updateContact } from '../../src/domain/contacts/commands.ts'
import { contactsById } from '../../src/domain/contacts/queries.ts'
import { mergeContacts } from '../../src/domain/merging/commands.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { givenActivities, givenContact, givenContacts, givenNote } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

async function merge(tenant: Tenant, input: Record<string, unknown>) {
  const { body } = await tenant.gql(
    `mutation ($input: MergeContactsInput!) { mergeContacts(input: $input) {
      ... on MergeContactsPayload { merge { mergeId fromIds isBlocked fields { field value contactId losing { contactId value } } moved { kind count }
        consent { channel state states { contactId state } } } contact { id revision phone email firstName company tags customAttributes isBlocked
        phoneNumbers { value isPrimary } emailAddresses { value isPrimary } externalIds { system value } mergedFrom { fromIds } } }
      ... on Error { code message } ... on FieldError { field }
    } }`,
    { input },
  )
  return body.data.mergeContacts
}

const unmerge = async (tenant: Tenant, mergeId: string) =>
  (
    await tenant.gql(
      `mutation ($id: ID!) { unmergeContacts(input: { mergeId: $id }) {
        ... on UnmergeContactsPayload { contacts { id phone email firstName } keptFields kept { kind count } } ... on Error { code message } } }`,
      { id: mergeId },
    )
  ).body.data.unmergeContacts

describe('a merge', () => {
  test('keeps every address, unites tags and attributes, and moves what is on record', async () => {
    const tenant = await gateway.organization()
    const into = await givenContact(tenant, {
      email: 'ana@example.com',
      firstName: 'Ana',
      tags: ['vip'],
      customAttributes: { plan: 'pro' },
    })
    const other = await createContact(tenant.context, {
      phone: '+14155552671',
      email: 'ana@home.example',
      firstName: 'Anna',
      company: 'Northwind',
      tags: ['VIP', 'beta'],
      customAttributes: { plan: 'free', seats: 3 },
      externalIds: [{ system: 'crm', value: '4711' }],
    })
    await givenNote(tenant, other, 'Calls back on Monday')
    await givenActivities(tenant, other, [{ event: { name: 'visited', occurredAt: noon } }])
    const preview = await merge(tenant, { intoId: into, fromIds: [other], dryRun: true })
    expect(preview.merge.mergeId).toBeNull()
    expect(preview.contact).toMatchObject({ phone: null, mergedFrom: [] })
    const { merge: done, contact } = await merge(tenant, { intoId: into, fromIds: [other] })
    expect(preview.merge).toEqual({ ...done, mergeId: null })
    expect(contact).toMatchObject({
      id: into,
      phone: '+14155552671',
      email: 'ana@example.com',
      firstName: 'Ana',
      company: 'Northwind',
      tags: ['vip', 'beta'],
      customAttributes: { plan: 'pro', seats: 3 },
      phoneNumbers: [{ value: '+14155552671', isPrimary: true }],
      emailAddresses: [
        { value: 'ana@example.com', isPrimary: true },
        { value: 'ana@home.example', isPrimary: false },
      ],
      externalIds: [{ system: 'crm', value: '4711' }],
      mergedFrom: [{ fromIds: [other] }],
    })
    expect(done.fields).toContainEqual({
      field: 'firstName',
      value: 'Ana',
      contactId: into,
      losing: [{ contactId: other, value: 'Anna' }],
    })
    expect(done.moved).toContainEqual({ kind: 'notes', count: 1 })
    const timeline = (await tenant.rest('GET', `/${into}/timeline`)).body.data
    expect(timeline).toMatchObject([{ title: 'visited' }])
    expect((await tenant.rest('GET', `/${into}/notes`)).body.data).toMatchObject([{ body: 'Calls back on Monday' }])
  })

  test('takes the values that were chosen, and keeps a primary address that makes way', async () => {
    const tenant = await gateway.organization()
    const [into, other] = await givenContacts(tenant, [
      { email: 'ana@example.com', firstName: 'Ana' },
      { email: 'a@home.example', firstName: 'Anna' },
    ])
    const fields = [
      { field: 'email', from: other },
      { field: 'firstName', from: other },
    ]
    expect((await merge(tenant, { intoId: into, fromIds: [other], fields })).contact).toMatchObject({
      email: 'a@home.example',
      firstName: 'Anna',
      emailAddresses: [{ value: 'a@home.example' }, { value: 'ana@example.com' }],
    })
  })

  test('lets the old id refer to the contact that stays, in both APIs, through chains', async () => {
    const tenant = await gateway.organization()
    const [first = '', second = '', third = ''] = await givenContacts(tenant, [{}, {}, { phone: '+14155552671' }])
    await merge(tenant, { intoId: second, fromIds: [third] })
    await merge(tenant, { intoId: first, fromIds: [second] })
    const { body } = await tenant.gql(
      `query ($id: ID!) { contact(id: $id) { id } node(id: $id) { id } nodes(ids: [$id, "${first}"]) { id } }`,
      { id: third },
    )
    expect(body.data).toEqual({ contact: { id: first }, node: { id: first }, nodes: [{ id: first }, { id: first }] })
    for (const path of ['', '/profile', '/timeline', '/preferences', '/notes']) {
      const read = await tenant.rest('GET', `/${third}${path}`)
      expect(read).toMatchObject({ status: 410, body: { error: { code: 'CONTACT_MERGED', details: { merged_into: first } } } })
      expect(read.headers.get('link')).toBe(`</api/v1/contacts/${first}>; rel="canonical"`)
    }
    const written = await tenant.rest('POST', `/${third}/notes`, { body: 'To the old id' })
    expect([written.status, written.headers.get('content-location')]).toEqual([201, `/api/v1/contacts/${first}/notes`])
    expect((await tenant.rest('PATCH', `/${third}`, { first_name: 'Ana' })).body.data).toMatchObject({ id: first, first_name: 'Ana' })
    const ids = await givenActivities(tenant, third, [{ event: { name: 'visited', occurredAt: noon } }])
    expect(ids).toHaveLength(1)
    expect((await tenant.rest('GET', `/${first}/timeline`)).body.data).toHaveLength(1)
    const found = await tenant.gql(`{ contactBy(phone: "+14155552671") { id } }`)
    expect(found.body.data.contactBy).toEqual({ id: first })
  })

  test('lets mutations, bulk actions and deletions by the old id reach the contact that stays', async () => {
    const tenant = await gateway.organization()
    const [into = '', other = '', third = ''] = await givenContacts(tenant, [{}, {}, {}])
    await merge(tenant, { intoId: into, fromIds: [other] })
    const { body } = await tenant.gql(
      `mutation ($id: ID!) {
        createNote(input: { contactId: $id, body: "To the old id" }) { ... on CreateNotePayload { note { contact { id } } } }
        updateContact(input: { id: $id, company: "Northwind" }) { ... on UpdateContactPayload { contact { id company } } }
        blockContact(input: { contactId: $id }) { ... on BlockContactPayload { contact { id isBlocked } } }
        setPreferences(input: { contactId: $id, changes: [{ channel: SMS, state: OPTED_OUT }] }) { ... on SetPreferencesPayload { contact { id } } }
        optOut(input: { contact: { id: $id }, channels: [EMAIL] }) { ... on OptOutPayload { contactIds } }
      }`,
      { id: other },
    )
    expect(body).toEqual({
      data: {
        createNote: { note: { contact: { id: into } } },
        updateContact: { contact: { id: into, company: 'Northwind' } },
        blockContact: { contact: { id: into, isBlocked: true } },
        setPreferences: { contact: { id: into } },
        optOut: { contactIds: [into] },
      },
    })
    const addTags = async (ids: readonly string[]) =>
      (
        await tenant.gql(
          `mutation ($ids: [ID!]!) { bulkContactAction(input: { action: ADD_TAGS, contactIds: $ids, params: { tags: ["vip"] } }) {
            ... on BulkContactActionPayload { matched changed unchanged failed { contactId } } } }`,
          { ids },
        )
      ).body.data.bulkContactAction
    expect(await addTags([other, third])).toEqual({ matched: 2, changed: 2, unchanged: 0, failed: [] })
    expect(await addTags([into, other, third])).toEqual({ matched: 3, changed: 0, unchanged: 3, failed: [] })
    expect((await tenant.rest('GET', `/${into}`)).body.data).toMatchObject({ tags: ['vip'] })
    const deleted = await tenant.gql(
      `mutation ($ids: [ID!]!) { deleteContacts(input: { ids: $ids }) { ... on DeleteContactsPayload { deletedIds notFoundIds } } }`,
      { ids: [other, third, newId('contact')] },
    )
    expect(deleted.body.data.deleteContacts).toMatchObject({ deletedIds: [other, third], notFoundIds: [expect.any(String)] })
    expect((await tenant.rest('GET', `/${into}`)).status).toBe(404)
  })

  test('keeps the strictest consent and every block', async () => {
    const tenant = await gateway.organization()
    const [into = '', other = ''] = await givenContacts(tenant, [{ phone: '+14155552671' }, { phone: '+14155552672' }])
    const proof = { source: 'web_form', proofUrl: 'https://example.com/proof' }
    const earlier = new Date(noon.getTime() - 60_000)
    await setPreferences(tenant.context, other, [{ channel: 'sms', state: 'opted_out', recordedAt: earlier }])
    await setPreferences(tenant.context, into, [{ channel: 'sms', state: 'opted_in', ...proof }])
    await blockContact(tenant.context, { contactId: other })
    const { merge: done, contact } = await merge(tenant, { intoId: into, fromIds: [other] })
    expect(contact.isBlocked).toBe(true)
    expect(done.consent.find(({ channel }: { channel: string }) => channel === 'SMS')).toMatchObject({ state: 'OPTED_OUT' })
    expect((await tenant.rest('GET', `/${into}/preferences`)).body.data.preferences).toMatchObject({ sms: 'opted_out' })
    await unmerge(tenant, done.mergeId)
    expect((await tenant.rest('GET', `/${into}`)).body.data.is_blocked).toBe(false)
    expect((await tenant.rest('GET', `/${into}/preferences`)).body.data.preferences).toMatchObject({ sms: 'opted_in' })
    expect((await tenant.rest('GET', `/${other}/preferences`)).body.data.preferences).toMatchObject({ sms: 'opted_out' })
  })

  test('is refused for malformed, deleted, foreign and merged contacts, and without its scope', async () => {
    const tenant = await gateway.organization()
    const [into = '', other = '', deleted = ''] = await givenContacts(tenant, [{}, {}, {}])
    const stranger = await givenContact(await gateway.organization())
    await tenant.rest('DELETE', `/${deleted}`)
    const refused = async (input: Record<string, unknown>) => (await merge(tenant, { intoId: into, ...input })).code
    expect(await refused({ fromIds: [] })).toBe('VALIDATION_ERROR')
    expect(await refused({ fromIds: [into] })).toBe('VALIDATION_ERROR')
    expect(await refused({ fromIds: [other, other] })).toBe('VALIDATION_ERROR')
    expect(await refused({ fromIds: Array.from({ length: 21 }, () => newId('contact')) })).toBe('VALIDATION_ERROR')
    expect(await refused({ fromIds: [other], fields: [{ field: 'shoeSize', from: other }] })).toBe('VALIDATION_ERROR')
    for (const id of [deleted, stranger, newId('contact')]) expect(await refused({ fromIds: [id] })).toBe('NOT_FOUND')
    expect(await refused({ fromIds: [other], ifRevisions: [{ contactId: other, revision: 7 }] })).toBe('REVISION_CONFLICT')
    await merge(tenant, { intoId: into, fromIds: [other] })
    expect(await refused({ fromIds: [other] })).toBe('CONTACT_MERGED')
    const restored = await tenant.gql(
      `mutation { restoreContacts(input: { ids: ["${other}"] }) { ... on RestoreContactsPayload { failed { code } } } }`,
    )
    expect(restored.body.data.restoreContacts.failed).toEqual([{ code: 'CONTACT_MERGED' }])
    const reader = await tenant.withScopes('contacts:read', 'contacts:write')
    expect((await reader.rest('POST', `/${into}/merge`, { from_ids: [other] })).status).toBe(403)
  })

  test('of two that cross each other leaves one contact', async () => {
    const tenant = await gateway.organization()
    for (let round = 0; round < 3; round += 1) {
      const [one = '', two = ''] = await givenContacts(tenant, [{}, {}])
      const outcomes = await Promise.allSettled([
        mergeContacts(tenant.context, { intoId: one, fromIds: [two] }),
        mergeContacts(tenant.context, { intoId: two, fromIds: [one] }),
        updateContact(tenant.context, one, { firstName: 'Ana' }),
      ])
      expect(outcomes.slice(0, 2).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const found = await contactsById(tenant.context, [one, two])
      expect(new Set([...found.values()].map(({ id }) => id)).size).toBe(1)
    }
  })
})

describe('taking a merge back', () => {
  test('leaves what was changed and recorded since with the contact that stayed, and says so', async () => {
    const tenant = await gateway.organization()
    const [into = '', other = ''] = await givenContacts(tenant, [
      { email: 'ana@example.com', tags: ['a'] },
      { email: 'ben@example.com', tags: ['b'] },
    ])
    const { merge: done } = await merge(tenant, { intoId: into, fromIds: [other] })
    gateway.clock.now = new Date(noon.getTime() + 1000)
    await tenant.rest('PATCH', `/${into}`, { first_name: 'Ana', tags: ['a', 'b', 'c'] })
    await givenNote(tenant, into, 'Since')
    const back = await unmerge(tenant, done.mergeId)
    gateway.clock.now = noon
    expect(back).toMatchObject({
      contacts: [
        { id: into, email: 'ana@example.com', firstName: 'Ana' },
        { id: other, email: 'ben@example.com' },
      ],
      keptFields: ['firstName'],
      kept: [{ kind: 'notes', count: 1 }],
    })
    expect((await tenant.rest('GET', `/${into}`)).body.data.tags).toEqual(['a', 'c'])
  })

  test('keeps an opt-out of the meantime for every contact, because each may have been the one that made it', async () => {
    const tenant = await gateway.organization()
    const [into = '', other = ''] = await givenContacts(tenant, [{ email: 'ana@example.com' }, { email: 'ben@example.com' }])
    const proof = { source: 'app', proofUrl: 'https://example.com/proof' }
    for (const id of [into, other]) await setPreferences(tenant.context, id, [{ channel: 'push', state: 'opted_in', ...proof }])
    const { merge: done } = await merge(tenant, { intoId: into, fromIds: [other] })
    gateway.clock.now = new Date(noon.getTime() + 1000)
    expect((await tenant.rest('PUT', `/${other}/preferences`, { preferences: { push: 'opted_out' } })).status).toBe(200)
    const back = await unmerge(tenant, done.mergeId)
    gateway.clock.now = noon
    expect(back.kept).toEqual([{ kind: 'consent_records', count: 1 }])
    for (const id of [into, other])
      expect((await tenant.rest('GET', `/${id}/preferences`)).body.data.preferences).toMatchObject({ push: 'opted_out' })
  })

  test('is refused twice, after 30 days, and where an address is taken by now', async () => {
    const tenant = await gateway.organization()
    const [into = '', other = '', late = '', taken = ''] = await givenContacts(tenant, [{}, {}, {}, { email: 'dan@example.com' }])
    const first = (await merge(tenant, { intoId: into, fromIds: [other] })).merge.mergeId
    await unmerge(tenant, first)
    expect(await unmerge(tenant, first)).toMatchObject({ code: 'MERGE_NOT_REVERSIBLE' })
    expect(await unmerge(tenant, newId('contactMerge'))).toMatchObject({ code: 'NOT_FOUND' })
    const second = (await merge(tenant, { intoId: into, fromIds: [late] })).merge.mergeId
    const third = (await merge(tenant, { intoId: into, fromIds: [taken] })).merge.mergeId
    const { email_addresses: emails } = (await tenant.rest('GET', `/${into}`)).body.data
    const others = emails.filter(({ value }: { value: string }) => value !== 'dan@example.com')
    await tenant.rest('PATCH', `/${into}`, { email_addresses: others })
    await givenContact(tenant, { email: 'dan@example.com' })
    expect(await unmerge(tenant, third)).toMatchObject({ code: 'MERGE_NOT_REVERSIBLE' })
    gateway.clock.now = new Date(noon.getTime() + 31 * 24 * 60 * 60 * 1000)
    expect(await unmerge(tenant, second)).toMatchObject({ code: 'MERGE_NOT_REVERSIBLE' })
    gateway.clock.now = noon
  })
})
