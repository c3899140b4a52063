// `npm run build && DATABASE_URL=… npx tsx bench/webhooks.ts`: how fast an endpoint gets the contacts of an import, one event each, from two servers on a
// database of its own beside that one. With `--kill`, one server after the other is killed and started again meanwhile, and the receiver refuses a tenth.
// Ends with an error if a contact is missing or a signature is not valid.
import { parseArgs } from 'node:util'
import { isSigned, openReceiver, type Received } from '../test/support/receiver.ts'
import { peopleCsv, report, seconds, serveOn, withDatabase } from './bulk/support.ts'

const { values: options } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, kill: { type: 'boolean', default: false } },
})
const events = Number(options.events)

await withDatabase(async (url) => {
  process.env['WEBHOOKS_ALLOW_PRIVATE'] = 'true'
  let servers = [await serveOn(url), await serveOn(url)]
  const receiver = await openReceiver()
  const first = new Map<string, Received>()
  const times: number[] = []
  receiver.answer = (received, response) => {
    const isAccepted = !options.kill || Math.random() > 0.1
    response.writeHead(isAccepted ? 204 : 500).end()
    const id = String(received.event.data.contact_id)
    if (!isAccepted || first.has(id)) return
    first.set(id, received)
    times.push(performance.now())
  }
  try {
    const secret = await createEndpoint(servers[0], receiver.url)
    const began = performance.now()
    await servers[0]?.ask('POST', '/bulk', peopleCsv(events), 'text/csv')
    for (let seconds = 0; first.size < events && seconds < 120; seconds += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      if (!options.kill || seconds % 15 !== 14 || seconds > 100) continue
      await servers[1]?.kill()
      servers = [await serveOn(url), ...servers.slice(0, 1)]
    }
    const taken = (times.at(-1) ?? 0) - (times[0] ?? 0)
    const signed = [...first.values()].filter((received) => isSigned(received, secret)).length
    report([
      ['contacts that the receiver got', `${first.size} of ${events}`],
      ['events accepted, repeated ones included', String(receiver.accepted.length)],
      ['valid signatures', String(signed)],
      ['from the request to import to the last event', seconds((times.at(-1) ?? 0) - began)],
      ['from the first event to the last', seconds(taken)],
      ['events a minute', String(Math.round((first.size / taken) * 60_000))],
    ])
    if (first.size < events || signed < first.size) process.exitCode = 1
  } finally {
    for (const server of servers) await server.kill()
    await receiver.close()
  }
})

async function createEndpoint(server: Awaited<ReturnType<typeof serveOn>> | undefined, url: string): Promise<string> {
  const query = `mutation ($url: String!) {
    createWebhookEndpoint(input: { url: $url, importedContacts: true }) { ... on CreateWebhookEndpointPayload { secret } ... on Error { message } } }`
  const response = await fetch(new URL('/graphql', server?.base), {
    method: 'POST',
    headers: server?.headers('application/json') ?? {},
    body: JSON.stringify({ query, variables: { url } }),
  })
  const { data } = (await response.json()) as { data: { createWebhookEndpoint: { secret: string } } }
  return data.createWebhookEndpoint.secret
}
