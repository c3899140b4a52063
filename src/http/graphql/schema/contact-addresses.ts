import { addAddresses, removeAddresses } from '../../../domain/contacts/edit-addresses.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { RevisionConflict } from '../../../domain/contacts/revision.ts'
import { NotFound } from '../../../kernel/errors.ts'
import { parseId } from '../../../kernel/ids.ts'
import { inputErrors } from './contact-mutations.ts'
import { EmailAddressInput, ExternalIdInput, PhoneNumberInput } from './contact-point-inputs.ts'
import { Contact } from './contacts.ts'
import { mutation } from './mutations.ts'
import { ifRevisionField, preconditionsOf } from './revisions.ts'

mutation('addContactAddresses', {
  description: 'Adds phone numbers, email addresses and external ids to those of a contact. Needs the scope contacts:write.',
  input: {
    description:
      'What to add. An address that the contact has already is not added again; it gets the label and becomes primary as the input says.',
    fields: (t) => ({
      contactId: t.id({ required: true, description: 'The id of the contact.' }),
      phoneNumbers: t.field({ type: [PhoneNumberInput], description: 'Phone numbers. The contact can have 20.' }),
      emailAddresses: t.field({ type: [EmailAddressInput], description: 'Email addresses. The contact can have 20.' }),
      externalIds: t.field({ type: [ExternalIdInput], description: 'The ids that other systems have for the contact. It can have 20.' }),
      ...ifRevisionField(t),
    }),
  },
  errors: { types: [...inputErrors, NotFound, RevisionConflict], description: 'The changed contact, or why it did not change.' },
  async resolve({ contactId, ...input }, context) {
    const id = parseId('contact', contactId, 'contactId')
    return getWrittenContact(context, await addAddresses(context, id, input, preconditionsOf(input)))
  },
  payload: {
    description: 'The contact has these addresses.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'The changed contact.', resolve: (contact) => contact }),
    }),
  },
})

mutation('removeContactAddresses', {
  description: 'Removes phone numbers, email addresses and external ids from a contact. Needs the scope contacts:write.',
  input: {
    description:
      'What to remove. In place of a primary address, the first of the others becomes primary. What the contact does not have is ignored.',
    fields: (t) => ({
      contactId: t.id({ required: true, description: 'The id of the contact.' }),
      phoneNumbers: t.stringList({ description: 'Phone numbers, in any spelling, with their extensions.' }),
      emailAddresses: t.stringList({ description: 'Email addresses.' }),
      externalIds: t.field({ type: [ExternalIdInput], description: 'External ids.' }),
      ...ifRevisionField(t),
    }),
  },
  errors: { types: [...inputErrors, NotFound, RevisionConflict], description: 'The changed contact, or why it did not change.' },
  async resolve({ contactId, ...input }, context) {
    const id = parseId('contact', contactId, 'contactId')
    return getWrittenContact(context, await removeAddresses(context, id, input, preconditionsOf(input)))
  },
  payload: {
    description: 'The contact does not have these addresses any more.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'The changed contact.', resolve: (contact) => contact }),
    }),
  },
})
