import { createContact, deleteContacts, updateContact } from '../../../domain/contacts/commands.ts'
import { ContactAlreadyExists } from '../../../domain/contacts/errors.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { contactList, contactPosition, newestFirst } from '../../../domain/finding/queries.ts'
import { restoreContacts } from '../../../domain/contacts/restore.ts'
import { RevisionConflict } from '../../../domain/contacts/revision.ts'
import type { ContactInput } from '../../../domain/contacts/rules.ts'
import type { ContactPointsInput } from '../../../domain/contacts/contact-points.ts'
import { InvalidEmail } from '../../../kernel/email.ts'
import { type DomainError, InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { parseIds } from '../../../domain/contacts/ids.ts'
import { parseId } from '../../../kernel/ids.ts'
import { InvalidPhoneNumber } from '../../../kernel/phone.ts'
import { meanings } from '../../error-catalog.ts'
import { builder } from './builder.ts'
import { edgeOf } from './connections.ts'
import { contactPointFields } from './contact-point-inputs.ts'
import { Contact, ContactEdge } from './contacts.ts'
import { LifecycleStage } from './enums.ts'
import { ErrorCode, ErrorInterface, FieldErrorInterface } from './errors.ts'
import { costOfItems, costOfOne } from './complexity.ts'
import { type InputFields, mutation } from './mutations.ts'
import { ifRevisionField, preconditionsOf } from './revisions.ts'

builder.objectType(ContactAlreadyExists, {
  name: 'ContactAlreadyExists',
  interfaces: [ErrorInterface, FieldErrorInterface],
  description: meanings.CONTACT_ALREADY_EXISTS.when,
  fields: (t) => ({
    existingId: t.exposeID('existingId', { nullable: false, description: 'The id of the contact that has it.' }),
    existing: t.field({
      type: Contact,
      description: 'The contact that has it; null if it is gone by now.',
      resolve: (error, _args, context) => context.loaders.contact.load(error.existingId),
    }),
  }),
})

/** The inputs that creating and updating share. */
export function contactFields(t: InputFields) {
  return {
    phone: t.string({
      description:
        'A phone number in any display format, with its PBX suffix if it has one (`+1 (415) 555-1234 x12`). National format needs a country: `countryCode`, or the organization’s default.',
    }),
    phoneExtension: t.string({ description: 'Digits of the PBX extension, where they are not a part of `phone`.' }),
    email: t.string({ description: 'An email address, at most 254 characters.' }),
    firstName: t.string({ description: 'Given name, at most 200 characters.' }),
    lastName: t.string({ description: 'Family name, at most 200 characters.' }),
    displayName: t.string({ description: 'The name to show, at most 200 characters, where first and last name will not do.' }),
    company: t.string({ description: 'The company that the contact belongs to, at most 200 characters.' }),
    countryCode: t.string({ description: 'ISO 3166-1 alpha-2 code. Default: the country of the phone number.' }),
    timezone: t.string({ description: 'IANA time zone, such as `Europe/Berlin`.' }),
    language: t.string({ description: 'ISO 639-1 code of the language that the contact prefers.' }),
    lifecycleStage: t.field({
      type: LifecycleStage,
      description: 'Lifecycle stage. Default for a new contact: `LEAD`. Changes are recorded as transitions.',
    }),
    tags: t.stringList({ description: 'At most 100 labels of at most 64 characters; replaces those that are there.' }),
    customAttributes: t.field({
      type: 'JSON',
      description: 'A JSON object of at most 16 KiB. Its keys merge with those that are there; a key that is null is removed.',
    }),
    ...contactPointFields(t),
  }
}

export const inputErrors = [InvalidInput, MissingRequiredField, InvalidPhoneNumber, InvalidEmail, ContactAlreadyExists]

/** A contact that a command about many could not do its work on. */
export const ContactFailure = builder.objectRef<{ id: string; reason: DomainError }>('ContactFailure').implement({
  description: 'A contact for which nothing was done, and why.',
  fields: (t) => ({
    contactId: t.exposeID('id', { nullable: false, description: 'The id of the contact.' }),
    code: t.field({
      type: ErrorCode,
      nullable: false,
      description: 'What kind of refusal it is, for programs.',
      resolve: ({ reason }) => reason.code,
    }),
    message: t.string({
      nullable: false,
      description: 'What is wrong and what to do, for people.',
      resolve: ({ reason }) => reason.message,
    }),
  }),
})

mutation('createContact', {
  description: 'Creates a contact. Needs the scope contacts:write.',
  input: { description: 'A new contact. At least one of phone and email is needed.', fields: (t) => contactFields(t) },
  errors: { types: inputErrors, description: 'The new contact, or why there is none.' },
  resolve: async (input, context) =>
    getWrittenContact(context, await createContact(context, input satisfies ContactInput & ContactPointsInput)),
  payload: {
    description: 'The contact is created.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'The new contact.', resolve: (contact) => contact }),
      contactEdge: t.field({
        type: ContactEdge,
        nullable: false,
        description: 'The new contact and its position in `contacts`, in the default order.',
        resolve: (contact, _args, { actor }) =>
          edgeOf(contact, contactList(actor, newestFirst), (contact) => contactPosition(contact, newestFirst)),
      }),
    }),
  },
})

