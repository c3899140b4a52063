import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import type { NamedContact } from '../contacts/refs.ts'

/** No living contact has the phone number or the email address that an activity names. */
export class UnknownContact extends DomainError {
  constructor({ id, fields }: NamedContact) {
    const [name, field] =
      id !== null
        ? [`id ${id}`, 'id']
        : fields?.email
          ? [`email address ${fields.email}`, 'email']
          : [`phone number ${fields?.phone}`, 'phone']
    const remedy = id === null ? ' Say createContact: true to create it.' : ''
    super('NOT_FOUND', `There is no contact with the ${name}.${remedy}`, { field: `contact.${field}` })
  }
}

/** An external id is used for another activity than before. */
export class ExternalIdTaken extends InvalidInput {
  constructor(noun: string, externalId: string | null, difference: string) {
    super(`Another ${noun} has been recorded with the external id ${externalId}: it has ${difference}.`, {
      field: 'externalId',
      value: externalId,
      expected: `an external id that names one ${noun} only`,
    })
  }
}
