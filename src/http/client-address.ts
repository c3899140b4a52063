import { BlockList, isIP } from 'node:net'

/** The address of the client of a request, by the address of its connection and the header X-Forwarded-For; null if there is none. */
export type ClientOf = (peer: string | null, forwardedFor: string | null) => string | null

/** Whether a text is an IP address, or a network such as `10.0.0.0/8`. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

/**
 * Finds clients behind trusted proxies. Each proxy appends the address that it got the request from, so the list is read from its end: the
 * client is the first address that is not a trusted proxy. Addresses before it may be forged.
 */
export function createClientOf(trustedProxies: readonly string[]): ClientOf {
  if (trustedProxies.length === 0) return (peer) => (peer === null ? null : plain(peer))
  const trusted = new BlockList()
  for (const proxy of trustedProxies) {
    const [address = '', prefix] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    trusted.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (peer, forwardedFor) => {
    if (peer === null) return null
    let client = plain(peer)
    const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()))
    while (isTrusted(client)) {
      const hop = hops.pop()
      if (hop === undefined || isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/** IPv4 addresses that are written as IPv6, and addresses with a port. */
function plain(address: string): string {
  return address
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/^\[(.+)\](?::\d+)?$/, '$1')
}
