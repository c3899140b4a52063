import type { Channel } from '../../data/generated/client.ts'
import { channels } from '../../kernel/channels.ts'
import { idPrefixes, type IdKind, parseId } from '../../kernel/ids.ts'
import type { SecretKeys } from '../../kernel/secret-keys.ts'
import { addressKindOf } from '../consent/channels.ts'
import { type AddressFacts, addressOf, type ConsentFacts } from '../consent/rules.ts'
import { InvalidLink } from './errors.ts'

/** What a link does: it shows the preferences of a contact, or confirms one opt-in. */
export type LinkPurpose = 'preferences' | 'confirmation'

/** What the token of a link stands for. It names ids only, no address. */
export interface LinkClaims {
  readonly organizationId: string
  readonly contactId: string
  /** The channel that the link is sent on, and that its one-click request opts out of. */
  readonly channel: Channel
  /** Null: the whole channel. */
  readonly topicId: string | null
  /** The entry of the ledger that waits for the confirmation; null for preferences. */
  readonly recordId: string | null
  /** Recognizes the address that the link is sent to; null if the contact has none for the channel. */
  readonly address: string | null
  readonly expiresAt: Date
}

const idKinds = [
  ['organizationId', 'organization'],
  ['contactId', 'contact'],
  ['topicId', 'topic'],
  ['recordId', 'consentRecord'],
] as const

/** The token of a link: what it stands for and a signature, in characters that need no escaping in a URL. */
export function createToken(secretKeys: SecretKeys, purpose: LinkPurpose, claims: LinkClaims): string {
  const ids = idKinds.map(([field, kind]) => claims[field]?.slice(idPrefixes[kind].length + 1) ?? '')
  const text = [...ids, claims.channel, claims.address ?? '', Math.ceil(claims.expiresAt.getTime() / 1000)].join(' ')
  return `${Buffer.from(text).toString('base64url')}.${secretKeys.sign(`${purpose}-link`, text)}`
}

/**
 * Reads a token. The signature is compared in constant time.
 * @throws InvalidLink for anything that this gateway did not sign for this purpose
 */
export function readToken(secretKeys: SecretKeys, purpose: LinkPurpose, token: string): LinkClaims {
  const [payload = '', signature = '', ...more] = token.length > 1000 ? [] : token.split('.')
  const text = Buffer.from(payload, 'base64url').toString()
  // One value has one spelling: what decodes to the same text must not be another token.
  const isOurs = Buffer.from(text).toString('base64url') === payload && more.length === 0
  if (!secretKeys.verify(`${purpose}-link`, text, signature) || !isOurs) throw new InvalidLink('invalid')
  const [organizationId, contactId, topicId, recordId, channelName, address, seconds] = text.split(' ')
  const channel = channels.find((name) => name === channelName)
  if (channel === undefined) throw new InvalidLink('invalid')
  return {
    organizationId: idOf('organization', organizationId),
    contactId: idOf('contact', contactId),
    topicId: topicId === '' ? null : idOf('topic', topicId),
    recordId: recordId === '' ? null : idOf('consentRecord', recordId),
    channel,
    address: address === '' ? null : (address ?? null),
    expiresAt: new Date(Number(seconds) * 1000),
  }
}

function idOf(kind: IdKind, unique = ''): string {
  return parseId(kind, `${idPrefixes[kind]}_${unique}`)
}

/** What recognizes an address in a link of one organization without naming it. */
export function fingerprintOf(secretKeys: SecretKeys, organizationId: string, address: Pick<AddressFacts, 'kind' | 'key'>): string {
  return secretKeys.hash('link-address', textOf(organizationId, address)).slice(0, fingerprintLength)
}

const fingerprintLength = 22

function textOf(organizationId: string, { kind, key }: Pick<AddressFacts, 'kind' | 'key'>): string {
  return `${organizationId} ${kind} ${key}`
}

/** Whether a link was sent to this address. */
export function isSentTo(
  secretKeys: SecretKeys,
  { organizationId, address }: LinkClaims,
  candidate: Pick<AddressFacts, 'kind' | 'key'>,
): boolean {
  const hashes = secretKeys.hashes('link-address', textOf(organizationId, candidate))
  return hashes.some((hash) => hash.slice(0, fingerprintLength) === address)
}

/**
 * Whether an opt-in by a link counts as consent: an earlier holder of an address must not open the present one. Opt-outs are always accepted.
 */
export function mayOptIn(secretKeys: SecretKeys, claims: LinkClaims, facts: ConsentFacts): boolean {
  return claims.address === null || facts.addresses.some((address) => isSentTo(secretKeys, claims, address))
}

/** The address of a link's channel that an opt-out by the link is about: the one that it was sent to, else the primary one. */
export function addressOfLink(secretKeys: SecretKeys, claims: LinkClaims, facts: ConsentFacts): Pick<AddressFacts, 'kind' | 'key'> | null {
  const kind = addressKindOf(claims.channel)
  if (kind === null) return null
  const former = facts.entries.flatMap(({ addressKey }) => (addressKey === null ? [] : [{ kind, key: addressKey }]))
  return (
    [...facts.addresses, ...former].find((address) => address.kind === kind && isSentTo(secretKeys, claims, address)) ??
    addressOf(facts, claims.channel) ??
    null
  )
}
