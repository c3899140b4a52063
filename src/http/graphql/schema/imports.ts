import type { ImportJob as ImportJobRow } from '../../../data/generated/client.ts'
import type { KeptRow as KeptRowOfImport } from '../../../data/sql/find-kept-rows.ts'
import { importContacts, rollBackImport } from '../../../domain/imports/commands.ts'
import { requireScope } from '../../../domain/context.ts'
import { ImportNotReversible, RollbackWindowExpired } from '../../../domain/imports/errors.ts'
import { columnsOfJob, optionsOfJob, reasonsOfJob, warningsOfJob } from '../../../domain/imports/job/job-options.ts'
import { findImportJobs, importJobList, importJobPosition, keptRowList, keptRowPosition } from '../../../domain/imports/queries.ts'
import { type ImportProgress as ImportProgressEvent, watchImport } from '../../../domain/imports/job/watch.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { meanings } from '../../error-catalog.ts'
import { builder } from './builder.ts'
import { connectionTypes, edgeOf, resolvePage } from './connections.ts'
import { Contact } from './contacts.ts'
import { DuplicatePolicy, ImportStatus } from './enums.ts'
import { ErrorInterface } from './errors.ts'
import {
  ImportColumn,
  importInputFields,
  ImportLinks,
  ImportReason,
  ImportTags,
  ImportWarning,
  optionsOfInput,
  uploadOf,
} from './import-findings.ts'
import { mutation } from './mutations.ts'
import { node, NodeInterface } from './node.ts'

const KeptRow = builder.objectRef<KeptRowOfImport>('KeptRow').implement({
  description: 'A row of an import whose contact the rollback kept unchanged, and the reason.',
  fields: (t) => ({
    rowNumber: t.exposeInt('rowNumber', { nullable: false, description: 'Counts from 1; the header does not count.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact; null if it is deleted.',
      resolve: ({ contactId }, _args, context) => context.loaders.contact.load(contactId),
    }),
    contactId: t.exposeID('contactId', { nullable: false, description: 'The id of the contact, which may be deleted.' }),
    reasonCode: t.exposeString('reasonCode', {
      nullable: false,
      description:
        '`CHANGED_SINCE` if the contact was changed after the import, `CONTACT_ALREADY_EXISTS` if another contact has its phone number or ' +
        'email address by now.',
    }),
    message: t.exposeString('message', { nullable: false, description: 'The reason in words.' }),
  }),
})

const KeptRows = connectionTypes(KeptRow, 'KeptRow', {
  page: 'A page of rows whose contacts a rollback has left alone.',
  edge: 'A row and its position in the list.',
})

const ImportRollback = builder.objectRef<ImportJobRow>('ImportRollback').implement({
  description: 'What the rollback of an import has done so far.',
  fields: (t) => ({
    reversed: t.exposeInt('reversed', { nullable: false, description: 'How many contacts are what they were before.' }),
    kept: t.exposeInt('kept', {
      nullable: false,
      description: 'The number of contacts that were kept because they were changed after the import.',
    }),
    failed: t.exposeInt('failed', {
      nullable: false,
      description: 'How many contacts could not be brought back, because another contact has their phone number or email address by now.',
    }),
    keptRows: t.connection(
      {
        type: KeptRow,
        nullable: false,
        description:
          'The rows behind `kept` and `failed`, in the order of the upload. They are kept as long as the import; the same list is at `keptCsvPath`.',
        resolve: resolvePage({
          list: ({ id }) => keptRowList(id),
          read: ({ id }, { loaders }, page) => loaders.keptRows(page).load(id),
          position: keptRowPosition,
        }),
      },
      KeptRows.Connection,
      KeptRows.Edge,
    ),
    keptCsvPath: t.string({
      nullable: false,
      description: 'Where these rows are as a CSV file.',
      resolve: ({ id }) => `/api/v1/contacts/import-jobs/${id}/kept.csv`,
    }),
  }),
})

