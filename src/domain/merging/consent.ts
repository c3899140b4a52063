import type { Channel } from '../../data/generated/client.ts'
import { channels } from '../../kernel/channels.ts'
import { addressKindOf } from '../consent/channels.ts'
import { addressOf, type AddressFacts, type ConsentFacts, type Verdict, verdictOf } from '../consent/rules.ts'

/** A channel, or a topic on it. */
export interface Subject {
  readonly channel: Channel
  readonly topicId: string | null
}

/** What holds on a channel for each of the merged contacts, and for the contact that stays. */
export interface MergedConsent {
  readonly channel: Channel
  readonly state: Verdict['state']
  readonly states: readonly { readonly contactId: string; readonly state: Verdict['state'] }[]
}

/**
 * What one of several contacts has refused and their ledgers together would not: there the refusal has to be put on record once more, so that the strictest
 * of all holds.
 * @param parties each contact by itself, before
 * @param merged all of their entries and addresses together
 */
export function refusalsToKeep(parties: readonly ConsentFacts[], merged: ConsentFacts, at: Date): Subject[] {
  const topics = [null, ...new Set(merged.entries.map(({ topicId }) => topicId).filter((id) => id !== null))]
  const suppressed = merged.addresses.flatMap(({ suppressions }) => suppressions.map(({ topicId }) => topicId))
  const all = [...new Set([...topics, ...suppressed])]
  return channels.flatMap((channel) =>
    all.flatMap((topicId) => {
      const refuses = (facts: ConsentFacts, address: AddressFacts | null | undefined) =>
        verdictOf(facts, { channel, topicId, address, at }).state === 'opted_out'
      const isRefused = parties.some((facts) => refuses(facts, addressOf(facts, channel)))
      const isKept = addressesFor(merged, channel).every((address) => refuses(merged, address))
      return isRefused && !isKept ? [{ channel, topicId }] : []
    }),
  )
}

/** What holds on each whole channel, for a preview and for the record. */
export function mergedConsent(parties: ReadonlyMap<string, ConsentFacts>, merged: ConsentFacts, at: Date): MergedConsent[] {
  const stateOf = (facts: ConsentFacts, channel: Channel) =>
    verdictOf(facts, { channel, topicId: null, address: addressOf(facts, channel), at }).state
  return channels.map((channel) => ({
    channel,
    state: stateOf(merged, channel),
    states: [...parties].map(([contactId, facts]) => ({ contactId, state: stateOf(facts, channel) })),
  }))
}

/** Every address that a message on the channel could go to; none at all is one case as well. */
function addressesFor(facts: ConsentFacts, channel: Channel): (AddressFacts | null | undefined)[] {
  const kind = addressKindOf(channel)
  if (kind === null) return [null]
  return [undefined, ...facts.addresses.filter((address) => address.kind === kind)]
}
