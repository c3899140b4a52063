import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** A request as a receiver of webhooks got it. */
export interface Received {
  readonly id: string
  readonly signatures: string
  readonly timestamp: number
  readonly body: string
  // Tests look at events whose shape they state in the comparison.
  // oxlint-disable-next-line no-explicit-any
  readonly event: any
}

export interface Receiver {
  readonly url: string
  /** What it has accepted, in the order of arrival. */
  readonly accepted: Received[]
  /** All requests, those that it refused too. */
  readonly received: Received[]
  /** How it answers; it may end the connection itself. Default: 204. */
  answer: (received: Received, response: ServerResponse, request: IncomingMessage) => void
  close(): Promise<void>
}

/** A server of a customer, on a port of its own. @param port default: any */
export async function openReceiver(port = 0): Promise<Receiver> {
  const accepted: Received[] = []
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const header = (name: string) => String(request.headers[name])
      const one = {
        id: header('webhook-id'),
        signatures: header('webhook-signature'),
        timestamp: Number(header('webhook-timestamp')),
        body,
        event: JSON.parse(body) as unknown,
      }
      received.push(one)
      receiver.answer(one, response, request)
      if (response.statusCode < 300 && response.writableEnded) accepted.push(one)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  // proof: a server that listens on a port has an address
  const { port: given } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${given}/hooks`,
    accepted,
    received,
    answer: (_received, response) => void response.writeHead(204).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

/** Whether an independent implementation of Standard Webhooks accepts the signature, now. */
export function isSigned({ id, signatures, timestamp, body }: Received, secret: string): boolean {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures }
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}