const ImportJob = builder.prismaObject('ImportJob', {
  interfaces: [NodeInterface],
  ...node('importJob', ({ loaders }, id) => loaders.importJob.load(id)),
  fields: (t) => ({
    status: t.expose('status', { type: ImportStatus, nullable: false }),
    onDuplicate: t.expose('onDuplicate', { type: DuplicatePolicy, nullable: false }),
    defaultCountry: t.exposeString('defaultCountry'),
    dryRun: t.exposeBoolean('dryRun', { nullable: false }),
    layout: t.string({
      description: 'The tool whose layout the upload has; null if it has none that is known.',
      resolve: (job) => optionsOfJob(job).tool,
    }),
    columns: t.field({
      type: [ImportColumn],
      nullable: { list: false, items: false },
      description: 'The columns of the upload and what they become.',
      resolve: (job) => [...columnsOfJob(job)],
    }),
    matchBy: t.stringList({
      description: 'What rows are matched by; null for external ids, phone and email.',
      resolve: (job) => optionsOfJob(job).matchBy?.slice() ?? null,
    }),
    tags: t.field({
      type: ImportTags,
      nullable: false,
      description: 'Whether tags join those of a contact.',
      resolve: (job) => optionsOfJob(job).tags,
    }),
    addTags: t.stringList({
      nullable: false,
      description: 'Tags that every contact of the import gets.',
      resolve: (job) => [...optionsOfJob(job).addTags],
    }),
    reasons: t.field({
      type: [ImportReason],
      nullable: { list: false, items: false },
      description: 'Why rows were skipped: each row counts once, under its first reason.',
      resolve: (job) => [...reasonsOfJob(job)],
    }),
    warnings: t.field({
      type: [ImportWarning],
      nullable: { list: false, items: false },
      description: 'What is kept in another way than the upload asks for. Nothing is lost.',
      resolve: (job) => [...warningsOfJob(job)],
    }),
    links: t.field({ type: ImportLinks, nullable: false, description: 'Paths of the import and its files.', resolve: (job) => job }),
    totalRows: t.exposeInt('totalRows', { nullable: false }),
    processedRows: t.exposeInt('processedRows', { nullable: false }),
    created: t.exposeInt('created', { nullable: false }),
    updated: t.exposeInt('updated', { nullable: false }),
    unchanged: t.exposeInt('unchanged', { nullable: false }),
    skipped: t.exposeInt('skipped', { nullable: false }),
    createdBy: t.exposeString('createdBy', { nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    completedAt: t.expose('completedAt', { type: 'DateTime' }),
    rollbackExpiresAt: t.expose('rollbackExpiresAt', { type: 'DateTime' }),
    rolledBackAt: t.expose('rolledBackAt', { type: 'DateTime' }),
    rollback: t.field({
      type: ImportRollback,
      description: 'The progress of its rollback; null if none was started.',
      resolve: (job) => (job.rollbackRequestedAt === null ? null : job),
    }),
    skippedCsvPath: t.string({
      nullable: false,
      description: 'Where the skipped rows are, as a CSV file with their reasons that can be corrected and uploaded again.',
      resolve: ({ id }) => `/api/v1/contacts/import-jobs/${id}/skipped.csv`,
    }),
  }),
})

const ImportJobs = connectionTypes(ImportJob, 'ImportJob', { page: 'A page of imports.', edge: 'An import and its position in the list.' })

builder.queryFields((t) => ({
  importJob: t.field({
    type: ImportJob,
    description: 'One import; null if there is no such import in your organization. Needs the scope contacts:read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the import.' }) },
    resolve: (_root, { id }, context) => context.loaders.importJob.load(parseId('importJob', id)),
  }),
  importJobs: t.connection(
    {
      type: ImportJob,
      nullable: false,
      description: 'The imports of your organization, newest first. Needs the scope contacts:read.',
      resolve: resolvePage({
        list: (_root, { actor }) => importJobList(actor),
        read: (_root, context, page) => findImportJobs(context, page),
        position: importJobPosition,
      }),
    },
    ImportJobs.Connection,
    ImportJobs.Edge,
  ),
}))

builder.objectType(RollbackWindowExpired, {
  name: 'RollbackWindowExpired',
  description: meanings.ROLLBACK_WINDOW_EXPIRED.when,
  interfaces: [ErrorInterface],
})
builder.objectType(ImportNotReversible, {
  name: 'ImportNotReversible',
  description: meanings.IMPORT_NOT_REVERSIBLE.when,
  interfaces: [ErrorInterface],
})

mutation('importContacts', {
  description:
    'Imports contacts. Up to 5,000 rows finish before the answer; more rows continue in the background. A bad row is skipped with its reason and never ' +
    'stops the others. Needs the scope contacts:write.',
  input: {
    description: 'An upload of contacts, as a list or as the text of a CSV file, and what to do with it.',
    fields: importInputFields,
  },
  errors: { types: [InvalidInput], description: 'The import, or why there is none.' },
  resolve(input, context) {
    // The domain checks it again; checked here, a caller who may not import learns nothing about the input.
    requireScope(context, 'contacts:write')
    return importContacts(context, uploadOf(input), optionsOfInput(input))
  },
  payload: {
    description: 'The import is created.',
    fields: (t) => ({
      importJob: t.field({ type: ImportJob, nullable: false, description: 'The import.', resolve: (job) => job }),
      importJobEdge: t.field({
        type: ImportJobs.Edge,
        nullable: false,
        description: 'The import and its position in `importJobs`.',
        resolve: (job, _args, { actor }) => edgeOf(job, importJobList(actor), importJobPosition),
      }),
    }),
  },
})

mutation('rollbackImport', {
  description:
    'Rolls an import back, within 24 hours: contacts that it created are deleted, contacts that it changed get their previous values, and contacts ' +
    'that changed since are kept. An import of more than 5,000 rows is rolled back in the background. Needs the scope contacts:write.',
  input: {
    description: 'The import to roll back.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The id of the import.' }) }),
  },
  errors: {
    types: [InvalidInput, NotFound, ImportNotReversible, RollbackWindowExpired],
    description: 'The import, or why it cannot be rolled back.',
  },
  resolve: ({ id }, context) => rollBackImport(context, parseId('importJob', id)),
  payload: {
    description: 'The rollback has started or is complete.',
    fields: (t) => ({ importJob: t.field({ type: ImportJob, nullable: false, description: 'The import.', resolve: (job) => job }) }),
  },
})

const ImportProgress = builder.objectRef<ImportProgressEvent>('ImportProgress').implement({
  description: 'How far an import is.',
  fields: (t) => ({
    eventId: t.exposeString('eventId', { nullable: false, description: 'Names the event. Opaque.' }),
    job: t.expose('job', { type: ImportJob, nullable: false, description: 'The import in its current state.' }),
  }),
})

builder.subscriptionField('importProgress', (t) =>
  t.field({
    type: ImportProgress,
    nullable: false,
    description:
      'How far an import is, or its rollback: at once, and whenever it is further. Is complete when the work has ended; to watch a rollback, ' +
      'subscribe again. Needs the scope contacts:read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the import.' }) },
    subscribe: (_root, { id }, context) => context.keepOpen(() => watchImport(context, parseId('importJob', id))),
    resolve: (event) => event,
  }),
)
