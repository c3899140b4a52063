import type { StoredAddress } from '../../../data/sql/contact-addresses.ts'
import { externalIdOf, unreachableSince } from '../../../domain/contacts/contact-points.ts'
import { addressesOfContacts } from '../../../domain/contacts/queries.ts'
import { builder, type SchemaTypes } from './builder.ts'
import { compiledRelation, computedFrom } from './compiled-fields.ts'
import { Contact } from './contacts.ts'

/** What is known about whether messages arrive. */
const reachability = ['unreachableSince', 'verifiedAt'] as const

type AddressFields = PothosSchemaTypes.ObjectFieldBuilder<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, StoredAddress>

/** Whether messages to an address arrive. */
function reachabilityFields(t: AddressFields) {
  return {
    verifiedAt: t.expose('verifiedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a message last arrived; null if none is known to have.',
    }),
    unreachableSince: t.field({
      type: 'DateTime',
      description: 'When a message last bounced, if none arrived since; null otherwise. Nothing can be sent to it until then.',
      ...computedFrom(reachability, (address: StoredAddress) => unreachableSince(address)),
    }),
    unreachableReason: t.string({
      description: 'Why messages do not arrive; null if they do, or if it is unknown.',
      ...computedFrom([...reachability, 'unreachableReason'], (address: StoredAddress) =>
        unreachableSince(address) === null ? null : address.unreachableReason,
      ),
    }),
  }
}

const PhoneNumber = builder.objectRef<StoredAddress>('PhoneNumber').implement({
  description: 'A phone number of a contact.',
  fields: (t) => ({
    value: t.exposeString('value', { nullable: false, description: 'The number in E.164.' }),
    extension: t.string({
      description: 'Digits of the PBX extension; null if there is none.',
      ...computedFrom(['extension'], ({ extension }: StoredAddress) => extension || null),
    }),
    label: t.exposeString('label', { description: 'What the number is for, such as `work`; null if nothing was said.' }),
    isPrimary: t.exposeBoolean('isPrimary', { nullable: false, description: 'Whether it is `Contact.phone`.' }),
    ...reachabilityFields(t),
  }),
})

const EmailAddress = builder.objectRef<StoredAddress>('EmailAddress').implement({
  description: 'An email address of a contact.',
  fields: (t) => ({
    value: t.exposeString('value', { nullable: false, description: 'The address as it was written.' }),
    label: t.exposeString('label', { description: 'What the address is for, such as `work`; null if nothing was said.' }),
    isPrimary: t.exposeBoolean('isPrimary', { nullable: false, description: 'Whether it is `Contact.email`.' }),
    ...reachabilityFields(t),
  }),
})

const ExternalIdType = builder.objectRef<StoredAddress>('ExternalId').implement({
  description: 'The id that another system has for a contact.',
  fields: (t) => ({
    system: t.string({
      nullable: false,
      description: 'The name of the other system, such as `crm`.',
      ...computedFrom(['key', 'value'], (address: StoredAddress) => externalIdOf(address).system),
    }),
    value: t.exposeString('value', { nullable: false, description: 'The id in that system.' }),
  }),
})

builder.prismaObjectFields(Contact, (t) => ({
  phoneNumbers: t.field({
    type: [PhoneNumber],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 3 },
    description: 'All phone numbers, the primary one first.',
    resolve: async ({ id }, _args, context) => ofKind(await context.loaders.addresses.load(id), 'phone'),
    ...compiledRelation({
      shape: addressesOfContacts.shape,
      order: null,
      relation: (context) => addressesOfContacts.relation(context, 'phone'),
    }),
  }),
  emailAddresses: t.field({
    type: [EmailAddress],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 3 },
    description: 'All email addresses, the primary one first.',
    resolve: async ({ id }, _args, context) => ofKind(await context.loaders.addresses.load(id), 'email'),
    ...compiledRelation({
      shape: addressesOfContacts.shape,
      order: null,
      relation: (context) => addressesOfContacts.relation(context, 'email'),
    }),
  }),
  externalIds: t.field({
    type: [ExternalIdType],
    nullable: { list: false, items: false },
    complexity: { field: 1, multiplier: 3 },
    description: 'The ids that other systems have for the contact. Each is unique in your organization.',
    resolve: async ({ id }, _args, context) => ofKind(await context.loaders.addresses.load(id), 'external'),
    ...compiledRelation({
      shape: addressesOfContacts.shape,
      order: null,
      relation: (context) => addressesOfContacts.relation(context, 'external'),
    }),
  }),
}))

function ofKind(addresses: readonly StoredAddress[], kind: StoredAddress['kind']): StoredAddress[] {
  return addresses.filter((address) => address.kind === kind)
}
