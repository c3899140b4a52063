import type { Tx } from '../../data/database.ts'
import type { Contact } from '../../data/generated/client.ts'
import { selectAddresses, selectFormerHolders, type StoredAddress } from '../../data/sql/contact-addresses.ts'
import { lockContact } from '../../data/sql/lock-contact.ts'
import { transaction } from '../../data/transaction.ts'
import { DomainError, InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { definitionsFor } from './attribute-values.ts'
import { countryOf, fieldsOf, insert, save } from './commands.ts'
import { type ContactPointsInput, decidePoints, externalIdOf, externalKey, primaryPoints } from './contact-points.ts'
import { changeContact } from './change-contact.ts'
import { ContactAlreadyExists } from './errors.ts'
import { type ContactRef, lockNamedContacts, type NamedContact, parseContactRef } from './refs.ts'
import { type Precondition, requireUnchanged } from './revision.ts'
import { type ContactInput, newContact } from './rules.ts'
import { refusingTaken, type WantedAddresses } from './taken.ts'

type Set = ContactInput & ContactPointsInput

export interface UpsertInput {
  /** What the contact is found by, in this order; a new contact gets these identifiers. */
  readonly match: readonly ContactRef[]
  /** What is written to it. */
  readonly set: Set
  readonly preconditions?: readonly Precondition[]
}

export interface Upserted {
  readonly contactId: string
  readonly outcome: 'created' | 'updated' | 'unchanged'
  /** The first identifier that it was found by; null if it was created. */
  readonly matchedBy: 'id' | 'phone' | 'email' | 'externalId' | null
  /** Deleted contacts that had one of the identifiers; they can be restored. */
  readonly deletedMatchIds: readonly string[]
}

/** The identifiers belong to different contacts. */
export class AmbiguousMatch extends DomainError {
  readonly contactIds: readonly string[]

  constructor(contactIds: readonly string[]) {
    super(
      'AMBIGUOUS_MATCH',
      `The identifiers belong to different contacts: ${contactIds.join(', ')}. Merge these, or send fewer identifiers.`,
      {
        field: 'match',
        contactIds,
      },
    )
    this.contactIds = contactIds
  }
}

const maxMatches = 20
/** How often a contact that was created at the same time is looked for again. */
const attempts = 3

/**
 * Changes the contact that is found by any of some identifiers, or creates it. Two calls at the same time create one contact: the database refuses the second
 * one, which then finds it. An id that a contact does not have yet is added to it, and so is a phone number or an email address where it has none.
 * @throws AmbiguousMatch, NotFound for an id that is unknown, RevisionConflict, ContactAlreadyExists, and what creating and changing refuse
 */
export async function upsertContact(context: Context, input: UpsertInput): Promise<Upserted> {
  requireScope(context, 'contacts:write')
  const { defaultCountry } = await getOrganization(context)
  return upsert(context, input, defaultCountry)
}

/** What became of one of many. */
export type UpsertOutcome = Upserted | { readonly reason: DomainError }

/** The most contacts of one call. */
export const maxUpserts = 1000

/** The same for 1 to 1,000 contacts, in their order. Each is a transaction: one that is refused does not stop the others. @throws InvalidInput */
export async function upsertContacts(context: Context, inputs: readonly UpsertInput[]): Promise<UpsertOutcome[]> {
  requireScope(context, 'contacts:write')
  if (inputs.length === 0 || inputs.length > maxUpserts) {
    throw new InvalidInput(`${inputs.length.toLocaleString('en')} contacts cannot be sent at a time.`, {
      field: 'items',
      expected: `1 to ${maxUpserts.toLocaleString('en')} contacts`,
    })
  }
  await context.chargeRows?.(inputs.length)
  const { defaultCountry } = await getOrganization(context)
  const outcomes: UpsertOutcome[] = []
  for (const input of inputs) outcomes.push(await orRefusal(() => upsert(context, input, defaultCountry)))
  return outcomes
}

async function orRefusal(work: () => Promise<Upserted>): Promise<UpsertOutcome> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError) return { reason: error }
    throw error
  }
}

async function upsert(context: Context, input: UpsertInput, defaultCountry: string | null): Promise<Upserted> {
  const names = parseMatch(input, defaultCountry)
  for (let attempt = 1; ; attempt += 1) {
    let wanted: WantedAddresses | null = null
    try {
      return await refusingTaken(
        context,
        () => wanted,
        () => transaction(context.db, (tx) => upsertWithin(tx, context, { names, ...input }, defaultCountry, (given) => (wanted = given))),
      )
    } catch (error) {
      // Another call may have created the contact between our look and our write: now it can be found.
      if (!(error instanceof ContactAlreadyExists) || attempt === attempts) throw error
    }
  }
}

