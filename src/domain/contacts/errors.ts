import { DomainError } from '../../kernel/errors.ts'

/** Another contact of the organization already has this phone number or email address. */
export class ContactAlreadyExists extends DomainError {
  readonly existingId: string
  readonly field: 'phone' | 'email'

  constructor(field: 'phone' | 'email', existingId: string) {
    const noun = field === 'phone' ? 'phone number' : 'email address'
    super('CONTACT_ALREADY_EXISTS', `Another contact already has this ${noun}: ${existingId}. Update that one instead.`, {
      field,
      existingId,
    })
    this.field = field
    this.existingId = existingId
  }
}
