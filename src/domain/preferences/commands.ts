import type { Channel, ConsentRecord, ConsentState, Contact } from '../../data/generated/client.ts'
import type { Tx } from '../../data/database.ts'
import { selectConsent } from '../../data/sql/find-consent.ts'
import { type GoneContact, selectRemovedContacts } from '../../data/sql/find-removed-contacts.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { transaction } from '../../data/transaction.ts'
import { DomainError, InvalidInput, NotFound } from '../../kernel/errors.ts'
import { channels } from '../../kernel/channels.ts'
import { addressKindOf, parseAddress } from '../consent/channels.ts'
import { type NewConsent, recordConsents } from '../consent/record.ts'
import { addressOf, type ConsentFacts, isLicence, verdictOf } from '../consent/rules.ts'
import { type Precondition, requireUnchanged } from '../contacts/revision.ts'
import { findSurvivor } from '../contacts/queries.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { allTopics } from '../topics/queries.ts'
import { ConsentNeedsProof } from './errors.ts'
import { getWrittenPreferences } from './queries.ts'
import { type ChangeFailure, type ParsedChange, parseChanges, type PreferenceChange } from './rules.ts'

/** A change that was not put on record for a contact. */
export interface PreferenceFailure extends ChangeFailure {
  readonly contactId: string
}

/** The outcome of changes that were reported of several contacts. */
export interface PreferencesSet {
  /** The ledger's new entries: those of each contact in the order of the changes. */
  readonly records: readonly ConsentRecord[]
  /** Contacts for which a new entry decides now. */
  readonly decided: ReadonlySet<string>
  readonly failed: readonly PreferenceFailure[]
  /** Unknown or foreign; deleted, unless the changes were opt-outs. */
  readonly notFound: readonly string[]
  /** The contacts for which it was recorded, by the ids of merged ones that were named. */
  readonly survivors: ReadonlyMap<string, string>
}

/** The outcome for one contact. */
export interface ContactPreferencesSet {
  /** The contact: another one than was named if that was merged. */
  readonly contactId: string
  /** The ids of the ledger's new entries, in the order of the changes. */
  readonly recordIds: readonly string[]
  readonly failed: readonly ChangeFailure[]
}

/**
 * Puts what a contact said on record. The latest statement decides; at the same time the refusal does. A repeated report changes nothing. An opt-in
 * after an opt-out needs a source and a proof. Each change is judged by itself: those that are refused are in `failed`.
 * @throws NotFound, InvalidInput, InvalidChannel, ConsentNeedsProof if nothing could be put on record; RevisionConflict if a precondition does not hold
 */
export async function setPreferences(
  context: Context,
  contactId: string,
  changes: readonly PreferenceChange[],
  preconditions: readonly Precondition[] = [],
): Promise<ContactPreferencesSet> {
  const { records, failed, notFound, survivors } = await setPreferencesOfMany(context, [contactId], changes, preconditions)
  if (notFound.length > 0) throw new NotFound('contact', contactId)
  if (failed.length === changes.length && failed[0] !== undefined) throw failed[0].reason
  return { contactId: survivors.get(contactId) ?? contactId, recordIds: records.map(({ id }) => id), failed }
}

/**
 * Sets the states of channels as a whole: those that hold already change nothing. Nothing can be set to unknown.
 * @returns the id of the contact: another one if it was merged
 * @throws NotFound, InvalidInput for `unknown` against another state, and like {@link setPreferences}
 */
export async function setPreferenceMap(
  context: Context,
  contactId: string,
  states: Readonly<Partial<Record<Channel, ConsentState>>>,
  evidence: Pick<PreferenceChange, 'source' | 'textVersion' | 'proofUrl'>,
): Promise<string> {
  requireScope(context, 'contacts:write')
  const stored = await getWrittenPreferences(context, contactId)
  // A contact that was merged has no preferences of its own.
  const survivor = stored.every(({ state }) => state === 'unknown') ? await findSurvivor(context, contactId) : null
  const preferences = survivor === null ? stored : await getWrittenPreferences(context, survivor)
  const current = new Map(preferences.map(({ channel, state }) => [channel, state]))
  const changes = channels.flatMap((channel): PreferenceChange[] => {
    const state = states[channel]
    if (state === undefined || state === current.get(channel)) return []
    if (state !== 'unknown') return [{ channel, state, ...evidence }]
    throw new InvalidInput('Consent that is on record cannot be made unknown. Send opted_out to end it.', {
      field: `preferences.${channel}`,
      value: state,
      expected: `${current.get(channel)}, or opted_in or opted_out`,
    })
  })
  return changes.length === 0 ? (survivor ?? contactId) : (await setPreferences(context, contactId, changes)).contactId
}

/**
 * The same changes for several contacts, each as in {@link setPreferences}. Opt-outs of deleted contacts are recorded. A fixed number of statements.
 * @throws InvalidInput, InvalidChannel if no change is sound
 */
