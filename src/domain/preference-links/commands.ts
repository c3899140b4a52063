import type { Channel, Contact, Topic } from '../../data/generated/client.ts'
import type { Tx } from '../../data/database.ts'
import { selectConsent } from '../../data/sql/find-consent.ts'
import { type GoneContact, selectRemovedContacts } from '../../data/sql/find-removed-contacts.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import type { NewSuppression } from '../../data/sql/write-suppressions.ts'
import { transaction } from '../../data/transaction.ts'
import { channels } from '../../kernel/channels.ts'
import { newId } from '../../kernel/ids.ts'
import { addressKindOf, sharingOptOuts } from '../consent/channels.ts'
import { type NewConsent, recordConsents } from '../consent/record.ts'
import { addressOf, type AddressFacts, type ConsentFacts } from '../consent/rules.ts'
import { addSuppressions } from '../suppression/add.ts'
import { allTopics } from '../topics/queries.ts'
import { contextOf, type LinkServices } from './context.ts'
import { InvalidLink } from './errors.ts'
import { isReachable, readValid } from './queries.ts'
import { addressOfLink, isSentTo, type LinkClaims, mayOptIn, readToken } from './token.ts'

/** What a contact changes on its page. */
export interface PreferenceEdit {
  readonly channel: Channel
  /** Null: the whole channel. */
  readonly topicId: string | null
  readonly state: 'opted_in' | 'opted_out'
}

/** What a contact sends with its page. */
export interface PreferenceEdits {
  /** `everything`: opt-outs of all channels. */
  readonly edits: readonly PreferenceEdit[] | 'everything'
  /** The language in which the contact saw the page. */
  readonly language: string
}

/**
 * Puts on record what a contact changed with its link; the link is the proof. Edits of channels and topics that do not exist are left out, and so are
 * opt-ins if the address that the link was sent to is not one of the contact's any more.
 * @throws InvalidLink
 */
export async function changeByLink(
  services: LinkServices,
  token: string,
  { edits, language }: PreferenceEdits,
  requestId: string | null,
): Promise<void> {
  const claims = readValid(services, token)
  const context = contextOf(services, claims, requestId)
  await transaction(context.db, async (tx) => {
    const { contact, facts } = await lockWithFacts(tx, claims)
    if (contact === null || contact.deletedAt !== null) throw new InvalidLink('gone')
    const contactId = contact.id
    const topics = await allTopics({ ...context, db: tx })
    const asked: readonly PreferenceEdit[] =
      edits === 'everything' ? channels.map((channel) => ({ channel, topicId: null, state: 'opted_out' })) : edits
    const source = { source: 'preference_page', textVersion: `preference-page/1 ${language}` }
    const consents = asked.flatMap((edit) => consentOf({ services, claims, contactId, facts, topics }, edit, context.now(), source))
    await recordConsents(tx, context, consents)
  })
}

/**
 * Opts out by the one-click request of RFC 8058: of the link's topic, else of its channel. An opt-out is not refused because the link has expired or the
 * contact was deleted, and holds however often it is said.
 * @throws InvalidLink for a token that is not ours
 */
export async function optOutByLink(services: LinkServices, token: string, requestId: string | null): Promise<void> {
  const claims = readToken(services.secretKeys, 'preferences', token)
  const { channel, topicId } = claims
  const context = contextOf(services, claims, requestId)
  await transaction(context.db, async (tx) => {
    const { contact, facts, erased } = await lockWithFacts(tx, claims)
    if (contact === null) {
      await addSuppressions(
        tx,
        context,
        erased.flatMap((address) => suppressionsOf(address, claims)),
      )
      return
    }
    const address = addressOfLink(services.secretKeys, claims, facts)
    const source = { source: 'one_click', textVersion: null }
    await recordConsents(tx, context, [
      consent(contact.id, { channel, topicId, state: 'opted_out' }, { address, now: context.now(), ...source }),
    ])
  })
}

interface Locked {
  readonly contact: Contact | null
  readonly facts: ConsentFacts
  readonly erased: GoneContact['erased']
}

/** The contact of a link, deleted ones too; of a merged one that which it was merged into; of an erased one what is left of its addresses. */
async function lockWithFacts(tx: Tx, { organizationId, contactId: named }: LinkClaims): Promise<Locked> {
  const gone = (await selectRemovedContacts(tx, organizationId, { ids: [named] })).get(named)
  const contactId = gone?.contactId ?? named
  const [contact = null] = await lockContacts(tx, organizationId, [contactId])
  const facts = (await selectConsent(tx, organizationId, [contactId])).get(contactId) ?? { entries: [], addresses: [] }
  return { contact, facts, erased: gone?.erased ?? [] }
}

/** What an opt-out of an erased person puts on the suppression list, under the hash of the address. */
function suppressionsOf({ kind, hash }: GoneContact['erased'][number], { channel, topicId }: LinkClaims): NewSuppression[] {
  if (kind !== addressKindOf(channel)) return []
  const about = { kind, key: hash, topicId: topicId ?? '', reason: 'opt_out' as const, note: null }
  return sharingOptOuts(channel).map((name) => ({ ...about, id: newId('suppression'), channel: name }))
}

interface Sent {
  readonly services: LinkServices
  readonly claims: LinkClaims
  /** The contact that the link acts on: another one if that of the link was merged. */
  readonly contactId: string
  readonly facts: ConsentFacts
  readonly topics: readonly Topic[]
}

type Source = Pick<NewConsent, 'source' | 'textVersion'>

function consentOf({ services, claims, contactId, facts, topics }: Sent, edit: PreferenceEdit, now: Date, source: Source): NewConsent[] {
  const { channel, topicId, state } = edit
  const topic = topicId === null ? null : topics.find(({ id }) => id === topicId)
  if (topic === undefined) return []
  const { secretKeys } = services
  const primary = addressOf(facts, channel) ?? null
  if (state === 'opted_out') {
    const address = channel === claims.channel ? addressOfLink(secretKeys, claims, facts) : primary
    return [consent(contactId, edit, { address, now, ...source })]
  }
  const isOffered = topic === null || (topic.archivedAt === null && (topic.channels.length === 0 || topic.channels.includes(channel)))
  if (!isOffered || !isReachable(facts, channel) || !mayOptIn(secretKeys, claims, facts)) return []
  // A link that came by the address itself is the confirmation that a topic asks for.
  const needsConfirmation = topic?.doubleOptIn === true && (primary === null || !isSentTo(secretKeys, claims, primary))
  return [consent(contactId, edit, { address: primary, now, ...source, isPending: needsConfirmation })]
}

interface Given extends Source {
  readonly address: Pick<AddressFacts, 'kind' | 'key'> | null
  readonly now: Date
  readonly isPending?: boolean
}

function consent(
  contactId: string,
  { channel, topicId, state }: PreferenceEdit,
  { address, now, source, textVersion, isPending }: Given,
): NewConsent {
  return {
    contactId,
    channel,
    topicId,
    source,
    textVersion,
    addressKind: address?.kind ?? null,
    addressKey: address?.key ?? null,
    state: isPending === true ? 'pending' : state,
    lawfulBasis: state === 'opted_in' ? 'consent' : null,
    purpose: null,
    proofUrl: null,
    recordedAt: now,
    validUntil: null,
    externalId: null,
    origin: 'reported',
    messageId: null,
    proven: state === 'opted_in' && isPending !== true ? true : null,
  }
}
