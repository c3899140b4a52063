import { type Action as ActionWord, reasonCodes } from '../../../domain/next-best-action/candidates.ts'
import { modelName, type Reason, type Suggestion } from '../../../domain/next-best-action/rules.ts'
import { InvalidInput } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, MessageCategory, values } from './enums.ts'
import { costOfItems } from './complexity.ts'

const Action = builder.enumType('Action', {
  description: 'What can be done next about a contact.',
  values: values<ActionWord>({
    reply_to_message: 'Answer the message that the contact wrote last.',
    return_call: 'Call back: nobody took the contact’s call.',
    follow_up_ticket: 'Go on with the most urgent open ticket.',
    request_consent: 'Ask for an opt-in, now that the contact has been in touch.',
    welcome: 'Say hello to somebody who is new.',
    nurture: 'Tell somebody who has not bought yet what there is.',
    win_back: 'Bring back somebody who left or fell silent.',
    upsell: 'Offer more to somebody who is content.',
    request_review: 'Ask for a review after an order or a solved ticket.',
    enrich_profile: 'Ask for what is not known of the contact yet.',
    wait: 'Leave the contact in peace.',
  }),
})

const reasonMeanings: Readonly<Record<(typeof reasonCodes)[number], string>> = {
  UNANSWERED_MESSAGE: 'The contact wrote and has not been answered.',
  MISSED_CALL: 'The contact called and was not called back.',
  OPEN_TICKET: 'A ticket is open.',
  CONSENT_UNKNOWN: 'The contact has agreed to no channel yet.',
  NEW_CONTACT: 'The contact is new.',
  LIFECYCLE_STAGE: 'Where the contact stands.',
  LONG_SILENCE: 'Nothing has been heard of the contact for long.',
  RECENT_ORDER: 'The contact ordered something lately.',
  TICKET_SOLVED: 'A ticket was solved lately.',
  MISSING_DATA: 'Something about the contact is not known.',
  WAITING: 'How long the contact has been waiting.',
  ANSWERS_ON_CHANNEL: 'How readily the contact answers on the channel.',
  ANSWERS_AT_HOUR: 'How readily the contact answers at that hour.',
  RECENTLY_CONTACTED: 'How much the contact has heard from us lately.',
  NOT_ALLOWED_YET: 'The send decision allows it only later.',
  BLOCKED: 'The contact is blocked.',
  NOTHING_MORE_URGENT: 'What leaving the contact in peace is worth.',
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

const NextBestAction = builder.objectRef<Suggestion>('NextBestAction').implement({
  description: 'A suggestion what to do next about a contact. The send decision allows it at the time that it names.',
  fields: (t) => ({
    action: t.expose('action', { type: Action, nullable: false, description: 'What to do.' }),
    channel: t.expose('channel', { type: Channel, nullable: true, description: 'On which channel; null for waiting.' }),
    category: t.expose('category', { type: MessageCategory, nullable: true, description: 'As what a message is sent; null for waiting.' }),
    score: t.exposeFloat('score', {
      nullable: false,
      description: 'The expected value in points: 100 is an answer to somebody who has just written.',
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
    suggestedAt: t.expose('suggestedAt', { type: 'DateTime', nullable: false, description: 'When to do it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: false,
      description: 'When the suggestion should be thought over again.',
    }),
    model: t.string({ nullable: false, description: 'The model and its version.', resolve: () => modelName }),
  }),
})

const most = 20

builder.prismaObjectField(Contact, 'nextBestActions', (t) =>
  t.field({
    type: [NextBestAction],
    nullable: { list: false, items: false },
    description: 'What to do next about the contact, best first; at most one suggestion for each action, and always one to wait.',
    complexity: ({ first }) => costOfItems(first),
    args: { first: t.arg.int({ required: true, defaultValue: 3, description: `How many suggestions, 1 to ${most}.` }) },
    async resolve(contact, { first }, context) {
      if (first < 1 || first > most)
        throw new InvalidInput(`One can ask for 1 to ${most} suggestions.`, {
          field: 'first',
          value: first,
          expected: `an integer from 1 to ${most}`,
        })
      return (await context.loaders.nextBestActions.load(contact)).slice(0, first)
    },
  }),
)
