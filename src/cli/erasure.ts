import type { Command } from 'commander'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Context } from '../domain/context.ts'
import { eraseContacts } from '../domain/erasure/commands.ts'
import { allErasures, type ErasedPerson, reeraseContacts } from '../domain/erasure/reerase.ts'
import { InvalidInput } from '../kernel/errors.ts'
import { contextOf, organizationOption, withDatabase } from './database.ts'

interface EraseFlags {
  readonly reason: string
  readonly list?: string
  readonly organization?: string
}

/** Adds the commands that erase persons, and erase them again after the restore of a backup. */
export function addErasureCommands(program: Command): void {
  program
    .command('erase <ids...>')
    .description('erase persons by the ids of their contacts, 1 to 100; this cannot be reverted')
    .requiredOption('--reason <reason>', 'why, without names and addresses of the persons; it stays on record')
    .option('--list <file>', 'add the erasures to this file, which is kept outside of the database')
    .option(...organizationOption)
    .action((ids: string[], flags: EraseFlags) =>
      withDatabase(async (database) => erase(await contextOf(database, flags.organization), ids, flags)),
    )

  program
    .command('erasures')
    .description('print all erasures as JSON lines, without anything that names a person: the list for reerase')
    .option('-o, --output <file>', 'the file to write')
    .option(...organizationOption)
    .action((flags: { output?: string; organization?: string }) =>
      withDatabase(async (database) => {
        const context = await contextOf(database, flags.organization)
        if (flags.output !== undefined) await writeFile(flags.output, '', { mode: 0o600 })
        for await (const page of allErasures(context)) {
          const lines = linesOf(context, page)
          if (flags.output === undefined) process.stdout.write(lines)
          else await appendFile(flags.output, lines, { flush: true })
        }
      }),
    )

  program
    .command('reerase <file>')
    .description('after the restore of a backup: erase again the persons of a list that erase or erasures has written')
    .option(...organizationOption)
    .action((file: string, flags: { organization?: string }) =>
      withDatabase(async (database) => reerase(await contextOf(database, flags.organization), file)),
    )
}

async function erase(context: Context, ids: readonly string[], { reason, list }: EraseFlags): Promise<void> {
  const { erasures, failed } = await eraseContacts(context, { ids, reason })
  if (list !== undefined) await appendFile(list, linesOf(context, erasures), { mode: 0o600, flush: true })
  for (const { contactId } of erasures) console.log(`${contactId} is erased.`)
  for (const refusal of failed) console.error(refusal.reason.message)
  if (failed.length > 0) process.exitCode = 1
}

async function reerase(context: Context, file: string): Promise<void> {
  const persons = parseList(await readFile(file, 'utf8'), context.actor.organizationId)
  const { contactIds, onRecord } = await reeraseContacts(context, persons)
  for (const id of contactIds) console.log(`${id} is erased.`)
  console.log(
    `Persons on the list: ${persons.length}. Contacts erased again: ${contactIds.length}. Erasures that were on record: ${onRecord}.`,
  )
}

function linesOf({ actor }: Context, erasures: readonly ErasedPerson[]): string {
  return erasures
    .map(({ contactId, erasedAt, reason, addresses }) => {
      const line = { organization_id: actor.organizationId, contact_id: contactId, erased_at: erasedAt.toISOString(), reason, addresses }
      return `${JSON.stringify(line)}\n`
    })
    .join('')
}

const lineSchema = z.object({
  organization_id: z.string(),
  contact_id: z.string(),
  erased_at: z.iso.datetime(),
  reason: z.string(),
  addresses: z.array(z.string()),
})

/** The persons of an organization on a list. @throws InvalidInput for a line that is none of such a list */
function parseList(text: string, organizationId: string): ErasedPerson[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = lineSchema.safeParse(parseJson(line))
    if (!parsed.success) {
      throw new InvalidInput(`Line ${index + 1} is not one of a list that erase or erasures has written. Nothing was erased.`, {
        field: 'file',
      })
    }
    const { organization_id: owner, contact_id: contactId, erased_at: erasedAt, reason, addresses } = parsed.data
    return owner === organizationId ? [{ contactId, reason, erasedAt: new Date(erasedAt), addresses }] : []
  })
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
