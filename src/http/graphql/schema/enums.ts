import type {
  CallStatus as CallStatusWord,
  Channel as ChannelWord,
  Direction as DirectionWord,
  LifecycleStage as Stage,
  ConsentOrigin as ConsentOriginWord,
  FailureReason as FailureReasonWord,
  ConsentState as ConsentStateWord,
  DuplicatePolicy as Policy,
  ImportStatus as ImportStatusWord,
  LawfulBasis as LawfulBasisWord,
  MessageCategory as MessageCategoryWord,
  MessageRoute as Route,
  MessageStatus as MessageStatusWord,
  TicketPriority as Priority,
  TicketStatus as TicketStatusWord,
} from '../../../data/generated/client.ts'
import { builder } from './builder.ts'

/** Names of a closed set in GraphQL's spelling, with what each means. The domain's own word is the same in small letters. */
export function values<Word extends string>(
  descriptions: Readonly<Record<Word, string>>,
): Record<Uppercase<Word>, { value: Word; description: string }> {
  const entries = Object.entries<string>(descriptions).map(([word, description]) => [word.toUpperCase(), { value: word, description }])
  // proof: the keys are those of a Record over Word, in capitals
  return Object.fromEntries(entries) as Record<Uppercase<Word>, { value: Word; description: string }>
}

export const LifecycleStage = builder.enumType('LifecycleStage', {
  description: 'Where a contact stands in its relationship with the organization.',
  values: values<Stage>({
    subscriber: 'Wants to hear from us, and no more so far.',
    lead: 'Might become a customer. The default stage of a new contact.',
    qualified: 'Is worth an offer.',
    opportunity: 'Has an offer.',
    customer: 'Has bought.',
    advocate: 'Has bought, and recommends us.',
    churned: 'Was a customer and is none any more.',
  }),
})

export const PhoneStyle = builder.enumType('PhoneStyle', {
  description: 'How a phone number is written.',
  values: {
    E164: { value: 'e164', description: '`+14155551234`, without the extension.' },
    INTERNATIONAL: { value: 'international', description: '`+1 415 555 1234 ext. 12`.' },
    NATIONAL: { value: 'national', description: '`(415) 555-1234 ext. 12`.' },
    RFC3966: { value: 'rfc3966', description: '`tel:+14155551234;ext=12`.' },
  } as const,
})

export const ContactSource = builder.enumType('ContactSource', {
  description: 'How a contact came to be known.',
  values: values<'api' | 'import' | 'activity' | 'demo'>({
    api: 'Created by a call of the API.',
    import: 'Came in with an import.',
    activity: 'Created from the first message, call, ticket or event that named it.',
    demo: 'Part of the demo organization.',
  }),
})

export const SortDirection = builder.enumType('SortDirection', {
  description: 'Which end of an order comes first.',
  values: values<'asc' | 'desc'>({ asc: 'The earliest, the smallest, A.', desc: 'The latest, the largest, Z.' }),
})

export const ImportStatus = builder.enumType('ImportStatus', {
  description: 'How far an import has come.',
  values: values<ImportStatusWord>({
    pending: 'Processing has not started yet.',
    processing: 'It is being worked on, or rolled back.',
    completed: 'Every row is done with.',
    failed: 'Something broke again and again, and it was given up on. What was written can be rolled back.',
    rolled_back: 'It was rolled back.',
  }),
})

export const DuplicatePolicy = builder.enumType('DuplicatePolicy', {
  description: 'What an import does with a row that matches a contact.',
  values: values<Policy>({
    skip: 'The contact is not changed, and the row counts as skipped.',
    update: 'The contact gets what the row says; an empty cell keeps what is there.',
  }),
})

export const Channel = builder.enumType('Channel', {
  description: 'A way to reach a contact.',
  values: values<ChannelWord>({
    email: 'Email.',
    fax: 'Fax.',
    instagram: 'Instagram direct messages.',
    line: 'LINE.',
    messenger: 'Facebook Messenger.',
    push: 'Push notifications of an app or a browser.',
    rcs: 'Rich messages of the mobile network (RCS).',
    sms: 'Text messages.',
    viber: 'Viber.',
    voice: 'Phone calls and voice messages.',
    whatsapp: 'WhatsApp.',
  }),
})

export const Direction = builder.enumType('Direction', {
  description: 'Who spoke.',
  values: values<DirectionWord>({ inbound: 'The contact, to us.', outbound: 'We, to the contact.' }),
})

