import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import type { Limiters } from '../../../data/limiter.ts'

/** How many requests with one link, and from one address, are served in a minute. */
const perLink = 60
const perAddress = 300

const window = 60

/** Counts requests with links, which come without a key. */
export interface LinkLimits {
  /** @returns seconds to wait; null if the request may be served */
  charge(token: string, address: string | null): Promise<number | null>
}

/** Without limits, nothing is counted. What is counted by is hashed: the store keeps neither links nor addresses. */
export function createLinkLimits(isLimited: boolean, limiters: Limiters): LinkLimits {
  if (!isLimited) return { charge: () => Promise.resolve(null) }
  const links = limiters.create({ name: 'link', points: perLink, window })
  const addresses = limiters.create({ name: 'link-address', points: perAddress, window })
  return {
    async charge(token, address) {
      const uses = [...(address === null ? [] : [addresses.consume(hashOf(subscriberOf(address)), 1)]), links.consume(hashOf(token), 1)]
      const refused = (await Promise.all(uses)).filter(({ allowed }) => !allowed)
      return refused.length === 0 ? null : Math.max(...refused.map(({ reset }) => reset))
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** What addresses of one subscriber have in common: of an IPv6 address the first 64 bits, because one subscriber has all addresses in them. */
export function subscriberOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const [before, after] = [groups(head), groups(tail)]
  const missing = address.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after].slice(0, 4).join(':')
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':')
}
