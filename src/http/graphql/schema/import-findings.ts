import type { ImportJob as ImportJobRow } from '../../../data/generated/client.ts'
import type { ImportOptions } from '../../../domain/imports/job/parse-options.ts'
import type { KeptColumn } from '../../../domain/imports/job/job-options.ts'
import { previewContact } from '../../../domain/imports/preview-contact.ts'
import type { PreviewRow as PreviewRowOfImport } from '../../../domain/imports/preview.ts'
import { becomes } from '../../../domain/imports/columns/targets.ts'
import type { ReasonCount, WarningSummary } from '../../../domain/imports/rows/warnings.ts'
import type { Upload } from '../../../domain/imports/formats/read-upload.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { DuplicatePolicy } from './enums.ts'
import type { InputFields } from './mutations.ts'

export const ImportTags = builder.enumType('ImportTags', {
  description: 'What an import does with the tags of a row.',
  values: {
    ADD: { value: 'add' as const, description: 'They join those that the contact has.' },
    REPLACE: { value: 'replace' as const, description: 'They take the place of those that the contact has.' },
  },
})

export const ImportColumn = builder.objectRef<KeptColumn>('ImportColumn').implement({
  description: 'A column of an upload and what it becomes.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'As the upload writes it.' }),
    becomes: t.string({
      description:
        'The field in snake_case, `custom_attributes.<key>`, `external_ids.<system>` or `opt_out.<channel>`; null if the column is left out.',
      resolve: ({ target }) => becomes(target),
    }),
    samples: t.stringList({
      nullable: false,
      description: 'The first values in it. They are kept as long as the import can be rolled back.',
      resolve: ({ samples }) => [...samples],
    }),
  }),
})

export const ImportReason = builder.objectRef<ReasonCount>('ImportReason').implement({
  description: 'A reason why rows are skipped.',
  fields: (t) => ({
    code: t.exposeString('code', { nullable: false, description: 'An error code, or one of DUPLICATE_IN_FILE and UNREADABLE_ROW.' }),
    count: t.exposeInt('count', { nullable: false, description: 'How many rows.' }),
  }),
})

export const ImportWarning = builder.objectRef<WarningSummary>('ImportWarning').implement({
  description: 'Something that is kept in another way than the upload asks for.',
  fields: (t) => ({
    code: t.exposeString('code', {
      nullable: false,
      description: 'What kind of warning it is, such as UNMAPPED_COLUMN, VALUE_NOT_UNDERSTOOD or ADDRESS_TAKEN.',
    }),
    column: t.exposeString('column', { description: 'The column, as the upload names it; null if it is about no column.' }),
    field: t.exposeString('field', { description: 'The field that the value was for; null if it was for none.' }),
    message: t.exposeString('message', { nullable: false, description: 'The warning in words.' }),
    count: t.exposeInt('count', { description: 'How many rows it is about; null for one about the whole upload.' }),
    rows: t.intList({ nullable: false, description: 'The first rows that it is about.', resolve: ({ rows }) => [...rows] }),
  }),
})

const selfOf = (id: string) => `/api/v1/contacts/import-jobs/${id}`

export const ImportLinks = builder.objectRef<ImportJobRow>('ImportLinks').implement({
  description: 'Paths of an import and its files in the REST API.',
  fields: (t) => ({
    self: t.string({ nullable: false, description: 'The import.', resolve: ({ id }) => selfOf(id) }),
    skippedCsv: t.string({
      nullable: false,
      description: 'The skipped rows with their reasons, to be corrected and uploaded again.',
      resolve: ({ id }) => `${selfOf(id)}/skipped.csv`,
    }),
    keptCsv: t.string({
      description: 'The contacts that the rollback has kept; null if no rollback was requested.',
      resolve: ({ id, rollbackRequestedAt }) => (rollbackRequestedAt === null ? null : `${selfOf(id)}/kept.csv`),
    }),
    rollback: t.string({
      description: 'Where to roll it back; null if it cannot be rolled back.',
      resolve: ({ id, dryRun, rollbackExpiresAt, rollbackRequestedAt }) =>
        dryRun || rollbackExpiresAt === null || rollbackRequestedAt !== null ? null : `${selfOf(id)}/rollback`,
    }),
  }),
})

