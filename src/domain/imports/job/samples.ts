import type { StagedRow } from '../../../data/sql/import-rows.ts'
import { cellsOf } from '../formats/read-upload.ts'
import type { ColumnPlan } from '../columns/columns.ts'
import type { KeptColumn } from './job-options.ts'
import { cleanText, isEmpty, isPlaceholder } from '../values/cells.ts'
import { uploadWarning, type WarningSummary } from '../rows/warnings.ts'

/** How many values of a column are shown, and how long they may be. */
const maxSamples = 3
const maxLength = 60

/** The first different values of each column, gathered while rows go by. */
export class Samples {
  readonly #plan: ColumnPlan
  readonly #found: string[][]
  /** Columns that want more. */
  #open: number[]

  constructor(plan: ColumnPlan) {
    this.#plan = plan
    this.#found = plan.columns.map(() => [])
    this.#open = plan.columns.map((_, index) => index)
  }

  add(row: StagedRow): void {
    if (this.#open.length === 0 || row.reasonCode !== undefined) return
    const cells = cellsOf(this.#plan.columns, row.cells)
    for (const index of this.#open) {
      const text = sampleOf(cells[index])
      const samples = this.#found[index]
      if (text !== null && samples !== undefined && !samples.includes(text)) samples.push(text)
    }
    this.#open = this.#open.filter((index) => (this.#found[index]?.length ?? 0) < maxSamples)
  }

  columns(): KeptColumn[] {
    return this.#plan.columns.map((column, index) => ({ ...column, samples: this.#found[index] ?? [] }))
  }

  /** What is worth a look before anything else: columns that were not recognized, and a file without names. */
  warnings(): WarningSummary[] {
    if (this.#plan.isSuppressionList) return []
    const filled = this.columns().filter(({ samples }) => samples.length > 0)
    const unmapped = filled.filter(({ target }) => target.kind === 'attribute' && !target.known)
    const hasName = filled.some(({ target }) => target.kind === 'phone' || (target.kind === 'text' && /name/i.test(target.field)))
    return [
      ...(filled.length === 0 || hasName ? [] : [uploadWarning('NO_NAME_OR_PHONE', null)]),
      ...unmapped.map(({ name }) => uploadWarning('UNMAPPED_COLUMN', name)),
    ]
  }
}

function sampleOf(cell: unknown): string | null {
  if (isEmpty(cell)) return null
  const text = typeof cell === 'string' ? cleanText(cell) : JSON.stringify(cell)
  if (isPlaceholder(text)) return null
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`
}
