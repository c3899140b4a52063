import type { Contact } from '../../data/generated/client.ts'
import { DomainError, InvalidInput } from '../../kernel/errors.ts'

/** What a caller expects of a contact before it is changed. */
export interface Precondition {
  /** The input that states it, such as `ifRevision` or `If-Match`. */
  readonly field: string
  /** The contact has one of these revisions. */
  readonly revisions?: readonly number[]
  /** The contact last changed at this time. */
  readonly updatedAt?: Date
  /** The contact has this value in a field that a change cannot set. */
  readonly readOnly?: boolean | string | Date
}

/** The contact has changed since the caller read it, so nothing was changed. */
export class RevisionConflict extends DomainError {
  /** The contact in its current state. */
  readonly current: Contact

  constructor(current: Contact, { field, revisions, updatedAt }: Precondition) {
    super(
      'REVISION_CONFLICT',
      `The contact has changed: its revision is ${current.revision} now. Read it again, and repeat the change on what it is now.`,
      {
        field,
        value: revisions?.join(', ') ?? updatedAt?.toISOString(),
        expected: updatedAt === undefined ? String(current.revision) : current.updatedAt.toISOString(),
      },
    )
    this.current = current
  }
}

/**
 * Checks preconditions against a contact that the transaction has locked, so that they still hold when it is written.
 * @throws RevisionConflict; InvalidInput for another value of a read-only field
 */
export function requireUnchanged(contact: Contact, preconditions: readonly Precondition[]): void {
  const broken = preconditions.find(
    ({ revisions, updatedAt }) =>
      (revisions !== undefined && !revisions.includes(contact.revision)) ||
      (updatedAt !== undefined && updatedAt.getTime() !== contact.updatedAt.getTime()),
  )
  if (broken !== undefined) throw new RevisionConflict(contact, broken)
  for (const { field, readOnly } of preconditions) if (readOnly !== undefined) requireStored(contact, field, readOnly)
}

function requireStored(contact: Contact, field: string, given: boolean | string | Date): void {
  const stored = { isBlocked: contact.blockedAt !== null, source: contact.source, createdAt: contact.createdAt.toISOString() }
  const expected = String(Object.entries(stored).find(([name]) => name === field)?.[1])
  const value = given instanceof Date ? given.toISOString() : given
  if (String(value) === expected) return
  const remedy = field === 'isBlocked' ? 'Block and unblock contacts by their own requests.' : 'Omit it, or send it unchanged.'
  throw new InvalidInput(`This field is read only. ${remedy}`, { field, value, expected })
}
