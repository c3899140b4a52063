import { type ContactChangeKind as KindName, contactChangeKinds } from '../../../domain/changes/rules.ts'
import type { ContactChange as ContactChangeRow, FilteredChange } from '../../../domain/finding/filter-changes.ts'
import {
  type ContactChanged as ContactChangedEvent,
  type ContactsChanged as ContactsChangedEvent,
  watchContact,
  watchContacts,
} from '../../../domain/finding/watch.ts'
import { changesAtOnce } from '../../../domain/changes/organization-feed.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { type ContactChanges as ContactChangesFound, findContactChanges } from '../../../domain/finding/changes.ts'
import { ContactFilter } from './contact-filter.ts'
import { Contact } from './contacts.ts'
import { costOfChanges, costOfItems, costOfOne } from './complexity.ts'

export const ContactChangeKind = builder.enumType('ContactChangeKind', {
  description: 'What can happen to a contact.',
  values: Object.fromEntries(contactChangeKinds.map((kind) => [nameOf(kind), { value: kind, description: sentence(kind) }])),
})

function nameOf(kind: KindName): string {
  return kind.replace('contact.', '').replace('.', '_').toUpperCase()
}

function sentence(kind: KindName): string {
  const [noun = '', verb = ''] = kind.split('.')
  if (noun === 'contact') return `The contact was ${verb}.`
  if (kind === 'preference.set') return 'Preferences of the contact were recorded.'
  return `${noun === 'activity' ? 'An' : 'A'} ${noun} of the contact was ${verb}.`
}

const ContactChange = builder.interfaceRef<ContactChangeRow>('ContactChange').implement({
  description: 'The changes of a contact, collected over a short time.',
  fields: (t) => ({
    contactId: t.exposeID('contactId', { nullable: false, description: 'The id of the contact.' }),
    kinds: t.expose('kinds', { type: [ContactChangeKind], nullable: false, description: 'What happened to it, each named once.' }),
    fields: t.exposeStringList('fields', { nullable: false, description: 'The fields of the contact that changed, by their names.' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', nullable: false, description: 'When the last of it happened.' }),
    contact: t.field({
      type: Contact,
      description: 'The contact at the time of delivery; null if it is deleted.',
      async resolve({ contactId }, _args, context) {
        const contact = await context.loaders.contact.load(contactId)
        // The id of a merged contact stands for another contact, which is a change of its own.
        return contact?.id === contactId ? contact : null
      },
    }),
  }),
})

const eventIdDescription = 'Names the event: pass it as `after` to go on from here. Opaque.'

const ContactChanged = builder.objectRef<ContactChangedEvent>('ContactChanged').implement({
  interfaces: [ContactChange],
  description: 'Something happened to the contact that is watched.',
  fields: (t) => ({ eventId: t.exposeString('eventId', { nullable: false, description: eventIdDescription }) }),
})

const FilteredContactChange = builder.objectRef<FilteredChange>('FilteredContactChange').implement({
  interfaces: [ContactChange],
  description: 'Something happened to a contact, and the filter that is watched matches it, or matches it no more.',
  fields: (t) => ({
    matches: t.exposeBoolean('matches', {
      nullable: false,
      description: 'Whether the filter matches the contact now. If not, take the contact out of what you show, if it is there.',
    }),
  }),
})

const ContactsChanged = builder.objectRef<ContactsChangedEvent>('ContactsChanged').implement({
  description: 'Something happened to contacts that the filter matches, or has matched until now.',
  fields: (t) => ({
    eventId: t.exposeString('eventId', { nullable: false, description: eventIdDescription }),
    changes: t.expose('changes', {
      type: [FilteredContactChange],
      nullable: false,
      complexity: costOfItems(changesAtOnce),
      description: `What happened, once for each contact, to at most ${changesAtOnce} of them.`,
    }),
  }),
})

const ContactChanges = builder.objectRef<ContactChangesFound>('ContactChanges').implement({
  description: 'What happened to contacts since an event.',
  fields: (t) => ({
    changes: t.expose('changes', {
      type: [FilteredContactChange],
      nullable: false,
      complexity: costOfOne,
      description:
        'One change for each contact, with all kinds and fields. Deleted, merged and erased contacts have `matches: false` and no `contact`.',
    }),
    eventId: t.exposeString('eventId', { nullable: false, description: eventIdDescription }),
    hasMore: t.exposeBoolean('hasMore', {
      nullable: false,
      description: 'Whether there is more to read now. A page may be empty and have more.',
    }),
    keptSince: t.expose('keptSince', {
      type: 'DateTime',
      nullable: false,
      description: 'Changes before this time are not kept. An `after` that is older is refused with `EVENT_ID_EXPIRED`.',
    }),
  }),
})

builder.queryField('contactChanges', (t) =>
  t.field({
    type: ContactChanges,
    nullable: false,
    complexity: costOfChanges,
    description:
      'What happened to the contacts that a filter matches, and which of them it matches no more, since an event. Event ids are those of subscriptions and of ' +
      '`ContactConnection.eventId`. Needs the scope contacts:read.',
    args: {
      after: t.arg.string({
        description: 'The `eventId` to read on from. Default: nothing is read, and the present `eventId` is returned.',
      }),
      first: t.arg.int({ description: 'How many contacts at most, 1 to 1,000. Default: 100.' }),
      filter: t.arg({ type: ContactFilter, description: 'Which contacts. Default: all.' }),
      kinds: t.arg({ type: [ContactChangeKind], description: 'Which kinds of changes. Default: all.' }),
    },
    resolve: (_root, request, context) => findContactChanges(context, request),
  }),
)

builder.subscriptionFields((t) => ({
  contactChanged: t.field({
    type: ContactChanged,
    nullable: false,
    description:
      'Changes of one contact, its notes, preferences and activities. A deleted contact can be followed too, because it may be restored. ' +
      'Needs the scope contacts:read.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the contact.' }),
      kinds: t.arg({ type: [ContactChangeKind], description: 'Which kinds of change to report. Default: all.' }),
      after: t.arg.string({ description: 'The `eventId` of the last event that you received: later events are delivered first.' }),
    },
    subscribe: (_root, { id, kinds, after }, context) =>
      context.keepOpen(() => watchContact(context, parseId('contact', id), { kinds, after: after ?? context.lastEventId })),
    resolve: (event) => event,
  }),
  contactsChanged: t.field({
    type: ContactsChanged,
    nullable: false,
    description: 'What happens to the contacts that a filter matches, and which of them it matches no more. Needs the scope contacts:read.',
    args: {
      filter: t.arg({ type: ContactFilter, description: 'Which contacts to follow. Default: all.' }),
      kinds: t.arg({ type: [ContactChangeKind], description: 'Which kinds of change to report. Default: all.' }),
      after: t.arg.string({ description: 'The `eventId` of the last event that you received: later events are delivered first.' }),
    },
    subscribe: (_root, { filter, kinds, after }, context) =>
      context.keepOpen(() => watchContacts(context, filter ?? {}, { kinds, after: after ?? context.lastEventId })),
    resolve: (event) => event,
  }),
}))
