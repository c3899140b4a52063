import type { DuplicatePolicy } from '../../data/generated/client.ts'
import type { RowReason } from '../../data/sql/import-rows.ts'
import { DomainError } from '../../kernel/errors.ts'
import { keysOf } from '../contacts/keys.ts'
import { changeContact, changedFields, type ContactFields, type ContactInput, newContact } from '../contacts/rules.ts'
import type { Ledger } from './ledger.ts'
import type { GivenRow, KnownRow } from './recognize.ts'
import { reasonOf } from './reasons.ts'

/** A contact that was there before the row. */
export interface KnownContact {
  readonly id: string
  readonly revision: number
  readonly lifecycleStage: ContactFields['lifecycleStage']
  readonly fields: ContactFields
}

/** A row that says nothing that could be used, and why. */
export interface BadRow {
  readonly rowNumber: number
  readonly reason: RowReason
}

/** A row with what it says as a contact of its own. */
export interface NormalRow extends GivenRow {
  readonly fields: ContactFields
}

/** A row that was read. */
export type ReadRow = NormalRow | KnownRow | BadRow

/** What is to become of a row. */
export type Decision =
  | { readonly rowNumber: number; readonly outcome: 'created'; readonly contactId: string; readonly fields: ContactFields }
  | { readonly rowNumber: number; readonly outcome: 'updated'; readonly contact: KnownContact; readonly fields: ContactFields }
  | { readonly rowNumber: number; readonly outcome: 'unchanged'; readonly contactId: string }
  | { readonly rowNumber: number; readonly outcome: 'skipped'; readonly contactId: string | null; readonly reason: RowReason }

export interface DecideOptions {
  readonly onDuplicate: DuplicatePolicy
  /** Reads phone numbers that have no country prefix. */
  readonly defaultCountry: string | null
  /** Names the contacts that are created. */
  readonly nextId: () => string
}

/** Reads what a row says as a contact of its own; what it lacks is only seen here. */
export function normalize({ rowNumber, input }: GivenRow, defaultCountry: string | null): NormalRow | BadRow {
  try {
    return { rowNumber, input, fields: newContact(input, defaultCountry) }
  } catch (error) {
    if (error instanceof DomainError) return { rowNumber, reason: reasonOf(error) }
    throw error
  }
}

/**
 * Decides what becomes of rows, one after the other, as if each was written before the next is looked at.
 * @param ledger the contacts that the rows can match; it learns what is decided
 * @returns the decisions on the first rows, and at least on one. It ends in front of a row that wants a phone number or an email address
 * that another contact gives up in a row before: the writes of these must not be one statement.
 */
export function decideRows(rows: readonly ReadRow[], ledger: Ledger, options: DecideOptions): Decision[] {
  const decisions: Decision[] = []
  for (const row of rows) {
    if (decisions.length > 0 && keysOfRow(row).some((key) => ledger.isReleased(key))) break
    if ('reason' in row) decisions.push(skip(row.rowNumber, null, row.reason))
    else decisions.push('fields' in row ? decideRow(row, ledger, options) : decideKnown(row, ledger, options))
  }
  return decisions
}

function keysOfRow(row: ReadRow): string[] {
  if ('reason' in row) return []
  return keysOf('fields' in row ? row.fields : row.keys)
}

/** A row that repeats what its contact says changes nothing, and only the rows in front of it can stand in its way. */
function decideKnown({ rowNumber, contact, keys }: KnownRow, ledger: Ledger, { onDuplicate }: DecideOptions): Decision {
  const { id, fields } = contact
  if (ledger.isTouched(id)) return skip(rowNumber, null, duplicate(keys.phone !== null, keys))
  ledger.write(id, fields, fields)
  if (onDuplicate === 'skip') return skip(rowNumber, id, exists(keys.phone !== null, id, keys))
  return { rowNumber, outcome: 'unchanged', contactId: id }
}

function decideRow(row: NormalRow, ledger: Ledger, options: DecideOptions): Decision {
  const { rowNumber, fields } = row
  const [byPhone, byEmail] = ledger.matches(fields)
  const id = byPhone ?? byEmail
  if (id === null) {
    const contactId = options.nextId()
    ledger.write(contactId, null, fields)
    return { rowNumber, outcome: 'created', contactId, fields }
  }
  if (byPhone !== null && byEmail !== null && byPhone !== byEmail) return skip(rowNumber, null, ambiguous(byPhone, byEmail, fields))
  if (ledger.isTouched(id)) return skip(rowNumber, null, duplicate(byPhone !== null, fields))
  const contact = ledger.contact(id)
  if (options.onDuplicate === 'skip') {
    ledger.write(id, contact.fields, contact.fields)
    return skip(rowNumber, id, exists(byPhone !== null, id, fields))
  }
  try {
    const changed = changeContact(contact.fields, inputFor(row, contact.fields), options.defaultCountry)
    ledger.write(id, contact.fields, changed)
    if (changedFields(contact.fields, changed).length === 0) return { rowNumber, outcome: 'unchanged', contactId: id }
    return { rowNumber, outcome: 'updated', contact, fields: changed }
  } catch (error) {
    // What is fine on its own can be too much for the contact that it meets: its custom attributes, for one.
    if (error instanceof DomainError) return skip(rowNumber, null, reasonOf(error))
    throw error
  }
}

/**
 * What a row says to a contact. The phone number is the one that was matched, since another country of the contact's must not make
 * another number of it; one that the contact has already needs no second look.
 */
function inputFor({ input, fields }: NormalRow, current: ContactFields): ContactInput {
  const { phone, phoneKey, phoneExtension } = fields
  if (phone === null) return input
  const isKnown =
    (phoneKey ?? phone) === (current.phoneKey ?? current.phone) && (phoneExtension === '' || phoneExtension === current.phoneExtension)
  if (isKnown) return { ...input, phone: undefined, phoneExtension: undefined }
  return { ...input, phone, phoneExtension: phoneExtension === '' ? undefined : phoneExtension }
}

function skip(rowNumber: number, contactId: string | null, reason: RowReason): Decision {
  return { rowNumber, outcome: 'skipped', contactId, reason }
}

type Named = Pick<ContactFields, 'phone' | 'email'>

function ambiguous(byPhone: string, byEmail: string, fields: ContactFields): RowReason {
  return {
    reasonCode: 'AMBIGUOUS_MATCH',
    field: 'email',
    value: fields.email,
    message: `The phone number belongs to ${byPhone} and the email address to ${byEmail}. Leave out one of the two.`,
  }
}

function duplicate(isPhone: boolean, fields: Named): RowReason {
  return {
    reasonCode: 'DUPLICATE_IN_FILE',
    field: isPhone ? 'phone' : 'email',
    value: isPhone ? fields.phone : fields.email,
    message: 'An earlier row of the upload is about the same contact.',
  }
}

function exists(isPhone: boolean, id: string, fields: Named): RowReason {
  return {
    reasonCode: 'CONTACT_ALREADY_EXISTS',
    field: isPhone ? 'phone' : 'email',
    value: isPhone ? fields.phone : fields.email,
    message: `The contact is known already: ${id}. Import with on_duplicate=update to change it.`,
  }
}
