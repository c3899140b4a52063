import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deleteContacts } from '../../src/domain/contacts/commands.ts'
import { unique } from '../support/factories.ts'
import { noon, openGateway, type Tenant, type TestGateway } from '../support/gateway.ts'
import { type HttpServer, startHttpServer } from '../support/http-app.ts'
import { at, type Link, linksOf, publicUrl } from '../support/links.ts'

let gateway: TestGateway
let server: HttpServer
let tenant: Tenant
let links: ReturnType<typeof linksOf>
beforeAll(async () => {
  gateway = await openGateway({ publicUrl })
  server = await startHttpServer(gateway)
  tenant = await gateway.organization({ name: 'Example & Sons' })
  links = linksOf(gateway, tenant)
})
afterAll(async () => {
  await server.close()
  await gateway.close()
})

/** Sends the bytes of one request, the body only when the server asks for it if the request says that it waits. @returns all that was answered */
async function exchange(head: readonly string[], body = ''): Promise<string> {
  const socket = connect(Number(server.host.split(':')[1]), '127.0.0.1')
  const answer = text(socket)
  const lines = `${head.join('\r\n')}\r\n\r\n`
  if (head.includes('Expect: 100-continue')) {
    const asked = new Promise((resolve) => socket.once('data', resolve))
    socket.write(lines)
    await asked
    socket.write(body)
  } else socket.write(lines + body)
  return answer
}

const status = (answer: string) => Number(/^HTTP\/1\.1 (?!100)(\d+)/m.exec(answer)?.[1])

async function subscribed(): Promise<{ id: string; link: Link; path: string; pagePath: string }> {
  const id = await links.person({ email: `raw${unique()}@example.com` })
  await links.say(id, 'opted_in', { recordedAt: at(-60) })
  const link = await links.linkFor(id)
  // What a mail client does: the URL between the brackets of the header.
  const url = /^<(https:[^>]+)>$/.exec(link.listUnsubscribe)?.[1] ?? ''
  return { id, link, path: new URL(url).pathname, pagePath: new URL(link.url).pathname }
}

const form = 'List-Unsubscribe=One-Click'
const urlencoded = 'Content-Type: application/x-www-form-urlencoded'
const host = 'Host: contacts.example.com'
const boundary = 'b7f3c2d1'
const parts = (headers = '') =>
  `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n${headers}\r\nOne-Click\r\n--${boundary}--\r\n`
const multipart = `Content-Type: multipart/form-data; boundary=${boundary}`
const length = (body: string) => `Content-Length: ${Buffer.byteLength(body)}`
const chunked = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

describe('the request with which mail clients opt out, byte by byte', () => {
  test.each<[string, string[], string]>([
    ['as Google documents what Gmail sends', [host, urlencoded, length(form)], form],
    ['with a charset and an agent', [host, 'User-Agent: Mail/1.0', `${urlencoded}; charset=utf-8`, 'Accept: */*', length(form)], form],
    ['with an end of line in the body', [host, urlencoded, length(`${form}\r\n`)], `${form}\r\n`],
    ['with an end of line behind the body', [host, urlencoded, length(form)], `${form}\r\n`],
    ['in chunks', [host, urlencoded, 'Transfer-Encoding: chunked'], chunked(form)],
    ['with a body that waits for the server', [host, urlencoded, length(form), 'Expect: 100-continue'], form],
    ['as a form of parts', [host, multipart, length(parts())], parts()],
    [
      'as a form of parts with types',
      [host, multipart, length(parts('Content-Type: text/plain; charset=UTF-8\r\n'))],
      parts('Content-Type: text/plain; charset=UTF-8\r\n'),
    ],
    ['as a form of parts in chunks', [host, multipart, 'Transfer-Encoding: chunked'], chunked(parts())],
    ['as a form of parts that waits', [host, multipart, length(parts()), 'Expect: 100-continue'], parts()],
    ['percent-encoded', [host, urlencoded, length('List%2DUnsubscribe=One%2DClick')], 'List%2DUnsubscribe=One%2DClick'],
    ['without a type', [host, length(form)], form],
    ['as plain text', [host, 'Content-Type: text/plain;charset=UTF-8', length(form)], form],
    [
      'with cookies and a referrer of others',
      [host, urlencoded, 'Cookie: a=b', 'Origin: null', 'Referer: https://mail.example/', length(form)],
      form,
    ],
  ])('%s', async (_name, head, body) => {
    const { id, path } = await subscribed()
    const answer = await exchange([`POST ${path} HTTP/1.1`, ...head, 'Connection: close'], body)
    expect([status(answer), /^(?:location|set-cookie):/im.test(answer)]).toEqual([200, false])
    expect(await links.codesOf(id)).toEqual(['OPTED_OUT'])
    expect((await links.recordsOf(id)).at(-1)).toMatchObject({ state: 'opted_out', source: 'one_click', recordedBy: 'Link' })
  })

  test('is understood where the sender has put the link of the page into the header, even when it has expired', async () => {
    const { id, pagePath } = await subscribed()
    gateway.clock.now = at(91 * 24 * 60)
    const answer = await exchange([`POST ${pagePath} HTTP/1.1`, host, urlencoded, length(form), 'Connection: close'], form)
    expect([status(answer), await links.codesOf(id)]).toEqual([200, ['OPTED_OUT']])
    gateway.clock.now = noon
  })

  test('is one entry however often it is sent at the same time', async () => {
    const { id, path } = await subscribed()
    const head = [`POST ${path} HTTP/1.1`, host, urlencoded, length(form), 'Connection: close']
    const answers = await Promise.all([exchange(head, form), exchange(head, form), exchange(head, form)])
    expect(answers.map(status)).toEqual([200, 200, 200])
    expect(await links.recordsOf(id)).toHaveLength(2)
  })
})

test.each(['GET', 'HEAD', 'OPTIONS'])('a scanner that opens the links with %s changes nothing', async (method) => {
  const { id, path, pagePath } = await subscribed()
  for (const opened of [
    path,
    pagePath,
    `${path}?List-Unsubscribe=One-Click`,
    `${pagePath}?everything=opted_out&List-Unsubscribe=One-Click`,
  ]) {
    const agents = ['User-Agent: Mozilla/5.0 (Windows NT 6.1; Trident/7.0)', 'Sec-Purpose: prefetch;prerender', 'Purpose: prefetch']
    const answer = await exchange([`${method} ${opened} HTTP/1.1`, host, ...agents, 'Connection: close'])
    expect(status(answer)).toBe(method === 'OPTIONS' ? 204 : 200)
    // Some send a body with it.
    await exchange([`${method} ${opened} HTTP/1.1`, host, urlencoded, length(form), 'Connection: close'], form)
  }
  expect([await links.codesOf(id), await links.recordsOf(id)]).toEqual([[], [expect.objectContaining({ state: 'opted_in' })]])
})

test('the page of an expired link, and of a deleted contact, has a button that still opts out', async () => {
  const { id, link } = await subscribed()
  await deleteContacts(tenant.context, [id])
  gateway.clock.now = at(91 * 24 * 60)
  const page = await links.send(link.url, { headers: { 'Accept-Language': 'de' } })
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(await page.text()) ?? []
  expect([page.status, action]).toEqual([410, new URL(link.oneClickUrl).pathname])
  expect((await links.post(publicUrl + action, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
  gateway.clock.now = noon
  expect((await links.recordsOf(id)).at(-1)).toMatchObject({ state: 'opted_out', source: 'one_click' })
})
