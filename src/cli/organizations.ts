import type { Command } from 'commander'
import { createOrganization, renameOrganization } from '../domain/organizations/commands.ts'
import { jsonOption, now, withDatabase } from './database.ts'
import { printTable } from './table.ts'

/** Adds the commands for organizations. */
export function addOrganizationCommands(program: Command): void {
  const organizations = program.command('organizations').description('manage the organizations that share this database')

  organizations
    .command('create')
    .description('create an organization and print its id')
    .requiredOption('--name <name>', 'its name')
    .option('--country <code>', 'the country in which phone numbers without a country prefix are read')
    .action((options: { name: string; country?: string }) =>
      withDatabase(async ({ db }) =>
        console.log(await createOrganization({ db, now }, { name: options.name, defaultCountry: options.country ?? null })),
      ),
    )

  organizations
    .command('rename <id> <name>')
    .description('change the name of an organization')
    .action((id: string, name: string) =>
      withDatabase(async ({ db }) => {
        await renameOrganization({ db, now }, id, name)
        console.log(`${id} is now called "${name}".`)
      }),
    )

  organizations
    .command('list')
    .description('list every organization: id, name, country, created')
    .option(...jsonOption)
    .action((options: { json?: boolean }) =>
      withDatabase(async ({ db }) => {
        const rows = await db.prisma.organization.findMany({ orderBy: { id: 'asc' } })
        const list = rows.map(({ id, name, defaultCountry, createdAt }) => ({ id, name, defaultCountry, createdAt }))
        if (options.json === true) console.log(JSON.stringify(list, null, 2))
        else
          printTable(
            ['ID', 'NAME', 'COUNTRY', 'CREATED'],
            list.map(({ id, name, defaultCountry, createdAt }) => [id, name, defaultCountry ?? '', createdAt.toISOString()]),
          )
      }),
    )
}
