import type { LawfulBasis } from '../../../data/generated/client.ts'
import { type ChannelName, channels } from '../../../kernel/channels.ts'
import { DomainError } from '../../../kernel/errors.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { addressKindOf, parseAddress } from '../../consent/channels.ts'
import { parseJsonCell } from '../values/cells.ts'
import { parseDate } from '../values/dates.ts'
import type { Cell, RowDraft } from './row-draft.ts'

const lawfulBases: readonly LawfulBasis[] = [
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
]

/**
 * Reads the column `preferences` of an export: consent by channel, each with its state, address, source, time and proof. A state alone is
 * enough for an opt-out. An opt-in without a text version or a proof is kept as a custom attribute, and so is anything that is not
 * consent by channel.
 */
export function readPreferences(draft: RowDraft, given: Cell): void {
  const { column, cell } = given
  const value = typeof cell === 'string' ? parseJsonCell(cell) : cell
  if (!isJsonObject(value) || !Object.keys(value).every(isChannel)) return draft.keep(column.name, cell)
  for (const channel of channels) {
    const entry = value[channel]
    if (entry !== undefined) readEntry(draft, given, channel, entry)
  }
}

function isChannel(name: string): name is ChannelName {
  return channels.some((channel) => channel === name)
}

function readEntry(draft: RowDraft, { column, index }: Cell, channel: ChannelName, entry: unknown): void {
  const fields: Readonly<Record<string, unknown>> = isJsonObject(entry) ? entry : { state: entry }
  const { state } = fields
  if (state === 'unknown' || state === 'pending' || state === null) return
  const text = (name: string, max: number) => textOf(fields[name], max)
  const recordedAt = parseDate(fields['recorded_at'])
  const textVersion = text('text_version', 100)
  const proofUrl = text('proof_url', 2000)
  const addressKey = keyOf(channel, fields['address'])
  const own = { channels: [channel], recordedAt, textVersion, proofUrl }
  const lawfulBasis = lawfulBases.find((basis) => basis === fields['lawful_basis']) ?? null
  const beside = { source: text('source', 100), lawfulBasis, purpose: text('purpose', 200), validUntil: parseDate(fields['valid_until']) }
  if (state === 'opted_out') {
    // An address that is not understood loses no opt-out: it holds for the person.
    draft.consents.push({ ...own, state, exported: { ...beside, addressKey: addressKey ?? null } })
  } else if (state !== 'opted_in' || addressKey === undefined) {
    const expected = 'opted_in, opted_out or unknown, with the address that it holds for'
    draft.misunderstood({ column: { name: `${column.name}.${channel}` }, cell: entry, index }, 'preference', expected)
  } else if (textVersion === null && proofUrl === null) {
    draft.keep(`${column.name}.${channel}`, entry)
    draft.warnings.push({ code: 'CONSENT_WITHOUT_PROOF', column: column.name, field: null })
  } else {
    draft.consents.push({ ...own, state, exported: { ...beside, addressKey } })
  }
}

function textOf(value: unknown, max: number): string | null {
  return typeof value === 'string' && value.trim() !== '' && value.length <= max ? value.trim() : null
}

/** The key of the address of an entry; null if none is named, undefined if it is not understood. */
function keyOf(channel: ChannelName, address: unknown): string | null | undefined {
  if (address === undefined || address === null || address === '' || addressKindOf(channel) === null) return null
  if (typeof address !== 'string') return undefined
  try {
    return parseAddress(address, channel, null, 'address')
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}
