import { channels, type ChannelName } from '../../../kernel/channels.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { shorten, snakeCase } from '../../../kernel/text.ts'
import type { ConsentKind, Spec } from './vocabulary/vocabulary.ts'

/** A name, a company or an extension: a text that is kept as it is written. */
export type TextField = 'firstName' | 'lastName' | 'displayName' | 'company' | 'phoneExtension'

/** A value of a closed set, which is understood or not. */
export type ValueField = 'countryCode' | 'timezone' | 'language' | 'lifecycleStage'

/** What a column of an upload becomes. The rank orders columns of one field: 0 is preferred. */
export type Target =
  | { readonly kind: 'phone'; readonly rank: number }
  | { readonly kind: 'email'; readonly rank: number }
  | { readonly kind: 'text'; readonly field: TextField; readonly rank: number }
  | { readonly kind: 'value'; readonly field: ValueField; readonly rank: number }
  | { readonly kind: 'diallingCode' }
  | { readonly kind: 'tags' }
  | { readonly kind: 'attributes' }
  | { readonly kind: 'attribute'; readonly key: string; readonly known: boolean }
  | { readonly kind: 'firstSeen' }
  | { readonly kind: 'externalId'; readonly system: string }
  /** The ids of any systems, as our own export writes them. */
  | { readonly kind: 'externalIds' }
  | { readonly kind: 'consent'; readonly says: ConsentKind | 'reason'; readonly channels: readonly ChannelName[] }
  | ProvenConsent
  /** The consent of all channels with its proof, as our own export writes it. */
  | { readonly kind: 'preferences' }
  | { readonly kind: 'ignored' }

/** A column that the caller maps as consent with proof: its yes becomes an opt-in. */
export interface ProvenConsent {
  readonly kind: 'provenConsent'
  readonly channel: ChannelName
  readonly proofColumn: string | null
  readonly proofUrl: string | null
  readonly textVersion: string | null
  readonly timeColumn: string | null
}

const textFields: Readonly<Record<string, TextField>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  display_name: 'displayName',
  company: 'company',
  phone_extension: 'phoneExtension',
}

const valueFields: Readonly<Record<string, ValueField>> = {
  country_code: 'countryCode',
  timezone: 'timezone',
  language: 'language',
  lifecycle_stage: 'lifecycleStage',
}

const ranks: Readonly<Record<string, number>> = { mobile: 0, other: 2 }

/** The target that an entry of the tables of names stands for; `name` is decided by the columns beside it. */
export function targetOfSpec(spec: Exclude<Spec, 'name'>, column: string): Target {
  const [base = '', detail = ''] = spec.split(':')
  const rank = ranks[detail] ?? 1
  const text = textFields[base]
  if (text !== undefined) return { kind: 'text', field: text, rank }
  const value = valueFields[base]
  if (value !== undefined) return { kind: 'value', field: value, rank }
  switch (base) {
    case 'phone':
    case 'email':
      return { kind: base, rank }
    case 'dialling_code':
      return { kind: 'diallingCode' }
    case 'tags':
      return { kind: 'tags' }
    case 'custom_attributes':
      return { kind: 'attributes' }
    case 'preferences':
      return { kind: 'preferences' }
    case 'external_ids':
      return { kind: 'externalIds' }
    case 'external_id':
      return { kind: 'externalId', system: detail }
    case 'opt_out':
    case 'opt_in':
    case 'opt_out_time':
    case 'status':
      return { kind: 'consent', says: base, channels: channelsOf(detail) }
    case 'ignored':
      return { kind: 'ignored' }
    default:
      return { kind: 'attribute', key: column, known: true }
  }
}

/** An opt-out of text messages holds for RCS too: it is the same number and the same app. */
function channelsOf(detail: string): readonly ChannelName[] {
  if (detail === 'all') return channels
  if (detail === 'sms') return ['rcs', 'sms']
  return channels.filter((channel) => channel === detail)
}

/** How a job and a preview name what a column becomes; null if it is left out. */
export function becomes(target: Target): string | null {
  switch (target.kind) {
    case 'phone':
    case 'email':
    case 'tags':
    case 'preferences':
      return target.kind
    case 'text':
    case 'value':
      return snakeCase(target.field)
    case 'diallingCode':
      return 'phone_prefix'
    case 'attributes':
      return 'custom_attributes'
    case 'attribute':
      return `custom_attributes.${target.key}`
    case 'firstSeen':
      return 'first_seen_at'
    case 'externalId':
      return `external_ids.${target.system}`
    case 'externalIds':
      return 'external_ids'
    case 'consent':
      return `opt_out.${consentName(target.channels)}`
    case 'provenConsent':
      return `consent.${target.channel}`
    case 'ignored':
      return null
  }
}

