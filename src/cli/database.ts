import { readConfig, variables } from '../config.ts'
import { type Database, openDatabase } from '../data/open-database.ts'
import { type Context, scopes } from '../domain/context.ts'
import { InvalidInput } from '../kernel/errors.ts'
import { mistypedVariables } from '../server/mistyped-variables.ts'
import { openSecretKeys } from '../server/secret-keys.ts'

export const now = () => new Date()

/** The option that names an organization. */
export const organizationOption = ['--organization <id>', 'the organization; required if there are several'] as const

/** The option that prints JSON instead of columns. */
export const jsonOption = ['--json', 'print JSON'] as const

/** Opens the database that the environment names, does some work on it, and closes it. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  for (const hint of mistypedVariables(process.env, variables)) console.error(hint)
  const database = await openDatabase(readConfig(process.env).database)
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

/** The named organization, or the only one. @throws InvalidInput listing the organizations */
export async function organizationId(database: Database, named: string | undefined): Promise<string> {
  const organizations = await database.db.prisma.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true, name: true } })
  const [only, ...others] = named === undefined ? organizations : organizations.filter(({ id }) => id === named)
  if (only !== undefined && others.length === 0) return only.id
  if (organizations.length === 0)
    throw new InvalidInput('There is no organization yet. Create one with: organizations create --name "My company".', {
      field: 'organization',
    })
  const list = organizations.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
  const problem = named === undefined ? 'There are several organizations.' : `There is no organization ${named}.`
  throw new InvalidInput(`${problem} Add --organization with one of these ids:\n${list}`, { field: 'organization' })
}

/** The command line acts with every scope, for one organization. */
export async function contextOf(database: Database, organization: string | undefined): Promise<Context> {
  const actor = { organizationId: await organizationId(database, organization), keyId: '', name: 'Command line', scopes }
  return { actor, requestId: null, db: database.db, now, secretKeys: await openSecretKeys(readConfig(process.env)) }
}
