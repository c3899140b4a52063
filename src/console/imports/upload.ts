import { credentialHeaders } from '../shared/session.ts'
import { text } from '../shared/text.ts'

/** What a column becomes: a field, null to leave it out, or consent with its proof. */
export type Mapped = string | null | { readonly consent: string; readonly proof_column: string }

export interface UploadOptions {
  readonly policy: 'skip' | 'update'
  readonly country: string
  readonly charset: string
  readonly addTags: string
  /** Only the columns that are to become something else than was recognized. */
  readonly columns: Readonly<Record<string, Mapped>>
}

export interface Column {
  readonly name: string
  readonly becomes: string | null
  readonly samples: readonly string[]
}

export interface Warning {
  readonly code: string
  readonly column: string | null
  readonly count: number | null
  readonly message: string
}

export interface PreviewRow {
  readonly row_number: number
  readonly outcome: string
  readonly contact: Readonly<Record<string, unknown>> | null
  readonly opt_outs: readonly string[]
  readonly reason: { readonly code: string; readonly field: string | null; readonly message: string } | null
}

export interface Preview {
  readonly total_rows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly skipped: number
  readonly layout: string | null
  readonly columns: readonly Column[]
  readonly reasons: readonly { readonly code: string; readonly count: number }[]
  readonly warnings: readonly Warning[]
  readonly rows: readonly PreviewRow[]
}

/** What the API answers about a file: its data, or the sentence of its refusal. */
export type Answer<Data> = { readonly data: Data } | { readonly refusal: string }

/** What an import of the file would do. Nothing is written. */
export function previewFile(file: File, options: UploadOptions, credential: string): Promise<Answer<Preview>> {
  return send('/api/v1/contacts/bulk/preview', file, options, credential)
}

export function importFile(file: File, options: UploadOptions, credential: string): Promise<Answer<{ readonly id: string }>> {
  return send('/api/v1/contacts/bulk', file, options, credential)
}

async function send<Data>(path: string, file: File, options: UploadOptions, credential: string): Promise<Answer<Data>> {
  const { policy, country, charset, addTags, columns } = options
  const parameters = new URLSearchParams({
    on_duplicate: policy,
    ...(country !== '' && { default_country: country }),
    ...(charset !== '' && { charset }),
    ...(addTags !== '' && { add_tags: addTags }),
    ...(Object.keys(columns).length > 0 && { columns: JSON.stringify(columns) }),
  })
  const response = await fetch(`${path}?${parameters}`, {
    method: 'POST',
    headers: { ...credentialHeaders(credential), 'Content-Type': mediaTypeOf(file.name) },
    body: file,
  }).catch(() => null)
  if (response === null) return { refusal: text.states.offline }
  const answer = (await response.json()) as { readonly data?: Data; readonly error?: { readonly message: string } }
  return answer.data === undefined ? { refusal: answer.error?.message ?? text.states.failed } : { data: answer.data }
}

function mediaTypeOf(name: string): string {
  if (/\.vcf$/i.test(name)) return 'text/vcard'
  if (/\.json$/i.test(name)) return 'application/json'
  return /\.tsv$/i.test(name) ? 'text/tab-separated-values' : 'text/csv'
}

/** The charset to declare for a file: none if it is UTF-8 or UTF-16 with a mark, else what spreadsheets in western Europe write. */
export async function guessCharset(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, 1024 * 1024).arrayBuffer())
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (isUtf16) return ''
  try {
    // The slice may end within a character, which `stream` permits.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return ''
  } catch {
    return 'windows-1252'
  }
}
