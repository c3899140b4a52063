import type { Command } from 'commander'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Suppression } from '../data/generated/client.ts'
import { liftSuppression } from '../domain/suppression/commands.ts'
import { importSuppressions, suppressionsCsv } from '../domain/suppression/csv.ts'
import { allSuppressions, channelsOf } from '../domain/suppression/queries.ts'
import { contextOf, jsonOption, organizationOption, withDatabase } from './database.ts'

interface Flags {
  readonly json?: boolean
  readonly output?: string
  readonly organization?: string
}

/** Adds the commands for the suppression list: addresses to which nothing is sent. */
export function addSuppressionCommands(program: Command): void {
  const suppressions = program.command('suppressions').description('manage the suppression list: addresses to which nothing is sent')

  suppressions
    .command('list')
    .description('print the suppressions that hold, the latest first')
    .option(...organizationOption)
    .option(...jsonOption)
    .action((flags: Flags) =>
      withDatabase(async (database) => {
        for await (const page of allSuppressions(await contextOf(database, flags.organization)))
          for (const one of page) console.log(flags.json === true ? JSON.stringify(presented(one)) : lineOf(one))
      }),
    )

  suppressions
    .command('export')
    .description('write the suppression list as CSV')
    .option('-o, --output <file>', 'the file to write. Default: the standard output')
    .option(...organizationOption)
    .action((flags: Flags) =>
      withDatabase(async (database) => {
        const csv = Readable.from(suppressionsCsv(await contextOf(database, flags.organization)))
        await pipeline(csv, flags.output === undefined ? process.stdout : createWriteStream(flags.output, { mode: 0o600 }), {
          end: flags.output !== undefined,
        })
      }),
    )

  suppressions
    .command('import <file>')
    .description('suppress the addresses of a CSV file with the column address, and channels, reason, topic, since and note if it has them')
    .option(...organizationOption)
    .action((file: string, flags: Flags) =>
      withDatabase(async (database) => {
        const context = await contextOf(database, flags.organization)
        const { rows, suppressed, failedRows, failed } = await importSuppressions(context, createReadStream(file))
        for (const { row, reason } of failed) console.error(`Row ${row.toLocaleString('en')}: ${reason.message}`)
        console.log(
          `${rows.toLocaleString('en')} rows: ${suppressed.toLocaleString('en')} entries are new, ${failedRows.toLocaleString('en')} rows failed.`,
        )
        if (failedRows > 0) process.exitCode = 1
      }),
    )

  suppressions
    .command('lift <id>')
    .description('lift an entry; both stay on record')
    .requiredOption('--reason <reason>', 'why, 1 to 500 characters')
    .option(...organizationOption)
    .action((id: string, flags: Flags & { readonly reason: string }) =>
      withDatabase(async (database) => {
        console.log(`${await liftSuppression(await contextOf(database, flags.organization), id, flags.reason)} is lifted.`)
      }),
    )
}

function presented(one: Suppression): Record<string, unknown> {
  const { id, key: address, reason, topicId, since, note, createdBy: created_by } = one
  return {
    id,
    address,
    channels: channelsOf(one),
    reason,
    topic_id: topicId === '' ? null : topicId,
    since: since.toISOString(),
    note,
    created_by,
  }
}

function lineOf(one: Suppression): string {
  return `${one.id}  ${one.key}  ${one.reason}  ${channelsOf(one).join(' ')}  ${one.since.toISOString()}`
}