const RowFault = builder.objectRef<NonNullable<PreviewRowOfImport['reason']>>('RowFault').implement({
  description: 'A fault of a row.',
  fields: (t) => ({
    code: t.exposeString('reasonCode', { nullable: false, description: 'An error code, or one of DUPLICATE_IN_FILE and UNREADABLE_ROW.' }),
    field: t.exposeString('field', { description: 'The column, as the upload names it.' }),
    value: t.exposeString('value', { description: 'The value that was refused.' }),
    message: t.exposeString('message', { nullable: false, description: 'What is wrong and what to do.' }),
    expected: t.string({ description: 'What would have been accepted.', resolve: ({ expected }) => expected ?? null }),
  }),
})

export const PreviewRow = builder.objectRef<PreviewRowOfImport>('PreviewRow').implement({
  description: 'A row as an import would apply it.',
  fields: (t) => ({
    rowNumber: t.exposeInt('rowNumber', { nullable: false, description: 'Counts from 1; the header does not count.' }),
    outcome: t.exposeString('outcome', { nullable: false, description: 'created, updated, unchanged or skipped.' }),
    contact: t.field({
      type: 'JSON',
      description: 'The contact as it would be, with the fields of the REST API; null if the row cannot be read.',
      resolve: ({ contact }) => (contact === null ? null : previewContact(contact)),
    }),
    optOuts: t.stringList({
      nullable: false,
      description: 'The channels that the contact would be opted out of.',
      resolve: ({ optOuts }) => [...optOuts],
    }),
    faults: t.field({
      type: [RowFault],
      nullable: { list: false, items: false },
      description: 'Why it would be skipped: every fault of the row; empty if it is not skipped.',
      resolve: ({ reason }) => (reason === null ? [] : [reason, ...(reason.further ?? [])]),
    }),
  }),
})

/** The fields of an import's input and of its preview's. */
export function importInputFields(t: InputFields) {
  return {
    contacts: t.field({
      type: ['JSON'],
      description:
        'The contacts, each with the fields of `CreateContactInput` under these or similar names; unknown fields become custom attributes. ' +
        'Give either this or `csv`. An operation has at most 1 MiB: use `POST /api/v1/contacts/bulk` for more.',
    }),
    csv: t.string({ description: 'The text of a file of CSV with a header row, or of vCards.' }),
    onDuplicate: t.field({ type: DuplicatePolicy, description: 'What to do with a contact that exists already. Default: `SKIP`.' }),
    defaultCountry: t.string({
      description:
        'ISO 3166-1 code to read phone numbers without a country prefix in, where the row names no country. Default: the organization’s.',
    }),
    dryRun: t.boolean({ description: 'Tries everything and keeps nothing.' }),
    columns: t.field({
      type: 'JSON',
      description:
        'What columns become, by their names: `{"Telefon": "phone", "Kundennr": "external_ids.crm", "Intern": null}`, or ' +
        '`{"Consent": {"consent": "email", "proof_column": "Consent Timestamp"}}`. Columns that are not named are recognized.',
    }),
    matchBy: t.stringList({ description: 'What rows are matched by: some of `external_id`, `phone` and `email`. Default: all.' }),
    tags: t.field({
      type: ImportTags,
      description:
        'Whether tags join those of a contact. Default: `ADD` for files of other tools, `REPLACE` for lists and files with the header of our export.',
    }),
    addTags: t.stringList({ description: 'Tags that every contact of the import gets.' }),
  }
}

/** The options of an import's input. */
export function optionsOfInput({ onDuplicate, defaultCountry, dryRun, columns, matchBy, tags, addTags }: ImportOptions): ImportOptions {
  return { onDuplicate, defaultCountry, dryRun, columns, matchBy, tags, addTags }
}

interface GivenUpload {
  readonly contacts?: readonly unknown[] | null | undefined
  readonly csv?: string | null | undefined
}

/** The upload of an import's input. @throws InvalidInput for both of a list and a file, and for neither */
export function uploadOf({ contacts, csv }: GivenUpload): Upload {
  const both = typeof csv === 'string' && contacts !== null && contacts !== undefined
  if (!both && typeof csv === 'string') return { kind: 'file', bytes: bytesOf(csv) }
  if (!both && contacts !== null && contacts !== undefined) return { kind: 'json', contacts }
  throw new InvalidInput('Say the contacts as a list or as CSV.', { field: 'contacts', expected: 'exactly one of contacts and csv' })
}

// oxlint-disable-next-line require-await
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
