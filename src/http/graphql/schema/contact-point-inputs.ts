import { builder } from './builder.ts'
import type { InputFields } from './mutations.ts'

export const PhoneNumberInput = builder.inputType('PhoneNumberInput', {
  description: 'A phone number of a contact.',
  fields: (t) => ({
    value: t.string({ required: true, description: 'The number in any display format, with its PBX suffix if it has one.' }),
    extension: t.string({ description: 'Digits of the PBX extension, where they are not a part of `value`.' }),
    label: t.string({ description: 'What the number is for, such as `work`, at most 100 characters.' }),
    isPrimary: t.boolean({
      description: 'Whether it becomes `phone`. Default: the present primary number stays, else the first of the list.',
    }),
  }),
})

export const EmailAddressInput = builder.inputType('EmailAddressInput', {
  description: 'An email address of a contact.',
  fields: (t) => ({
    value: t.string({ required: true, description: 'The address, at most 254 characters.' }),
    label: t.string({ description: 'What the address is for, such as `work`, at most 100 characters.' }),
    isPrimary: t.boolean({
      description: 'Whether it becomes `email`. Default: the present primary address stays, else the first of the list.',
    }),
  }),
})

export const ExternalIdInput = builder.inputType('ExternalIdInput', {
  description: 'The id that another system has for a contact.',
  fields: (t) => ({
    system: t.string({ required: true, description: 'The name of the other system, such as `crm`: 1 to 40 of a–z, 0–9 and _.' }),
    value: t.string({ required: true, description: 'The id in that system, at most 200 characters.' }),
  }),
})

/** The lists of addresses that creating and updating share. */
export function contactPointFields(t: InputFields) {
  return {
    phoneNumbers: t.field({
      type: [PhoneNumberInput],
      description: 'All phone numbers, at most 20; replaces those that are there. A list that equals them counts as omitted.',
    }),
    emailAddresses: t.field({
      type: [EmailAddressInput],
      description: 'All email addresses, at most 20; replaces those that are there. A list that equals them counts as omitted.',
    }),
    externalIds: t.field({
      type: [ExternalIdInput],
      description:
        'The ids that other systems have for the contact, at most 20; replaces those that are there. Each belongs to one contact.',
    }),
  }
}
