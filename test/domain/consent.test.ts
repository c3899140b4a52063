import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { keywordReader } from '../../src/domain/consent/keywords.ts'
import { createContact, deleteContacts, updateContact } from '../../src/domain/contacts/commands.ts'
import { restoreContacts } from '../../src/domain/contacts/restore.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { optOut } from '../../src/domain/preferences/opt-out.ts'
import { getSendDecision } from '../../src/domain/sending/queries.ts'
import { DomainError } from '../../src/kernel/errors.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const phones = ['+14155552671', '+14155552672'] as const

type Step =
  | { readonly do: 'say'; readonly who: number; readonly state: 'opted_in' | 'opted_out'; readonly minute: number; readonly proof: boolean }
  | { readonly do: 'write'; readonly who: number; readonly word: 'STOP' | 'start' | 'hello'; readonly minute: number }
  | { readonly do: 'opt out'; readonly phone: number }
  | { readonly do: 'create'; readonly who: number; readonly phone: number }
  | { readonly do: 'delete'; readonly who: number; readonly phone: number }
  | { readonly do: 'restore'; readonly who: number; readonly phone: number }
  | { readonly do: 'move'; readonly who: number; readonly phone: number }

const who = fc.integer({ min: 0, max: 1 })
const phone = fc.integer({ min: 0, max: 1 })
const minute = fc.integer({ min: 1, max: 8 })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('say' as const),
      who,
      state: fc.constantFrom('opted_in' as const, 'opted_out' as const),
      minute,
      proof: fc.boolean(),
    }),
    fc.record({
      do: fc.constant('write' as const),
      who,
      word: fc.constantFrom('STOP' as const, 'start' as const, 'hello' as const),
      minute,
    }),
    fc.record({ do: fc.constant('opt out' as const), phone }),
    ...(['create', 'delete', 'restore', 'move'] as const).map((name) => fc.record({ do: fc.constant(name), who, phone })),
  ),
  { minLength: 2, maxLength: 12 },
)

/** Something that was said, as the model keeps it. */
interface Said {
  readonly person: string
  readonly phone: string
  readonly what: 'in' | 'out' | 'stop' | 'start'
  readonly at: number
  readonly proof: boolean
}

/** What the rules allow, found out from everything that was said, without any state between. */
function mayMarket(said: readonly Said[], person: string, number: string): boolean {
  const mine = said.filter((one) => one.person === person)
  const here = said.filter((one) => one.phone === number)
  const isRefused = (among: readonly Said[], enders: readonly Said[]) =>
    among.some(
      (out) =>
        (out.what === 'out' || out.what === 'stop') &&
        !enders.some((end) => end.at > out.at && ((end.what === 'in' && end.proof) || (end.what === 'start' && out.what === 'stop'))),
    )
  if (isRefused(mine, mine) || isRefused(here, here)) return false
  return mine.some((yes) => yes.what === 'in' && yes.phone === number && !mine.some((no) => no.what === 'out' && no.at >= yes.at))
}

/** @returns the step after which something is allowed that must not be; null if there is none */
async function run(tenant: Tenant, order: readonly Step[]): Promise<{ order: readonly Step[]; step: Step } | null> {
  const said: Said[] = []
  const people: { id: string; phone: string; isLiving: boolean }[] = []
  const before = (minutes: number) => new Date(noon.getTime() - minutes * 60_000)
  for (const step of order) {
    const person = 'who' in step ? people[step.who] : undefined
    try {
      if (step.do === 'opt out') {
        const number = phones[step.phone] ?? ''
        const { contactIds } = await optOut(tenant.context, { contact: { phone: number }, channels: ['sms'] })
        for (const id of contactIds.length === 0 ? [''] : contactIds)
          said.push({ person: id, phone: number, what: 'out', at: noon.getTime(), proof: false })
      } else if (step.do === 'create') {
        if (person !== undefined) continue
        const number = phones[step.phone] ?? ''
        people.push({ id: await createContact(tenant.context, { phone: number }), phone: number, isLiving: true })
      } else if (person === undefined) {
        continue
      } else if (step.do === 'delete') {
        await deleteContacts(tenant.context, [person.id])
        person.isLiving = false
      } else if (step.do === 'restore') {
        person.isLiving = (await restoreContacts(tenant.context, [person.id])).restored.length === 1
      } else if (step.do === 'move') {
        const number = phones[step.phone] ?? ''
        await updateContact(tenant.context, person.id, { phone: number })
        person.phone = number
      } else if (step.do === 'say') {
        const proof = step.proof ? { source: 'web_form', textVersion: 'v1' } : {}
        // Without a time it is about the present address, whatever the clock says: the time of the test stands still.
        const change = { channel: 'sms', state: step.state, recordedAt: before(step.minute), address: person.phone, ...proof }
        await setPreferences(tenant.context, person.id, [change])
        const what = step.state === 'opted_in' ? ('in' as const) : ('out' as const)
        said.push({ person: person.id, phone: person.phone, what, at: before(step.minute).getTime(), proof: step.proof })
      } else {
        const occurredAt = before(step.minute)
        const message = { contact: { id: person.id }, occurredAt, channel: 'sms' as const, direction: 'inbound' as const, body: step.word }
        const [outcome] = await recordActivities(tenant.context, [{ message }])
        if (outcome?.status === 'created' && step.word !== 'hello')
          said.push({
            person: person.id,
            phone: person.phone,
            what: step.word === 'STOP' ? 'stop' : 'start',
            at: occurredAt.getTime(),
            proof: false,
          })
      }
    } catch (error) {
      // What is refused was not said.
      if (!(error instanceof DomainError)) throw error
    }
    for (const { id, phone: number, isLiving } of people) {
      if (!isLiving) continue
      const { allowed } = await getSendDecision(tenant.context, id, { channel: 'sms', category: 'marketing' })
      if (allowed && !mayMarket(said, id, number)) return { order, step }
    }
  }
  return null
}

describe('consent', () => {
  test(
    'no order of statements, stop words, deletes, new contacts and moved numbers allows what the rules forbid',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (order) => {
          expect(await run(await gateway.organization(), order)).toBeNull()
        }),
        { numRuns: 25 },
      )
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
  const listed = await tenant.context.db.suppression.findMany({
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
  ['unstop', 'start'],
  ['Start', 'start'],
  ['Please stop calling me at night', 'mentions_stop'],
  ['I stopped by yesterday', null],
  ['', null],
])('the text %j is read as %j', (text, keyword) => {
  expect(keywordReader(settings)('sms', text)).toBe(keyword)
})

test('a channel without keywords reads none', () => {
  expect(keywordReader(settings)('whatsapp', 'STOP')).toBeNull()
})