export const MessageCategory = builder.enumType('MessageCategory', {
  description: 'Why a message is sent; decides which rules hold for it.',
  values: values<MessageCategoryWord>({
    marketing: 'Promotion: needs an opt-in unless the organization says otherwise.',
    service: 'Help with something that the contact has or asked for.',
    transactional: 'A receipt, a code, an alert: passes frequency caps and quiet hours, never a block or an opt-out.',
  }),
})

export const ConsentState = builder.enumType('ConsentState', {
  description: 'The consent state of a contact for a channel.',
  values: values<ConsentStateWord>({
    opted_in: 'Consent was given and not taken back.',
    opted_out: 'Consent was taken back or refused.',
    unknown: 'Nothing holds; as the state of a ledger entry, earlier opt-outs by keyword are taken back.',
    pending: 'Consent was asked for and has not been confirmed. Only in the ledger.',
  }),
})

export const FailureReason = builder.enumType('FailureReason', {
  description: 'Why a message did not arrive, or that the person complained about it.',
  values: values<FailureReasonWord>({
    hard_bounce: 'The address does not exist: it becomes unreachable.',
    soft_bounce: 'A full mailbox, or a server that did not answer. Changes nothing.',
    complaint: 'The person reported the message as unwanted: an opt-out, with the message as its proof.',
    unreachable: 'The number cannot be reached: it becomes unreachable.',
    carrier_rejected: 'The carrier refused the message. Changes nothing.',
  }),
})

export const ConsentOrigin = builder.enumType('ConsentOrigin', {
  description: 'How an entry came to the consent ledger.',
  values: values<ConsentOriginWord>({
    reported: 'A caller reported it.',
    keyword: 'The contact wrote a stop or start word.',
    complaint: 'The contact complained about a message.',
    import: 'It came with an import.',
    merge: 'Contacts of which one had opted out were merged.',
  }),
})

export const LawfulBasis = builder.enumType('LawfulBasis', {
  description: 'The ground in law on which a contact’s data is used for a purpose (GDPR, article 6).',
  values: values<LawfulBasisWord>({
    consent: 'The contact agreed.',
    contract: 'A contract with the contact needs it.',
    legal_obligation: 'A law demands it.',
    vital_interests: 'A life depends on it.',
    public_task: 'A task in the public interest needs it.',
    legitimate_interests: 'The organization has an interest that outweighs the contact’s.',
  }),
})

export const MessageStatus = builder.enumType('MessageStatus', {
  description:
    'How far a message has come. Reports arrive in any order: the furthest status counts, in the order QUEUED, SENT, FAILED, DELIVERED, READ.',
  values: values<MessageStatusWord>({
    queued: 'Waits to be sent.',
    sent: 'Was sent.',
    delivered: 'Arrived at the contact.',
    read: 'Was opened by the contact.',
    failed: 'Did not arrive.',
    received: 'Came in. The status of every inbound message, and of no other.',
  }),
})

export const MessageRoute = builder.enumType('MessageRoute', {
  description: 'Where an inbound message was filed.',
  values: values<Route>({ inbox: 'Where people look.', spam: 'The contact was blocked when the message came in.' }),
})

export const CallStatus = builder.enumType('CallStatus', {
  description: 'How a call ended. Of several reports about one call the one that says most counts.',
  values: values<CallStatusWord>({
    answered: 'The two sides talked.',
    missed: 'We did not pick up.',
    no_answer: 'The contact did not pick up.',
    busy: 'The line was busy.',
    voicemail: 'A voicemail was left.',
  }),
})

export const TicketStatus = builder.enumType('TicketStatus', {
  description: 'How far a ticket has come. Of several reports the one with the latest `statusAt` counts: a ticket may be opened again.',
  values: values<TicketStatusWord>({
    open: 'Waits for us.',
    pending: 'Waits for the contact.',
    solved: 'We believe that it is settled.',
    closed: 'It is settled.',
  }),
})

export const TicketPriority = builder.enumType('TicketPriority', {
  description: 'How urgent a ticket is.',
  values: values<Priority>({ low: 'Can wait.', normal: 'In its turn.', high: 'Before the others.', urgent: 'Now.' }),
})

export const TimelineKind = builder.enumType('TimelineKind', {
  description: 'The kinds of things that happen between a contact and the organization.',
  values: values<'message' | 'call' | 'ticket' | 'event'>({
    message: 'A message, on any channel.',
    call: 'A phone call.',
    ticket: 'A request for help.',
    event: 'Anything else that the contact did.',
  }),
})
