import type { LookupAddress } from 'node:dns'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkedLookup, createPoster } from '../../src/domain/webhooks/post.ts'
import { isPublicAddress } from '../../src/domain/webhooks/public-address.ts'
import { parseUrl } from '../../src/domain/webhooks/rules.ts'

let connections = 0
const server = createServer((socket) => {
  connections += 1
  socket.on('error', () => {})
  socket.destroy()
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => void server.close())

/** A resolver under the control of an attacker. */
const resolvingTo =
  (...addresses: string[]) =>
  (_hostname: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

/** Hosts that are private addresses in some spelling. */
const hosts = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.1',
  '127.0.1',
  '127.000.000.001',
  '１２７.０.０.１',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '127.0.0.1.',
  '0.0.0.0',
  '0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '2852039166',
  '168.63.129.16',
  '192.0.0.192',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  'localhost',
  'LOCALHOST.',
  'api.localhost',
  'metadata.google.internal',
  'printer.local',
  'intranet',
]

describe('an endpoint at a private address', () => {
  test.each(hosts)('is refused: %s', (host) => {
    expect(() => parseUrl(`https://${host}/hooks`, false)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }))
  })

  test('is sent nothing, even if it was stored', async () => {
    const poster = createPoster({ allowPrivate: false, timeout: 1000 })
    for (const host of hosts.slice(0, hosts.indexOf('localhost'))) {
      const result = await poster.post({ url: `https://${host}:${port}/hooks`, headers: {}, body: '{}' })
      expect([host, result]).toEqual([
        host,
        { accepted: false, statusCode: null, error: 'The host has an address that is not public.', retryAfter: null },
      ])
    }
    expect((await poster.post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}' })).accepted).toBe(false)
    poster.close()
    expect(connections).toBe(0)
  })

  test.each([
    ['loopback', ['127.0.0.1']],
    ['loopback of IPv6', ['::1']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['a public and a private address', ['8.8.8.8', '127.0.0.1']],
    ['a link-local address with a zone', ['fe80::1%lo']],
    ['metadata of a cloud', ['169.254.169.254']],
    ['nothing', []],
  ])('is sent nothing if its name resolves to %s', async (_name, addresses) => {
    const poster = createPoster({ allowPrivate: false, timeout: 1000, lookup: resolvingTo(...addresses) })
    const result = await poster.post({ url: `https://hooks.example.com:${port}/`, headers: {}, body: '{}' })
    poster.close()
    expect(result).toMatchObject({ accepted: false, statusCode: null })
    expect(connections).toBe(0)
  })
})

test('a name is resolved once for a connection, which goes to the addresses that were checked', async () => {
  const answers = [['8.8.8.8', '8.8.4.4'], ['127.0.0.1']]
  const lookup = checkedLookup((hostname, options, callback) => resolvingTo(...(answers.shift() ?? []))(hostname, options, callback), false)
  const resolve = (all: boolean) =>
    new Promise<unknown>((done) => lookup('rebind.example.com', { all }, (error, address) => done(error?.message ?? address)))
  expect(await resolve(true)).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '8.8.4.4', family: 4 },
  ])
  expect(answers).toHaveLength(1)
  expect(await resolve(false)).toBe('The host has an address that is not public.')
})

test.each([
  ['http://example.com/', 'Events are sent by https only.'],
  ['ftp://example.com/', 'Events are sent by https only.'],
  ['example.com', 'This is not a URL.'],
  ['', 'This is not a URL.'],
  ['https://user:secret@example.com/', 'The URL has a user name or a password in it.'],
  ['https://example.com@127.0.0.1/', 'The URL has a user name or a password in it.'],
  ['https://example.com/#part', 'The URL has a fragment, which is never sent.'],
  [`https://example.com/${'x'.repeat(2000)}`, 'This is not a URL.'],
  ['https://exa\u0000mple.com/', 'This is not a URL.'],
])('the URL %j is refused', (url, message) => {
  expect(() => parseUrl(url, false)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR', message }))
})

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is a public address', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})
