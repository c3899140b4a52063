import { DomainError } from '../../../kernel/errors.ts'
import { addressKeyOf, emailKeyOf, keysOf, phoneKeyOf } from '../../contacts/keys.ts'
import { changeContact } from '../../contacts/change-contact.ts'
import { changedFields, type ContactFields, type ContactInput } from '../../contacts/rules.ts'
import { maxTags, parseTags, tagKey } from '../../contacts/tags.ts'
import { type Decided, type Decision, type NamedAddresses, skip } from './decisions.ts'
import { suppress } from './suppress.ts'
import type { Ledger } from './ledger.ts'
import { type Hit, matchRow } from './match.ts'
import { addedPoints, labelledPrimaries, withinLimits, withoutTaken } from './own-addresses.ts'
import { reasonOf } from './reasons.ts'
import type { KnownContact, KnownRow, NormalRow, ReadRow, RowOptions } from './rows.ts'
import { ambiguous, duplicate, exists, taken } from './skip-reasons.ts'

export interface DecideOptions extends RowOptions {
  /** Names the contacts that are created. */
  readonly nextId: () => string
}

/**
 * Decides the outcome of rows, one after the other, as if each was written before the next is looked at.
 * @param ledger the contacts that the rows can match; it learns what is decided
 * @returns the decisions on the first rows, and at least on one. It ends in front of a row that wants a phone number or an email address
 * that another contact gives up in a row before: the writes of these must not be one statement.
 */
export function decideRows(rows: readonly ReadRow[], ledger: Ledger, options: DecideOptions): Decision[] {
  const decisions: Decision[] = []
  for (const row of rows) {
    if (decisions.length > 0 && keysOfRow(row).some((key) => ledger.isReleased(key))) break
    decisions.push({ ...decide(row, ledger, options), named: namedBy(row) })
  }
  return decisions
}

function decide(row: ReadRow, ledger: Ledger, options: DecideOptions): Decided {
  if ('reason' in row) return skip({ rowNumber: row.rowNumber, consents: [] }, { about: [], reason: row.reason })
  return 'fields' in row ? decideRow(row, ledger, options) : decideKnown(row, ledger, options)
}

function namedBy(row: ReadRow): NamedAddresses {
  if ('reason' in row) return { phone: null, email: null }
  const { phone, phoneKey, emailKey } = 'fields' in row ? row.fields : row.keys
  return { phone: phoneKey ?? phone, email: emailKey }
}

/** Everything that a row names its contact by. */
export function keysOfRow(row: ReadRow): string[] {
  if ('reason' in row) return []
  return 'fields' in row ? [...row.phones, ...row.emails, ...row.externalIds].map(addressKeyOf) : keysOf(row.keys)
}

/** A row that repeats what its contact says changes nothing, and only the rows in front of it can stand in its way. */
function decideKnown(row: KnownRow, ledger: Ledger, { onDuplicate }: DecideOptions): Decided {
  const { rowNumber, contact, warnings, consents } = row
  const { id, fields } = contact
  const kind = row.keys.phone === null ? 'email' : 'phone'
  const by = { column: row.columns[kind] ?? kind, value: row.keys[kind] }
  if (ledger.isTouched(id)) return skip(row, { about: [id], reason: duplicate(by, ledger.rowOf(id)) })
  ledger.write(rowNumber, id, fields, fields)
  if (onDuplicate === 'skip') return skip(row, { contactId: id, about: [id], reason: exists(by, id) })
  return { rowNumber, outcome: 'unchanged', contactId: id, warnings, consents }
}

function decideRow(row: NormalRow, ledger: Ledger, options: DecideOptions): Decided {
  const match = matchRow(row, ledger, options.matchBy)
  if (match.kind === 'ambiguous') return skip(row, { about: match.hits.map(({ id }) => id), reason: ambiguous(match.hits) })
  if (match.kind === 'none' && options.isSuppressionList) return suppress(row)
  const ownId = match.kind === 'contact' ? match.id : null
  const holderOf = (key: string) => ledger.holder(key) ?? ownId
  try {
    const given = withoutTaken(row, (address) => holderOf(addressKeyOf(address)) !== ownId)
    if (given === null) return skip(row, { about: [], reason: takenReason(row, ledger) })
    return match.kind === 'none' ? create(given, ledger, options) : change(given, match, ledger, options)
  } catch (error) {
    // What is fine on its own can be too much for the contact that it meets: its custom attributes, for one.
    if (error instanceof DomainError) return skip(row, { about: match.kind === 'contact' ? [match.id] : [], reason: reasonOf(error) })
    throw error
  }
}

