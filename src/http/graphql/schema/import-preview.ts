import { requireScope } from '../../../domain/context.ts'
import { previewImport } from '../../../domain/imports/preview.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { ImportColumn, importInputFields, ImportReason, ImportWarning, optionsOfInput, PreviewRow, uploadOf } from './import-findings.ts'
import { mutation } from './mutations.ts'

mutation('previewImport', {
  description:
    'Answers with what an import of the same input would do: what the columns become, the first ten rows, and the counts. Writes nothing. Needs the scope contacts:write.',
  input: {
    description: 'An upload of contacts, as a list or as the text of a CSV file, and what an import would do with it.',
    fields: importInputFields,
  },
  errors: { types: [InvalidInput], description: 'The preview, or why there is none.' },
  resolve(input, context) {
    requireScope(context, 'contacts:write')
    return previewImport(context, uploadOf(input), optionsOfInput(input))
  },
  payload: {
    description: 'What the import would do.',
    fields: (t) => ({
      layout: t.string({
        description: 'The tool whose layout the upload has; null if it has none that is known.',
        resolve: ({ tool }) => tool,
      }),
      columns: t.field({
        type: [ImportColumn],
        nullable: { list: false, items: false },
        description: 'What the columns become.',
        resolve: ({ columns }) => [...columns],
      }),
      totalRows: t.exposeInt('totalRows', { nullable: false, description: 'How many rows the upload has.' }),
      created: t.exposeInt('created', { nullable: false, description: 'How many contacts would be created.' }),
      updated: t.exposeInt('updated', { nullable: false, description: 'How many contacts would change.' }),
      unchanged: t.exposeInt('unchanged', { nullable: false, description: 'How many rows would change nothing.' }),
      skipped: t.exposeInt('skipped', { nullable: false, description: 'How many rows would be left out.' }),
      reasons: t.field({
        type: [ImportReason],
        nullable: { list: false, items: false },
        description: 'Why rows would be skipped.',
        resolve: ({ reasons }) => [...reasons],
      }),
      warnings: t.field({
        type: [ImportWarning],
        nullable: { list: false, items: false },
        description: 'What would be kept in another way than the upload asks for.',
        resolve: ({ warnings }) => [...warnings],
      }),
      rows: t.field({
        type: [PreviewRow],
        nullable: { list: false, items: false },
        description: 'The first ten rows as they would be imported.',
        resolve: ({ rows }) => [...rows],
      }),
    }),
  },
})
