import type { AddressKind, Channel } from '../../data/generated/client.ts'
import { parseEmail } from '../../kernel/email.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { parsePhone } from '../../kernel/phone.ts'

/** The kind of address that each channel is sent to; null where the contact has no address of its own. */
const kinds: Readonly<Record<Channel, Exclude<AddressKind, 'external'> | null>> = {
  email: 'email',
  fax: 'phone',
  instagram: null,
  line: null,
  messenger: null,
  push: null,
  rcs: 'phone',
  sms: 'phone',
  viber: 'phone',
  voice: 'phone',
  whatsapp: 'phone',
}

export function addressKindOf(channel: Channel): Exclude<AddressKind, 'external'> | null {
  return kinds[channel]
}

/** Carriers treat text messages and RCS as one: an opt-out of either holds for both. */
const shared: readonly Channel[] = ['rcs', 'sms']

/** The channels whose opt-outs hold for a channel, itself included. */
export function sharingOptOuts(channel: Channel): readonly Channel[] {
  return shared.includes(channel) ? shared : [channel]
}

/**
 * The key of an address on a channel.
 * @param country reads phone numbers that have no country prefix
 * @throws InvalidPhoneNumber, InvalidEmail, InvalidInput on a channel without addresses
 */
export function parseAddress(text: string, channel: Channel, country: string | null, field: string): string {
  switch (addressKindOf(channel)) {
    case 'phone':
      return phoneKey(parsePhone(text, country, field).number)
    case 'email':
      return parseEmail(text, field).key
    case null:
      throw new InvalidInput('Contacts have no address on this channel.', { field, expected: 'nothing' })
  }
}
