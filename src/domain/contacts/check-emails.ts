import type { Tx } from '../../data/database.ts'
import { selectUnusualEmails } from '../../data/sql/find-unusual-emails.ts'
import { InvalidEmail, parseEmail } from '../../kernel/email.ts'

/** What is wrong with the email addresses of one organization. */
export interface InvalidEmails {
  readonly organizationId: string
  /** How many contacts have an address that would not be accepted today. */
  readonly count: number
  /** The first of these contacts, at most 20. */
  readonly contactIds: readonly string[]
}

const pageSize = 500
const maxReported = 20

/**
 * Finds contacts whose stored email address would not be accepted, or would be stored in another form, today: earlier releases accepted
 * `ana@example.com/x`. Changes nothing: only the organization knows what the address should be.
 * @returns the organizations that have any
 */
export async function findInvalidEmails(db: Tx): Promise<InvalidEmails[]> {
  const found: InvalidEmails[] = []
  for (const { id } of await db.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true } })) {
    const ofOrganization = await invalidEmailsOf(db, id)
    if (ofOrganization.count > 0) found.push(ofOrganization)
  }
  return found
}

async function invalidEmailsOf(db: Tx, organizationId: string): Promise<InvalidEmails> {
  const contactIds: string[] = []
  let count = 0
  for (let afterId = ''; ;) {
    const page = await selectUnusualEmails(db, organizationId, { afterId, limit: pageSize })
    const invalid = page.filter(({ email }) => !isStorable(email))
    count += invalid.length
    contactIds.push(...invalid.slice(0, maxReported - contactIds.length).map(({ id }) => id))
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return { organizationId, count, contactIds }
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
