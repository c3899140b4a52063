import { InvalidInput } from '../../kernel/errors.ts'
import { charsetOf, mediaTypeOf } from '../request-body.ts'

/** A file that was sent in place of a JSON body. */
export interface UploadedFile {
  readonly bytes: Uint8Array
  /** The charset that is declared; null if none is. */
  readonly charset: string | null
  /** Whether it is JSON by its type or name. */
  readonly isJson: boolean
  /** The other fields of the form that it was sent with. */
  readonly fields: Readonly<Record<string, string>>
}

/** The media types under which programs send CSV, and vCards: Windows calls CSV a workbook, and browsers often plain text. */
export const fileMediaTypes = [
  'text/csv',
  'application/csv',
  'text/x-csv',
  'application/x-csv',
  'text/comma-separated-values',
  'text/tab-separated-values',
  'application/vnd.ms-excel',
  'text/plain',
  'text/vcard',
  'text/x-vcard',
  'text/directory',
] as const

const known: ReadonlySet<string> = new Set(fileMediaTypes)

/**
 * The file of a request: its body, or the field `file` of a form; null for a body that is neither.
 * @throws InvalidInput for a form without a file
 */
export async function readUploadedFile(contentType: string | undefined, bytes: Uint8Array): Promise<UploadedFile | null> {
  const type = mediaTypeOf(contentType)
  if (type === 'multipart/form-data') return readForm(contentType ?? '', bytes)
  if (!known.has(type)) return null
  return { bytes, charset: charsetOf(contentType), isJson: false, fields: {} }
}

async function readForm(contentType: string, body: Uint8Array): Promise<UploadedFile> {
  const form = await new Response(Buffer.from(body), { headers: { 'Content-Type': contentType } }).formData().catch(() => null)
  if (form === null)
    throw new InvalidInput('The form cannot be read.', { field: 'body', expected: 'multipart/form-data with its boundary' })
  const file = form.get('file')
  if (file === null || typeof file === 'string') {
    throw new InvalidInput('The form has no file.', { field: 'file', expected: 'a file in the field file' })
  }
  const fields = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  return {
    bytes: new Uint8Array(await file.arrayBuffer()),
    charset: charsetOf(file.type),
    isJson: mediaTypeOf(file.type) === 'application/json' || /\.json$/i.test(file.name),
    fields: Object.fromEntries(fields),
  }
}
