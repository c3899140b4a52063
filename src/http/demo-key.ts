import type { HeaderReader } from './authenticate.ts'

/** Headers that a proxy adds. A request that has one of them comes from somewhere else than its connection. */
const forwarding = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
]

/** Who has sent a request, as far as the connection shows. */
export interface Peer {
  /** The address of the other end; null where there is no connection. */
  readonly address: string | null
  /** Such as `1.1`. */
  readonly httpVersion: string
}

/**
 * Whether a request was sent by a program on this machine: its connection comes from here, no proxy stands in between, and it calls the
 * server by a name that only this machine has, so that a page of another site cannot have led a browser here. Proxies that add no header
 * speak HTTP/1.0, as nginx does unless it is configured.
 */
export function isFromThisMachine({ address, httpVersion }: Peer, host: string, headers: HeaderReader): boolean {
  if (address === null || !isLoopback(address) || httpVersion === '1.0') return false
  return ['localhost', '127.0.0.1', '[::1]'].includes(host) && forwarding.every((name) => headers.get(name) === null)
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address)
}
