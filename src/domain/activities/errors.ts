import { DomainError, InvalidInput } from '../../kernel/errors.ts'
import type { NamedContact } from '../contacts/refs.ts'

/** No living contact has the id or the address that an activity names. */
export class UnknownContact extends DomainError {
  constructor(named: NamedContact) {
    const [name, field] = nameOf(named)
    const remedy = named.fields === null ? '' : ' Say createContact: true to create it.'
    super('NOT_FOUND', `There is no contact with the ${name}.${remedy}`, { field: `contact.${field}` })
  }
}

function nameOf({ id, externalId, fields }: NamedContact): [name: string, field: string] {
  if (id !== null) return [`id ${id}`, 'id']
  if (externalId !== null) return [`external id ${externalId.value} of ${externalId.system}`, 'externalId']
  return fields?.email ? [`email address ${fields.email}`, 'email'] : [`phone number ${fields?.phone}`, 'phone']
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
