import { DomainError } from '../../kernel/errors.ts'

/** The contact was merged into another one, to which its id refers from then on. */
export class ContactMerged extends DomainError {
  readonly mergedInto: string

  constructor(id: string, mergedInto: string, field = 'id') {
    super('CONTACT_MERGED', `The contact ${id} was merged into ${mergedInto}. Use that id from now on.`, { field, value: id, mergedInto })
    this.mergedInto = mergedInto
  }
}

const nouns = {
  phone: 'phone number',
  phoneNumbers: 'phone number',
  email: 'email address',
  emailAddresses: 'email address',
  externalIds: 'external id',
} as const

/** Another contact of the organization already has this phone number, email address or external id. */
export class ContactAlreadyExists extends DomainError {
  readonly existingId: string
  readonly field: keyof typeof nouns

  constructor(field: keyof typeof nouns, existingId: string) {
    const noun = nouns[field]
    super('CONTACT_ALREADY_EXISTS', `Another contact already has this ${noun}: ${existingId}. Update that one instead.`, {
      field,
      existingId,
    })
    this.field = field
    this.existingId = existingId
  }
}
