import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { keywordReader } from '../../src/domain/consent/keywords.ts'
import { createContact, deleteContacts, updateContact } from '../../src/domain/contacts/commands.ts'
import { eraseContacts } from '../../src/domain/erasure/commands.ts'
import { mergeContacts } from '../../src/domain/merging/commands.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { optOut } from '../../src/domain/preferences/opt-out.ts'
import { getSendDecision } from '../../src/domain/sending/queries.ts'
import { runOrder } from '../support/consent-orders/run.ts'
import { orders } from '../support/consent-orders/steps.ts'
import { givenContact } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const phones = ['+14155552671', '+14155552672'] as const

/** More orders find more: set CONSENT_ORDERS to some thousands. */
const runs = Number(process.env['CONSENT_ORDERS'] ?? 5)

describe('consent', () => {
  test(
    'no order of statements, stop words, complaints, deletes, new contacts, moved addresses, merges, imports, rollbacks, links and erasures allows what the rules forbid',
    { timeout: 60_000 + runs * 10_000 },
    async () => {
      let allowed = 0
      await fc.assert(
        fc.asyncProperty(orders, async (order) => {
          const { context } = await gateway.organization()
          const found = await runOrder(context, gateway.clock, order)
          allowed += found.allowed
          expect(found.violation).toBeNull()
        }),
        { numRuns: runs, endOnFailure: true },
      )
      expect(allowed).toBeGreaterThan(0)
    },
  )

  test('an opt-in with proof at the present number is what allows marketing', async () => {
    const tenant = await gateway.organization()
    const id = await createContact(tenant.context, { phone: phones[0] })
    const ask = async () =>
      (await getSendDecision(tenant.context, id, { channel: 'sms', category: 'marketing' })).reasons.map(({ code }) => code)
    expect(await ask()).toEqual(['NO_CONSENT'])
    const at = (minute: number) => new Date(noon.getTime() - minute * 60_000)
    await setPreferences(tenant.context, id, [{ channel: 'sms', state: 'opted_out', recordedAt: at(9) }])
    expect(await ask()).toEqual(['OPTED_OUT'])
    const bare = setPreferences(tenant.context, id, [{ channel: 'sms', state: 'opted_in', recordedAt: at(8) }])
    await expect(bare).rejects.toMatchObject({ code: 'CONSENT_NEEDS_PROOF' })
    const proof = { source: 'web_form', textVersion: 'v1' }
    await setPreferences(tenant.context, id, [{ channel: 'sms', state: 'opted_in', recordedAt: at(7), ...proof }])
    expect(await ask()).toEqual([])
    await updateContact(tenant.context, id, { phone: phones[1] })
    expect(await ask()).toEqual(['NO_CONSENT'])
  })

  test('an opt-out of a number that no contact has holds for the contact that gets it', async () => {
    const tenant = await gateway.organization()
    await optOut(tenant.context, { contact: { phone: '+14155552679' } })
    const id = await createContact(tenant.context, { phone: '+14155552679' })
    const { reasons } = await getSendDecision(tenant.context, id, { channel: 'whatsapp', category: 'transactional' })
    expect(reasons.map(({ code }) => code)).toEqual(['OPTED_OUT'])
  })
})

test('a stop word from a number that no contact has holds for the contact that gets it, until its start word', async () => {
  const tenant = await gateway.organization()
  const number = '+14155552678'
  const write = async (body: string) => {
    const message = {
      contact: { phone: number },
      occurredAt: gateway.clock.now,
      channel: 'sms' as const,
      direction: 'inbound' as const,
      body,
    }
    return (await recordActivities(tenant.context, [{ message }, { message: { ...message, body: 'Hello?' } }])).map(({ status }) => status)
  }
  expect(await write('STOP')).toEqual(['rejected', 'rejected'])
  await write(' stop!')
  const listed = await tenant.context.db.prisma.suppression.findMany({
    where: { organizationId: tenant.organizationId },
    orderBy: { channel: 'asc' },
  })
  expect(listed.map(({ key, channel, reason, note }) => [key, channel, reason, note])).toEqual([
    [number, 'rcs', 'keyword', 'STOP'],
    [number, 'sms', 'keyword', 'STOP'],
  ])
  const id = await createContact(tenant.context, { phone: number })
  const codes = async () =>
    (await getSendDecision(tenant.context, id, { channel: 'rcs', category: 'service' })).reasons.map(({ code }) => code)
  expect(await codes()).toEqual(['OPTED_OUT'])
  gateway.clock.now = new Date(noon.getTime() + 60_000)
  expect(await write('START')).toEqual(['created', 'created'])
  gateway.clock.now = noon
  expect(await codes()).toEqual([])
})

