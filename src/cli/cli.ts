import { Command } from 'commander'
import { bootstrap } from '../server/bootstrap.ts'
import { exportFile, type ExportFlags, importFile, type ImportFlags } from './import-export.ts'
import { readConfig } from '../config.ts'
import { type Database, openDatabase } from '../data/database.ts'
import { createApiKey, listApiKeys, revokeApiKey } from '../domain/api-keys/commands.ts'
import { parseScopes } from '../domain/api-keys/rules.ts'
import { type Context, scopes } from '../domain/context.ts'
import { exportAuditEntries } from '../domain/audit/queries.ts'
import { createOrganization } from '../domain/organizations/commands.ts'
import { createSchema } from '../http/graphql/schema/schema.ts'
import { DomainError, InvalidInput } from '../kernel/errors.ts'
import { parseDateOrDateTime } from '../kernel/time.ts'
import { openSecretKeys } from '../server/secret-keys.ts'
import { mendableFault } from '../server/startup-errors.ts'
import { writeManifest } from '../server/operation-manifest.ts'

const now = () => new Date()
const program = new Command('contact-gateway')
  .description('Looks after a contact gateway. Reads the same environment variables as the server (see the README).')
  .showHelpAfterError()

/** Opens the database that the environment names, does some work on it and closes it. */
async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(readConfig(process.env).database)
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

/** The organization that is meant: the named one, or the only one. */
async function organizationId(database: Database, named: string | undefined): Promise<string> {
  const organizations = await database.db.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true, name: true } })
  const [only, ...others] = named === undefined ? organizations : organizations.filter(({ id }) => id === named)
  if (only !== undefined && others.length === 0) return only.id
  const known = organizations.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
  throw new InvalidInput(
    organizations.length === 0
      ? 'There is no organization yet: make one with organizations create.'
      : `Say which organization, with --organization:\n${known}`,
    {
      field: 'organization',
    },
  )
}

/** Who works on the command line: someone with every scope, for one organization. */
async function contextOf(database: Database, organization: string | undefined): Promise<Context> {
  const actor = { organizationId: await organizationId(database, organization), keyId: '', name: 'Command line', scopes }
  return { actor, requestId: null, db: database.db, now, secretKeys: await openSecretKeys(readConfig(process.env)) }
}

program
  .command('migrate')
  .description('bring the database up to date')
  .action(() => withDatabase(async () => console.log('The database is up to date.')))

program
  .command('seed')
  .description('fill an empty database with the demo organization')
  .action(() =>
    withDatabase(async (database) => {
      if ((await database.db.organization.count()) > 0)
        throw new InvalidInput('The database is not empty: the demo organization is only added to one that is.', {})
      const { newKey } = await bootstrap(database, { ...readConfig(process.env), demoData: true }, now, (done, total) => {
        if (done === total) console.log(`${total.toLocaleString('en')} rows written.`)
      })
      console.log(`API key: ${newKey ?? '(the database had one)'}`)
    }),
  )

const organizations = program.command('organizations').description('the companies whose contacts are kept here')

organizations
  .command('create')
  .description('set up an organization')
  .requiredOption('--name <name>', 'what it is called')
  .option('--country <code>', 'the country that phone numbers without a prefix are read in')
  .action((options: { name: string; country?: string }) =>
    withDatabase(async ({ db }) =>
      console.log(await createOrganization({ db, now }, { name: options.name, defaultCountry: options.country ?? null })),
    ),
  )

organizations
  .command('list')
  .description('show every organization')
  .action(() =>
    withDatabase(async ({ db }) => {
      for (const { id, name, defaultCountry } of await db.organization.findMany({ orderBy: { id: 'asc' } }))
        console.log([id, name, defaultCountry ?? ''].join('\t'))
    }),
  )

const keys = program.command('keys').description('the API keys of an organization')
const whose = '--organization <id>'

keys
  .command('create')
  .description('make an API key; it is shown this once')
  .requiredOption('--name <name>', 'what it is for; signs the notes and blocks made with it')
  .option('--scopes <scopes>', 'what it may do, separated by commas', scopes.filter((scope) => scope !== 'metrics:read').join(','))
  .option('--expires <date>', 'when it stops working')
  .option('--test', 'begin it with dv_test_sk_, to tell it from the keys of real programs')
  .option(whose, 'the organization, if there are several')
  .action((options: { name: string; scopes: string; expires?: string; test?: boolean; organization?: string }) =>
    withDatabase(async (database) => {
      const context = { db: database.db, now, organizationId: await organizationId(database, options.organization) }
      const { id, key } = await createApiKey(context, {
        name: options.name,
        scopes: parseScopes(options.scopes.split(',').map((scope) => scope.trim())),
        environment: options.test === true ? 'test' : 'live',
        expiresAt: options.expires === undefined ? null : parseDateOrDateTime(options.expires, 'expires'),
      })
      console.log(`${id}\n${key}`)
    }),
  )

keys
  .command('list')
  .description('show the keys, without the secrets')
  .option(whose, 'the organization, if there are several')
  .action((options: { organization?: string }) =>
    withDatabase(async (database) => {
      for (const key of await listApiKeys({ db: database.db, now, organizationId: await organizationId(database, options.organization) })) {
        const state =
          key.revokedAt === null
            ? key.expiresAt === null
              ? 'active'
              : `until ${key.expiresAt.toISOString()}`
            : `revoked ${key.revokedAt.toISOString()}`
        console.log([key.id, key.hint, key.name, key.scopes.join(','), state].join('\t'))
      }
    }),
  )

keys
  .command('revoke <id>')
  .description('end a key; no server accepts it any more when this is done')
  .option(whose, 'the organization, if there are several')
  .action((id: string, options: { organization?: string }) =>
    withDatabase(async (database) => {
      await revokeApiKey({ db: database.db, now, organizationId: await organizationId(database, options.organization) }, id)
      console.log(`${id} is revoked.`)
    }),
  )

program
  .command('import <file>')
  .description('import contacts from a file of CSV, or of JSON if its name ends with .json')
  .option('--on-duplicate <what>', 'what to do with a contact that is known: skip or update', 'skip')
  .option('--default-country <code>', 'reads phone numbers without a country prefix')
  .option('--dry-run', 'try everything and keep nothing')
  .option(whose, 'the organization, if there are several')
  .action((file: string, options: ImportFlags & { organization?: string }) =>
    withDatabase(async (database) => importFile(await contextOf(database, options.organization), file, options)),
  )

program
  .command('export')
  .description('write contacts to the standard output or a file')
  .option('--format <format>', 'csv, ndjson or json', 'csv')
  .option('--fields <fields>', 'which fields, separated by commas')
  .option('--search <words>', 'only those that a search finds')
  .option('--tags <tags>', 'only those with any of these tags')
  .option('-o, --output <file>', 'the file to write')
  .option(whose, 'the organization, if there are several')
  .action((options: ExportFlags & { organization?: string }) =>
    withDatabase(async (database) => exportFile(await contextOf(database, options.organization), options)),
  )

program
  .command('audit')
  .description('print the audit log as JSON lines, newest first')
  .option('--from <date>', 'what was done at this moment or later')
  .option('--to <date>', 'what was done before this moment')
  .option(whose, 'the organization, if there are several')
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
    console.log(`${count.toLocaleString('en')} operations stand in ${options.output}.`)
  })

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof DomainError ? error.message : (mendableFault(error) ?? error))
  process.exitCode = 1
})
