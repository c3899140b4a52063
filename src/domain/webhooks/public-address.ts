import ipaddr from 'ipaddr.js'

/** Addresses that look public and belong to the machine's own network: Azure answers there with data about the virtual machine. */
const ownNetwork = new Set(['168.63.129.16'])
/** The part of IPv6 that is given out for public use. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an IP address is one of the public internet: not private, loopback, link-local or reserved, and not an IPv6 address that holds an IPv4
 * address of another network (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast' || ownNetwork.has(address.toString())) return false
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast)
}

/** The IP address that a host of a URL is; null for a name. */
export function addressOfHost(host: string): string | null {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  return ipaddr.isValid(address) ? address : null
}
