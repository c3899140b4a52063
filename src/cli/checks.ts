import type { Command } from 'commander'
import { findInvalidEmails } from '../domain/contacts/check-emails.ts'
import { lostOptInsOf } from '../domain/preferences/lost-opt-ins.ts'
import { contextOf, organizationOption, withDatabase } from './database.ts'

/** Adds the command that reports stored data which the rules of today would not accept. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('report as JSON lines: email addresses that are not valid, and opt-ins of earlier releases that license nothing any more')
    .option(...organizationOption)
    .action((flags: { readonly organization?: string }) =>
      withDatabase(async (database) => {
        const { db, actor } = await contextOf(database, flags.organization)
        let count = 0
        const print = (line: object) => {
          count += 1
          console.log(JSON.stringify(line))
        }
        for (const found of await findInvalidEmails(db)) {
          if (found.organizationId === actor.organizationId)
            print({ check: 'invalid_emails', count: found.count, contact_ids: found.contactIds })
        }
        for await (const page of lostOptInsOf(db, actor.organizationId)) {
          for (const { contactId, channel, recordedAt, because } of page)
            print({ check: 'lost_opt_in', contact_id: contactId, channel, recorded_at: recordedAt.toISOString(), because })
        }
        if (count === 0) console.error('Nothing was found.')
      }),
    )
}
