import type { Tx } from '../../../data/database.ts'
import type { Contact } from '../../../data/generated/client.ts'
import { groupByContact, selectAddresses } from '../../../data/sql/contact-addresses.ts'
import { type ContactKeys, selectContactsByKeys } from '../../../data/sql/find-contacts-by-keys.ts'
import type { ImportedContact, StagedRow } from '../../../data/sql/import-rows.ts'
import type { DefinedAttribute } from '../../../data/sql/attribute-definitions.ts'
import { lockContactsByKeys } from '../../../data/sql/lock-contacts.ts'
import { newId } from '../../../kernel/ids.ts'
import { fieldsOf } from '../../contacts/commands.ts'
import { addressKeyOf, keysOf } from '../../contacts/keys.ts'
import type { Column } from '../columns/columns.ts'
import { typeAttributes, withFittingAttributes } from './defined-attributes.ts'
import { decideRows, keysOfRow } from './decide.ts'
import type { Decision } from './decisions.ts'
import type { Ledger } from './ledger.ts'
import { withKeptOptOuts } from './kept-opt-outs.ts'
import { normalize } from './normalize.ts'
import { cellsOf } from '../formats/read-upload.ts'
import { byKey, type ContactsByKey, guessKeys, recognize } from './recognize.ts'
import { readRow } from './row-reader.ts'
import type { BadRow, GivenRow, KnownContact, NormalRow, ReadRow, RowOptions } from './rows.ts'

export interface Batch {
  readonly organizationId: string
  readonly columns: readonly Column[]
  readonly options: RowOptions
  /** What the custom attributes of the organization are. */
  readonly definitions: readonly DefinedAttribute[]
  readonly rows: readonly StagedRow[]
  readonly ledger: Ledger
  /** Whether the contacts that may change are kept from changing otherwise, which takes a transaction. A preview only looks. */
  readonly lock: boolean
  /** Those of these contacts that an earlier batch has met; the ledger knows them where all batches are decided with one. */
  readonly touched: (ids: readonly string[]) => Promise<readonly ImportedContact[]>
}

/** Rows with what is decided about them: the first ones of a batch, and at least one. */
export interface DecidedBatch {
  readonly rows: readonly ReadRow[]
  readonly decisions: readonly Decision[]
}

/** Reads the rows of a batch, finds the contacts that they can meet, and decides their outcome. Nothing is written: the import, the dry run and the preview all go this way. */
export async function decideBatch(db: Tx, batch: Batch): Promise<DecidedBatch> {
  const { ledger, options } = batch
  const { rows, contacts } = await meetContacts(db, batch)
  ledger.begin(contacts, contacts.length === 0 ? [] : await batch.touched(contacts.map(({ id }) => id)))
  const decided = decideRows(rows, ledger, { ...options, nextId: () => newId('contact') })
  const decisions = await withKeptOptOuts(db, batch.organizationId, decided)
  return { rows: rows.slice(0, decisions.length), decisions }
}

/** What a row that was kept says, or why it says nothing that could be used. */
export function readStagedRow(
  columns: readonly Column[],
  row: StagedRow,
  definitions: readonly DefinedAttribute[] = [],
): GivenRow | BadRow {
  const { rowNumber, cells, reasonCode = null, field = null, value = null, message = '', expected = null } = row
  if (reasonCode !== null) return { rowNumber, reason: { reasonCode, field, value, message, expected } }
  const draft = readRow(columns, cellsOf(columns, cells))
  typeAttributes(draft, definitions)
  return { rowNumber, draft, input: draft.input() }
}

/**
 * Normalizes the rows that are worth it, and finds the contacts that any of them can meet. Contacts are locked unless all that the rows
 * say about them is what they say already: then nothing is written, and they may change as soon as they were seen.
 */
async function meetContacts(db: Tx, batch: Batch): Promise<{ rows: ReadRow[]; contacts: KnownContact[] }> {
  const { organizationId, columns, definitions } = batch
  const given = batch.rows.map((row) => readStagedRow(columns, row, definitions))
  const guesses = given.flatMap((row) => ('input' in row ? [guessKeys(row.input, row.draft)] : []))
  const seen = byKey(await knownContacts(db, organizationId, await selectContactsByKeys(db, organizationId, guesses)))
  const rows = readAgainst(seen, given, batch)
  const looked = new Set(guesses.flatMap(keysOf))
  const isNew = (key: string) => looked.has(key) && !seen.has(key)
  // A contact that takes one of the new keys meanwhile is found by its index, and the batch is decided again.
  const wanted = rows.flatMap((row) => ('fields' in row && !keysOfRow(row).every(isNew) ? wantedKeys(row) : []))
  const find = batch.lock ? lockContactsByKeys : selectContactsByKeys
  const locked = await knownContacts(db, organizationId, await find(db, organizationId, wanted))
  const known = new Map(rows.flatMap((row) => ('contact' in row ? [[row.contact.id, row.contact]] : [])))
  return { rows, contacts: [...new Map([...known, ...locked.map((contact) => [contact.id, contact] as const)]).values()] }
}

/** Recognizes rows, and normalizes the others. Where these can meet the contact of a recognized one, that one takes the long way too. */
function readAgainst(seen: ContactsByKey, given: readonly (GivenRow | BadRow)[], { ledger, options, definitions }: Batch): ReadRow[] {
  const read = (row: GivenRow) => {
    const normal = normalize(row, options.defaultCountry)
    return 'fields' in normal ? withFittingAttributes(normal, definitions) : normal
  }
  const rows = given.map((row) => {
    if ('reason' in row) return row
    const known = recognize(row, seen, options)
    // What an earlier row of a dry run has made of the contact is not in the database.
    return known === null || ledger.isTouched(known.contact.id) ? read(row) : known
  })
  const taken = new Set(rows.flatMap((row) => ('fields' in row ? keysOfRow(row) : [])))
  return rows.map((row, index) => {
    const source = given[index]
    if (!('contact' in row) || source === undefined || 'reason' in source) return row
    return [...keysOf(row.contact.fields), ...row.contact.furtherKeys].some((key) => taken.has(key)) ? read(source) : row
  })
}

/** What a row can meet contacts by. */
function wantedKeys({ fields, phones, emails, externalIds }: NormalRow): ContactKeys[] {
  const none = { phone: null, phoneKey: null, phoneExtension: '', emailKey: null }
  return [
    { ...fields, externalKeys: externalIds.map(({ key }) => key) },
    ...phones.slice(1).map(({ value, key, extension }) => ({ ...none, phone: value, phoneKey: key, phoneExtension: extension })),
    ...emails.slice(1).map(({ key }) => ({ ...none, emailKey: key })),
  ]
}

/** Contacts with all that they are found by. One statement. */
async function knownContacts(db: Tx, organizationId: string, contacts: readonly Contact[]): Promise<KnownContact[]> {
  const ids = contacts.map(({ id }) => id)
  const addresses = groupByContact(await selectAddresses(db, organizationId, ids))
  return contacts.map((contact) => {
    const { id, revision, lifecycleStage } = contact
    const all = addresses.get(id) ?? []
    const furtherKeys = all.filter(({ isPrimary }) => !isPrimary).map(addressKeyOf)
    return { id, revision, lifecycleStage, fields: fieldsOf(contact), addresses: all, furtherKeys }
  })
}