function parseMatch({ match, set }: UpsertInput, defaultCountry: string | null): NamedContact[] {
  if (match.length === 0 || match.length > maxMatches) {
    throw new InvalidInput(`A contact is found by 1 to ${maxMatches} identifiers.`, {
      field: 'match',
      expected: `1 to ${maxMatches} identifiers`,
    })
  }
  const country = countryOf(set) ?? defaultCountry
  return match.map((ref) => parseContactRef(ref, country))
}

async function upsertWithin(
  tx: Tx,
  context: Context,
  { names, set, preconditions = [] }: UpsertInput & { readonly names: readonly NamedContact[] },
  defaultCountry: string | null,
  want: (wanted: WantedAddresses) => void,
): Promise<Upserted> {
  const { organizationId } = context.actor
  const definitions = await definitionsFor(tx, context, set)
  const found = await lockNamedContacts(tx, context, names, 'exclusive')
  const unknown = names.find(({ id, key }) => id !== null && !found.has(key))
  if (unknown !== undefined) throw new NotFound('contact', unknown.id ?? '', 'match')
  const ids = [...new Set(names.flatMap(({ key }) => found.get(key)?.id ?? []))]
  if (ids.length > 1) throw new AmbiguousMatch(ids)
  const contact = ids[0] === undefined ? null : await lockContact(tx, organizationId, ids[0])
  const stored = contact === null ? [] : await selectAddresses(tx, organizationId, [contact.id])
  const given = withIdentifiers(set, names, contact, stored)
  const points = decidePoints(stored, given, countryOf(set) ?? contact?.countryCode ?? defaultCountry)
  if (contact === null) {
    const fields = newContact(points.input, defaultCountry, definitions)
    const wanted = { id: newId('contact'), fields, points }
    want(wanted)
    const contactId = await insert(tx, context, wanted)
    const keys = [...primaryPoints(fields), ...[...points.lists.values()].flat()]
    return { contactId, outcome: 'created', matchedBy: null, deletedMatchIds: await selectFormerHolders(tx, organizationId, keys) }
  }
  requireUnchanged(contact, preconditions)
  const fields = changeContact(fieldsOf(contact), points.input, defaultCountry, definitions)
  want({ id: contact.id, fields, points })
  const hasChanged = await save(tx, context, contact, { fields, points, stored })
  const by = names.find(({ key }) => found.has(key))
  return {
    contactId: contact.id,
    outcome: hasChanged ? 'updated' : 'unchanged',
    matchedBy: by === undefined ? null : kindOf(by),
    deletedMatchIds: [],
  }
}

function kindOf({ id, externalId, fields }: NamedContact): NonNullable<Upserted['matchedBy']> {
  if (id !== null) return 'id'
  if (externalId !== null) return 'externalId'
  return fields?.phone ? 'phone' : 'email'
}

/** The input with the identifiers that the contact does not have. What the input says itself counts. */
function withIdentifiers(set: Set, names: readonly NamedContact[], contact: Contact | null, stored: readonly StoredAddress[]): Set {
  const phone = names.find(({ fields }) => typeof fields?.phone === 'string')?.fields
  const email = names.find(({ fields }) => typeof fields?.email === 'string')?.fields
  const lacksPhone = set.phone === undefined && set.phoneNumbers === undefined && (contact === null || contact.phone === null)
  const lacksEmail = set.email === undefined && set.emailAddresses === undefined && (contact === null || contact.email === null)
  const hasPhone = stored.some(({ kind }) => kind === 'phone')
  const hasEmail = stored.some(({ kind }) => kind === 'email')
  const own = set.externalIds ?? stored.flatMap((address) => (address.kind === 'external' ? [externalIdOf(address)] : []))
  const known = new Set(own.map(externalKey))
  const missing = names.flatMap(({ externalId }) => (externalId === null || known.has(externalKey(externalId)) ? [] : [externalId]))
  return {
    ...set,
    ...(lacksPhone && !hasPhone && phone && { phone: phone.phone, phoneExtension: set.phoneExtension ?? phone.phoneExtension }),
    ...(lacksEmail && !hasEmail && email && { email: email.email }),
    ...(missing.length > 0 && { externalIds: [...own, ...missing] }),
  }
}
