import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestGateway, openGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway({ corsOrigins: ['https://app.example.com'] })
})
afterAll(() => gateway.close())

const preflight = (origin: string, path: string) =>
  gateway.app.fetch(
    new Request(`http://localhost:4000${path}`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-api-key,content-type' },
    }),
  )

describe.each(['/graphql', '/api/v1/contacts'])('a page of another origin that calls %s', (path) => {
  test('may if its origin is on the list', async () => {
    const { status, headers } = await preflight('https://app.example.com', path)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(headers.get('access-control-allow-headers')).toMatch(/X-API-Key/)
    expect(headers.get('access-control-allow-credentials')).toBe(null)
  })

  test('may not otherwise', async () => {
    const { headers } = await preflight('https://evil.example.com', path)
    expect(headers.get('access-control-allow-origin')).toBe(null)
  })
})

test.each(['/', '/docs', '/docs/errors'])('%s runs no script but its own, and stands in no frame', async (path) => {
  const { headers } = await gateway.app.fetch(new Request(`http://localhost:4000${path}`))
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
})

test('the console stands in frames of its own origin only', async () => {
  const { headers } = await gateway.app.fetch(new Request('http://localhost:4000/console/'))
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'")
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
})

test('a form of another site cannot send an operation', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const request = new Request('http://localhost:4000/graphql', {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: 'query={viewer{scopes}}',
    })
    expect((await gateway.app.fetch(request)).status).toBe(415)
  }
})
