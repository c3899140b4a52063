import { createReadStream, createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parse } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DuplicatePolicy, ImportJob } from '../data/generated/client.ts'
import type { Context } from '../domain/context.ts'
import { exportContacts, type ExportFormat, exportFormats } from '../domain/exports/queries.ts'
import { stageImport } from '../domain/imports/commands.ts'
import { contactsOfJson } from '../domain/imports/formats/json.ts'
import { type ImportPreview, previewImport } from '../domain/imports/preview.ts'
import { previewContact } from '../domain/imports/preview-contact.ts'
import { skippedCsv } from '../domain/imports/queries.ts'
import type { Upload } from '../domain/imports/formats/read-upload.ts'
import { becomes } from '../domain/imports/columns/targets.ts'
import { finishImport } from '../domain/imports/job/work.ts'
import { InvalidInput } from '../kernel/errors.ts'
import { isJsonObject } from '../kernel/json.ts'

export interface ImportFlags {
  readonly onDuplicate: string
  readonly defaultCountry?: string
  readonly dryRun?: boolean
  readonly preview?: boolean
  /** What columns become, as JSON. */
  readonly columns?: string
  readonly charset?: string
}

/** Imports a file of CSV or JSON, shows how far it is, and writes the skipped rows into a file beside it. */
export async function importFile(context: Context, file: string, flags: ImportFlags): Promise<void> {
  const { defaultCountry, dryRun } = flags
  const columns = flags.columns === undefined ? null : parseMapping(flags.columns)
  const options = { onDuplicate: parsePolicy(flags.onDuplicate), defaultCountry, dryRun, columns }
  const upload = await openUpload(file, flags.charset ?? null)
  if (flags.preview === true) {
    console.log(previewText(await previewImport(context, upload, options)))
    return
  }
  const staged = await stageImport(context, upload, options, { waits: true })
  const job = await finishImport(context, staged, showProgress)
  console.log(summaryOf(job))
  if (job.skipped === 0) return
  const { dir, name } = parse(file)
  const skipped = `${dir === '' ? '' : `${dir}/`}${name}.skipped.csv`
  await pipeline(Readable.from(await skippedCsv(context, job.id)), createWriteStream(skipped))
  console.log(`The skipped rows and their reasons are in ${skipped}. Correct them there and import that file.`)
}

function parseMapping(text: string): Readonly<Record<string, unknown>> {
  const json = parseJson(text)
  if (isJsonObject(json)) return json
  throw new InvalidInput('--columns is not a JSON object.', { field: 'columns', value: text, expected: '{"Telefon": "phone"}' })
}

/** A preview for people: what the columns become, the counts, the warnings and the first rows. */
function previewText({ tool, columns, totalRows, rows, reasons, warnings, ...counts }: ImportPreview): string {
  const outcomes = (['created', 'updated', 'unchanged', 'skipped'] as const).map((what) => `${counts[what].toLocaleString('en')} ${what}`)
  return [
    `Preview, nothing is written: ${totalRows.toLocaleString('en')} rows, ${outcomes.join(', ')}.${tool === null ? '' : ` Layout: ${tool}.`}`,
    ...columns.map(
      ({ name, target, samples }) =>
        `  ${name} → ${becomes(target) ?? '(left out)'}${samples.length === 0 ? '' : `  e.g. ${samples.join(' | ')}`}`,
    ),
    ...reasons.map(({ code, count }) => `Skipped ${code}: ${count.toLocaleString('en')}`),
    ...warnings.map(({ message, count }) => `Warning: ${message}${count === null ? '' : ` (${count.toLocaleString('en')} rows)`}`),
    ...rows.map(
      ({ rowNumber, outcome, contact }) => `${rowNumber} ${outcome} ${contact === null ? '' : JSON.stringify(previewContact(contact))}`,
    ),
  ].join('\n')
}

async function openUpload(file: string, charset: string | null): Promise<Upload> {
  if (!/\.json$/i.test(file)) return { kind: 'file', bytes: createReadStream(file), charset }
  const contacts = contactsOfJson(parseJson(await readFile(file, 'utf8')))
  if (contacts !== null) return { kind: 'json', contacts }
  throw new InvalidInput('The file has no list of contacts.', {
    field: 'contacts',
    expected: 'a list, or an object with a list under "contacts"',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidInput('This is not JSON.', { field: 'contacts', expected: 'JSON' })
  }
}

function parsePolicy(text: string): DuplicatePolicy {
  if (text === 'skip' || text === 'update') return text
  throw new InvalidInput(`--on-duplicate ${text} is not known. Use skip or update.`, {
    field: 'onDuplicate',
    value: text,
    expected: 'skip or update',
  })
}

function showProgress({ processedRows, totalRows, isOpen }: ImportJob): void {
  if (!process.stderr.isTTY) return
  const share = processedRows / totalRows
  const bar = '█'.repeat(Math.round(30 * share)).padEnd(30, '░')
  process.stderr.write(`\r${bar} ${processedRows.toLocaleString('en')} of ${totalRows.toLocaleString('en')} rows${isOpen ? '' : '\n'}`)
}

function summaryOf(job: ImportJob): string {
  const counts = (['created', 'updated', 'unchanged', 'skipped'] as const).map((what) => `${job[what].toLocaleString('en')} ${what}`)
  const what = job.dryRun ? 'Dry run, nothing was kept' : job.id
  return `${what}: ${job.totalRows.toLocaleString('en')} rows, ${counts.join(', ')}.`
}

export interface ExportFlags {
  readonly format: string
  readonly fields?: string
  readonly search?: string
  readonly tags?: string
  readonly sort?: string
  readonly output?: string
}

/** Writes the contacts that match into a file, or to the standard output. */
export async function exportFile(context: Context, flags: ExportFlags): Promise<void> {
  const parts = await exportContacts(context, {
    format: parseFormat(flags.format),
    fields: listOf(flags.fields),
    sort: flags.sort,
    filter: { search: flags.search, tags: listOf(flags.tags) },
  })
  const target = flags.output === undefined ? process.stdout : createWriteStream(flags.output)
  await pipeline(Readable.from(parts), target).catch((error: unknown) => {
    // The reader of the output may close it early.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  })
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim())
}

function parseFormat(text: string): ExportFormat {
  const format = exportFormats.find((known) => known === text)
  if (format !== undefined) return format
  throw new InvalidInput(`There is no format ${text}. There are: ${exportFormats.join(', ')}.`, { field: 'format', value: text })
}
