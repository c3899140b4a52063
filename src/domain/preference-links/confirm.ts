import type { Channel, Topic } from '../../data/generated/client.ts'
import { selectConsent } from '../../data/sql/find-consent.ts'
import { selectRemovedContacts } from '../../data/sql/find-removed-contacts.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { transaction } from '../../data/transaction.ts'
import { consentFactsByContact } from '../consent/queries.ts'
import { recordConsents } from '../consent/record.ts'
import { type ConsentEntry, type ConsentFacts, verdictOf } from '../consent/rules.ts'
import { findWrittenOrSurvivor } from '../contacts/queries.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { topicsById } from '../topics/queries.ts'
import { contextOf, type LinkServices } from './context.ts'
import { InvalidLink } from './errors.ts'
import { type LinkClaims, readToken } from './token.ts'

/** What a contact is asked to confirm. */
export interface Confirmation {
  readonly organizationName: string
  /** The language of the contact; null if it is not known. */
  readonly language: string | null
  readonly channel: Channel
  readonly topic: Topic | null
  readonly isConfirmed: boolean
}

/** What a confirmation link asks. Reading it changes nothing. @throws InvalidLink */
export async function getConfirmation(services: LinkServices, token: string): Promise<Confirmation> {
  const claims = readToken(services.secretKeys, 'confirmation', token)
  const context = contextOf(services, claims, null)
  const contact = await findWrittenOrSurvivor(context, claims.contactId)
  if (contact === null) throw new InvalidLink('gone')
  const facts = (await consentFactsByContact(context, [contact])).get(contact.id) ?? { entries: [], addresses: [] }
  const { isConfirmed } = judge(facts, claims, context.now())
  const organization = await getOrganization(context)
  const topic = claims.topicId === null ? null : ((await topicsById(context, [claims.topicId])).get(claims.topicId) ?? null)
  return { organizationName: organization.name, language: contact.language, channel: claims.channel, topic, isConfirmed }
}

/** Confirms the opt-in that a link was made for, as the holder of the link. Confirming it again changes nothing. @throws InvalidLink */
export async function confirmByLink(services: LinkServices, token: string, requestId: string | null): Promise<void> {
  const claims = readToken(services.secretKeys, 'confirmation', token)
  await confirm(contextOf(services, claims, requestId), claims)
}

/**
 * Confirms an opt-in for a page of the caller's own, with the token of a confirmation link of its organization. Confirming it again changes nothing.
 * @returns the id of the contact
 * @throws InvalidLink
 */
export async function confirmConsent(context: Context, token: string): Promise<string> {
  requireScope(context, 'contacts:write')
  const claims = readToken(context.secretKeys, 'confirmation', token)
  if (claims.organizationId !== context.actor.organizationId) throw new InvalidLink('invalid')
  await confirm(context, claims)
  return claims.contactId
}

async function confirm(context: Context, claims: LinkClaims): Promise<void> {
  const { organizationId } = claims
  const now = context.now()
  await transaction(context.db, async (tx) => {
    const contactId = (await selectRemovedContacts(tx, organizationId, { ids: [claims.contactId] })).get(claims.contactId)?.contactId ?? ''
    const [contact] = await lockContacts(tx, organizationId, [contactId])
    if (contact === undefined || contact.deletedAt !== null) throw new InvalidLink('gone')
    const facts = (await selectConsent(tx, organizationId, [contactId])).get(contactId) ?? { entries: [], addresses: [] }
    const { pending, isConfirmed } = judge(facts, claims, now)
    if (isConfirmed) return
    const asked = await tx.prisma.consentRecord.findUniqueOrThrow({ where: { organizationId_id: { organizationId, id: pending.id } } })
    const { channel, topicId, addressKind, addressKey, lawfulBasis, purpose, textVersion, proofUrl, validUntil } = asked
    await recordConsents(tx, context, [
      {
        contactId,
        channel,
        topicId,
        addressKind,
        addressKey,
        purpose,
        proofUrl,
        validUntil,
        state: 'opted_in',
        source: 'double_opt_in',
        lawfulBasis: lawfulBasis ?? 'consent',
        textVersion: textVersion ?? 'confirmation-page/1',
        recordedAt: now,
        // The same confirmation twice is one entry.
        externalId: confirmationOf(pending.id),
        origin: 'reported',
        messageId: null,
        proven: true,
      },
    ])
  })
}

/**
 * Whether an opt-in that waits may still be confirmed: it would hold today if it had been an opt-in with proof. So an opt-out since, another address and
 * an end that has passed all speak against it.
 * @throws InvalidLink
 */
function judge(facts: ConsentFacts, claims: LinkClaims, now: Date): { pending: ConsentEntry; isConfirmed: boolean } {
  const { recordId, channel, topicId } = claims
  const pending = facts.entries.find(({ id }) => id === recordId)
  if (pending === undefined) throw new InvalidLink('superseded')
  const address = pending.addressKey === null ? null : facts.addresses.find(({ key }) => key === pending.addressKey)
  if (address === undefined) throw new InvalidLink('superseded')
  const question = { channel, topicId, address, at: now }
  const current = verdictOf(facts, question)
  if (current.state === 'opted_in' && current.recordedAt >= pending.recordedAt) return { pending, isConfirmed: true }
  if (claims.expiresAt <= now) throw new InvalidLink('expired')
  const asOptIn = { ...pending, state: 'opted_in' as const, proven: true, purpose: null, lawfulBasis: null }
  const since = address && { ...address, suppressions: address.suppressions.filter(({ since }) => since >= pending.recordedAt) }
  const assumed = verdictOf({ ...facts, entries: [...facts.entries, asOptIn] }, { ...question, address: since })
  if (assumed.state !== 'opted_in') throw new InvalidLink('superseded')
  return { pending, isConfirmed: false }
}

function confirmationOf(recordId: string): string {
  return `confirmation of ${recordId}`
}