mutation('updateContact', {
  description: 'Changes a contact. Needs the scope contacts:write.',
  input: {
    description: 'A change of a contact. Omitted fields keep their values; null clears a field.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The id of the contact.' }), ...contactFields(t), ...ifRevisionField(t) }),
  },
  errors: { types: [...inputErrors, NotFound, RevisionConflict], description: 'The changed contact, or why it did not change.' },
  async resolve({ id, ...input }, context) {
    const change: ContactInput & ContactPointsInput = input
    return getWrittenContact(context, await updateContact(context, parseId('contact', id), change, preconditionsOf(input)))
  },
  payload: {
    description: 'The contact has changed.',
    fields: (t) => ({
      contact: t.field({ type: Contact, nullable: false, description: 'The changed contact.', resolve: (contact) => contact }),
    }),
  },
})

mutation('deleteContacts', {
  description:
    'Deletes contacts, at most 1,000 at a time: they are gone from every read and free their phone and email, keep their history and can be restored. Needs the scope contacts:write.',
  input: {
    description: 'The contacts to delete.',
    fields: (t) => ({ ids: t.idList({ required: true, description: 'The ids of the contacts, 1 to 1,000.' }) }),
  },
  errors: { types: [InvalidInput], description: 'The outcome for each contact, or why nothing was done.' },
  resolve: ({ ids }, context) => deleteContacts(context, parseIds(ids, 'ids')),
  payload: {
    description: 'The outcome of a deletion.',
    fields: (t) => ({
      deletedIds: t.idList({
        nullable: { list: false, items: false },
        description: 'The contacts that are deleted now.',
        resolve: ({ deleted }) => [...deleted],
      }),
      notFoundIds: t.idList({
        nullable: { list: false, items: false },
        description: 'The ids that are unknown, or whose contacts had been deleted before.',
        resolve: ({ notFound }) => [...notFound],
      }),
    }),
  },
})

mutation('restoreContacts', {
  description: 'Restores deleted contacts unchanged, at most 1,000 at a time. Needs the scope contacts:write.',
  input: {
    description: 'The contacts to restore.',
    fields: (t) => ({ ids: t.idList({ required: true, description: 'The ids of the contacts, 1 to 1,000.' }) }),
  },
  errors: { types: [InvalidInput], description: 'The outcome for each contact, or why nothing was done.' },
  complexity: ({ input }) => costOfItems(input.ids.length),
  resolve: ({ ids }, context) => restoreContacts(context, parseIds(ids, 'ids')),
  payload: {
    description: 'The outcome of a restoration.',
    fields: (t) => ({
      contacts: t.field({
        type: [Contact],
        nullable: { list: false, items: true },
        complexity: costOfOne,
        description:
          'The contacts that live now, those that had not been deleted included; null for a contact that was deleted again in the meantime.',
        resolve: ({ restored }, _args, context) => Promise.all(restored.map((id) => context.loaders.contact.load(id))),
      }),
      failed: t.field({
        type: [ContactFailure],
        nullable: { list: false, items: false },
        complexity: costOfOne,
        description: 'Contacts that are unknown, or stay deleted because another contact has their phone number or email address now.',
        resolve: ({ failed }) => [...failed],
      }),
    }),
  },
})
