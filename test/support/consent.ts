import type { Channel, ConsentState } from '../../src/data/generated/client.ts'
import { addressKindOf } from '../../src/domain/consent/channels.ts'
import type { ConsentFacts } from '../../src/domain/consent/rules.ts'
import { noon } from './gateway.ts'

/** Facts of a contact with these addresses, of which these states hold on its channels. */
export function factsOf(contact: { phone: string | null; email: string | null }, states: ReadonlyMap<Channel, ConsentState>): ConsentFacts {
  const blank = { extension: '', isPrimary: true, createdAt: noon, verifiedAt: null, unreachableSince: null, suppressions: [] }
  const addresses = [
    ...(contact.phone === null ? [] : [{ ...blank, kind: 'phone' as const, key: contact.phone, value: contact.phone }]),
    ...(contact.email === null ? [] : [{ ...blank, kind: 'email' as const, key: contact.email, value: contact.email }]),
  ]
  const entries = [...states].flatMap(([channel, state]) => {
    const addressKey = addresses.find(({ kind }) => kind === addressKindOf(channel))?.key ?? null
    const entry = { id: channel, channel, topicId: null, addressKey, state, origin: 'reported' as const, proven: true }
    return state === 'unknown' ? [] : [{ ...entry, purpose: null, lawfulBasis: null, recordedAt: noon, validUntil: null }]
  })
  return { entries, addresses }
}
