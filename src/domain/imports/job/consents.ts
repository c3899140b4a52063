import type { Tx } from '../../../data/database.ts'
import type { ImportJob } from '../../../data/generated/client.ts'
import { selectPreferences } from '../../../data/sql/find-preferences.ts'
import { type ChannelName, channels as allChannels } from '../../../kernel/channels.ts'
import { addressKindOf } from '../../consent/channels.ts'
import { type NewConsent, recordConsents } from '../../consent/record.ts'
import { contactsOf, type Decision } from '../rows/decisions.ts'
import type { RowConsent } from '../rows/row-draft.ts'

/** The source of what an import records about consent: the import itself. */
export function consentSource({ id }: Pick<ImportJob, 'id'>): string {
  return `import:${id}`
}

interface Wanted extends Omit<RowConsent, 'channels'> {
  readonly contactId: string
  readonly channel: ChannelName
}

/**
 * Records what rows say about consent: opt-outs, and opt-ins that have proof. An opt-in never replaces an opt-out, and what is the state
 * already is not recorded again. Rows that are skipped because their contact exists count too: an opt-out is never lost.
 */
export async function recordRowConsents(tx: Tx, job: ImportJob, decisions: readonly Decision[], now: Date): Promise<void> {
  const wanted = wantedConsents(decisions)
  if (wanted.length === 0) return
  const { organizationId } = job
  const contactIds = [...new Set(wanted.map(({ contactId }) => contactId))]
  const stored = await selectPreferences(tx, organizationId, contactIds)
  const current = new Map(stored.map((preference) => [`${preference.contactId} ${preference.channel}`, preference]))
  const addresses = await addressesOf(tx, organizationId, contactIds)
  const consents = wanted.flatMap((consent): NewConsent[] => {
    const { contactId, channel, state, textVersion, proofUrl, exported } = consent
    const recordedAt = consent.recordedAt === null || consent.recordedAt > now ? now : consent.recordedAt
    const there = current.get(`${contactId} ${channel}`)
    if (there !== undefined && (there.state === state || state === 'opted_in' || there.recordedAt > recordedAt)) return []
    const kind = addressKindOf(channel)
    const own = kind === null ? null : (addresses.get(contactId)?.[kind] ?? null)
    const key = kind === null ? null : (exported?.addressKey ?? own)
    const source = exported?.source ?? consentSource(job)
    const given = { contactId, channel, state, textVersion, proofUrl, recordedAt, source, origin: 'import' as const }
    const about = {
      lawfulBasis: exported?.lawfulBasis ?? null,
      purpose: exported?.purpose ?? null,
      validUntil: exported?.validUntil ?? null,
    }
    const address = { addressKind: key === null ? null : kind, addressKey: key }
    return [{ ...given, ...address, ...about, ...nothingElse, proven: state === 'opted_in' ? true : null }]
  })
  const actor = { organizationId, keyId: '', name: job.createdBy, scopes: [] }
  await recordConsents(tx, { actor, requestId: null, now: () => now }, consents)
}

const nothingElse = { topicId: null, externalId: null, messageId: null }

/** What the contacts are reached at now. */
async function addressesOf(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, Record<'phone' | 'email', string | null>>> {
  const contacts = await tx.contact.findMany({
    where: { organizationId, id: { in: [...ids] } },
    select: { id: true, phone: true, phoneKey: true, emailKey: true },
  })
  return new Map(contacts.map(({ id, phone, phoneKey, emailKey }) => [id, { phone: phoneKey ?? phone, email: emailKey }]))
}

/** One consent for each contact and channel: an opt-out counts more than an opt-in beside it, and of two of a kind the later one. */
function wantedConsents(decisions: readonly Decision[]): Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const decision of decisions) {
    for (const { channels, ...consent } of decision.consents) {
      for (const contactId of contactsOf(decision)) {
        for (const channel of channels === 'all' ? allChannels : channels) {
          const key = `${contactId} ${channel}`
          const there = wanted.get(key)
          if (there === undefined || outweighs(consent, there)) wanted.set(key, { ...consent, contactId, channel })
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
