import type { Command } from 'commander'
import type { Database } from '../data/open-database.ts'
import type { ApiKey } from '../data/generated/client.ts'
import { createApiKey, type KeyAdministration, listApiKeys, revokeApiKey, rotateApiKey } from '../domain/api-keys/commands.ts'
import { organizationOfKey } from '../domain/api-keys/queries.ts'
import { parseScopes } from '../domain/api-keys/rules.ts'
import { scopes } from '../domain/context.ts'
import { InvalidInput } from '../kernel/errors.ts'
import { parseDateOrDateTime } from '../kernel/time.ts'
import { jsonOption, now, organizationId, organizationOption, withDatabase } from './database.ts'
import { printTable } from './table.ts'

interface CreateFlags {
  readonly name: string
  readonly scopes: string
  readonly expires?: string
  readonly test?: boolean
  readonly organization?: string
}

/** Adds the commands for API keys. */
export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('manage the API keys of an organization')

  keys
    .command('create')
    .description('create an API key and print its id and the key, which is shown only once')
    .requiredOption('--name <name>', 'what it is for; signs the notes and blocks that are written with it')
    .option('--scopes <scopes>', 'its scopes, separated by commas', scopes.filter((scope) => scope !== 'metrics:read').join(','))
    .option('--expires <date>', 'when it stops working')
    .option('--test', 'start it with dv_test_sk_ instead of dv_live_sk_')
    .option(...organizationOption)
    .action((flags: CreateFlags) => withDatabase((database) => create(database, flags)))

  keys
    .command('list')
    .description('list the keys: id, beginning and end, name, scopes, created, last used, expiry and state')
    .option(...organizationOption)
    .option(...jsonOption)
    .action((flags: { organization?: string; json?: boolean }) => withDatabase((database) => list(database, flags)))

  keys
    .command('rotate <id>')
    .description('create a key with the same name and scopes, and let the old one expire')
    .option('--grace <hours>', 'how long the old key still works, in hours', '24')
    .action((id: string, flags: { grace: string }) =>
      withDatabase(async (database) => {
        const rotated = await rotateApiKey(await administrationOf(database, id), id, parseHours(flags.grace))
        console.log(`${rotated.id}\n${rotated.key}`)
        console.error(`${id} works until ${rotated.oldExpiresAt.toISOString()}.`)
      }),
    )

  keys
    .command('revoke <id>')
    .description('end a key; when the command returns, no server accepts it')
    .action((id: string) =>
      withDatabase(async (database) => {
        await revokeApiKey(await administrationOf(database, id), id)
        console.log(`${id} is revoked.`)
      }),
    )
}

/** Ids of keys are unique, so that commands about one key need no organization. @throws NotFound */
async function administrationOf({ db }: Database, id: string): Promise<KeyAdministration> {
  return { db, now, organizationId: await organizationOfKey(db, id) }
}

async function create(database: Database, flags: CreateFlags): Promise<void> {
  const context = { db: database.db, now, organizationId: await organizationId(database, flags.organization) }
  const { id, key } = await createApiKey(context, {
    name: flags.name,
    scopes: parseScopes(flags.scopes.split(',').map((scope) => scope.trim())),
    environment: flags.test === true ? 'test' : 'live',
    expiresAt: flags.expires === undefined ? null : parseDateOrDateTime(flags.expires, 'expires'),
  })
  console.log(`${id}\n${key}`)
}

async function list(database: Database, flags: { organization?: string; json?: boolean }): Promise<void> {
  const keys = await listApiKeys({ db: database.db, now, organizationId: await organizationId(database, flags.organization) })
  if (flags.json === true) {
    const shown = keys.map(({ id, hint, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt }) => {
      return { id, hint, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt }
    })
    console.log(JSON.stringify(shown, null, 2))
    return
  }
  printTable(
    ['ID', 'KEY', 'NAME', 'STATE', 'CREATED', 'LAST USED', 'EXPIRES', 'SCOPES'],
    keys.map((key) => [
      key.id,
      key.hint,
      key.name,
      stateOf(key),
      key.createdAt.toISOString(),
      key.lastUsedAt?.toISOString() ?? 'never',
      key.expiresAt?.toISOString() ?? 'never',
      key.scopes.join(','),
    ]),
  )
}

function stateOf({ revokedAt, expiresAt }: ApiKey): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now() ? 'expired' : 'active'
}

function parseHours(text: string): number {
  const hours = Number(text)
  if (text.trim() !== '' && hours >= 0 && hours <= 8760) return hours
  throw new InvalidInput(`--grace ${text} is not a number of hours from 0 to 8760.`, { field: 'grace', value: text, expected: '0 to 8760' })
}
