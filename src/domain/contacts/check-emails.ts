import type { Tx } from '../../data/database.ts'
import { selectUnusualEmails } from '../../data/sql/find-unusual-emails.ts'
import { InvalidEmail, parseEmail } from '../../kernel/email.ts'
import { reportContacts, type ReportedContacts } from './report-contacts.ts'

const pageSize = 500

/**
 * Finds contacts whose stored email address would not be accepted, or would be stored in another form, today: earlier releases accepted
 * `ana@example.com/x`. Changes nothing: only the organization knows what the address should be.
 * @returns the organizations that have any
 */
export async function findInvalidEmails(db: Tx): Promise<ReportedContacts[]> {
  return reportContacts(db, (organizationId) => invalidEmailsOf(db, organizationId))
}

/** The contacts of an organization with such an address, a page at a time. */
async function* invalidEmailsOf(db: Tx, organizationId: string): AsyncGenerator<string[]> {
  for (let afterId = ''; ;) {
    const page = await selectUnusualEmails(db, organizationId, { afterId, limit: pageSize })
    yield page.filter(({ email }) => !isStorable(email)).map(({ id }) => id)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    afterId = last.id
  }
}

function isStorable(email: string): boolean {
  try {
    return parseEmail(email).address === email
  } catch (error) {
    if (error instanceof InvalidEmail) return false
    throw error
  }
}
