import { Command } from 'commander'
import { readConfig } from '../config.ts'
import { exportAuditEntries } from '../domain/audit/queries.ts'
import { createSchema } from '../http/graphql/schema/schema.ts'
import { DomainError, InvalidInput } from '../kernel/errors.ts'
import { parseDateOrDateTime } from '../kernel/time.ts'
import { version } from '../kernel/version.ts'
import { bootstrap } from '../server/bootstrap.ts'
import { writeManifest } from '../server/operation-manifest.ts'
import { startupError } from '../server/startup-errors.ts'
import { addChangesCommand } from './changes.ts'
import { addCheckCommand } from './checks.ts'
import { contextOf, now, organizationId, organizationOption, withDatabase } from './database.ts'
import { addErasureCommands } from './erasure.ts'
import { exportFile, type ExportFlags, importFile, type ImportFlags } from './import-export.ts'
import { addKeyCommands } from './keys.ts'
import { addMergingCommands } from './merging.ts'
import { addOrganizationCommands } from './organizations.ts'
import { addSuppressionCommands } from './suppressions.ts'

const program = new Command('contact-gateway')
  .description('Operate a contact gateway. The environment variables are those of the server: see docs/configuration.md.')
  .version(version)
  .showHelpAfterError()

program
  .command('migrate')
  .description('apply pending migrations')
  .action(() => withDatabase(async () => console.log('The database is up to date.')))

program
  .command('seed')
  .description('fill an empty database with the demo organization')
  .action(() =>
    withDatabase(async (database) => {
      if ((await database.db.prisma.organization.count()) > 0)
        throw new InvalidInput('The database is not empty. The demo organization can only be added to an empty database.', {})
      const { newKey } = await bootstrap(database, { ...readConfig(process.env), demoData: true }, now, (done, total) => {
        if (done === total) console.log(`${total.toLocaleString('en')} rows written.`)
      })
      console.log(`API key: ${newKey ?? '(the database already has one)'}`)
    }),
  )

addOrganizationCommands(program)
addKeyCommands(program)
addMergingCommands(program)
addChangesCommand(program)
addErasureCommands(program)
addSuppressionCommands(program)
addCheckCommand(program)

program
  .command('import <file>')
  .description('import contacts from a file')
  .option('--on-duplicate <what>', 'what to do with a contact that exists: skip or update', 'skip')
  .option('--default-country <code>', 'the country in which phone numbers without a country prefix are read')
  .option('--dry-run', 'validate every row and write nothing')
  .option('--preview', 'show what the columns become, the first rows and the counts, and write nothing')
  .option('--columns <json>', 'what columns become, such as \'{"Telefon": "phone", "Intern": null}\'')
  .option('--charset <name>', 'the charset of the file. Default: utf-8')
  .option(...organizationOption)
  .action((file: string, options: ImportFlags & { organization?: string }) =>
    withDatabase(async (database) => importFile(await contextOf(database, options.organization), file, options)),
  )

program
  .command('export')
  .description('write contacts to the standard output or a file')
  .option('--format <format>', 'csv, ndjson, json or vcard', 'csv')
  .option('--fields <fields>', 'the fields to write, separated by commas')
  .option('--search <words>', 'only contacts that match this search')
  .option('--tags <tags>', 'only contacts with any of these tags, separated by commas')
  .option('--sort <field>', 'the field to sort by, with a minus in front for the reverse. Default: created_at')
  .option('-o, --output <file>', 'the file to write')
  .option(...organizationOption)
  .action((options: ExportFlags & { organization?: string }) =>
    withDatabase(async (database) => exportFile(await contextOf(database, options.organization), options)),
  )

program
  .command('audit')
  .description('print the audit log as JSON lines, newest first')
  .option('--from <date>', 'only entries at or after this time')
  .option('--to <date>', 'only entries before this time')
  .option(...organizationOption)
  .action((options: { from?: string; to?: string; organization?: string }) =>
    withDatabase(async (database) => {
      const context = { db: database.db, organizationId: await organizationId(database, options.organization) }
      const from = options.from === undefined ? null : parseDateOrDateTime(options.from, 'from')
      const to = options.to === undefined ? null : parseDateOrDateTime(options.to, 'to')
      for await (const entries of exportAuditEntries(context, { from, to })) for (const entry of entries) console.log(JSON.stringify(entry))
    }),
  )

program
  .command('documents <folder>')
  .description('write the manifest of trusted documents from a folder of .graphql files')
  .requiredOption('--output <file>', 'the manifest, for TRUSTED_DOCUMENTS_MANIFEST')
  .action((folder: string, options: { output: string }) => {
    const count = writeManifest(createSchema(), folder, options.output)
    console.log(`${count.toLocaleString('en')} operations are in ${options.output}.`)
  })

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof DomainError ? error.message : (startupError(error) ?? error))
  process.exitCode = 1
})
