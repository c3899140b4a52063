import type { AddressKind, Channel } from '../../data/generated/client.ts'
import { parseChannel } from '../../kernel/channels.ts'
import { parseEmail } from '../../kernel/email.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { parsePhone } from '../../kernel/phone.ts'
import { shorten } from '../../kernel/text.ts'
import { addressKindOf, sharingOptOuts } from '../consent/channels.ts'

/** An address without its holder, by its key. */
export interface Address {
  readonly kind: Exclude<AddressKind, 'external'>
  readonly key: string
}

/** The most addresses that one command accepts. */
export const maxAddresses = 1000

/** Accepts a phone number or an email address. @throws InvalidPhoneNumber, InvalidEmail */
export function parseAddressText(text: string, country: string | null, field: string): Address {
  if (text.includes('@')) return { kind: 'email', key: parseEmail(text, field).key }
  return { kind: 'phone', key: phoneKey(parsePhone(text, country, field).number) }
}

/** Accepts channels of addresses; none means all. Text messages and RCS go together. @throws InvalidChannel, InvalidInput */
export function parseChannels(names: readonly string[] | null | undefined, field: string): readonly Channel[] | null {
  if (names === null || names === undefined || names.length === 0) return null
  const channels = names.map((name, index) => parseChannel(name, `${field}.${index}`))
  return [...new Set(channels.flatMap(sharingOptOuts))]
}

/** The channels of an address among these. @throws InvalidInput if there is none */
export function channelsOfAddress(channels: readonly Channel[], { kind }: Address, field: string): Channel[] {
  const own = channels.filter((channel) => addressKindOf(channel) === kind)
  if (own.length > 0) return own
  throw new InvalidInput(`No ${kind === 'email' ? 'email address' : 'phone number'} is used on these channels.`, {
    field,
    value: shorten(channels.join(', ')),
    expected: kind === 'email' ? 'email' : 'fax, rcs, sms, viber, voice or whatsapp',
  })
}
