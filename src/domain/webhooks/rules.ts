import type { WebhookEndpoint } from '../../data/generated/client.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { shorten, textFault } from '../../kernel/text.ts'
import type { ContactChangeKind } from '../changes/rules.ts'
import { addressOfHost, isPublicAddress } from './public-address.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** The time from each attempt to the next one, in milliseconds. */
export const retryDelays = [5 * second, minute, 5 * minute, 30 * minute, 2 * hour, 8 * hour, 24 * hour] as const
const longestDelay = 24 * hour
/** How much later than that an attempt may be, so that retries of many events spread. */
const jitter = 0.1
/** How long an endpoint may fail before it is switched off, in milliseconds. */
export const longestFailure = 72 * hour
/** How many endpoints an organization may have. */
export const maxEndpoints = 20
/** The most bytes of a body. */
export const maxBodySize = 256 * 1024

/** When to try again after a number of failed attempts. @param random from 0 to 1 */
export function nextAttempt(now: Date, failures: number, retryAfter: string | null, random: number): Date {
  const delay = (retryDelays[failures - 1] ?? longestDelay) * (1 + jitter * random)
  return new Date(now.getTime() + Math.max(delay, Math.min(waitOf(retryAfter, now), longestDelay)))
}

/** The milliseconds that the header Retry-After asks for: a number of seconds or a date. */
function waitOf(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * second
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now.getTime())
}

/** What happened to a contact, the most important first: the event has the type of the first. */
const importance: readonly ContactChangeKind[] = [
  'contact.erased',
  'contact.merged',
  'contact.deleted',
  'contact.created',
  'contact.restored',
  'contact.unmerged',
  'contact.blocked',
  'contact.unblocked',
  'contact.updated',
]

/** The type of an event: the most important thing that happened, or the first of equally important ones. */
export function typeOf(kinds: readonly string[]): string {
  return importance.find((kind) => kinds.includes(kind)) ?? kinds[0] ?? 'contact.updated'
}

/** Whether an endpoint wants to hear of imports: it wants created or updated contacts. */
export function wantsImports({ kinds }: Pick<WebhookEndpoint, 'kinds'>): boolean {
  return kinds.length === 0 || kinds.includes('contact.created') || kinds.includes('contact.updated')
}

/** Names that lead to the machine itself or into its network, whatever they resolve to. */
const ownNames = /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)\.?$/i

/**
 * Accepts the URL of an endpoint. The host name is resolved when an event is sent, and checked then.
 * @param allowPrivate whether http and private addresses are accepted. @throws InvalidInput
 */
export function parseUrl(text: string, allowPrivate: boolean): string {
  const given = text.trim()
  const url = textFault(given, { max: 2000 }) === null && URL.canParse(given) ? new URL(given) : null
  const refuse = (message: string, expected: string) => new InvalidInput(message, { field: 'url', value: shorten(text), expected })
  const example = 'an https URL such as https://example.com/webhooks'
  if (url === null) throw refuse('This is not a URL.', example)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) throw refuse('Events are sent by https only.', example)
  if (url.username !== '' || url.password !== '')
    throw refuse('The URL has a user name or a password in it.', `${example}; check the signature instead`)
  if (url.hash !== '') throw refuse('The URL has a fragment, which is never sent.', 'a URL without #')
  const address = addressOfHost(url.hostname)
  const isOwn = address === null ? ownNames.test(url.hostname) || !url.hostname.includes('.') : !isPublicAddress(address)
  if (isOwn && !allowPrivate) throw refuse('The URL leads to an address that is not public.', 'a host on the public internet')
  return url.href
}