/** Why a row is skipped of which every address belongs to another contact. */
function takenReason({ phones, emails }: NormalRow, ledger: Ledger): ReturnType<typeof taken> {
  const [address] = [...phones, ...emails]
  // proof: a row that was read has an address
  if (address === undefined) throw new TypeError('A row without addresses was read.')
  const holder = ledger.holder(addressKeyOf(address))
  return taken(address, holder === null ? null : ledger.rowOf(holder))
}

function create(whole: NormalRow, ledger: Ledger, options: DecideOptions): Decided {
  const row = withinLimits(whole, null)
  const { rowNumber, warnings, consents } = row
  const contactId = options.nextId()
  const given = withTags(row.input, null, options)
  const tags = parseTags(given.tags ?? [])
  const fields = given === row.input ? row.fields : { ...row.fields, tags, tagKeys: tags.map(tagKey) }
  const added = addedPoints(row, new Set(keysOf(fields)))
  ledger.write(rowNumber, contactId, null, fields, added.map(addressKeyOf))
  return { rowNumber, outcome: 'created', contactId, fields, added, labelled: labelledPrimaries(row), warnings, consents }
}

function change(whole: NormalRow, { id, by }: Hit, ledger: Ledger, options: DecideOptions): Decided {
  if (ledger.isTouched(id)) return skip(whole, { about: [id], reason: duplicate(by, ledger.rowOf(id)) })
  const contact = ledger.contact(id)
  if (options.onDuplicate === 'skip') {
    ledger.write(whole.rowNumber, id, contact.fields, contact.fields)
    return skip(whole, { contactId: id, about: [id], reason: exists(by, id) })
  }
  const row = withinLimits(whole, contact)
  const { rowNumber, warnings, consents } = row
  const changed = changeContact(contact.fields, withTags(inputFor(row, contact), contact.fields, options), options.defaultCountry)
  const added = addedPoints(row, new Set([...contact.furtherKeys, ...keysOf(changed)]))
  ledger.write(rowNumber, id, contact.fields, changed, added.map(addressKeyOf))
  if (changedFields(contact.fields, changed).length === 0 && added.length === 0)
    return { rowNumber, outcome: 'unchanged', contactId: id, warnings, consents }
  return { rowNumber, outcome: 'updated', contact, fields: changed, added, warnings, consents }
}

/** The input with the tags that the contact has afterwards; the input itself where no tags are given. */
function withTags(input: ContactInput, current: ContactFields | null, { tags: mode, addTags }: DecideOptions): ContactInput {
  const { tags } = input
  if (addTags.length === 0 && (tags === undefined || tags === null || mode === 'replace' || current === null)) return input
  const kept = mode === 'add' || tags === undefined || tags === null ? (current?.tags ?? []) : []
  const all = new Map<string, string>()
  for (const tag of [...kept, ...(tags ?? []), ...addTags]) if (!all.has(tagKey(tag.trim()))) all.set(tagKey(tag.trim()), tag)
  return { ...input, tags: [...all.values()].slice(0, maxTags) }
}

/**
 * What a row says to a contact. The phone number is the one that was matched, since another country of the contact's must not make
 * another number of it; one that the contact has already needs no second look.
 */
function inputFor(row: NormalRow, { fields: current, furtherKeys }: KnownContact): ContactInput {
  const { fields } = row
  // An address that the contact has beside its primary one stays beside it.
  const hasEmail = furtherKeys.includes(emailKeyOf(fields) ?? '')
  const input = hasEmail ? { ...row.input, email: undefined } : row.input
  const { phone, phoneKey, phoneExtension } = fields
  if (phone === null) return input
  const isKnown =
    (phoneKey ?? phone) === (current.phoneKey ?? current.phone) && (phoneExtension === '' || phoneExtension === current.phoneExtension)
  if (isKnown || furtherKeys.includes(phoneKeyOf(fields) ?? '')) return { ...input, phone: undefined, phoneExtension: undefined }
  return { ...input, phone, phoneExtension: phoneExtension === '' ? undefined : phoneExtension }
}
