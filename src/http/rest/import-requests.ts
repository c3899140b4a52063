import { z } from '@hono/zod-openapi'
import type { ImportOptions } from '../../domain/imports/job/parse-options.ts'
import { contactsOfJson, withoutPaging } from '../../domain/imports/formats/json.ts'
import type { Upload } from '../../domain/imports/formats/read-upload.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { parseJsonText } from '../../kernel/json-text.ts'
import { shorten } from '../../kernel/text.ts'
import { contactFields } from './contacts.ts'
import { commaList, flag } from './fields.ts'
import { piecesOf } from './files.ts'
import { onDuplicate } from './import-jobs.ts'
import { parseInput } from './parse.ts'
import type { UploadedFile } from './uploads.ts'

const tagsMode = z.enum(['add', 'replace'], { error: 'expected add or replace' })
const mappingSchema = z.record(z.string(), z.unknown())

const columnsDescription =
  'What columns become, by their names: a field such as `phone`, `custom_attributes.<key>`, `external_ids.<system>`, `first_seen_at`, ' +
  '`opt_out.<channel>`, null to leave the column out, or `{"consent": "email", "proof_column": "Consent Timestamp"}`. Columns that are not named are recognized.'
const tagsDescription =
  'Whether tags join those of a contact. Default: `add` for files of other tools, `replace` for JSON and files with the header of our export.'
const matchByDescription = 'What rows are matched by: some of external_id, phone and email. Default: all.'

/**
 * One contact of an import, for the document. Nothing is checked here: a contact that cannot be read is a row that is skipped with its reasons, and
 * does not refuse the others.
 */
const importedContact = z.unknown().openapi('ImportedContact', {
  type: 'object',
  description:
    'As for creating a contact. Names are recognized like columns, in several languages and in the layouts of other tools; a field that is not ' +
    'recognized, and a value that is not understood, becomes a custom attribute.',
  properties: {
    ...Object.fromEntries(
      Object.keys(contactFields)
        .filter((name) => !['tags', 'custom_attributes', 'metadata'].includes(name))
        .map((name) => [name, { type: ['string', 'number', 'null'] }]),
    ),
    tags: { type: ['array', 'string', 'null'], items: { type: 'string' }, description: 'A list, or its items in one text.' },
    custom_attributes: { type: ['object', 'null'], additionalProperties: true },
    metadata: { type: ['object', 'null'], additionalProperties: true },
  },
  additionalProperties: true,
})

export const importBody = z
  .strictObject({
    contacts: z.array(importedContact, { error: 'expected a list of contacts' }).openapi({
      description:
        'At most 100,000 contacts. A list alone, and the answers of the APIs of HubSpot, Intercom, Klaviyo, Mailchimp, Shopify and Chatwoot, are ' +
        'accepted in place of the object.',
    }),
    on_duplicate: onDuplicate.optional().openapi({ description: 'What to do with a contact that exists already. Default: `skip`.' }),
    default_country: z
      .string()
      .nullish()
      .openapi({ description: 'Reads phone numbers without a country prefix where the row names no country.' }),
    dry_run: z.boolean().optional().openapi({ description: 'Tries everything and keeps nothing.' }),
    columns: mappingSchema.nullish().openapi({ description: columnsDescription }),
    match_by: z.array(z.string()).nullish().openapi({ description: matchByDescription }),
    tags: tagsMode.nullish().openapi({ description: tagsDescription }),
    add_tags: z.array(z.string()).nullish().openapi({ description: 'Tags that every contact of the import gets.' }),
  })
  .openapi('ImportInput')

export const importQuery = z.strictObject({
  on_duplicate: onDuplicate.optional().openapi({ description: 'The same option for a file.' }),
  default_country: z.string().optional().openapi({ description: 'The same option for a file.' }),
  dry_run: flag.optional().openapi({ description: 'The same option for a file.', type: 'boolean' }),
  columns: z
    .string()
    .optional()
    .openapi({ description: `As JSON, for a file. ${columnsDescription}` }),
  match_by: commaList.optional().openapi({ description: `Separated by commas, for a file. ${matchByDescription}`, type: 'string' }),
  tags: tagsMode.optional().openapi({ description: `For a file. ${tagsDescription}` }),
  add_tags: commaList
    .optional()
    .openapi({ description: 'Separated by commas, for a file: tags that every contact of the import gets.', type: 'string' }),
  charset: z.string().optional().openapi({ description: 'The charset of a file whose media type does not declare it. Default: UTF-8.' }),
})

/** Bodies in which other APIs answer have their list under another name, or are lists. */
export function shapeBody(json: unknown): unknown {
  if (isJsonObject(json) && Array.isArray(json['contacts'])) return withoutPaging(json)
  const contacts = contactsOfJson(json)
  if (contacts === null) return json
  const options = isJsonObject(json) ? Object.entries(json).filter(([name]) => name !== 'contacts' && name in importBody.shape) : []
  return { ...Object.fromEntries(options), contacts }
}

interface ImportRequest {
  readonly query: z.output<typeof importQuery>
  readonly body: z.output<typeof importBody>
  readonly file: UploadedFile | null
}

/** What is to be imported, and how: the options of a file stand in the query, or in the form that it was sent with. @throws InvalidInput */
export function readRequest({ query, body, file }: ImportRequest): { upload: Upload; options: ImportOptions } {
  const { columns, charset, ...given } = { ...query, ...(file !== null && parseInput(importQuery, file.fields, 'field')) }
  const options = { ...given, columns: columns === undefined ? null : parseMapping(columns) }
  if (file === null) return { upload: { kind: 'json', contacts: body.contacts }, options: optionsOf({ ...options, ...body }) }
  return { upload: uploadOf(file, charset), options: optionsOf(options) }
}

function optionsOf(given: Omit<Partial<z.output<typeof importBody>>, 'contacts'>): ImportOptions {
  return {
    onDuplicate: given.on_duplicate,
    defaultCountry: given.default_country,
    dryRun: given.dry_run,
    columns: given.columns,
    matchBy: given.match_by,
    tags: given.tags,
    addTags: given.add_tags,
  }
}

function uploadOf(file: UploadedFile, charset: string | undefined): Upload {
  if (!file.isJson) return { kind: 'file', bytes: piecesOf(file.bytes), charset: charset ?? file.charset }
  const contacts = contactsOfJson(parseJsonText(file.bytes))
  if (contacts === null)
    throw new InvalidInput('The file has no list of contacts.', { field: 'file', expected: 'a list, or an object with one' })
  return { kind: 'json', contacts }
}

function parseMapping(text: string): Readonly<Record<string, unknown>> {
  const json = jsonOrNull(text)
  if (isJsonObject(json)) return json
  throw new InvalidInput('The mapping of columns is not a JSON object.', {
    field: 'columns',
    value: shorten(text),
    expected: 'an object such as {"Telefon": "phone"}',
  })
}

function jsonOrNull(text: string): unknown {
  try {
    return parseJsonText(Buffer.from(text))
  } catch (error) {
    // It is a parameter, and the body of the request may be fine.
    if (error instanceof DomainError) return null
    throw error
  }
}
