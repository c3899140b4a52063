import type { Contact as ContactRow } from '../../../data/generated/client.ts'
import type { ContactFilter as ContactFilterAsked } from '../../../domain/finding/filter.ts'
import { displayNameOf } from '../../../domain/contacts/names.ts'
import { type ContactLookup, contactsById, findContactBy } from '../../../domain/contacts/queries.ts'
import {
  contactList,
  type ContactOrder,
  contactPosition,
  findContactsAndEvent as contactsPage,
  newestFirst,
  parseOrder,
} from '../../../domain/finding/queries.ts'
import { parseId } from '../../../kernel/ids.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { formatPhone } from '../../../kernel/phone.ts'
import type { RequestContext } from '../../request-context.ts'
import { builder } from './builder.ts'
import { filteredConnectionCost } from './complexity.ts'
import { ContactFilter } from './contact-filter.ts'
import { type ConnectionArguments, connectionOf, pageRequest, type Selection } from './connections.ts'
import { ExternalIdInput } from './contact-point-inputs.ts'
import { ContactSource, LifecycleStage, PhoneStyle, SortDirection } from './enums.ts'
import { node, NodeInterface } from './node.ts'
import { compiledRoot, computedFrom, type Project } from './compiled-fields.ts'

export const Contact = builder.prismaObject('Contact', {
  interfaces: [NodeInterface],
  ...node('contact', ({ loaders }, id) => loaders.contact.load(id)),
  fields: (t) => ({
    phone: t.exposeString('phone'),
    phoneExtension: t.string({
      description: 'Digits of the PBX extension behind the phone number; null if there is none.',
      ...computedFrom(['phoneExtension'], ({ phoneExtension }: ContactRow) => phoneExtension || null),
    }),
    phoneFormatted: t.string({
      description: 'The phone number and its extension as people write them; null if no number is known.',
      args: { style: t.arg({ type: PhoneStyle, required: true, defaultValue: 'international', description: 'How to write it.' }) },
      ...computedFrom(
        ['phone', 'phoneExtension'],
        ({ phone, phoneExtension }: ContactRow, { style }: { style: Parameters<typeof formatPhone>[2] }) =>
          phone === null ? null : formatPhone(phone, phoneExtension, style),
      ),
    }),
    email: t.exposeString('email'),
    firstName: t.exposeString('firstName'),
    lastName: t.exposeString('lastName'),
    displayName: t.string({
      nullable: false,
      description: 'The name to show: the one that was set, else first and last name, else the email address, else the phone number.',
      ...computedFrom(['displayName', 'firstName', 'lastName', 'email', 'phone', 'phoneExtension'], displayNameOf),
    }),
    company: t.exposeString('company'),
    countryCode: t.exposeString('countryCode'),
    timezone: t.exposeString('timezone'),
    language: t.exposeString('language'),
    lifecycleStage: t.expose('lifecycleStage', { type: LifecycleStage, nullable: false }),
    tags: t.exposeStringList('tags', { nullable: false }),
    customAttributes: t.field({
      type: 'JSON',
      nullable: false,
      description: 'Anything else that the organization keeps about the contact.',
      ...computedFrom(['customAttributes'], ({ customAttributes }: ContactRow) => (isJsonObject(customAttributes) ? customAttributes : {})),
    }),
    isBlocked: t.boolean({
      nullable: false,
      description: 'Whether the contact is blocked: its messages go to spam, and none is sent to it.',
      ...computedFrom(['blockedAt'], ({ blockedAt }: ContactRow) => blockedAt !== null),
    }),
    source: t.expose('source', { type: ContactSource, nullable: false }),
    revision: t.exposeInt('revision', { nullable: false }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: false }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: false }),
  }),
})

export const ContactEdge = builder.edgeObject({
  type: Contact,
  name: 'ContactEdge',
  description: 'A contact and its position in the list.',
})
export const ContactConnection = builder.connectionObject(
  {
    type: Contact,
    name: 'ContactConnection',
    description: 'A page of contacts.',
    fields: (t) => ({
      eventId: t.string({
        description:
          'The event before which the page was read. To copy contacts: keep that of the first page, read all pages, then follow `contactChanges` from it.',
        // proof: pages of contacts are made by connectionOf, which sets it
        resolve: (connection) => (connection as { readonly eventId?: string | null }).eventId ?? null,
      }),
    }),
  },
  ContactEdge,
)

