import { findCountry } from '../../../kernel/countries.ts'
import { countryOfCallingCode } from '../../../kernel/calling-codes.ts'
import { DomainError } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { findLanguage } from '../../../kernel/languages.ts'
import { findLifecycleStage } from '../../../kernel/lifecycle.ts'
import { maxTags, parseTag } from '../../contacts/tags.ts'
import { findTimezone } from '../../../kernel/time-zones.ts'
import type { Column } from '../columns/columns.ts'
import { readConsent, readProvenConsent } from './row-consent.ts'
import { type Cell, RowDraft } from './row-draft.ts'
import { readPreferences } from './row-preferences.ts'
import type { TextField, ValueField } from '../columns/targets.ts'
import { emailsOf, type FoundAddress, phonesOf } from '../values/addresses.ts'
import { cleanText, isEmpty, isPlaceholder, isPlaceholderOfValue, oneLine, parseJsonCell } from '../values/cells.ts'
import { consentWord } from '../values/consent-words.ts'
import { parseDate } from '../values/dates.ts'
import { tagsOf } from '../values/tags.ts'

/**
 * What a row says about its contact. An empty cell says nothing, and so does one that only says that there is no value. Of several columns for
 * one field the one of the best rank that is understood counts; the others are kept as custom attributes under their own names, and so is
 * everything that is not understood.
 * @param cells of the columns, in their order: texts, or what JSON has
 */
export function readRow(columns: readonly Column[], cells: readonly unknown[]): RowDraft {
  const draft = new RowDraft()
  for (const [index, column] of columns.entries()) {
    const given = cells[index]
    if (given === undefined || given === null || given === '') continue
    const cell = typeof given === 'string' ? cleanText(given) : given
    if (isEmpty(cell) || (typeof cell === 'string' && isPlaceholder(cell) && column.target.kind !== 'value')) continue
    readCell(draft, { column, index, cell, cells, columns })
  }
  return draft
}

function readCell(draft: RowDraft, given: Cell): void {
  const { column, index, cell } = given
  const { name, target } = column
  switch (target.kind) {
    case 'phone':
      return readPhones(draft, given, target.rank)
    case 'email':
      return readEmails(draft, given, target.rank)
    case 'text':
      return readText(draft, given, target.field, target.rank)
    case 'value':
      return readValue(draft, given, target.field, target.rank)
    case 'diallingCode':
      draft.diallingCountry ??= typeof cell === 'string' || typeof cell === 'number' ? countryOfCallingCode(String(cell)) : null
      return draft.keep(name, cell)
    case 'tags':
      return readTags(draft, given)
    case 'attributes':
      return readAttributes(draft, given)
    case 'attribute':
      return draft.keep(target.key, cell)
    case 'firstSeen':
      return readFirstSeen(draft, given)
    case 'externalId':
      return readExternalId(draft, given, target.system, cell)
    case 'externalIds':
      return readExternalIds(draft, given)
    case 'consent':
      return readConsent(draft, given, target)
    case 'provenConsent':
      return readProvenConsent(draft, given, target)
    case 'preferences':
      return readPreferences(draft, given)
    case 'ignored':
      return undefined
    default:
      throw new TypeError(`There is no such target for column ${index}.`)
  }
}

/** A word that says which kind of number or address it is, in the cell of the label. */
const labelRanks: readonly (readonly [RegExp, number])[] = [
  [/fax|pager/i, 9],
  [/mobile?|cell|iphone|handy|portable|m[oó]vil|celular|telem|gsm|kom[oó]r/i, 0],
  [
    /work|home|other|business|office|arbeit|privat|gesch|travail|bureau|domicile|trabajo|casa|lavoro|ufficio|werk|thuis|zakelijk|praca|dom|obsolete/i,
    2,
  ],
]

/** The cell of the label; Google marks the one of a preferred number with a star. */
function labelOf({ column, cells }: Cell): string | null {
  const label = column.label === undefined ? undefined : cells[column.label]
  const text = typeof label === 'string' ? oneLine(cleanText(label)).replace(/^\*\s*/, '') : ''
  return text === '' ? null : text
}

