import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordActivities } from '../../src/domain/activities/commands.ts'
import { nextBestActionsByContact } from '../../src/domain/next-best-action/queries.ts'
import { updateOrganizationSettings } from '../../src/domain/organizations/commands.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { reserveSend } from '../../src/domain/sending/commands.ts'
import { SendNotAllowed } from '../../src/domain/sending/errors.ts'
import { decideFor } from '../../src/domain/sending/queries.ts'
import { suppressAddresses } from '../../src/domain/suppression/commands.ts'
import { upsertTopic } from '../../src/domain/topics/commands.ts'
import { givenContact, givenRule } from '../support/factories.ts'
import { noon, openGateway, type TestGateway, type Tenant } from '../support/gateway.ts'

const runs = Number(process.env['SUGGESTION_RUNS'] ?? 1)
/** How many contacts share a run: their statements are the same. */
const contactsOfRun = 20

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

const inHours = (hours: number) => new Date(noon.getTime() + hours * 3_600_000)
const channels = ['sms', 'email', 'whatsapp', 'rcs'] as const
const someTopic = fc.constantFrom(null, 'news', 'offers')

const message = fc.record({
  channel: fc.constantFrom(...channels),
  direction: fc.constantFrom('inbound' as const, 'outbound' as const),
  category: fc.constantFrom('marketing' as const, 'service' as const, 'transactional' as const),
  // Within a day it can be answered; up to five minutes ahead it counts as now.
  hours: fc.oneof(fc.integer({ min: -400, max: 0 }), fc.integer({ min: -30, max: 0 }), fc.constant(0.06)),
  body: fc.constantFrom('Where is my order?', 'Thanks!', 'STOP', 'Hello'),
  bounced: fc.constantFrom(false, false, false, true),
})
const consent = fc.record({
  channel: fc.constantFrom(...channels),
  topic: someTopic,
  state: fc.constantFrom('opted_in' as const, 'opted_in' as const, 'opted_out' as const),
  hours: fc.integer({ min: -400, max: 0 }),
  lastsHours: fc.option(fc.integer({ min: 1, max: 100 }), { nil: null }),
})
const reservation = fc.record({
  channel: fc.constantFrom(...channels),
  category: fc.constantFrom('marketing' as const, 'service' as const),
  topic: someTopic,
  hours: fc.integer({ min: 0, max: 60 }),
  expiresInSeconds: fc.integer({ min: 1, max: 300_000 }),
})
const anyPast = fc.record({
  timezone: fc.constantFrom('Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', null),
  lifecycleStage: fc.constantFrom('lead' as const, 'customer' as const, 'churned' as const),
  messages: fc.array(message, { maxLength: 8 }),
  consents: fc.array(consent, { maxLength: 4 }),
  suppressed: fc.constantFrom(null, null, 'phone' as const, 'email' as const),
  reservations: fc.array(reservation, { maxLength: 3 }),
})
type Past = typeof anyPast extends fc.Arbitrary<infer Value> ? Value : never

async function givenPast(tenant: Tenant, past: Past): Promise<string> {
  const { context } = tenant
  const local = String(Math.trunc(Math.random() * 1e7)).padStart(7, '0')
  const [phone, email] = [`+4930${local}`, `p${local}@example.com`]
  const { timezone, lifecycleStage } = past
  const id = await givenContact(tenant, { phone, email, timezone, lifecycleStage })
  const activities = past.messages.map(({ channel, direction, category, hours, body, bounced }) => {
    const shared = { contact: { id }, channel, direction, occurredAt: inHours(hours), body }
    const failure = bounced ? { failureReason: 'hard_bounce' as const } : {}
    return { message: direction === 'inbound' ? shared : { ...shared, category, ...failure } }
  })
  if (activities.length > 0) await recordActivities(context, activities)
  const said = past.consents.map(({ channel, topic, state, hours, lastsHours }) => ({
    channel,
    topic,
    state,
    source: 'form',
    textVersion: '1',
    recordedAt: inHours(hours),
    ...(state === 'opted_in' && lastsHours !== null && { validUntil: inHours(lastsHours) }),
  }))
  if (said.length > 0) await setPreferences(context, id, said)
  if (past.suppressed !== null) await suppressAddresses(context, { addresses: [past.suppressed === 'phone' ? phone : email] })
  for (const { hours, ...asked } of past.reservations)
    await reserveSend(context, { ...asked, contactId: id, at: inHours(hours) }).catch((error: unknown) => {
      if (!(error instanceof SendNotAllowed)) throw error
    })
  return id
}

test(
  'no suggestion contradicts the send decision, whatever was recorded, agreed, suppressed and reserved',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPast, { minLength: contactsOfRun, maxLength: contactsOfRun }),
        fc.boolean(),
        async (pasts, whatsappServiceWindow) => {
          const tenant = await gateway.organization()
          await updateOrganizationSettings(tenant.context, { quietHours: true, whatsappServiceWindow })
          for (const key of ['news', 'offers']) await upsertTopic(tenant.context, null, { key, name: key })
          await givenRule(tenant, { limit: 3, windowSeconds: 3 * 86_400 })
          await givenRule(tenant, { channel: 'sms', limit: 1 })
          const ids: string[] = []
          for (const past of pasts) ids.push(await givenPast(tenant, past))
          const contacts = await gateway.db.prisma.contact.findMany({ where: { organizationId: tenant.organizationId, id: { in: ids } } })
          const suggested = await nextBestActionsByContact(tenant.context, contacts)
          const asked = contacts.flatMap((contact) =>
            (suggested.get(contact.id) ?? []).flatMap(({ action, channel, category, suggestedAt: at }) =>
              channel === null || category === null ? [] : [{ contact, action, channel, category, at }],
            ),
          )
          const decisions = await decideFor(tenant.context, asked)
          const refused = asked.flatMap(({ contact, ...question }, index) =>
            decisions[index]?.allowed === true
              ? []
              : [{ ...question, past: pasts[ids.indexOf(contact.id)], reasons: decisions[index]?.reasons }],
          )
          expect(refused).toEqual([])
          expect(asked.length).toBeGreaterThan(contactsOfRun / 2)
        },
      ),
      { numRuns: runs, endOnFailure: true },
    )
  },
)
