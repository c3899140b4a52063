import { plainName } from '../columns/recognize-columns.ts'
import type { Cell, RowDraft } from './row-draft.ts'
import type { ProvenConsent, Target } from '../columns/targets.ts'
import { cleanText, isEmpty, isPlaceholder } from '../values/cells.ts'
import { consentWord, consentWordBeforeRemark } from '../values/consent-words.ts'
import { parseDate } from '../values/dates.ts'

type ConsentTarget = Extract<Target, { kind: 'consent' }>

/**
 * Reads a column about consent. Whatever says that the person does not want to be reached becomes an opt-out. An opt-in without proof is
 * kept as a custom attribute: the state stays unknown.
 */
export function readConsent(draft: RowDraft, { column, cell }: Cell, { says, channels }: ConsentTarget): void {
  // A "no" with a remark is no opt-in, and may still be an opt-out.
  const word = says === 'opt_out' || says === 'opt_out_time' ? consentWord(cell) : consentWordBeforeRemark(cell)
  const optOut = (recordedAt: Date | null) =>
    void draft.consents.push({ channels, state: 'opted_out', recordedAt, textVersion: null, proofUrl: null, exported: null })
  switch (says) {
    case 'opt_out':
      // Any other text in such a column ("calls only on Mondays", a date) says more than no.
      if (word === 'no' || word === 'in' || word === 'neutral' || isNothing(cell)) return
      optOut(parseDate(cell))
      if (word === null) draft.keep(column.name, cell)
      return
    case 'opt_out_time':
      if (word === 'no' || word === 'in' || word === 'neutral' || isNothing(cell)) return
      optOut(parseDate(cell))
      draft.keep(column.name, cell)
      return
    case 'opt_in':
      if (word === 'no' || word === 'out') return optOut(null)
      if (cell === 'unknown') return
      draft.keep(column.name, cell)
      if (word === 'yes' || word === 'in' || parseDate(cell) !== null)
        draft.warnings.push({ code: 'CONSENT_WITHOUT_PROOF', column: column.name, field: null })
      return
    case 'reason':
      if (word !== 'in' && word !== 'neutral' && !isNothing(cell)) optOut(null)
      return
    case 'status':
      if (word === 'out' && cell !== 'disabled' && cell !== 'archived') optOut(null)
      draft.keep(column.name, cell)
  }
}

function isNothing(cell: unknown): boolean {
  return isEmpty(cell) || (typeof cell === 'string' && isPlaceholder(cell))
}

/** Reads a column that the caller maps as consent with proof. Its no is an opt-out; its yes an opt-in, if the row has the proof. */
export function readProvenConsent(draft: RowDraft, { column, cell, cells, columns }: Cell, target: ProvenConsent): void {
  const word = consentWordBeforeRemark(cell)
  const channels = [target.channel]
  const valueOf = (name: string | null): unknown => {
    const index = name === null ? -1 : columns.findIndex((other) => plainName(other.name) === plainName(name))
    const value = index === -1 ? undefined : cells[index]
    const text = typeof value === 'string' ? cleanText(value) : value
    return isNothing(text) ? undefined : text
  }
  if (word === 'no' || word === 'out') {
    draft.consents.push({
      channels,
      state: 'opted_out',
      recordedAt: parseDate(valueOf(target.timeColumn)),
      textVersion: null,
      proofUrl: null,
      exported: null,
    })
    return
  }
  draft.keep(column.name, cell)
  if (word === 'neutral') return
  const proof = valueOf(target.proofColumn)
  const isUrl = typeof proof === 'string' && /^https?:\/\/\S+$/i.test(proof) && proof.length <= 2000
  const text =
    proof === undefined || isUrl
      ? null
      : `${target.proofColumn ?? ''}: ${typeof proof === 'string' ? proof : JSON.stringify(proof)}`.slice(0, 100)
  const textVersion = target.textVersion ?? text
  const proofUrl = isUrl ? proof : target.proofUrl
  if (textVersion === null && proofUrl === null) {
    draft.warnings.push({ code: 'CONSENT_WITHOUT_PROOF', column: column.name, field: null })
    return
  }
  const recordedAt = parseDate(valueOf(target.timeColumn)) ?? parseDate(proof) ?? parseDate(cell)
  draft.consents.push({ channels, state: 'opted_in', recordedAt, textVersion, proofUrl, exported: null })
}