function rankOf(label: string | null, rank: number): number {
  return label === null ? rank : (labelRanks.find(([pattern]) => pattern.test(label))?.[1] ?? rank)
}

/** A list that says which address is the primary one says what the others are for, too. */
function unlabelled({ isPrimary }: FoundAddress): string | null {
  return isPrimary === null ? null : ''
}

/** Of the addresses of a list the primary one comes before the others, and behind a column of its own. */
function rankInList({ isPrimary }: FoundAddress, list: readonly FoundAddress[], rank: number): number {
  if (isPrimary === true) return rank + 0.5
  return isPrimary === false || list.some((other) => other.isPrimary === true) ? rank + 1.5 : rank
}

function readPhones(draft: RowDraft, given: Cell, rank: number): void {
  const { column, index, cell } = given
  const phones = phonesOf(cell)
  const labelOfColumn = labelOf(given)
  const own = rankOf(labelOfColumn, rank)
  if (phones.length === 0 && !(typeof cell === 'string' && isPlaceholderOfValue(cell)))
    return draft.misunderstood(given, 'phone', 'a phone number')
  for (const found of phones) {
    const { text } = found
    if (own === 9) draft.keepFurther(column.name, text)
    else
      draft.phones.push({
        text,
        column: column.name,
        index,
        rank: rankInList(found, phones, own),
        label: found.label ?? labelOfColumn ?? unlabelled(found),
      })
  }
}

function readEmails(draft: RowDraft, given: Cell, rank: number): void {
  const { column, index, cell } = given
  const emails = emailsOf(cell)
  if (emails.length === 0 && !(typeof cell === 'string' && isPlaceholderOfValue(cell)))
    return draft.misunderstood(given, 'email', 'an address such as ana@example.com')
  const labelOfColumn = labelOf(given)
  for (const found of emails) {
    const { text } = found
    draft.emails.push({
      text,
      column: column.name,
      index,
      rank: rankInList(found, emails, rank),
      label: found.label ?? labelOfColumn ?? unlabelled(found),
    })
    draft.nameBesideEmail ??= found.name
  }
}

