import type { ActivityFilter as ActivityFilterAsked } from '../../../domain/finding/activity-filter.ts'
import type { AttributeFilter as AttributeFilterAsked } from '../../../domain/finding/attribute-filter.ts'
import type { ConsentFilter as ConsentFilterAsked } from '../../../domain/finding/consent-filter.ts'
import type { ContactFilter as ContactFilterAsked } from '../../../domain/finding/filter.ts'
import { builder } from './builder.ts'
import { Channel, ConsentState, ContactSource, Direction, LifecycleStage, TimelineKind } from './enums.ts'

const AttributeFilter = builder.inputRef<AttributeFilterAsked>('AttributeFilter').implement({
  description:
    'The condition on a custom attribute. At least one operator; all that are given must hold. Values have the types of JSON: the number `12` and ' +
    'the text `"12"` are different. A contact without the attribute matches nothing but `exists: false`.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'The key of the attribute.' }),
    eq: t.field({ type: 'AttributeValue', description: 'Has this value.' }),
    ne: t.field({ type: 'AttributeValue', description: 'Has a value, and another one.' }),
    in: t.field({ type: ['AttributeValue'], description: 'Has one of these values, 1 to 100.' }),
    gt: t.field({
      type: 'AttributeValue',
      description: 'Is greater: a number than a number, a text than a text (by code points, so ISO 8601 dates too).',
    }),
    gte: t.field({ type: 'AttributeValue', description: 'Is greater or equal.' }),
    lt: t.field({ type: 'AttributeValue', description: 'Is less.' }),
    lte: t.field({ type: 'AttributeValue', description: 'Is less or equal.' }),
    contains: t.string({
      description:
        'Is a text that contains this one, without regard to the case of ASCII letters, or a list that has this text as an item.',
    }),
    startsWith: t.string({ description: 'Is a text that starts with this one, without regard to the case of ASCII letters.' }),
    exists: t.boolean({ description: 'Whether the attribute has a value.' }),
  }),
})

const ConsentFilter = builder.inputRef<ConsentFilterAsked>('ConsentFilter').implement({
  description: 'What holds for a contact on a channel at its primary address, or on a topic of the channel.',
  fields: (t) => ({
    channel: t.field({ type: Channel, required: true, description: 'The channel.' }),
    topic: t.string({ description: 'The key or id of a topic. Default: the whole channel.' }),
    states: t.field({
      type: [ConsentState],
      required: true,
      description: 'Any of these. Consent that has ended is `UNKNOWN`; what is `PENDING` for the whole channel is `UNKNOWN` as well.',
    }),
  }),
})

const ActivityFilter = builder.inputRef<ActivityFilterAsked>('ActivityFilter').implement({
  description: 'How often something happened with a contact. An activity counts if all that is given holds for it.',
  fields: (t) => ({
    kinds: t.field({ type: [TimelineKind], description: 'Any of these kinds. Default: every kind that has what else is given.' }),
    channel: t.field({ type: Channel, description: 'Messages on this channel; on `VOICE` calls as well.' }),
    direction: t.field({ type: Direction, description: 'Messages and calls in this direction.' }),
    name: t.string({ description: 'Events of this name, such as `order_placed`.' }),
    from: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    to: t.field({ type: 'DateTime', description: 'Before this time.' }),
    atLeast: t.int({ description: 'At least so many. Default: 1, or 0 where `atMost` is given.' }),
    atMost: t.int({ description: 'At most so many. Default: any number.' }),
  }),
})

export const ContactFilter = builder.inputRef<ContactFilterAsked>('ContactFilter')

ContactFilter.implement({
  description:
    'Which contacts are wanted. All that is given must hold; omitted fields and null ask for nothing. Every predicate either holds or does not, and ' +
    '`not` is its opposite. At most 5 levels and 50 predicates.',
  fields: (t) => ({
    and: t.field({ type: [ContactFilter], description: 'All of these must hold as well.' }),
    or: t.field({ type: [ContactFilter], description: 'At least one of these must hold as well.' }),
    not: t.field({ type: ContactFilter, description: 'This must not hold.' }),
    ids: t.idList({ description: 'Any of these contacts: 1 to 1,000 ids. An id that your organization does not have matches nothing.' }),
    search: t.string({
      description:
        'Words that must all be found in the names, the company, the email address or the phone number, in any part of them and without regard to ' +
        'case and accents. Digits find a phone number however they are written: `(415) 555-26` finds `+14155552671`. At most 10 words.',
    }),
    lifecycleStage: t.field({ type: [LifecycleStage], description: 'Any of these stages.' }),
    countryCode: t.stringList({ description: 'Any of these countries (ISO 3166-1 alpha-2).' }),
    tags: t.stringList({ description: 'Any of these tags, without regard to case.' }),
    tagsAll: t.stringList({ description: 'All of these tags.' }),
    tagsNone: t.stringList({ description: 'None of these tags.' }),
    company: t.stringList({ description: 'Any of these companies, whole names, without regard to the case of ASCII letters.' }),
    language: t.stringList({ description: 'Any of these languages (ISO 639-1).' }),
    timezone: t.stringList({ description: 'Any of these time zones (IANA).' }),
    source: t.field({ type: [ContactSource], description: 'Came to be known in any of these ways.' }),
    hasPhone: t.boolean({ description: 'Only those with (true) or without (false) a phone number.' }),
    hasEmail: t.boolean({ description: 'Only those with (true) or without (false) an email address.' }),
    hasName: t.boolean({ description: 'Only those with (true) or without (false) a first, last or display name.' }),
    hasCompany: t.boolean({ description: 'Only those with (true) or without (false) a company.' }),
    isBlocked: t.boolean({ description: 'Only those that are (true) or are not (false) blocked.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Created at this time or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created before this time.' }),
    updatedAfter: t.field({ type: 'DateTime', description: 'Last changed at this time or later.' }),
    updatedBefore: t.field({ type: 'DateTime', description: 'Last changed before this time.' }),
    attributes: t.field({ type: [AttributeFilter], description: 'Custom attributes; all of these must hold.' }),
    consent: t.field({ type: ConsentFilter, description: 'Consent on a channel or a topic.' }),
    activity: t.field({ type: ActivityFilter, description: 'How often something happened.' }),
  }),
})
