import type { Channel, ConsentState, Contact } from '../../data/generated/client.ts'
import { selectConsent } from '../../data/sql/find-consent.ts'
import { channels } from '../../kernel/channels.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import type { ReadContext } from '../context.ts'
import { addressOf, type AddressFacts, type ConsentFacts, verdictOf } from './rules.ts'

/**
 * Everything that consent of these contacts depends on. They must have been read through a scope. One statement, however many.
 */
export async function consentFactsByContact(context: ReadContext, contacts: readonly Contact[]): Promise<Map<string, ConsentFacts>> {
  const ids = contacts.map(({ id }) => id)
  const found = await selectConsent(context.db, context.actor.organizationId, ids)
  return new Map(contacts.map((contact) => [contact.id, withPrimary(contact, found.get(contact.id))]))
}

/** Contacts of a process of an earlier release have no rows of their addresses yet: what stands in the contact counts. */
function withPrimary(contact: Contact, facts: ConsentFacts = { entries: [], addresses: [] }): ConsentFacts {
  const { phone, phoneExtension: extension, email, emailKey, createdAt } = contact
  const blank = { extension, isPrimary: true, createdAt, verifiedAt: null, unreachableSince: null, suppressions: [] }
  const primary: AddressFacts[] = [
    ...(phone === null ? [] : [{ ...blank, kind: 'phone' as const, key: phoneKey(phone), value: phone }]),
    ...(email === null || emailKey === null ? [] : [{ ...blank, kind: 'email' as const, key: emailKey, value: email }]),
  ]
  const missing = primary.filter(({ kind }) => !facts.addresses.some((address) => address.kind === kind && address.isPrimary))
  return missing.length === 0 ? facts : { ...facts, addresses: [...facts.addresses, ...missing] }
}

/** What holds on each channel at the primary addresses at a time. */
export function consentOf(facts: ConsentFacts, at: Date): Map<Channel, ConsentState> {
  return new Map(
    channels.map((channel) => {
      const { state } = verdictOf(facts, { channel, topicId: null, address: addressOf(facts, channel), at })
      return [channel, state === 'opted_in' || state === 'opted_out' ? state : 'unknown']
    }),
  )
}
