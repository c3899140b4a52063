import type { Channel } from '../../data/generated/client.ts'
import { selectHolders } from '../../data/sql/contact-addresses.ts'
import { selectRemovedContacts } from '../../data/sql/find-removed-contacts.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import { transaction } from '../../data/transaction.ts'
import { channels as allChannels } from '../../kernel/channels.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { parseText } from '../../kernel/text.ts'
import { addressKindOf } from '../consent/channels.ts'
import { type NewConsent, noDetails, recordConsents } from '../consent/record.ts'
import { type ExternalId, externalKey, parseExternalId } from '../contacts/contact-points.ts'
import type { ContactRef } from '../contacts/refs.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { addSuppressions } from '../suppression/add.ts'
import { type Address, channelsOfAddress, parseAddressText, parseChannels } from '../suppression/rules.ts'
import { allTopics, parseTopic } from '../topics/queries.ts'

export interface OptOutInput {
  /** A contact by its id, or any address, whether or not a contact has it. */
  readonly contact: ContactRef
  /** By default all channels, or all channels of the address. */
  readonly channels?: readonly string[] | null | undefined
  /** The key or the id of a topic; by default the whole channels. */
  readonly topic?: string | null | undefined
  /** Where it was given. Default: `api`. */
  readonly source?: string | null | undefined
  readonly externalId?: string | null | undefined
}

/** What an opt-out has led to. */
export interface OptedOut {
  /** The contacts for which it is on record: those that have the address, else those that had it when they were deleted. */
  readonly contactIds: readonly string[]
  readonly channels: readonly Channel[]
}

/**
 * Puts an opt-out on record for a person at an address: a contact, a deleted one, or no contact at all. It holds for the address when a
 * contact is created with it.
 * @throws NotFound for an id that is unknown; InvalidInput, InvalidChannel, InvalidPhoneNumber, InvalidEmail
 */
export async function optOut(context: Context, input: OptOutInput): Promise<OptedOut> {
  requireScope(context, 'contacts:write')
  const { organizationId } = context.actor
  const now = context.now()
  const named = parseChannels(input.channels, 'channels')
  const topic = typeof input.topic === 'string' ? parseTopic(input.topic, await allTopics(context), 'topic') : null
  const source = (typeof input.source === 'string' ? parseText(input.source, 'source', { max: 100 }) : null) ?? 'api'
  const externalId = typeof input.externalId === 'string' ? parseText(input.externalId, 'externalId', { max: 200 }) : null
  const { id, address } = await parseRef(context, input.contact)
  const channels = named ?? allChannels.filter((channel) => address === null || addressKindOf(channel) === address.kind)
  const own = address === null ? channels : channelsOfAddress(channels, address, 'channels')
  return transaction(context.db, async (tx) => {
    const former = address === null ? ((await selectRemovedContacts(tx, organizationId, { ids: [id] })).get(id) ?? null) : null
    const present = former?.contactId ?? id
    const holders =
      address === null
        ? [{ contactId: present, isLiving: true }]
        : await tx.prisma.contactAddress.findMany({ where: { organizationId, ...address }, select: { contactId: true, isLiving: true } })
    const living = holders.filter(({ isLiving }) => isLiving)
    const ids = (living.length > 0 ? living : holders).map(({ contactId }) => contactId)
    const contacts = (await lockContacts(tx, organizationId, ids)).filter(({ mergedIntoId }) => mergedIntoId === null)
    if (address === null && contacts.length === 0) throw new NotFound('contact', id)
    const addresses = await tx.prisma.contactAddress.findMany({ where: { organizationId, contactId: { in: ids }, isPrimary: true } })
    const consents = contacts.flatMap((contact) =>
      own.map((channel): NewConsent => {
        const kind = addressKindOf(channel)
        const primary = addresses.find((one) => one.contactId === contact.id && one.kind === kind)
        // A statement about a merged contact is about the address that it had.
        const formerKey =
          former === null || former.contactId === id || kind === null ? null : former[kind === 'phone' ? 'phoneKey' : 'emailKey']
        const at = address?.kind === kind ? address : formerKey !== null && kind !== null ? { kind, key: formerKey } : (primary ?? null)
        const about = { contactId: contact.id, channel, topicId: topic?.id ?? null, source, externalId, recordedAt: now }
        return {
          ...about,
          ...noDetails,
          state: 'opted_out',
          origin: 'reported',
          addressKind: at?.kind ?? null,
          addressKey: at?.key ?? null,
        }
      }),
    )
    await recordConsents(tx, context, consents)
    if (address !== null && contacts.length === 0) {
      const about = { ...address, topicId: topic?.id ?? '', reason: 'opt_out' as const, note: source }
      const rows = own.map((channel) => ({ ...about, id: newId('suppression'), channel }))
      await addSuppressions(tx, context, rows)
    }
    return { contactIds: contacts.map((contact) => contact.id), channels: own }
  })
}

async function parseRef(context: Context, { id, phone, email, externalId }: ContactRef): Promise<{ id: string; address: Address | null }> {
  const given = [id, phone, email, externalId].filter((name) => name !== null && name !== undefined)
  if (given.length !== 1) {
    throw new InvalidInput('A contact is named by exactly one of id, phone, email and externalId.', {
      field: 'contact',
      expected: 'one of the four',
    })
  }
  if (typeof id === 'string') return { id: parseId('contact', id, 'contact.id'), address: null }
  if (externalId) return { id: await idByExternalId(context, externalId), address: null }
  const { defaultCountry } = await getOrganization(context)
  const field = typeof phone === 'string' ? 'contact.phone' : 'contact.email'
  return { id: '', address: parseAddressText(phone ?? email ?? '', defaultCountry, field) }
}

/** @throws NotFound, InvalidInput */
async function idByExternalId({ db, actor }: Context, given: ExternalId): Promise<string> {
  const externalId = parseExternalId(given, 'contact.externalId')
  const key = externalKey(externalId)
  const [holder] = await selectHolders(db, actor.organizationId, [{ kind: 'external', key, extension: '' }])
  if (holder !== undefined) return holder.contactId
  const former = (await selectRemovedContacts(db, actor.organizationId, { ids: [], externalKeys: [key] })).get(key)?.contactId ?? null
  if (former === null) throw new NotFound('contact', key)
  return former
}
