import { ContactAlreadyExists } from '../../../domain/contacts/errors.ts'
import { getWrittenContact } from '../../../domain/contacts/queries.ts'
import { RevisionConflict } from '../../../domain/contacts/revision.ts'
import {
  AmbiguousMatch,
  maxUpserts,
  type Upserted,
  upsertContact,
  upsertContacts,
  type UpsertOutcome,
} from '../../../domain/contacts/upsert.ts'
import { InvalidEmail } from '../../../kernel/email.ts'
import { InvalidInput, MissingRequiredField, NotFound } from '../../../kernel/errors.ts'
import { InvalidPhoneNumber } from '../../../kernel/phone.ts'
import { meanings } from '../../error-catalog.ts'
import { builder } from './builder.ts'
import { costOfItems, costOfOne } from './complexity.ts'
import { contactFields } from './contact-mutations.ts'
import { Contact } from './contacts.ts'
import { ErrorCode, ErrorInterface, FieldErrorInterface } from './errors.ts'
import { type InputFields, mutation } from './mutations.ts'
import { ContactRef } from './record-activities.ts'
import { ifRevisionField, preconditionsOf } from './revisions.ts'

builder.objectType(AmbiguousMatch, {
  name: 'AmbiguousMatch',
  description: meanings.AMBIGUOUS_MATCH.when,
  interfaces: [ErrorInterface, FieldErrorInterface],
  fields: (t) => ({
    contacts: t.field({
      type: [Contact],
      nullable: { list: false, items: true },
      description: 'The contacts; null for one that is gone by now.',
      resolve: ({ contactIds }, _args, context) => Promise.all(contactIds.map((id) => context.loaders.contact.load(id))),
    }),
  }),
})

const UpsertOutcomeType = builder.enumType('UpsertOutcome', {
  description: 'What became of a contact.',
  values: {
    CREATED: { value: 'created', description: 'No contact had any of the identifiers.' },
    UPDATED: { value: 'updated', description: 'It was found and has changed.' },
    UNCHANGED: { value: 'unchanged', description: 'It was found and had all of this already.' },
  } as const,
})

const Identifier = builder.enumType('ContactIdentifier', {
  description: 'What a contact is found by.',
  values: {
    ID: { value: 'id', description: 'Its id.' },
    PHONE: { value: 'phone', description: 'A phone number.' },
    EMAIL: { value: 'email', description: 'An email address.' },
    EXTERNAL_ID: { value: 'externalId', description: 'The id of another system.' },
  } as const,
})

const ContactFieldsInput = builder.inputType('ContactFieldsInput', {
  description: 'What is written to a contact. Omitted fields keep their values; null clears a field.',
  fields: (t) => contactFields(t),
})

function upsertFields(t: InputFields) {
  return {
    match: t.field({
      type: [ContactRef],
      required: true,
      description: 'What the contact is found by, 1 to 20. A new contact gets these identifiers.',
    }),
    set: t.field({ type: ContactFieldsInput, required: true, description: 'What is written to it.' }),
    ...ifRevisionField(t),
  }
}

mutation('upsertContact', {
  description:
    'Changes the contact that has any of some identifiers, or creates it. Two calls at the same time create one contact. Needs the scope contacts:write.',
  input: { description: 'What the contact is found by, and what is written to it.', fields: (t) => upsertFields(t) },
  errors: {
    types: [
      InvalidInput,
      MissingRequiredField,
      InvalidPhoneNumber,
      InvalidEmail,
      NotFound,
      ContactAlreadyExists,
      AmbiguousMatch,
      RevisionConflict,
    ],
    description: 'The contact, or why nothing was written.',
  },
  resolve: (input, context) => upsertContact(context, { match: input.match, set: input.set, preconditions: preconditionsOf(input) }),
  payload: {
    description: 'The contact is written.',
    fields: (t) => ({
      contact: t.field({
        type: Contact,
        nullable: false,
        description: 'The contact.',
        resolve: ({ contactId }, _args, context) => getWrittenContact(context, contactId),
      }),
      outcome: t.field({ type: UpsertOutcomeType, nullable: false, description: 'What became of it.', resolve: ({ outcome }) => outcome }),
      matchedBy: t.field({
        type: Identifier,
        description: 'The first identifier that it was found by; null if it was created.',
        resolve: ({ matchedBy }) => matchedBy,
      }),
      deletedMatchIds: t.idList({
        nullable: { list: false, items: false },
        description: 'Deleted contacts that had one of the identifiers and can be restored.',
        resolve: ({ deletedMatchIds }) => [...deletedMatchIds],
      }),
    }),
  },
})

function done(outcome: UpsertOutcome): Upserted | null {
  return 'reason' in outcome ? null : outcome
}

const UpsertResultItem = builder.objectRef<UpsertOutcome>('ContactUpsertOutcome').implement({
  description: 'What became of one of several contacts.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      description: 'The contact; null if nothing was written.',
      complexity: costOfOne,
      resolve: (outcome, _args, context) => (done(outcome) === null ? null : context.loaders.contact.load(done(outcome)?.contactId ?? '')),
    }),
    contactId: t.id({ description: 'Its id; null if nothing was written.', resolve: (outcome) => done(outcome)?.contactId ?? null }),
    outcome: t.field({
      type: UpsertOutcomeType,
      description: 'What became of it; null if nothing was written.',
      resolve: (outcome) => done(outcome)?.outcome ?? null,
    }),
    matchedBy: t.field({
      type: Identifier,
      description: 'The first identifier that it was found by; null if it was not found.',
      resolve: (outcome) => done(outcome)?.matchedBy ?? null,
    }),
    deletedMatchIds: t.idList({
      nullable: { list: false, items: false },
      description: 'Deleted contacts that had one of the identifiers and can be restored.',
      resolve: (outcome) => [...(done(outcome)?.deletedMatchIds ?? [])],
    }),
    code: t.field({
      type: ErrorCode,
      description: 'What kind of refusal it is; null if the contact was written.',
      resolve: (outcome) => ('reason' in outcome ? outcome.reason.code : null),
    }),
    message: t.string({
      description: 'What is wrong and what to do; null if the contact was written.',
      resolve: (outcome) => ('reason' in outcome ? outcome.reason.message : null),
    }),
  }),
})

const UpsertItem = builder.inputType('ContactUpsertItem', {
  description: 'One of several contacts.',
  fields: (t) => upsertFields(t),
})

mutation('upsertContacts', {
  description: 'The same as `upsertContact` for many. One that is refused does not stop the others. Needs the scope contacts:write.',
  input: {
    description: 'The contacts.',
    fields: (t) => ({
      items: t.field({ type: [UpsertItem], required: true, description: `The contacts, 1 to ${maxUpserts.toLocaleString('en')}.` }),
    }),
  },
  errors: { types: [InvalidInput], description: 'What became of each, or why nothing was written.' },
  complexity: ({ input }) => costOfItems(input.items.length),
  async resolve({ items }, context) {
    const outcomes = await upsertContacts(
      context,
      items.map((item) => ({ match: item.match, set: item.set, preconditions: preconditionsOf(item) })),
    )
    return { outcomes }
  },
  payload: {
    description: 'What became of each contact.',
    fields: (t) => ({
      outcomes: t.field({
        type: [UpsertResultItem],
        nullable: { list: false, items: false },
        complexity: costOfOne,
        description: 'In the order of the items.',
        resolve: ({ outcomes }) => outcomes,
      }),
    }),
  },
})
