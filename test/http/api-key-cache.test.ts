import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey, revokeApiKey } from '../../src/domain/api-keys/commands.ts'
import { recordingKeyUses } from '../../src/domain/api-keys/key-uses.ts'
import { keyLease } from '../../src/domain/api-keys/key-cache.ts'
import { generateKey } from '../../src/domain/api-keys/rules.ts'
import { countingLookups, type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant

beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})

afterAll(() => gateway.close())

const administration = () => ({ db: gateway.db, now: () => noon, organizationId: tenant.organizationId })

/** Asks with a key. @returns the status, and how often the key was looked up */
async function ask(key: string): Promise<[status: number, lookups: number]> {
  const { result: response, lookups } = await countingLookups(() =>
    gateway.app.fetch(new Request('http://localhost:4000/api/v1/contacts', { headers: { 'X-API-Key': key } })),
  )
  await response.text()
  return [response.status, lookups]
}

test('a good key is looked up once in a second', async () => {
  const { key } = await createApiKey(administration(), { name: 'Busy', scopes: ['contacts:read'] })
  const began = performance.now()
  const lookups: number[] = []
  for (let request = 0; request < 20; request += 1) {
    const [status, looked] = await ask(key)
    expect(status).toBe(200)
    lookups.push(looked)
  }
  const seconds = Math.floor((performance.now() - began) / keyLease)
  expect(lookups[0]).toBe(1)
  expect(lookups.filter((looked) => looked > 0).length).toBeLessThanOrEqual(1 + seconds)
  await setTimeout(keyLease + 100)
  expect(await ask(key)).toEqual([200, 1])
})

test('a key that is not known is looked up each time, and is good as soon as there is one', async () => {
  const key = generateKey('test')
  expect(await ask(key)).toEqual([401, 1])
  expect(await ask(key)).toEqual([401, 1])
  await createApiKey(administration(), { name: 'Chosen', scopes: ['contacts:read'], key })
  expect(await ask(key)).toEqual([200, 1])
})

test('while it is known, a key expires when it should', async () => {
  const expiresAt = new Date(noon.getTime() + 60_000)
  const { key } = await createApiKey(administration(), { name: 'Short', scopes: ['contacts:read'], expiresAt })
  expect(await ask(key)).toEqual([200, 1])
  gateway.clock.now = expiresAt
  expect((await ask(key))[0]).toBe(401)
  gateway.clock.now = noon
})

test('when revoking a key is done, no process accepts it; until then it may be good', async () => {
  const { id, key } = await createApiKey(administration(), { name: 'Stolen', scopes: ['contacts:read'] })
  expect(await ask(key)).toEqual([200, 1])
  const revoked = revokeApiKey(administration(), id)
  expect([200, 401]).toContain((await ask(key))[0])
  await revoked
  expect(await ask(key)).toEqual([401, 1])
  expect(await ask(key)).toEqual([401, 1])
})

test('the last use of a key is written once a minute, and never takes a later time back', async () => {
  const { id } = await createApiKey(administration(), { name: 'Used', scopes: ['contacts:read'] })
  const clock = { now: noon }
  const errors: unknown[] = []
  const { db } = tenant.context
  const uses = recordingKeyUses({ db, now: () => clock.now, onError: (error) => errors.push(error) })
  const actor = { organizationId: tenant.organizationId, keyId: id, name: 'Used', scopes: [] }
  const useAt = async (seconds: number): Promise<[lastUsed: number | null, statements: number]> => {
    clock.now = new Date(noon.getTime() + seconds * 1000)
    const { statements } = await countingLookups(async () => {
      for (let request = 0; request < 100; request += 1) uses.note(actor)
      uses.note({ ...actor, keyId: 'jwt:ana' })
      await uses.write()
    })
    const { lastUsedAt } = await gateway.db.prisma.apiKey.findFirstOrThrow({ where: { id } })
    return [lastUsedAt === null ? null : (lastUsedAt.getTime() - noon.getTime()) / 1000, statements]
  }
  expect(await useAt(0)).toEqual([0, 1])
  expect(await useAt(59)).toEqual([0, 0])
  expect(await useAt(60)).toEqual([60, 1])
  await gateway.db.prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: new Date(noon.getTime() + 300_000) } })
  expect(await useAt(130)).toEqual([300, 1])
  await uses.stop()
  expect(errors).toEqual([])
})
