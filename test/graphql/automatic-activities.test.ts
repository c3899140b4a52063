import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAutomaticSubject } from '../../src/domain/activities/automatic-replies.ts'
import { givenContact } from '../support/factories.ts'
import { type TestGateway, openGateway } from '../support/gateway.ts'
import { ago, outcomes } from '../support/recording.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

test('a message says whether a machine wrote it, with the word of its direction', async () => {
  const tenant = await gateway.organization()
  const id = await givenContact(tenant, { email: 'away@example.com', phone: '+14155552672' })
  const shared = { contact: { id }, occurredAt: ago(5), channel: 'EMAIL' }
  const call = { contact: { id }, occurredAt: ago(5), status: 'NO_ANSWER' }
  const recorded = await outcomes(tenant, [
    { message: { ...shared, direction: 'INBOUND', subject: 'Out of office', isAutomatic: true } },
    { message: { ...shared, direction: 'OUTBOUND', subject: 'News', isAutomated: true } },
    { call: { ...call, direction: 'OUTBOUND', isAutomated: true } },
    { message: { ...shared, direction: 'INBOUND', subject: 'A person' } },
    { message: { ...shared, direction: 'INBOUND', isAutomated: true } },
    { message: { ...shared, direction: 'OUTBOUND', isAutomatic: false } },
    { call: { ...call, direction: 'INBOUND', isAutomated: true } },
  ])
  expect(recorded.map(({ code, field }: { code: string | null; field: string | null }) => [code, field])).toEqual([
    [null, null],
    [null, null],
    [null, null],
    [null, null],
    ['VALIDATION_ERROR', 'isAutomated'],
    ['VALIDATION_ERROR', 'isAutomatic'],
    ['VALIDATION_ERROR', 'isAutomated'],
  ])
  const isAutomatic = await Promise.all(
    recorded.slice(0, 4).map(async ({ activityId }: { activityId: string }) => {
      const query =
        'query ($id: ID!) { node(id: $id) { ... on Message { isAutomatic resolvedAt } ... on Call { isAutomatic resolvedAt } } }'
      return (await tenant.gql(query, { id: activityId })).body.data.node
    }),
  )
  expect(isAutomatic).toEqual([true, true, true, false].map((value) => ({ isAutomatic: value, resolvedAt: null })))
})

test.each([
  'Automatic reply: Contract',
  'Out of Office Re: Contract',
  'AutoReply: hello',
  'Automatische Antwort: Vertrag',
  'Abwesenheitsnotiz',
  'Réponse automatique : contrat',
  'Respuesta automática: contrato',
  '[EXTERNAL] Automatic reply: Contract',
])('%s is the subject of an automatic reply', (subject) => {
  expect(isAutomaticSubject(subject)).toBe(true)
})

test.each(['Re: Contract', 'My automatic reply does not work', 'We are out of office chairs?', 'Oooh, lovely', null])(
  '%s is not the subject of an automatic reply',
  (subject) => {
    expect(isAutomaticSubject(subject)).toBe(false)
  },
)
