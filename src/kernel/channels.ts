import { didYouMean } from './did-you-mean.ts'
import { DomainError } from './errors.ts'
import { shorten } from './text.ts'

/** Every way to reach a contact, in the order of the alphabet. */
export const channels = ['email', 'fax', 'instagram', 'line', 'messenger', 'push', 'rcs', 'sms', 'viber', 'voice', 'whatsapp'] as const

export type ChannelName = (typeof channels)[number]

/** The channels as people say them in a sentence: "by text message". */
export const channelWords: Readonly<Record<ChannelName, string>> = {
  email: 'email',
  fax: 'fax',
  instagram: 'Instagram',
  line: 'LINE',
  messenger: 'Messenger',
  push: 'push notification',
  rcs: 'RCS',
  sms: 'text message',
  viber: 'Viber',
  voice: 'phone',
  whatsapp: 'WhatsApp',
}

/** The channel does not exist. */
export class InvalidChannel extends DomainError {
  constructor(value: string, field: string) {
    super('INVALID_CHANNEL', `There is no channel ${shorten(value) || 'without a name'}.${didYouMean(value, channels)}`, {
      field,
      value: shorten(value),
      expected: `one of ${channels.join(', ')}`,
    })
  }
}

/** Accepts the name of a channel in any case. @throws InvalidChannel */
export function parseChannel(text: string, field = 'channel'): ChannelName {
  const name = text.trim().toLowerCase()
  const channel = channels.find((known) => known === name)
  if (channel === undefined) throw new InvalidChannel(text, field)
  return channel
}
