import type { AddressKind, Message } from '../../data/generated/client.ts'
import type { Tx } from '../../data/database.ts'
import { type GoneContact, selectRemovedContacts } from '../../data/sql/find-removed-contacts.ts'
import { lockContacts } from '../../data/sql/lock-contacts.ts'
import type { ReferencedContact } from '../../data/sql/lock-referenced-contacts.ts'
import type { NewSuppression } from '../../data/sql/write-suppressions.ts'
import { newId } from '../../kernel/ids.ts'
import { phoneKey } from '../../kernel/phone-key.ts'
import { addressKindOf, sharingOptOuts } from '../consent/channels.ts'
import { type NewConsent, noDetails } from '../consent/record.ts'
import { externalKey } from '../contacts/contact-points.ts'
import type { NamedContact } from '../contacts/refs.ts'
import type { Context } from '../context.ts'
import { notAhead } from './consequences.ts'
import type { Item, ReportedOptOut } from './report.ts'

type Refused = Item<Message> & { readonly report: { readonly optOut: ReportedOptOut } }

/** What is kept of opt-outs whose messages are rejected. */
export interface KeptOptOuts {
  /** For contacts that exist, living or deleted. */
  readonly consents: readonly NewConsent[]
  /** For addresses without a contact. */
  readonly suppressions: readonly NewSuppression[]
}

/**
 * Finds out what stop words and complaints say whose messages are rejected: the contact is deleted, erased or unknown, is blocked, or the external id is
 * taken. An opt-out is never lost: it holds for the contact that is left, and for the address, whichever contact gets it. The external id and, on the
 * suppression list, the text of the message are the proof. Two statements if contacts are named by ids that are not found.
 */
export async function keptOptOuts(
  tx: Tx,
  context: Context,
  messages: readonly Item<Message>[],
  contacts: ReadonlyMap<string, ReferencedContact>,
): Promise<KeptOptOuts> {
  const refused = messages.filter((item): item is Refused => item.report.optOut !== null && item.report.optOut !== undefined)
  const gone = await goneContacts(
    tx,
    context,
    refused.filter(({ contact }) => !contacts.has(contact.key)).map(({ contact }) => contact),
  )
  const consents: NewConsent[] = []
  const suppressions: NewSuppression[] = []
  for (const { report, contact } of refused) {
    const { optOut } = report
    const living = contacts.get(contact.key)
    const former = living === undefined ? gone.get(nameOf(contact)) : undefined
    const contactId = living?.id ?? former?.contactId ?? null
    const own = { phoneKey: living?.phoneKey ?? living?.phone ?? former?.phoneKey, emailKey: living?.emailKey ?? former?.emailKey }
    const address = addressOfOptOut(optOut, contact, own)
    if (contactId !== null) consents.push(consentOf({ contactId, externalId: report.externalId }, optOut, address, context.now()))
    else if (address !== null) suppressions.push(...suppressionsOf(optOut, address))
    else for (const { kind, hash: key } of former?.erased ?? []) suppressions.push(...suppressionsOf(optOut, { kind, key }))
  }
  return { consents, suppressions }
}

interface Address {
  readonly kind: AddressKind
  readonly key: string
}

async function goneContacts(tx: Tx, { actor }: Context, names: readonly NamedContact[]): Promise<Map<string, GoneContact>> {
  const gone = await selectRemovedContacts(tx, actor.organizationId, {
    ids: names.flatMap(({ id }) => (id === null ? [] : [id])),
    externalKeys: names.flatMap(({ externalId }) => (externalId === null ? [] : [externalKey(externalId)])),
  })
  const ids = [...gone.values()].flatMap(({ contactId }) => (contactId === null ? [] : [contactId]))
  await lockContacts(tx, actor.organizationId, ids)
  return gone
}

function nameOf({ id, externalId }: NamedContact): string {
  return id ?? (externalId === null ? '' : externalKey(externalId))
}

/** The address that the message names, else that by which the contact is named, else the primary one that the contact has or had. */
function addressOfOptOut(
  { channel, addressKey }: ReportedOptOut,
  { fields }: NamedContact,
  own: { readonly phoneKey: string | null | undefined; readonly emailKey: string | null | undefined },
): Address | null {
  const kind = addressKindOf(channel)
  if (kind === null) return null
  const number = fields?.phone ?? null
  const named = kind === 'phone' ? number && phoneKey(number) : (fields?.emailKey ?? null)
  const key = addressKey ?? named ?? (kind === 'phone' ? own.phoneKey : own.emailKey) ?? null
  return key === null ? null : { kind, key }
}

/** @param about with the id that the sending system has for the message, which is not on record here: it leads to the proof */
function consentOf(
  about: Pick<NewConsent, 'contactId' | 'externalId'>,
  { channel, origin, occurredAt }: ReportedOptOut,
  address: Address | null,
  now: Date,
): NewConsent {
  return {
    ...about,
    channel,
    origin,
    state: 'opted_out',
    source: origin,
    addressKind: address?.kind ?? null,
    addressKey: address?.key ?? null,
    ...noDetails,
    topicId: null,
    recordedAt: notAhead(occurredAt, now),
  }
}

function suppressionsOf({ channel, origin, text, occurredAt }: ReportedOptOut, { kind, key }: Address): NewSuppression[] {
  // An erased person's addresses are of every kind: only those of the channel are meant.
  if (kind !== addressKindOf(channel)) return []
  const about = { kind, key, topicId: '', reason: origin, since: occurredAt, note: key.startsWith('hash:') ? null : text }
  return sharingOptOuts(channel).map((name) => ({ ...about, id: newId('suppression'), channel: name }))
}
