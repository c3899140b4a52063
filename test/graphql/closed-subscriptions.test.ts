import { isRequiredArgument } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revokeApiKey } from '../../src/domain/api-keys/commands.ts'
import { SubscriberTooSlow, Watcher } from '../../src/domain/changes/watcher.ts'
import { stageImport } from '../../src/domain/imports/commands.ts'
import { defaultSubscriptions } from '../../src/http/settings.ts'
import { givenContact } from '../support/factories.ts'
import { schema } from '../support/generate-operations.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'
import { watch } from '../support/subscriptions.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway({ subscriptions: { ...defaultSubscriptions, perCredential: 5, recheckEvery: 30 } })
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

describe('a subscription ends', () => {
  test.each([
    ['revoked', 'INVALID_API_KEY'],
    ['expired', 'EXPIRED_TOKEN'],
  ])('when its key is %s, with the code that a request would be answered with', async (how, code) => {
    const other = await tenant.withScopes('contacts:read')
    const { organizationId, keyId } = other.context.actor
    const watching = await watch(gateway, other, 'subscription { contactsChanged { eventId } }')
    if (how === 'revoked') await revokeApiKey({ db: gateway.db, now: () => noon, organizationId }, keyId)
    else await gateway.db.prisma.apiKey.updateMany({ where: { organizationId, id: keyId }, data: { expiresAt: noon } })
    expect((await watching.next())?.body).toMatchObject({ errors: [{ extensions: { code } }] })
    expect([await watching.next(), watching.isComplete()]).toEqual([null, true])
  })

  test.each(Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map(({ name, args }) => [name, args] as const))(
    '%s too',
    async (name, args) => {
      const other = await tenant.withScopes('contacts:read')
      const { organizationId, keyId } = other.context.actor
      const job = await stageImport(tenant.context, { kind: 'json', contacts: [{ email: 'later@example.org' }] }, {})
      const id = name === 'importProgress' ? job.id : await givenContact(tenant)
      const given = args.filter((argument) => isRequiredArgument(argument)).map((argument) => `${argument.name}: "${id}"`)
      const watching = await watch(gateway, other, `subscription { ${name}${given.length > 0 ? `(${given.join()})` : ''} { eventId } }`)
      await revokeApiKey({ db: gateway.db, now: () => noon, organizationId }, keyId)
      let last = null
      for (let received = await watching.next(); received !== null; received = await watching.next()) last = received
      expect(last?.body).toMatchObject({ errors: [{ extensions: { code: 'INVALID_API_KEY' } }] })
    },
  )

  test('when a scope is taken from its key', async () => {
    const other = await tenant.withScopes('contacts:read')
    const { organizationId, keyId } = other.context.actor
    const watching = await watch(gateway, other, 'subscription { contactsChanged { eventId } }')
    await gateway.db.prisma.apiKey.updateMany({ where: { organizationId, id: keyId }, data: { scopes: [] } })
    expect((await watching.next())?.body).toMatchObject({ errors: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }] })
    expect(await watching.next()).toBe(null)
  })

  test('when its events are not taken, without holding more than a hundred of them; nothing is lost', async () => {
    const watcher = new Watcher<number>()
    for (let event = 0; event < 100; event += 1) watcher.push(event)
    expect([await watcher.take(), await watcher.take()]).toEqual([0, 1])
    for (let event = 100; event < 103; event += 1) watcher.push(event)
    await expect(watcher.take()).rejects.toThrow(SubscriberTooSlow)
  })

  test('when the server stops: without the word that it is complete, so that clients come again', async () => {
    const other = await openGateway()
    const mine = await other.organization()
    const watching = await watch(other, mine, 'subscription { contactsChanged { eventId } }')
    other.app.drain()
    expect([await watching.next(), watching.isComplete()]).toEqual([null, false])
    expect((await mine.gql('subscription { contactsChanged { eventId } }')).body).toMatchObject({
      errors: [{ extensions: { code: 'UNAVAILABLE' } }],
    })
    await other.close()
  })
})

describe('limits hold', () => {
  test('a credential has so many subscriptions open, and may open another when one has ended', async () => {
    const other = await tenant.withScopes('contacts:read')
    const open = () => watch(gateway, other, 'subscription { contactsChanged { eventId } }')
    const five = [await open(), await open(), await open(), await open(), await open()]
    expect((await (await open()).next())?.body).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', limit: 5 } }] })
    await five[0]?.close()
    const again = await open()
    const id = await givenContact(tenant)
    expect((await again.next())?.body.data.contactsChanged.eventId).toMatch(/./)
    expect(id).toMatch(/^con_/)
    await Promise.all([again, ...five].map((watching) => watching.close()))
  })

  test('the fields of an event cost what the largest event would', async () => {
    const nested = (fields: string) => `subscription { contactsChanged { changes { contact { ${fields} } } } }`
    const { body } = await tenant.gql(nested('timeline(first: 200) { nodes { title } }'))
    expect(body.errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR', limit: 50_000 } }])
  })

  test('events need a client that accepts them', async () => {
    const request = new Request('http://localhost:4000/graphql', {
      method: 'POST',
      headers: { 'X-API-Key': tenant.key, 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ query: 'subscription { contactsChanged { eventId } }' }),
    })
    const response = await gateway.app.fetch(request)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_ERROR', expected: 'text/event-stream' } }] })
  })
})