export async function setPreferencesOfMany(
  context: Context,
  contactIds: readonly string[],
  changes: readonly PreferenceChange[],
  preconditions: readonly Precondition[] = [],
): Promise<PreferencesSet> {
  requireScope(context, 'contacts:write')
  const { organizationId } = context.actor
  const topics = changes.some(({ topic }) => typeof topic === 'string') ? await allTopics(context) : []
  const sound = parseChanges(changes, topics, context.now())
  const [failure] = sound.failed
  if (sound.parsed.length === 0 && failure !== undefined) throw failure.reason
  const country = changes.some(({ address }) => typeof address === 'string') ? (await getOrganization(context)).defaultCountry : null
  return transaction(context.db, async (tx) => {
    const { known, merged } = await lockFollowingMerges(tx, organizationId, contactIds)
    const survivors = new Map([...merged].map(([id, { contactId }]) => [id, contactId ?? id]))
    const facts = await selectConsent(tx, organizationId, [...known.keys()])
    const failed: PreferenceFailure[] = []
    const notFound: string[] = []
    const consents: NewConsent[] = []
    for (const contactId of contactIds) {
      const contact = known.get(survivors.get(contactId) ?? contactId)
      const isOptOut = sound.parsed.some(({ consent }) => consent.state === 'opted_out')
      if (contact === undefined || (contact.deletedAt !== null && !isOptOut)) {
        notFound.push(contactId)
        continue
      }
      requireUnchanged(contact, preconditions)
      failed.push(...sound.failed.map((failure) => ({ contactId, ...failure })))
      for (const change of sound.parsed) {
        const own = facts.get(contact.id) ?? { entries: [], addresses: [] }
        const decided = decide({ contact, former: merged.get(contactId) ?? null, facts: own }, change, country)
        if (decided instanceof DomainError) failed.push({ contactId, index: change.index, reason: decided })
        else consents.push(decided)
      }
    }
    const { records, preferences } = await recordConsents(tx, context, consents)
    const deciding = new Set(preferences.map(({ recordId }) => recordId))
    const decided = new Set(records.filter(({ id, topicId }) => topicId !== null || deciding.has(id)).map(({ contactId }) => contactId))
    const named = contactIds.filter((id) => decided.has(survivors.get(id) ?? id))
    return { records, decided: new Set(named), failed, notFound, survivors }
  })
}

/** Locks contacts by their ids, the deleted ones too, and of merged ones those that they were merged into, which `merged` names. */
async function lockFollowingMerges(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<{ known: ReadonlyMap<string, Contact>; merged: ReadonlyMap<string, GoneContact> }> {
  const contacts = await lockContacts(tx, organizationId, ids)
  const gone = contacts.filter(({ mergedIntoId }) => mergedIntoId !== null).map(({ id }) => id)
  const merged = await selectRemovedContacts(tx, organizationId, { ids: gone })
  const survivors = new Set([...merged.values()].flatMap(({ contactId }) => contactId ?? []))
  const others = await lockContacts(tx, organizationId, [...survivors])
  return { known: new Map([...contacts, ...others].map((contact) => [contact.id, contact])), merged }
}

/** Of whom a change is: the contact, and what was known of one that was named and has been merged into it. */
interface Subject {
  readonly contact: Contact
  readonly former: GoneContact | null
  readonly facts: ConsentFacts
}

/** What is to be put on record about one contact, or why it must not be. */
function decide(subject: Subject, change: ParsedChange, country: string | null): NewConsent | DomainError {
  const { contact, facts } = subject
  const { consent } = change
  const path = `changes.${change.index}`
  if (contact.deletedAt !== null && consent.state !== 'opted_out') return new NotFound('contact', contact.id)
  try {
    const address = addressAt(subject, change, country)
    if (consent.state !== 'opted_in' || consent.proven === true || !isLicence(consent))
      return { ...consent, contactId: contact.id, ...address }
    const current = verdictOf(facts, {
      channel: consent.channel,
      topicId: consent.topicId,
      address: address.addressKey === null ? addressOf(facts, consent.channel) : addressOf(facts, consent.channel, address.addressKey),
      at: consent.recordedAt,
    })
    if (current.state === 'opted_out' && consent.recordedAt > current.recordedAt)
      return new ConsentNeedsProof(`${path}.proofUrl`, consent.channel)
    return { ...consent, contactId: contact.id, ...address }
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

/**
 * The address that a change is about. An opt-in of a time at which the contact did not have its present address is about none: it must not license
 * messages to an address that it was not given for. An opt-out is about the present one all the same.
 * @throws InvalidInput, InvalidPhoneNumber, InvalidEmail
 */
function addressAt(
  { contact, former, facts }: Subject,
  { index, consent, address: text, isDated }: ParsedChange,
  country: string | null,
): Pick<NewConsent, 'addressKind' | 'addressKey'> {
  const kind = addressKindOf(consent.channel)
  if (kind === null) return { addressKind: null, addressKey: null }
  const field = `changes.${index}.address`
  if (text !== null) {
    const key = parseAddress(text, consent.channel, country, field)
    if (consent.state === 'opted_out' || addressOf(facts, consent.channel, key) !== undefined) return { addressKind: kind, addressKey: key }
    throw new InvalidInput('The contact does not have this address.', { field, expected: 'one of the addresses of the contact' })
  }
  // A statement about a merged contact is about the address that it had.
  const formerKey = (kind === 'phone' ? former?.phoneKey : former?.emailKey) ?? null
  const primary = addressOf(facts, consent.channel, formerKey) ?? null
  if (primary === null && formerKey !== null && consent.state === 'opted_out') return { addressKind: kind, addressKey: formerKey }
  const wasAnother = isDated && primary !== null && primary.createdAt > contact.createdAt && primary.createdAt > consent.recordedAt
  if (primary === null || (wasAnother && consent.state !== 'opted_out')) return { addressKind: null, addressKey: null }
  return { addressKind: kind, addressKey: primary.key }
}
