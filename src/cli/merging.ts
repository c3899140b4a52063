import { type Command, InvalidArgumentError } from 'commander'
import { displayNameOf } from '../domain/contacts/names.ts'
import type { Context } from '../domain/context.ts'
import { findDuplicateGroups } from '../domain/duplicates/queries.ts'
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
    .command('duplicates')
    .description('list groups of contacts that may be one person, with a score and reasons')
    .option('--min-score <score>', 'only groups of at least this score, 0 to 1', parseScore)
    .option(...organizationOption)
    .option(...jsonOption)
    .action((flags: Flags & { minScore?: number }) =>
      withDatabase(async (database) => listDuplicates(await contextOf(database, flags.organization), flags)),
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

function parseScore(text: string): number {
  const score = Number(text)
  if (text.trim() !== '' && score >= 0 && score <= 1) return score
  throw new InvalidArgumentError('A score is a number from 0 to 1.')
}

async function listDuplicates(context: Context, { minScore, json }: Flags & { minScore?: number }): Promise<void> {
  let [after, count]: [string | null, number] = [null, 0]
  do {
    const page = await findDuplicateGroups(context, { first: 200, after, ...(minScore !== undefined && { minScore }) })
    for (const { contacts, score, reasons } of page.groups) {
      const named = contacts.map((contact) => ({ id: contact.id, displayName: displayNameOf(contact) }))
      const line = [score.toFixed(2), reasons.join(','), ...named.map(({ id, displayName }) => `${id} ${displayName}`)].join('\t')
      console.log(json === true ? JSON.stringify({ score, reasons, contacts: named }) : line)
    }
    ;[after, count] = [page.next, count + page.groups.length]
  } while (after !== null)
  if (count === 0 && json !== true) console.log('No contacts look like one person.')
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