describe('an opt-out whose message is rejected is kept:', () => {
  const say = async (tenant: Tenant, contact: object, more: object = {}) => {
    const message = {
      contact,
      occurredAt: gateway.clock.now,
      channel: 'sms' as const,
      direction: 'inbound' as const,
      body: 'STOP',
      ...more,
    }
    const [outcome] = await recordActivities(tenant.context, [{ message }])
    return outcome?.status === 'rejected' ? outcome.reason.code : outcome?.status
  }
  const codesOf = async (tenant: Tenant, id: string, channel: 'sms' | 'email' = 'sms') =>
    (await getSendDecision(tenant.context, id, { channel, category: 'service' })).reasons.map(({ code }) => code)

  test('a stop word that names a deleted contact by its id holds for its number', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: '+14155552680' })
    await deleteContacts(tenant.context, [id])
    expect(await say(tenant, { id })).toBe('NOT_FOUND')
    expect(await codesOf(tenant, await givenContact(tenant, { phone: '+14155552680' }))).toEqual(['OPTED_OUT'])
  })

  test('one that names a merged contact holds for the contact that stayed, and for the number of the merged one', async () => {
    const tenant = await gateway.organization()
    const into = await givenContact(tenant, { phone: '+14155552681' })
    const from = await givenContact(tenant, { phone: '+14155552682' })
    await mergeContacts(tenant.context, { intoId: into, fromIds: [from] })
    expect(await say(tenant, { id: from })).toBe('created')
    expect(await codesOf(tenant, into)).toEqual(['OPTED_OUT'])
    await deleteContacts(tenant.context, [into])
    expect(await codesOf(tenant, await givenContact(tenant, { phone: '+14155552682' }))).toEqual(['OPTED_OUT'])
  })

  test('one that names an erased contact holds for the number, of which only the hash is left', async () => {
    const tenant = await gateway.organization()
    const id = await givenContact(tenant, { phone: '+14155552683' })
    await eraseContacts(tenant.context, { ids: [id], reason: 'Request of May' })
    expect(await say(tenant, { id })).toBe('NOT_FOUND')
    expect(await codesOf(tenant, await givenContact(tenant, { phone: '+14155552683' }))).toEqual(['SUPPRESSED', 'OPTED_OUT'])
  })

  test('a complaint about a message to an unknown address or a blocked contact', async () => {
    const tenant = await gateway.organization()
    const complaint = { channel: 'email' as const, direction: 'outbound' as const, body: null, failureReason: 'complaint' as const }
    expect(await say(tenant, { email: 'unknown@example.com' }, complaint)).toBe('NOT_FOUND')
    const codes = await codesOf(tenant, await givenContact(tenant, { email: 'unknown@example.com' }), 'email')
    expect(codes).toEqual(['SUPPRESSED'])
    const blocked = await givenContact(tenant, { email: 'blocked@example.com' })
    await tenant.rest('POST', `/${blocked}/block`)
    expect(await say(tenant, { id: blocked }, complaint)).toBe('CONTACT_BLOCKED')
    await tenant.rest('POST', `/${blocked}/unblock`)
    expect((await codesOf(tenant, blocked, 'email')).toSorted()).toEqual(['OPTED_OUT', 'SUPPRESSED'])
  })

  test('a stop word is not refused for its time, nor for an external id that is taken', async () => {
    const tenant = await gateway.organization()
    const early = await givenContact(tenant, { phone: '+14155552684' })
    const ahead = new Date(gateway.clock.now.getTime() + 60 * 60_000)
    expect(await say(tenant, { id: early }, { occurredAt: ahead, externalId: 'm1' })).toBe('created')
    expect(await codesOf(tenant, early)).toEqual(['OPTED_OUT'])
    const other = await givenContact(tenant, { phone: '+14155552685' })
    expect(await say(tenant, { id: other }, { externalId: 'm1' })).toBe('VALIDATION_ERROR')
    expect(await codesOf(tenant, other)).toEqual(['OPTED_OUT'])
  })
})

test('the settings of stop words can be read', async () => {
  const tenant = await gateway.organization()
  await tenant.gql(
    'mutation { updateOptOutKeywords(input: { channels: [SMS], languages: ["en"], stopWords: ["weg damit"] }) { __typename } }',
  )
  const { body } = await tenant.gql(
    '{ viewer { organization { settings { optOutKeywords { channels languages stopWords startWords } } } } }',
  )
  expect(body.data.viewer.organization.settings.optOutKeywords).toEqual({
    channels: ['sms'],
    languages: ['en'],
    stopWords: ['weg damit'],
    startWords: [],
  })
})

const settings = { keywordChannels: ['sms' as const], keywordLanguages: [], stopWords: ['weg damit'], startWords: [] }

test.each([
  ['STOP', 'stop'],
  [' stop. ', 'stop'],
  ['S​T‍O﻿P', 'stop'],
  ['ＳＴＯＰ', 'stop'],
  ['ЅТОР', 'stop'],
  ['Opt-Out!', 'stop'],
  ['ARRÊT', 'stop'],
  ['arret', 'stop'],
  ['СТОП', 'stop'],
  ['退订', 'stop'],
  ['Weg damit', 'stop'],
  ['STOP STOP', 'stop'],
  ['Stop! stop!! stop!!!', 'stop'],
  ['unstop', 'start'],
  ['Start', 'start'],
  ['start start', 'start'],
  ['cancelar baja', 'mentions_stop'],
  ['Please stop calling me at night', 'mentions_stop'],
  ['I stopped by yesterday', null],
  ['', null],
])('the text %j is read as %j', (text, keyword) => {
  expect(keywordReader(settings)('sms', text)).toBe(keyword)
})

test('a channel without keywords reads none', () => {
  expect(keywordReader(settings)('whatsapp', 'STOP')).toBeNull()
})
