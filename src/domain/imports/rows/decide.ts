import { DomainError } from '../../../kernel/errors.ts'
import { emailKeyOf, keysOf, phoneKeyOf } from '../../contacts/keys.ts'
import { changeContact } from '../../contacts/change-contact.ts'
import { changedFields, type ContactFields, type ContactInput, newContact } from '../../contacts/rules.ts'
import { maxTags, parseTags, tagKey } from '../../contacts/tags.ts'
import { type Decision, skip } from './decisions.ts'
import { suppress } from './suppress.ts'
import type { Ledger } from './ledger.ts'
import { type Address, matchRow } from './match.ts'
import { reasonOf } from './reasons.ts'
import type { KnownContact, KnownRow, NormalRow, ReadRow, RowOptions } from './rows.ts'
import { ambiguous, duplicate, exists, type NamedValues, taken } from './skip-reasons.ts'
import type { Warning } from './warnings.ts'

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
    if ('reason' in row) decisions.push(skip({ rowNumber: row.rowNumber, consents: [] }, { about: [], reason: row.reason }))
    else decisions.push('fields' in row ? decideRow(row, ledger, options) : decideKnown(row, ledger, options))
  }
  return decisions
}

function keysOfRow(row: ReadRow): string[] {
  if ('reason' in row) return []
  return keysOf('fields' in row ? row.fields : row.keys)
}

/** A row that repeats what its contact says changes nothing, and only the rows in front of it can stand in its way. */
function decideKnown(row: KnownRow, ledger: Ledger, { onDuplicate }: DecideOptions): Decision {
  const { rowNumber, contact, warnings, consents } = row
  const keys = { ...row.keys, columns: row.columns }
  const { id, fields } = contact
  const by = keys.phone === null ? 'email' : 'phone'
  if (ledger.isTouched(id)) return skip(row, { about: [id], reason: duplicate(by, keys, ledger.rowOf(id)) })
  ledger.write(rowNumber, id, fields, fields)
  if (onDuplicate === 'skip') return skip(row, { contactId: id, about: [id], reason: exists(by, id, keys) })
  return { rowNumber, outcome: 'unchanged', contactId: id, warnings, consents }
}

function decideRow(row: NormalRow, ledger: Ledger, options: DecideOptions): Decision {
  const match = matchRow(row, ledger, options.matchBy)
  if (match.kind === 'ambiguous') return skip(row, { about: [match.byPhone, match.byEmail], reason: ambiguous(match, row) })
  if (match.kind === 'none' && options.isSuppressionList) return suppress(row)
  try {
    const given = match.taken.length === 0 ? row : withoutTaken(row, match.taken)
    if (given === null) return skip(row, { about: [], reason: taken(match.taken, row) })
    return match.kind === 'none' ? create(given, ledger, options) : change(given, match, ledger, options)
  } catch (error) {
    // What is fine on its own can be too much for the contact that it meets: its custom attributes, for one.
    if (error instanceof DomainError) return skip(row, { about: match.kind === 'contact' ? [match.id] : [], reason: reasonOf(error) })
    throw error
  }
}

function create(row: NormalRow, ledger: Ledger, options: DecideOptions): Decision {
  const { rowNumber, warnings, consents } = row
  const contactId = options.nextId()
  const given = withTags(row.input, null, options)
  const tags = parseTags(given.tags ?? [])
  const fields = given === row.input ? row.fields : { ...row.fields, tags, tagKeys: tags.map(tagKey) }
  ledger.write(rowNumber, contactId, null, fields)
  return { rowNumber, outcome: 'created', contactId, fields, warnings, consents }
}

function change(
  row: NormalRow,
  { id, by }: { readonly id: string; readonly by: Address },
  ledger: Ledger,
  options: DecideOptions,
): Decision {
  const { rowNumber, warnings, consents } = row
  if (ledger.isTouched(id)) return skip(row, { about: [id], reason: duplicate(by, valuesOf(row), ledger.rowOf(id)) })
  const contact = ledger.contact(id)
  if (options.onDuplicate === 'skip') {
    ledger.write(rowNumber, id, contact.fields, contact.fields)
    return skip(row, { contactId: id, about: [id], reason: exists(by, id, valuesOf(row)) })
  }
  const changed = changeContact(contact.fields, withTags(inputFor(row, contact), contact.fields, options), options.defaultCountry)
  ledger.write(rowNumber, id, contact.fields, changed)
  if (changedFields(contact.fields, changed).length === 0) return { rowNumber, outcome: 'unchanged', contactId: id, warnings, consents }
  return { rowNumber, outcome: 'updated', contact, fields: changed, warnings, consents }
}

function valuesOf({ fields, columns }: NormalRow): NamedValues {
  return { phone: fields.phone, email: fields.email, columns }
}

/** The row without the addresses that belong to another contact: they are kept as custom attributes. Null if it has no other. */
function withoutTaken(row: NormalRow, taken: readonly Address[]): NormalRow | null {
  const attributes = new Map(Object.entries(row.input.customAttributes ?? {}))
  const warnings: Warning[] = [...row.warnings]
  let { input } = row
  for (const address of taken) {
    const origin = row[address]
    if (origin !== null) {
      attributes.set(origin.column, origin.text)
      warnings.push({ code: 'ADDRESS_TAKEN', column: origin.column, field: address })
    }
    input = address === 'phone' ? { ...input, phone: undefined, phoneExtension: undefined } : { ...input, email: undefined }
  }
  if (typeof input.phone !== 'string' && typeof input.email !== 'string') return null
  const kept = { ...input, customAttributes: Object.fromEntries(attributes) }
  return { ...row, warnings, input: kept, fields: newContact(kept, null), ...Object.fromEntries(taken.map((address) => [address, null])) }
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