const ContactOrderField = builder.enumType('ContactOrderField', {
  description: 'What contacts can be sorted by; equals are sorted by id.',
  values: {
    CREATED_AT: { value: 'createdAt', description: 'When they were created.' },
    UPDATED_AT: { value: 'updatedAt', description: 'When they last changed. A contact that changes while you page moves to the front.' },
    NAME: { value: 'name', description: 'The name to show, without regard to case and accents.' },
    ATTRIBUTE: {
      value: 'attribute',
      description:
        'A custom attribute with a definition: numbers and times by their size, texts by code points. Contacts without a value come last.',
    },
  } as const,
})

const ContactOrderInput = builder.inputType('ContactOrder', {
  description: 'How contacts are sorted.',
  fields: (t) => ({
    field: t.field({ type: ContactOrderField, required: true, description: 'What to sort by.' }),
    direction: t.field({ type: SortDirection, required: true, description: 'Which end comes first.' }),
    attribute: t.string({ description: 'The key of the attribute to sort by, with the field `ATTRIBUTE`.' }),
  }),
})

/** The arguments of `contacts`. */
export interface ContactsArguments extends ConnectionArguments {
  readonly filter?: ContactFilterAsked | null | undefined
  readonly orderBy?:
    | {
        readonly field: ContactOrder['sort']
        readonly direction: ContactOrder['direction']
        readonly attribute?: string | null | undefined
      }
    | null
    | undefined
}

/** Which contacts the arguments ask for, in what order, and which page of them. @throws InvalidInput, InvalidCursor */
function contactsAsked({ filter, orderBy, ...args }: ContactsArguments, { actor }: RequestContext, selection: Selection) {
  const order = contactOrder({ orderBy })
  const list = contactList(actor, order)
  return { filter: filter ?? {}, order, list, page: pageRequest(list, args, selection) }
}

function contactOrder({ orderBy }: Pick<ContactsArguments, 'orderBy'>): ContactOrder {
  return orderBy ? parseOrder(orderBy.field, orderBy.direction, orderBy.attribute) : newestFirst
}

/** A contact with what is selected of it; null if there is none. */
export async function readContact(context: RequestContext, id: string, project: Project) {
  return (await contactsById(context, [id], project(id))).get(id) ?? null
}

/** The arguments of `contact` and `node`. */
export interface IdArgument {
  readonly id: string
}

builder.queryFields((t) => ({
  contact: t.field({
    type: Contact,
    description: 'One contact; null if there is no such contact in your organization. Needs the scope contacts:read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the contact.' }) },
    resolve: (_root, { id }, context) => context.loaders.contact.load(parseId('contact', id)),
    ...compiledRoot<IdArgument>({
      type: 'Contact',
      one: (context, { id }, project) => readContact(context, parseId('contact', id), project),
    }),
  }),
  contactBy: t.field({
    type: Contact,
    description:
      'The contact with a phone number, an email address or an external id, in any spelling and whether or not it is the primary one; null if there is none. Needs the scope contacts:read.',
    args: {
      phone: t.arg.string({ description: 'A phone number, with its extension if it has one. Send exactly one of the three.' }),
      email: t.arg.string({ description: 'An email address.' }),
      externalId: t.arg({ type: ExternalIdInput, description: 'The id that another system has for the contact.' }),
    },
    resolve: (_root, lookup, context): Promise<ContactRow | null> => findContactBy(context, lookup),
    ...compiledRoot<ContactLookup>({
      type: 'Contact',
      async one(context, lookup, project) {
        const found = await findContactBy(context, lookup)
        return found && readContact(context, found.id, project)
      },
    }),
  }),
  contacts: t.connection(
    {
      type: Contact,
      nullable: false,
      complexity: filteredConnectionCost,
      description: 'The contacts of your organization. Default order: newest first. Needs the scope contacts:read.',
      args: {
        filter: t.arg({ type: ContactFilter, description: 'Which contacts to list. Default: all.' }),
        orderBy: t.arg({ type: ContactOrderInput, description: 'How to sort them.' }),
      },
      async resolve(_root, args, context, info) {
        const { filter, order, list, page } = contactsAsked(args, context, info)
        return connectionOf(await contactsPage(context, filter, order, page), list, (contact) => contactPosition(contact, order))
      },
      ...compiledRoot<ContactsArguments>({
        type: 'Contact',
        list: ({ actor }, args) => contactList(actor, contactOrder(args)),
        page: (context, args, page, project) => contactsPage(context, args.filter ?? {}, contactOrder(args), page, project(null)),
        position: (args) => (contact: ContactRow) => contactPosition(contact, contactOrder(args)),
      }),
    },
    ContactConnection,
    ContactEdge,
  ),
}))