function consentName(names: readonly ChannelName[]): string {
  if (names.length === channels.length) return 'all'
  return names.includes('sms') ? 'sms' : (names[0] ?? 'all')
}

const mappable = [
  'phone',
  'phone_extension',
  'email',
  ...Object.keys(textFields).filter((name) => name !== 'phone_extension'),
  ...Object.keys(valueFields),
  'tags',
  'custom_attributes',
  'custom_attributes.<key>',
  'phone_numbers',
  'email_addresses',
  'external_ids',
  'external_ids.<system>',
  'first_seen_at',
  'preferences',
  'opt_out.<channel>',
  'opt_out.all',
]

/**
 * Accepts what a caller maps a column to: the name of a field in snake_case or camelCase, `custom_attributes.<key>`,
 * `external_ids.<system>`, `first_seen_at`, `opt_out.<channel>`, null to leave the column out, or consent with its proof.
 * @throws InvalidInput
 */
export function parseTarget(given: unknown, column: string): Target {
  if (given === null) return { kind: 'ignored' }
  if (isJsonObject(given)) return parseProvenConsent(given, column)
  const name = typeof given === 'string' ? snakeCase(given.trim()) : ''
  const [head = '', ...rest] = typeof given === 'string' ? given.trim().split('.') : []
  const tail = rest.join('.')
  const base = snakeCase(head)
  if (tail !== '') {
    if (base === 'custom_attributes' || base === 'metadata') return { kind: 'attribute', key: tail, known: true }
    if (base === 'external_ids' && /^[a-z0-9_]{1,40}$/.test(tail)) return { kind: 'externalId', system: tail }
    const named = tail === 'all' ? channels : channels.filter((channel) => channel === tail.toLowerCase())
    if ((base === 'opt_out' || base === 'opt_in') && named.length > 0) return { kind: 'consent', says: base, channels: named }
  } else {
    if (name === 'first_seen_at') return { kind: 'firstSeen' }
    if (name === 'phone_prefix') return { kind: 'diallingCode' }
    if (name === 'metadata') return { kind: 'attributes' }
    if (name === 'phone_numbers') return { kind: 'phone', rank: 1 }
    if (name === 'email_addresses') return { kind: 'email', rank: 1 }
    if (name === 'opt_out') return { kind: 'consent', says: 'opt_out', channels }
    if (name === 'country') return { kind: 'value', field: 'countryCode', rank: 1 }
    // proof: every one of these names is an entry that the tables can have
    if (mappable.includes(name)) return targetOfSpec(name as Exclude<Spec, 'name'>, column)
  }
  throw unknownTarget(given, column)
}

function unknownTarget(given: unknown, column: string): InvalidInput {
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  return new InvalidInput(`The column ${shorten(column)} cannot become ${shorten(text)}: there is no such field.`, {
    field: 'columns',
    value: shorten(text),
    expected: `one of ${mappable.join(', ')}, {"consent": "<channel>", "proof_column": "<column>"}, or null to leave the column out`,
  })
}

function parseProvenConsent(given: Readonly<Record<string, unknown>>, column: string): ProvenConsent {
  const text = (...names: string[]): string | null => {
    const value = names.map((name) => given[name]).find((item) => item !== undefined && item !== null)
    if (value === undefined) return null
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    throw unknownTarget(given, column)
  }
  const known = [
    'consent',
    'proof_column',
    'proofColumn',
    'proof_url',
    'proofUrl',
    'text_version',
    'textVersion',
    'time_column',
    'timeColumn',
  ]
  const channel = channels.find((name) => name === text('consent')?.toLowerCase())
  if (channel === undefined || Object.keys(given).some((key) => !known.includes(key))) throw unknownTarget(given, column)
  const proof = {
    proofColumn: text('proof_column', 'proofColumn'),
    proofUrl: text('proof_url', 'proofUrl'),
    textVersion: text('text_version', 'textVersion'),
  }
  if (Object.values(proof).every((value) => value === null)) {
    throw new InvalidInput(`The column ${shorten(column)} is mapped as consent without proof. Name the column that holds it.`, {
      field: 'columns',
      expected: '{"consent": "<channel>", "proof_column": "<column>"}, or text_version or proof_url in its place',
    })
  }
  return { kind: 'provenConsent', channel, ...proof, timeColumn: text('time_column', 'timeColumn') }
}
