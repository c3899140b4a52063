import type { Tx } from '../../../data/database.ts'
import type { ImportJob } from '../../../data/generated/client.ts'
import { selectConsent } from '../../../data/sql/find-consent.ts'
import { type ChannelName, channels as allChannels } from '../../../kernel/channels.ts'
import { addressKindOf } from '../../consent/channels.ts'
import { type NewConsent, recordConsents } from '../../consent/record.ts'
import { addressOf, type ConsentFacts, lastProof, verdictOf } from '../../consent/rules.ts'
import { beforeAnyEnd } from '../../consent/recompute-preferences.ts'
import type { Address } from '../../suppression/rules.ts'
import { contactsOf, type Decision, type NamedAddresses } from '../rows/decisions.ts'
import type { RowConsent } from '../rows/row-draft.ts'

/** The source of what an import records about consent: the import itself. */
export function consentSource({ id }: Pick<ImportJob, 'id'>): string {
  return `import:${id}`
}

interface Wanted extends Omit<RowConsent, 'channels'> {
  readonly contactId: string
  readonly channel: ChannelName
  readonly named: NamedAddresses
}

/**
 * Records what rows say about consent: opt-outs, and opt-ins that have proof. An opt-in never replaces an opt-out, and what is on record
 * already is not recorded again. Rows that are skipped because their contact exists count too: an opt-out is never lost. An opt-in is for the address
 * that the row names; if the contact does not have it, it ends no opt-out there.
 * @returns addresses that rows opt out and that are not those of their contacts: they belong on the suppression list
 */
export async function recordRowConsents(tx: Tx, job: ImportJob, decisions: readonly Decision[], now: Date): Promise<OptedOutAddress[]> {
  const strange = decisions.flatMap(addressesWithoutContact)
  const wanted = wantedConsents(decisions)
  if (wanted.length === 0) return strange
  const { organizationId } = job
  const facts = await selectConsent(tx, organizationId, [...new Set(wanted.map(({ contactId }) => contactId))])
  const consents: NewConsent[] = []
  for (const consent of wanted) {
    const own = facts.get(consent.contactId) ?? noFacts
    const { channel, named } = consent
    const kind = addressKindOf(channel)
    const key = kind === null ? null : named[kind]
    const isStrange = key !== null && addressOf(own, channel, key) === undefined
    if (kind !== null && isStrange && consent.state === 'opted_out') strange.push({ kind, key, channel, recordedAt: consent.recordedAt })
    consents.push(...consentOf(consent, own, { key: isStrange && consent.state === 'opted_out' ? null : key, job, now }))
  }
  const actor = { organizationId, keyId: '', name: job.createdBy, scopes: [] }
  await recordConsents(tx, { actor, requestId: null, now: () => now }, consents)
  return strange
}

/** An address that a row opts out. */
export interface OptedOutAddress extends Address {
  readonly channel: ChannelName
  readonly recordedAt: Date | null
}

/** What a row that is about no contact opts out, unless the whole address is suppressed anyway. */
function addressesWithoutContact(decision: Decision): OptedOutAddress[] {
  if (contactsOf(decision).length > 0 || (decision.outcome === 'skipped' && decision.suppressed.length > 0)) return []
  const { named } = decision
  return decision.consents.flatMap(({ state, channels, recordedAt }) =>
    (channels === 'all' ? allChannels : channels).flatMap((channel): OptedOutAddress[] => {
      const kind = addressKindOf(channel)
      const key = kind === null ? null : named[kind]
      return kind === null || key === null || state !== 'opted_out' ? [] : [{ kind, key, channel, recordedAt }]
    }),
  )
}

const noFacts: ConsentFacts = { entries: [], addresses: [] }
const nothingElse = { topicId: null, externalId: null, messageId: null }

interface Given {
  /** The key of the address that the row names; null for the primary one of the contact. */
  readonly key: string | null
  readonly job: ImportJob
  readonly now: Date
}

function consentOf(wanted: Wanted, facts: ConsentFacts, { key: named, job, now }: Given): NewConsent[] {
  const { contactId, channel, state, textVersion, proofUrl, exported } = wanted
  const recordedAt = wanted.recordedAt === null || wanted.recordedAt > now ? now : wanted.recordedAt
  const kind = addressKindOf(channel)
  const key = kind === null ? null : (exported?.addressKey ?? named ?? addressOf(facts, channel)?.key ?? null)
  const address = key === null ? addressOf(facts, channel) : addressOf(facts, channel, key)
  const current = verdictOf(facts, { channel, topicId: null, address, at: beforeAnyEnd })
  if (state === 'opted_in' && (current.state === 'opted_in' || current.state === 'opted_out')) return []
  if (state === 'opted_out' && isOptOutKnown(facts, { channel, key, recordedAt })) return []
  return [
    {
      ...nothingElse,
      contactId,
      channel,
      state,
      textVersion,
      proofUrl,
      recordedAt,
      origin: 'import',
      source: exported?.source ?? consentSource(job),
      lawfulBasis: exported?.lawfulBasis ?? null,
      purpose: exported?.purpose ?? null,
      validUntil: exported?.validUntil ?? null,
      addressKind: key === null ? null : kind,
      addressKey: key,
      proven: state === 'opted_in' ? key === null || address !== undefined : null,
    },
  ]
}

/**
 * Whether the contact has opted out at this address already, and not only by a word that another word takes back. That it has opted out at another
 * address is not enough: this one may be another contact's later.
 */
function isOptOutKnown(
  { entries }: ConsentFacts,
  { channel, key, recordedAt }: { readonly channel: ChannelName; readonly key: string | null; readonly recordedAt: Date },
): boolean {
  const own = entries.filter((entry) => entry.channel === channel && entry.topicId === null)
  const proven = lastProof(own, channel)
  return own.some(
    (entry) =>
      entry.state === 'opted_out' &&
      entry.origin !== 'keyword' &&
      entry.addressKey === key &&
      (entry.recordedAt >= recordedAt || proven <= entry.recordedAt.getTime()),
  )
}

/** One consent for each contact and channel: an opt-out counts more than an opt-in beside it, and of two of a kind the later one. */
function wantedConsents(decisions: readonly Decision[]): Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const decision of decisions) {
    const { named } = decision
    // Whose opt-in it is must be certain; an opt-out counts for all whom the row may be about.
    const isCertain = decision.outcome !== 'skipped' || decision.contactId !== null
    for (const { channels, ...consent } of decision.consents) {
      if (!isCertain && consent.state === 'opted_in') continue
      for (const contactId of contactsOf(decision)) {
        for (const channel of channels === 'all' ? allChannels : channels) {
          const key = `${contactId} ${channel}`
          const there = wanted.get(key)
          if (there === undefined || outweighs(consent, there)) wanted.set(key, { ...consent, contactId, channel, named })
        }
      }
    }
  }
  return [...wanted.values()]
}

function outweighs(one: Pick<RowConsent, 'state' | 'recordedAt'>, other: Pick<RowConsent, 'state' | 'recordedAt'>): boolean {
  if (one.state !== other.state) return one.state === 'opted_out'
  return other.recordedAt !== null && (one.recordedAt === null || one.recordedAt > other.recordedAt)
}
