import { type ChannelName, channels } from '../../../kernel/channels.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { shorten, snakeCase, textFault } from '../../../kernel/text.ts'
import { plainName, recognizeColumns } from './recognize-columns.ts'
import { isSuppressionList, ofSuppressionList, suppressionListLayout } from './suppression-list.ts'
import { parseTarget, type Target, targetOfSpec } from './targets.ts'
import { cleanText, oneLine } from '../values/cells.ts'
import type { Spec } from './vocabulary/vocabulary.ts'

export interface Column {
  /** As the upload writes it. */
  readonly name: string
  readonly target: Target
  /** The column that says what kind of number or address this one holds, by its index: `Phone 1 - Label` for `Phone 1 - Value`. */
  readonly label?: number
}

/** What the columns of an upload become. */
export interface ColumnPlan {
  readonly columns: readonly Column[]
  /** The tool whose layout the upload has; null if it has none that is known. */
  readonly tool: string | null
  /** Whether the upload has the header of our own export. */
  readonly isOwn: boolean
  /** Whether it is a list of addresses that must not be used, with a reason for each. */
  readonly isSuppressionList: boolean
}

/** What stands in front of the columns of a `skipped.csv`; an upload that begins with it is such a file, corrected. */
export const reasonColumns = ['row_number', 'reason_code', 'field', 'value', 'message', 'expected'] as const

/** The same in files of older versions. */
const olderReasonColumns = reasonColumns.slice(0, -1)

/** The columns of our own export that say how a contact came to be. Only in this very spelling: `Source` may be anybody's. */
const readOnly = new Set(['id', 'revision', 'is_blocked', 'source', 'created_at', 'updated_at'])

/** The columns of our own export that are read. */
const ownNames: Readonly<Record<string, Exclude<Spec, 'name'>>> = {
  phone: 'phone',
  phone_extension: 'phone_extension',
  email: 'email',
  first_name: 'first_name',
  last_name: 'last_name',
  display_name: 'display_name',
  company: 'company',
  country_code: 'country_code',
  timezone: 'timezone',
  language: 'language',
  lifecycle_stage: 'lifecycle_stage',
  tags: 'tags',
  custom_attributes: 'custom_attributes',
  preferences: 'preferences',
  phone_numbers: 'phone',
  email_addresses: 'email',
  external_ids: 'external_ids',
}

/** The columns of our own API that mean the same in any file: no other tool calls its columns so. */
const lists: Readonly<Record<string, Exclude<Spec, 'name'>>> = {
  preferences: 'preferences',
  phone_numbers: 'phone',
  email_addresses: 'email',
  external_ids: 'external_ids',
}

/** The most columns that an upload can have. */
const maxColumns = 1000

/** What a caller maps columns to, by their names. */
export type ColumnMapping = Readonly<Record<string, unknown>>

/**
 * Decides what the columns of an upload become: what the caller maps them to, else what our own export means by their names, else what the
 * tables of the tools and languages say, else custom attributes.
 * @throws InvalidInput for a mapping of a column that the upload does not have, or to a field that does not exist
 */
export function planColumns(names: readonly string[], mapping: ColumnMapping | null): ColumnPlan {
  const mapped = mappedColumns(names, mapping)
  const { tool, specs } = recognizeColumns(names)
  const isOwn = names.length > 0 && names.every(isOwnName)
  const resolved = specs.map((spec, index) => (mapped.has(index) ? null : spec))
  const columns = names.map((name, index): Column => {
    const target = mapped.get(index) ?? targetOf(name, resolved, { index, isOwn })
    const label = labelOf(names, index)
    return label === null || (target.kind !== 'phone' && target.kind !== 'email') ? { name, target } : { name, target, label }
  })
  if (mapped.size === 0 && isSuppressionList(columns)) {
    return { columns: ofSuppressionList(columns), tool: suppressionListLayout, isOwn: false, isSuppressionList: true }
  }
  return { columns: withProofs(columns), tool: isOwn ? null : tool, isOwn, isSuppressionList: false }
}

/** Whether a column is one of our own export's: in REST's spelling, or in that of GraphQL. */
function isOwnName(name: string): boolean {
  const own = ownSpelling(name)
  return (
    Object.hasOwn(ownNames, own) ||
    readOnly.has(own) ||
    /^custom_attributes\../.test(own) ||
    channelOf(name) !== null ||
    systemOf(name) !== null
  )
}

/** The channel of a column `preferences.<channel>`. */
function channelOf(name: string): ChannelName | null {
  return channels.find((channel) => name === `preferences.${channel}`) ?? null
}

/** The system of a column `external_ids.<system>`. */
function systemOf(name: string): string | null {
  return /^(?:external_ids|externalIds)\.([a-z0-9_]{1,40})$/.exec(name)?.[1] ?? null
}

function ownSpelling(name: string): string {
  return /^[a-z]+(?:[A-Z][a-z]+)+(?:\.|$)/.test(name) ? snakeCase(name) : name
}

function mappedColumns(names: readonly string[], mapping: ColumnMapping | null): Map<number, Target> {
  const mapped = new Map<number, Target>()
  for (const [column, given] of Object.entries(mapping ?? {})) {
    const target = parseTarget(given, column)
    const exact = names.flatMap((name, index) => (name === column ? [index] : []))
    const similar = exact.length > 0 ? exact : names.flatMap((name, index) => (plainName(name) === plainName(column) ? [index] : []))
    if (similar.length === 0) {
      throw new InvalidInput(`The upload has no column ${shorten(column)}.`, {
        field: 'columns',
        value: shorten(column),
        expected: `one of ${shorten(names.join(', '))}`,
      })
    }
    for (const index of similar) mapped.set(index, target)
    if (target.kind === 'provenConsent') requireColumns(names, column, [target.proofColumn, target.timeColumn])
  }
  return mapped
}

