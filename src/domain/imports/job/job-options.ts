import type { ImportJob } from '../../../data/generated/client.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { type Column, planColumns } from '../columns/columns.ts'
import type { ImportKey, RowOptions } from '../rows/rows.ts'
import type { ReasonCount, WarningSummary } from '../rows/warnings.ts'

/** What a job keeps of its options beside those that have a column. */
export interface KeptOptions {
  readonly matchBy: readonly ImportKey[] | null
  readonly tags: RowOptions['tags']
  readonly addTags: readonly string[]
  /** The tool whose layout the upload has. */
  readonly tool: string | null
  readonly isSuppressionList: boolean
}

/** A column of a job with the first values in it. */
export interface KeptColumn extends Column {
  readonly samples: readonly string[]
}

/** What the columns of a job become. Jobs of older versions have no mapping: theirs is worked out from the names. */
export function columnsOfJob({ columns, mapping }: Pick<ImportJob, 'columns' | 'mapping'>): readonly KeptColumn[] {
  // proof: nothing but `stageImport` writes this column
  const kept = mapping as unknown as readonly KeptColumn[]
  if (kept.length > 0 || columns.length === 0) return kept
  return planColumns(columns, null).columns.map((column) => ({ ...column, samples: [] }))
}

export function optionsOfJob({ options }: Pick<ImportJob, 'options'>): KeptOptions {
  // proof: nothing but `stageImport` writes this column, and jobs of older versions have an empty object
  const kept = (isJsonObject(options) ? options : {}) as unknown as Partial<KeptOptions>
  return {
    matchBy: kept.matchBy ?? null,
    tags: kept.tags ?? 'replace',
    addTags: kept.addTags ?? [],
    tool: kept.tool ?? null,
    isSuppressionList: kept.isSuppressionList ?? false,
  }
}

export function reasonsOfJob({ reasons }: Pick<ImportJob, 'reasons'>): readonly ReasonCount[] {
  // proof: nothing but imports write this column
  return reasons as unknown as readonly ReasonCount[]
}

export function warningsOfJob({ warnings }: Pick<ImportJob, 'warnings'>): readonly WarningSummary[] {
  // proof: nothing but imports write this column
  return warnings as unknown as readonly WarningSummary[]
}
