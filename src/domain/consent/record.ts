import { createHash } from 'node:crypto'
import type { Tx } from '../../data/database.ts'
import type { ConsentRecord } from '../../data/generated/client.ts'
import { insertConsent, type Reach } from '../../data/sql/write-consent.ts'
import type { PreferenceRow } from '../../data/sql/write-preferences.ts'
import { newId } from '../../kernel/ids.ts'
import { auditOf } from '../audit/commands.ts'
import type { Context } from '../context.ts'
import { sharingOptOuts } from './channels.ts'
import { recomputePreferences } from './recompute-preferences.ts'

/** What is to be put on record about a contact. */
export type NewConsent = Omit<ConsentRecord, 'organizationId' | 'id' | 'recordedBy' | 'createdAt' | 'dedupeKey'>

/** What an entry of the ledger says, by which a repeated report is recognized. */
type Statement = Pick<
  NewConsent,
  | 'channel'
  | 'topicId'
  | 'state'
  | 'externalId'
  | 'source'
  | 'lawfulBasis'
  | 'purpose'
  | 'textVersion'
  | 'proofUrl'
  | 'recordedAt'
  | 'validUntil'
>

/** What a statement does not say that comes without evidence and for no limited time. */
export const noDetails = {
  lawfulBasis: null,
  purpose: null,
  textVersion: null,
  proofUrl: null,
  validUntil: null,
  messageId: null,
  proven: null,
} as const satisfies Partial<NewConsent>

export interface ConsentsRecorded {
  /** The ledger's new entries, in the order of what was given: those that repeat a report are not among them. */
  readonly records: readonly ConsentRecord[]
  /** What holds on each channel now for the contacts that were affected; channels of which nothing holds are absent. */
  readonly preferences: readonly PreferenceRow[]
}

interface Also {
  /** What messages have shown about addresses. */
  readonly reached?: readonly Reach[]
  /** Further contacts of which it has to be found out what holds. */
  readonly settle?: readonly string[]
}

/**
 * Puts consent of any number of contacts on record: the ledger, the suppression list, what lists show, the audit log and the change feed. Three
 * statements, however many. The contacts must be locked, or be new. Nothing that is on record is loosened: what an entry ends is decided by its own
 * `proven` and `recordedAt`, whatever the order in which entries arrive, and the same report twice is one entry.
 */
export async function recordConsents(
  tx: Tx,
  context: Pick<Context, 'actor' | 'requestId' | 'now'>,
  consents: readonly NewConsent[],
  { reached = [], settle = [] }: Also = {},
): Promise<ConsentsRecorded> {
  const { organizationId, name } = context.actor
  const now = context.now()
  const given = consents.map((consent) => ({
    ...consent,
    organizationId,
    id: newId('consentRecord'),
    recordedBy: name,
    createdAt: now,
    dedupeKey: dedupeKeyOf(consent),
  }))
  const entries = given.map((record) => ({ ...record, suppressionIds: sharingOptOuts(record.channel).map(() => newId('suppression')) }))
  const { recorded, holders } = await insertConsent(tx, organizationId, entries, reached, now)
  const isNew = new Set(recorded)
  const records = given.filter(({ id }) => isNew.has(id))
  const affected = new Set([...settle, ...holders, ...records.map(({ contactId }) => contactId)])
  const audit = records.length === 0 ? null : auditOf(context, 'preference.set', records)
  return { records, preferences: await recomputePreferences(tx, organizationId, [...affected], audit) }
}

/**
 * What two reports of one statement have in common: the external id, else all that they say. The address is not a part of it, because the same report
 * may come again after the contact has got another address, and must not be taken for consent at that one.
 */
export function dedupeKeyOf(consent: Statement): string {
  const { channel, topicId, state, externalId, source, lawfulBasis, purpose, textVersion, proofUrl, recordedAt, validUntil } = consent
  if (externalId !== null) return `external ${channel} ${topicId ?? ''} ${state} ${externalId}`
  const said = [channel, topicId, state, source, lawfulBasis, purpose, textVersion, proofUrl, recordedAt, validUntil]
  return `report ${createHash('sha256').update(JSON.stringify(said)).digest('base64url')}`
}