function readExternalId(draft: RowDraft, given: Cell, system: string, cell: unknown): void {
  const { column, index } = given
  const text = typeof cell === 'string' ? oneLine(cell) : typeof cell === 'number' ? String(cell) : ''
  if (text === '') return draft.misunderstood(given, 'externalId', 'the id of the contact in the other system')
  // A spreadsheet makes 1234.0 of 1234, and Shopify keeps it from doing so with an apostrophe.
  if (!isPlaceholderOfValue(text))
    draft.externalIds.push({ system, text: text.replace(/^'?(\d+)(?:\.0+)?$/, '$1'), column: column.name, index })
}

/** The column of our own export: a list of systems with values, or an object with the values by their systems. */
function readExternalIds(draft: RowDraft, given: Cell): void {
  const { cell } = given
  const value = typeof cell === 'string' ? parseJsonCell(cell) : cell
  const ids = pairsOf(value)
  if (ids === null) return draft.misunderstood(given, 'externalIds', '[{"system": "crm", "value": "4711"}]')
  for (const [system, id] of ids) readExternalId(draft, given, system, id)
}

function pairsOf(value: unknown): (readonly [string, string | number])[] | null {
  const list = Array.isArray(value)
    ? value.map((item: unknown) => (isJsonObject(item) ? [item['system'], item['value']] : []))
    : isJsonObject(value)
      ? Object.entries(value)
      : [[]]
  const ids = list.flatMap(([system, id]) =>
    typeof system === 'string' && (typeof id === 'string' || typeof id === 'number') ? [[system, id] as const] : [],
  )
  return ids.length === list.length ? ids : null
}

function readText(draft: RowDraft, given: Cell, field: TextField, rank: number): void {
  const { column, index, cell } = given
  const text = typeof cell === 'string' ? oneLine(cell) : typeof cell === 'number' ? String(cell) : nameOfObject(cell)
  if (text === null) return draft.misunderstood(given, field, 'a text')
  draft.offer(field, text, { rank, column: column.name, index, cell })
}

/** A company of JSON can be an object with a name, or a list of these. */
function nameOfObject(cell: unknown): string | null {
  const item: unknown = Array.isArray(cell) ? cell[0] : isJsonObject(cell) && Array.isArray(cell['data']) ? cell['data'][0] : cell
  if (!isJsonObject(item)) return null
  const name = item['name'] ?? item['companyname']
  return typeof name === 'string' ? oneLine(name) : null
}

/** What was understood of texts of each field: files repeat a few values in many rows. */
const understand: Readonly<Record<ValueField, (text: string) => string | null>> = {
  countryCode: findCountry,
  timezone: findTimezone,
  language: (text) =>
    findLanguage(text) ??
    text
      .split(/[;,|\n]/)
      .map(findLanguage)
      .find((code) => code !== null) ??
    null,
  lifecycleStage: findLifecycleStage,
}

const expected: Readonly<Record<ValueField, string>> = {
  countryCode: 'an ISO 3166-1 code or the name of a country, such as US, DEU or Germany',
  timezone: 'an IANA time zone name, such as Europe/Berlin',
  language: 'an ISO 639-1 code, a BCP 47 tag or the name of a language, such as en, pt-BR or German',
  lifecycleStage: 'one of subscriber, lead, qualified, opportunity, customer, advocate, churned',
}

function readValue(draft: RowDraft, given: Cell, field: ValueField, rank: number): void {
  const { column, index, cell } = given
  const text = typeof cell === 'string' || typeof cell === 'number' ? String(cell) : nameOfObject(cell)
  if (text === null) return draft.misunderstood(given, field, expected[field])
  const value = understand[field](text)
  if (value !== null) return draft.offer(field, value, { rank, column: column.name, index, cell })
  if (isPlaceholderOfValue(text)) return undefined
  if (field === 'countryCode') {
    const ofCallingCode = /^\s*(?:\+|00)?\d{1,3}\s*$/.test(text) ? countryOfCallingCode(text) : null
    if (ofCallingCode === null) draft.countryUnknown = true
    else {
      draft.diallingCountry ??= ofCallingCode
      return draft.keep(column.name, cell)
    }
  }
  // A lead's status is no stage, though some tools have both in one column.
  if (field === 'lifecycleStage' && rank > 1) {
    if (consentWord(text) === 'out')
      draft.consents.push({
        channels: /contact/i.test(text) ? 'all' : ['email'],
        state: 'opted_out',
        recordedAt: null,
        textVersion: null,
        proofUrl: null,
        exported: null,
      })
    return draft.keep(column.name, cell)
  }
  draft.misunderstood(given, field, expected[field])
}

function readTags(draft: RowDraft, given: Cell): void {
  const found = tagsOf(given.cell)
  if (found === null) return draft.misunderstood(given, 'tags', 'tags separated by commas')
  const bad = found.filter((tag) => !isTag(tag))
  const good = [...draft.tags, ...found.filter(isTag)]
  draft.tags = good.slice(0, maxTags)
  const left = [...bad, ...good.slice(maxTags)]
  if (left.length > 0)
    draft.misunderstood({ ...given, cell: left.length === 1 ? left[0] : left }, 'tags', 'at most 100 tags of at most 64 characters')
}

function isTag(text: string): boolean {
  try {
    parseTag(text)
    return true
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

function readAttributes(draft: RowDraft, given: Cell): void {
  const { cell } = given
  const value = typeof cell === 'string' ? parseJsonCell(cell) : cell
  if (!isJsonObject(value)) return draft.misunderstood(given, 'customAttributes', 'a JSON object, such as {"plan": "pro"}')
  // Nothing that is stored is removed by an import, so null says as little as an empty cell.
  for (const [key, item] of Object.entries(value)) if (item !== null) draft.keepTyped(key, item)
}

function readFirstSeen(draft: RowDraft, given: Cell): void {
  const date = parseDate(given.cell)
  if (date === null) return draft.misunderstood(given, 'firstSeenAt', 'a date such as 2024-02-03 or 2024-02-03T10:00:00Z')
  draft.keep('first_seen_at', date.toISOString())
}
