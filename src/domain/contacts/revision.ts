import type { Contact } from '../../data/generated/client.ts'
import { DomainError } from '../../kernel/errors.ts'

/** What a caller expects of a contact before it is changed. */
export interface Precondition {
  /** The input that states it, such as `ifRevision` or `If-Match`. */
  readonly field: string
  /** The contact has one of these revisions. */
  readonly revisions?: readonly number[]
  /** The contact last changed at this time. */
  readonly updatedAt?: Date
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
 * @throws RevisionConflict
 */
export function requireUnchanged(contact: Contact, preconditions: readonly Precondition[]): void {
  const broken = preconditions.find(
    ({ revisions, updatedAt }) =>
      (revisions !== undefined && !revisions.includes(contact.revision)) ||
      (updatedAt !== undefined && updatedAt.getTime() !== contact.updatedAt.getTime()),
  )
  if (broken !== undefined) throw new RevisionConflict(contact, broken)
}
