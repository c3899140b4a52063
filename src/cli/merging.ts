import type { Command } from 'commander'
import type { Merge } from '../domain/merging/commands.ts'
import { mergeContacts } from '../domain/merging/commands.ts'
import { unmergeContacts } from '../domain/merging/unmerge.ts'
import { contextOf, jsonOption, organizationOption, withDatabase } from './database.ts'

interface Flags {
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly organization?: string
}

/** Adds the commands that merge contacts. */
export function addMergingCommands(program: Command): void {
  program
    .command('merge <into> <from...>')
    .description('merge contacts into the first one, and print the outcome of each field')
    .option('--dry-run', 'show what would happen and write nothing')
    .option(...organizationOption)
    .option(...jsonOption)
    .action((into: string, from: string[], flags: Flags) =>
      withDatabase(async (database) => {
        const context = await contextOf(database, flags.organization)
        print(await mergeContacts(context, { intoId: into, fromIds: from, dryRun: flags.dryRun }), flags)
      }),
    )
  program
    .command('unmerge <merge>')
    .description('take a merge back, within 30 days')
    .option(...organizationOption)
    .action((merge: string, flags: Flags) =>
      withDatabase(async (database) => {
        const { fromIds } = await unmergeContacts(await contextOf(database, flags.organization), merge)
        console.log(`${fromIds.join(', ')} ${fromIds.length === 1 ? 'is' : 'are'} back.`)
      }),
    )
}

function print({ summary, id, intoId, isPreview }: Merge, { json }: Flags): void {
  if (json === true) {
    console.log(JSON.stringify({ id: isPreview ? null : id, intoId, ...summary }, null, 2))
    return
  }
  for (const { field, value, losing } of summary.fields) {
    const lost = losing.map((one) => JSON.stringify(one.value)).join(', ')
    console.log(`${field}: ${JSON.stringify(value)}${lost === '' ? '' : ` (not ${lost})`}`)
  }
  for (const { channel, state } of summary.consent) console.log(`consent to ${channel}: ${state}`)
  for (const [kind, count] of Object.entries(summary.moved)) if (count > 0) console.log(`${kind}: ${count} move`)
  console.log(isPreview ? 'Nothing was written.' : `Merged into ${intoId}. To take it back: unmerge ${id}`)
}
