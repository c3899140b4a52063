import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../src/http/rest/routes.ts'
import { openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

describe('OPTIONS', () => {
  const paths = Object.entries(routes).map(([path, methods]) => [path, Object.keys(methods)] as const)
  test.each(paths)('of %s names the methods that are served', async (path, methods) => {
    const concrete = path.replaceAll(/\{\w+\}/g, 'x').replace(/^\/$/, '')
    const answer = await tenant.rest('OPTIONS', concrete)
    const allowed = [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(', ')
    expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([204, allowed, ''])
    const refused = await tenant.rest('PURGE', concrete)
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allowed])
  })

  test.each([
    ['/graphql', 'GET, HEAD, POST, OPTIONS'],
    ['/health', 'GET, HEAD, OPTIONS'],
    ['/ready', 'GET, HEAD, OPTIONS'],
    ['/metrics', 'GET, HEAD, OPTIONS'],
    ['/docs', 'GET, HEAD, OPTIONS'],
    ['/api/v1/openapi.json', 'GET, HEAD, OPTIONS'],
    ['/', 'GET, HEAD, OPTIONS'],
  ])('of %s names its methods', async (path, allowed) => {
    const ask = (method: string) => gateway.app.fetch(new Request(`http://localhost:4000${path}`, { method }))
    const [options, refused] = [await ask('OPTIONS'), await ask('DELETE')]
    expect([options.status, options.headers.get('allow'), refused.status, refused.headers.get('allow')]).toEqual([
      204,
      allowed,
      405,
      allowed,
    ])
  })
})