function requireColumns(names: readonly string[], column: string, wanted: readonly (string | null)[]): void {
  for (const name of wanted) {
    if (name === null || names.some((other) => plainName(other) === plainName(name))) continue
    throw new InvalidInput(`The upload has no column ${shorten(name)}, which is named as the proof of ${shorten(column)}.`, {
      field: 'columns',
      value: shorten(name),
      expected: `one of ${shorten(names.join(', '))}`,
    })
  }
}

/** The columns of a proof are kept as attributes, whatever else their names might mean. */
function withProofs(columns: readonly Column[]): Column[] {
  const proofs = new Set(
    columns
      .flatMap(({ target }) => (target.kind === 'provenConsent' ? [target.proofColumn, target.timeColumn] : []))
      .map((name) => (name === null ? '' : plainName(name))),
  )
  return columns.map((column) =>
    column.target.kind !== 'provenConsent' && proofs.has(plainName(column.name))
      ? { ...column, target: { kind: 'attribute', key: column.name, known: true } }
      : column,
  )
}

interface Neighbours {
  readonly index: number
  readonly isOwn: boolean
}

function targetOf(name: string, specs: readonly (Spec | null)[], { index, isOwn }: Neighbours): Target {
  // Our own export's columns say how a contact came to be; another tool's that are called the same say it of that tool.
  if (isOwn && readOnly.has(ownSpelling(name))) return { kind: 'ignored' }
  const own = isOwn ? ownNames[ownSpelling(name)] : undefined
  if (own !== undefined) return targetOfSpec(own, name)
  const ofKey = /^(?:custom_attributes|customAttributes|metadata)\.(.+)$/s.exec(name)?.[1]
  if (ofKey !== undefined) return { kind: 'attribute', key: ofKey, known: true }
  const spelling = ownSpelling(name)
  const list = Object.hasOwn(lists, spelling) ? lists[spelling] : undefined
  if (list !== undefined) return targetOfSpec(list, name)
  const system = systemOf(name)
  if (system !== null) return { kind: 'externalId', system }
  const channel = channelOf(name)
  if (channel !== null) return { kind: 'consent', says: 'opt_in', channels: [channel] }
  const spec = specs[index] ?? null
  if (spec === null) return { kind: 'attribute', key: name, known: false }
  return targetOfSpec(spec === 'name' ? meaningOfName(specs) : spec, name)
}

/** A column called "Name" is the part of the name for which there is no column beside it, or the whole of it. */
function meaningOfName(specs: readonly (Spec | null)[]): 'first_name' | 'last_name' | 'display_name' {
  const has = (spec: 'first_name' | 'last_name') => specs.includes(spec) || specs.includes(`${spec}:other`)
  const [hasFirst, hasLast] = [has('first_name'), has('last_name')]
  if (hasFirst === hasLast) return 'display_name'
  return hasFirst ? 'last_name' : 'first_name'
}

/** The column with the label or type of a number or an address, as Google's layouts have it. */
function labelOf(names: readonly string[], index: number): number | null {
  const stem = /^(.*\d)value$/.exec(plainName(names[index] ?? ''))?.[1]
  if (stem === undefined) return null
  const found = names.findIndex((name) => plainName(name) === `${stem}label` || plainName(name) === `${stem}type`)
  return found === -1 ? null : found
}

/**
 * Accepts the header of a file.
 * @throws InvalidInput if a name cannot be kept, or no column can hold a phone number or an email address
 */
export function parseHeader(cells: readonly string[], mapping: ColumnMapping | null): string[] {
  const names = cells.map((cell, index) => parseColumnName(oneLine(cleanText(cell)) || `Column ${index + 1}`))
  requireFewColumns(names.length)
  const { columns } = planColumns(names, mapping)
  if (!columns.some(isAddress)) {
    throw new InvalidInput('The header has no column for a phone number or an email address; its first line must name the columns.', {
      field: 'csv',
      value: shorten(cells.join(', ')),
      expected: 'a column called phone or email, among others, or a mapping of columns to them',
    })
  }
  return names
}

/** Whether a column holds what a contact can be reached at. */
export function isAddress({ target }: Column): boolean {
  return target.kind === 'phone' || target.kind === 'email'
}

/** How many columns of a line a table of names has: a header has several, and data hardly any. */
export function knownColumns(cells: readonly string[]): number {
  return recognizeColumns(cells).specs.filter((spec) => spec !== null).length
}

/** Whether a line could be the header of a file: it has a column for an address. */
export function canBeHeader(cells: readonly string[]): boolean {
  return planColumns(cells, null).columns.some(isAddress)
}

/** How many columns of a `skipped.csv` that comes back are ours, and not read; 0 for any other file. */
export function ownColumnsOfSkipped(cells: readonly string[]): number {
  if (reasonColumns.every((name, index) => cells[index] === name)) return reasonColumns.length
  return olderReasonColumns.every((name, index) => cells[index] === name) ? olderReasonColumns.length : 0
}

/** Accepts the name of one column. @throws InvalidInput */
export function parseColumnName(name: string): string {
  const fault = textFault(name, { max: 200 })
  if (fault === null) return name
  throw new InvalidInput(`The name of a column ${fault.is}.`, { field: 'columns', value: shorten(name), expected: fault.expected })
}

/** @throws InvalidInput for more columns than an upload can have */
export function requireFewColumns(count: number): void {
  if (count <= maxColumns) return
  throw new InvalidInput(`The upload has more than ${maxColumns.toLocaleString('en')} different columns.`, {
    field: 'columns',
    expected: `at most ${maxColumns.toLocaleString('en')} columns`,
  })
}
