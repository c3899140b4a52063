import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Database } from '../data/open-database.ts'
import { ChangeFeed } from '../domain/changes/feed.ts'
import { findContactChanges } from '../domain/finding/changes.ts'
import { contextOf, organizationOption, withDatabase } from './database.ts'

interface ChangesFlags {
  readonly after?: string
  readonly follow?: boolean
  readonly organization?: string
}

/** How long the follower waits where nothing has happened, in milliseconds. */
const pause = 1000

/** Adds the command that prints what happens to contacts. */
export function addChangesCommand(program: Command): void {
  program
    .command('changes')
    .description('print what happened to contacts as JSON lines; the last line has the event id to go on from')
    .option('--after <event id>', 'the event to read on from. Default: the present one')
    .option('--follow', 'go on until interrupted')
    .option(...organizationOption)
    .action((flags: ChangesFlags) => withDatabase((database) => printChanges(database, flags)))
}

async function printChanges(database: Database, { after, follow, organization }: ChangesFlags): Promise<void> {
  const { changesKeptDays } = readConfig(process.env).http
  const context = await contextOf(database, organization)
  const feed = new ChangeFeed({ ...context, listen: database.listen, changesKeptDays, onError: (error) => console.error(error) })
  let eventId = after ?? (await feed.presentEventId(context.actor.organizationId))
  for (;;) {
    const found = await findContactChanges({ ...context, feed }, { after: eventId, first: 1000 })
    for (const { contactId, kinds, fields, occurredAt, matches } of found.changes)
      print({ contact_id: contactId, kinds, fields, occurred_at: occurredAt.toISOString(), matches })
    const isNew = found.eventId !== eventId && found.changes.length > 0
    eventId = found.eventId
    const isEnd = !found.hasMore && follow !== true
    // A reader that is interrupted goes on from the last of these lines.
    if (isNew || isEnd) print({ event_id: eventId })
    if (isEnd) return
    if (!found.hasMore) await sleep(pause)
  }
}

function print(line: object): void {
  console.log(JSON.stringify(line))
}
