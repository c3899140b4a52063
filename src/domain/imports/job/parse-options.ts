import type { DuplicatePolicy } from '../../../data/generated/client.ts'
import { parseCountryCode } from '../../../kernel/countries.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { shorten } from '../../../kernel/text.ts'
import { parseTags } from '../../contacts/tags.ts'
import type { ColumnMapping } from '../columns/columns.ts'
import type { KeptOptions } from './job-options.ts'
import type { RowSource } from '../formats/read-upload.ts'
import type { ImportKey, RowOptions } from '../rows/rows.ts'

/** What a caller decides about an import. */
export interface ImportOptions {
  /** What to do with a row that matches a contact. Default: `skip`. */
  readonly onDuplicate?: DuplicatePolicy | null | undefined
  /** ISO 3166-1 alpha-2 code; reads phone numbers without a country prefix, instead of the organization's. */
  readonly defaultCountry?: string | null | undefined
  /** Tries everything and keeps nothing. */
  readonly dryRun?: boolean | null | undefined
  /** What columns become, by their names. Columns that are not named are recognized. */
  readonly columns?: ColumnMapping | null | undefined
  /** What rows are matched by. Default: external ids, phone number and email address. */
  readonly matchBy?: readonly string[] | null | undefined
  /** Whether tags join those that a contact has. Default: `add` for files of other tools, `replace` for JSON and our own export. */
  readonly tags?: string | null | undefined
  /** Tags that every contact of the import gets. */
  readonly addTags?: readonly string[] | null | undefined
}

/** Options as they were given: what the upload decides is open. */
export interface ParsedOptions {
  readonly rowOptions: Omit<RowOptions, 'tags' | 'isSuppressionList'> & { readonly tags: RowOptions['tags'] | null }
  readonly columns: ColumnMapping | null
}

const keys: readonly ImportKey[] = ['external_id', 'phone', 'email']

/** Accepts the options of an import. @throws InvalidInput */
export function parseOptions(options: ImportOptions): ParsedOptions {
  const { defaultCountry, matchBy, addTags } = options
  return {
    rowOptions: {
      onDuplicate: options.onDuplicate ?? 'skip',
      defaultCountry: typeof defaultCountry === 'string' ? parseCountryCode(defaultCountry, 'defaultCountry') : null,
      matchBy: matchBy === null || matchBy === undefined || matchBy.length === 0 ? null : matchBy.map(parseKey),
      tags: parseMode(options.tags),
      addTags: parseTags((addTags ?? []).filter((tag) => tag.trim() !== '')),
    },
    columns: options.columns ?? null,
  }
}

function parseKey(text: string): ImportKey {
  const name = text.trim().toLowerCase()
  const key = keys.find((known) => known === name || `${known}s` === name)
  if (key !== undefined) return key
  throw new InvalidInput(`Rows cannot be matched by ${shorten(text)}.`, {
    field: 'matchBy',
    value: shorten(text),
    expected: `some of ${keys.join(', ')}`,
  })
}

function parseMode(text: string | null | undefined): RowOptions['tags'] | null {
  if (text === null || text === undefined) return null
  const mode = text.trim().toLowerCase()
  if (mode === 'add' || mode === 'replace') return mode
  throw new InvalidInput('The tags of an import are added, or replace those of a contact.', {
    field: 'tags',
    value: shorten(text),
    expected: 'add or replace',
  })
}

/** The options of an import, now that its upload is known: tags of files of other tools join those of a contact. */
export function keptOptions(
  { matchBy, tags, addTags }: ParsedOptions['rowOptions'],
  { isComplete, plan }: Pick<RowSource, 'isComplete' | 'plan'>,
): KeptOptions {
  return { matchBy, tags: tags ?? (isComplete ? 'replace' : 'add'), addTags, tool: plan.tool, isSuppressionList: plan.isSuppressionList }
}
