import { DomainError } from '../../kernel/errors.ts'

/** No message goes out to a blocked contact. */
export class ContactBlocked extends DomainError {
  constructor(contactId: string) {
    super('CONTACT_BLOCKED', `The contact ${contactId} is blocked: no message goes out to it. Unblock it first.`, { contactId })
  }
}
