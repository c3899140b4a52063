import { type DefinedAttribute, selectDefinitions } from '../../data/sql/attribute-definitions.ts'
import type { StagedRow } from '../../data/sql/import-rows.ts'
import { channels as allChannels } from '../../kernel/channels.ts'
import { type Context, requireScope } from '../context.ts'
import { getOrganization } from '../organizations/queries.ts'
import { countOutcomes } from './job/apply.ts'
import { type DecidedBatch, decideBatch } from './rows/decide-batch.ts'
import type { Decision } from './rows/decisions.ts'
import type { KeptColumn } from './job/job-options.ts'
import { Ledger } from './rows/ledger.ts'
import { type ImportOptions, keptOptions, parseOptions } from './job/parse-options.ts'
import { contactAfter, type PreviewedContact } from './preview-contact.ts'
import { readUpload, type Upload } from './formats/read-upload.ts'
import type { ReadRow, RowOptions } from './rows/rows.ts'
import { Samples } from './job/samples.ts'
import { addReasons, addWarnings, type ReasonCount, type WarningSummary } from './rows/warnings.ts'

/** What an import of an upload would do. */
export interface ImportPreview {
  /** The tool whose layout the upload has; null if it has none that is known. */
  readonly tool: string | null
  readonly columns: readonly KeptColumn[]
  readonly totalRows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly reasons: readonly ReasonCount[]
  readonly warnings: readonly WarningSummary[]
  /** The first ten rows as they are read. */
  readonly rows: readonly PreviewRow[]
}

/** A row as an import would apply it. */
export interface PreviewRow {
  readonly rowNumber: number
  readonly outcome: Decision['outcome']
  /** The contact as it would be afterwards; for a skipped row as it was read, or null if it could not be. */
  readonly contact: PreviewedContact | null
  /** The channels that it would be opted out of. */
  readonly optOuts: readonly string[]
  readonly warnings: Decision['warnings']
  /** Why it would be skipped; null otherwise. */
  readonly reason: Extract<Decision, { outcome: 'skipped' }>['reason'] | null
}

const shownRows = 10
const batchSize = 500

/**
 * Reads an upload like an import of the same options, and decides every row the same way, but writes nothing.
 * @throws like importContacts
 */
export async function previewImport(context: Context, upload: Upload, given: ImportOptions): Promise<ImportPreview> {
  requireScope(context, 'contacts:write')
  const { rowOptions, columns: mapping } = parseOptions(given)
  const source = await readUpload(upload, mapping)
  const organization = await getOrganization(context)
  const options = {
    ...rowOptions,
    ...keptOptions(rowOptions, source),
    defaultCountry: rowOptions.defaultCountry ?? organization.defaultCountry,
  }
  const definitions = await selectDefinitions(context.db, context.actor.organizationId)
  const decider = new Decider(context, source.plan.columns, options, definitions)
  const samples = new Samples(source.plan)
  for await (const row of source.rows) {
    samples.add(row)
    await decider.add(row)
  }
  const outcome = await decider.end(samples.warnings())
  await context.chargeRows?.(outcome.totalRows)
  return { tool: source.plan.tool, columns: samples.columns(), ...outcome }
}

/** Decides rows in batches with one ledger, as a dry run does. */
class Decider {
  readonly #context: Context
  readonly #columns: readonly KeptColumn[]
  readonly #options: RowOptions
  readonly #definitions: readonly DefinedAttribute[]
  readonly #ledger = new Ledger()
  readonly #shown: PreviewRow[] = []
  #waiting: StagedRow[] = []
  #counts = { created: 0, updated: 0, unchanged: 0, skipped: 0 }
  #reasons: readonly ReasonCount[] = []
  #warnings: readonly WarningSummary[] = []
  #total = 0

  constructor(
    context: Context,
    columns: readonly Omit<KeptColumn, 'samples'>[],
    options: RowOptions,
    definitions: readonly DefinedAttribute[],
  ) {
    this.#definitions = definitions
    this.#context = context
    this.#columns = columns.map((column) => ({ ...column, samples: [] }))
    this.#options = options
  }

  async add(row: StagedRow): Promise<void> {
    this.#total += 1
    this.#waiting.push(row)
    if (this.#waiting.length >= batchSize) await this.#decide()
  }

  async end(warnings: readonly WarningSummary[]): Promise<Omit<ImportPreview, 'tool' | 'columns'>> {
    while (this.#waiting.length > 0) await this.#decide()
    return {
      totalRows: this.#total,
      ...this.#counts,
      reasons: this.#reasons,
      warnings: [...warnings, ...this.#warnings],
      rows: this.#shown,
    }
  }

  async #decide(): Promise<void> {
    const { db, actor } = this.#context
    const batch = await decideBatch(db, {
      organizationId: actor.organizationId,
      columns: this.#columns,
      options: this.#options,
      definitions: this.#definitions,
      rows: this.#waiting.slice(0, batchSize),
      ledger: this.#ledger,
      lock: false,
      touched: async () => [],
    })
    this.#waiting = this.#waiting.slice(batch.decisions.length)
    this.#count(batch)
  }

  #count({ rows, decisions }: DecidedBatch): void {
    const counts = countOutcomes(decisions)
    const { created, updated, unchanged, skipped } = this.#counts
    this.#counts = {
      created: created + counts.created,
      updated: updated + counts.updated,
      unchanged: unchanged + counts.unchanged,
      skipped: skipped + counts.skipped,
    }
    const codes = decisions.flatMap((decision) => (decision.outcome === 'skipped' ? [decision.reason.reasonCode] : []))
    this.#reasons = addReasons(this.#reasons, codes)
    this.#warnings = addWarnings(this.#warnings, decisions)
    for (const [index, decision] of decisions.entries()) {
      const row = rows[index]
      if (this.#shown.length < shownRows && row !== undefined) this.#shown.push(shownRow(row, decision))
    }
  }
}

function shownRow(row: ReadRow, decision: Decision): PreviewRow {
  const { rowNumber, outcome, warnings, consents } = decision
  const refused = consents.filter(({ state }) => state === 'opted_out')
  const optOuts = refused.flatMap(({ channels }): readonly string[] => (channels === 'all' ? allChannels : channels))
  return {
    rowNumber,
    outcome,
    contact: contactAfter(row, decision),
    optOuts: [...new Set(optOuts)],
    warnings,
    reason: decision.outcome === 'skipped' ? decision.reason : null,
  }
}
