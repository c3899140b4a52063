import { type About, type Action as ActionWord, reasonCodes } from '../../../domain/next-best-action/candidate.ts'
import { modelName, type Reason, type Suggestion } from '../../../domain/next-best-action/rules.ts'
import { parseSuggestionId } from '../../../domain/next-best-action/suggestion-id.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, MessageCategory, values } from './enums.ts'
import { costOfItems } from './complexity.ts'
import { node, NodeInterface } from './node.ts'

export const Action = builder.enumType('Action', {
  description: 'What can be done next about a contact.',
  values: values<ActionWord>({
    reply_to_message: 'Answer a question.',
    return_call: 'Call back after a missed call.',
    follow_up_ticket: 'Follow up an open ticket.',
    request_consent: 'Ask for an opt-in, now that the contact has been in touch.',
    welcome: 'Welcome a new contact.',
    nurture: 'Inform a contact that has not bought yet.',
    win_back: 'Win back a contact that churned or fell silent.',
    upsell: 'Offer more to a customer without open tickets.',
    request_review: 'Ask for a review after an order or a solved ticket.',
    enrich_profile: 'Ask for missing data.',
    wait: 'Send nothing for now.',
  }),
})

const reasonMeanings: Readonly<Record<(typeof reasonCodes)[number], string>> = {
  UNANSWERED_MESSAGE: 'The contact wrote and was not answered.',
  MISSED_CALL: 'A call of the contact was missed.',
  OPEN_TICKET: 'A ticket is open.',
  CONSENT_UNKNOWN: 'The contact wrote lately, and has neither agreed nor refused.',
  NEW_CONTACT: 'The contact is new.',
  LIFECYCLE_STAGE: 'The lifecycle stage of the contact.',
  LONG_SILENCE: 'The contact has done nothing for a long time.',
  RECENT_ORDER: 'The contact ordered lately.',
  TICKET_SOLVED: 'A ticket was solved lately.',
  MISSING_DATA: 'Data of the contact are missing.',
  WAITING: 'How long the contact has been waiting.',
  ANSWERS_ON_CHANNEL: 'How often the contact answered on the channel.',
  ANSWERS_AT_HOUR: 'The best time, and how often the contact answered messages sent at that time of day.',
  RECENTLY_CONTACTED: 'How many messages were sent to the contact lately.',
  NOT_ALLOWED_YET: 'The send decision allows it only later.',
  NOT_ALLOWED: 'The send decision allows no channel, or not the usual one.',
  BLOCKED: 'The contact is blocked.',
  NOTHING_MORE_URGENT: 'What waiting is worth.',
}

const ReasonCode = builder.enumType('NextBestActionReasonCode', {
  description: 'Why an action is suggested, or what speaks for and against it.',
  values: Object.fromEntries(reasonCodes.map((code) => [code, { value: code, description: reasonMeanings[code] }])),
})

const NextBestActionReason = builder.objectRef<Reason>('NextBestActionReason').implement({
  description: 'A part of the score of a suggestion.',
  fields: (t) => ({
    code: t.expose('code', { type: ReasonCode, nullable: false, description: 'What kind of reason it is, for programs.' }),
    message: t.exposeString('message', { nullable: false, description: 'The reason as a sentence, for people.' }),
    weight: t.exposeFloat('weight', {
      nullable: false,
      description: 'What it adds to the score or takes from it; the weights of all reasons add up to the score.',
    }),
  }),
})

const SubjectKind = builder.enumType('SuggestionSubjectKind', {
  description: 'What kind of thing a suggestion is about.',
  values: {
    MESSAGE: { value: 'message', description: 'A message of the contact.' },
    CALL: { value: 'call', description: 'A call of the contact.' },
    TICKET: { value: 'ticket', description: 'A ticket of the contact.' },
  } as const,
})

const SuggestionSubject = builder.objectRef<About>('SuggestionSubject').implement({
  description: 'The message, call or ticket that waits for the organization.',
  fields: (t) => ({
    kind: t.expose('kind', { type: SubjectKind, nullable: false, description: 'What it is.' }),
    subjectId: t.exposeID('subjectId', { nullable: false, description: 'Its id, for `node`.' }),
    title: t.exposeString('title', {
      description: 'The subject, or the first line of the text; null for calls and for messages without text.',
    }),
  }),
})

const NextBestAction = builder.objectRef<Suggestion>('NextBestAction').implement({
  interfaces: [NodeInterface],
  ...node('suggestion', async (context, id) => {
    const contact = await context.loaders.contact.load(parseSuggestionId(id).contactId)
    const found = contact === null ? [] : await context.loaders.nextBestActions.load(contact)
    return found.find((suggestion) => suggestion.id === id) ?? null
  }),
  description:
    'A suggestion what to do next about a contact. It is computed, not stored: `node` computes it again, and is null once it is no longer suggested.',
  fields: (t) => ({
    action: t.expose('action', { type: Action, nullable: false, description: 'What to do.' }),
    channel: t.expose('channel', {
      type: Channel,
      nullable: true,
      description: 'On which channel; null for waiting, and for an open item that no channel may answer.',
    }),
    category: t.expose('category', {
      type: MessageCategory,
      nullable: true,
      description: 'As what a message is sent; null without a channel.',
    }),
    score: t.exposeFloat('score', {
      nullable: false,
      description: 'The expected value in points, 0 to 100: a question that waits for days is worth about 100.',
    }),
    confidence: t.exposeFloat('confidence', {
      nullable: false,
      description: '0 to 1: one minus the width of the interval that holds the chance of an answer with 90 percent.',
    }),
    reasons: t.field({
      type: [NextBestActionReason],
      nullable: { list: false, items: false },
      complexity: { field: 1, multiplier: 4 },
      description: 'How the score came about: first what the action is worth, then what adds to that or takes from it.',
      resolve: ({ reasons }) => [...reasons],
    }),
    suggestedAt: t.expose('suggestedAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When to do it: the send decision allows it then.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: false, description: 'When the suggestion should be computed again.' }),
    model: t.string({ nullable: false, description: 'The model and its version.', resolve: () => modelName }),
    about: t.expose('about', {
      type: SuggestionSubject,
      nullable: true,
      description: 'The message, call or ticket that waits; null for an idea of the organization.',
    }),
  }),
})

const most = 20

builder.prismaObjectField(Contact, 'nextBestActions', (t) =>
  t.field({
    type: [NextBestAction],
    nullable: { list: false, items: false },
    description:
      'What to do next about the contact, best first; at most one suggestion for each action and subject. What was done, dismissed or snoozed is left out.',
    complexity: ({ first }) => costOfItems(first),
    args: { first: t.arg.int({ required: true, defaultValue: 3, description: `How many suggestions, 1 to ${most}. Default: 3.` }) },
    async resolve(contact, { first }, context) {
      if (first < 1 || first > most)
        throw new InvalidInput(`first is ${first}. Choose 1 to ${most} suggestions.`, {
          field: 'first',
          value: first,
          expected: `an integer from 1 to ${most}`,
        })
      return (await context.loaders.nextBestActions.load(contact)).slice(0, first)
    },
  }),
)
