import { getSendDecision } from '../../../domain/sending/queries.ts'
import { refusalCodes, type SendDecision as Decision, type SendRefusal as Refusal } from '../../../domain/sending/rules.ts'
import { parseId } from '../../../kernel/ids.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { Channel, MessageCategory } from './enums.ts'
import { FrequencyCapRule } from './frequency-caps.ts'

const meanings: Readonly<Record<(typeof refusalCodes)[number], string>> = {
  BLOCKED: 'The contact is blocked.',
  OPTED_OUT: 'The contact took back or refused consent for the channel.',
  SUPPRESSED: 'The address is on the suppression list.',
  NOT_SUBSCRIBED: 'The contact has not subscribed to the topic.',
  UNCONFIRMED: 'The contact was asked to confirm its consent, and has not done so yet.',
  CONSENT_EXPIRED: 'The consent of the contact has ended.',
  ADDRESS_UNREACHABLE: 'A message to the address bounced, and none has arrived since.',
  NO_CONSENT: 'Marketing needs a recorded opt-in for the channel, and there is none.',
  FREQUENCY_CAP: 'A frequency cap is used up.',
  QUIET_HOURS: 'It is too early or too late in the day where the contact is, or the day is closed.',
  OUTSIDE_SERVICE_WINDOW: 'WhatsApp takes service messages only within 24 hours after the contact wrote there.',
  NO_ADDRESS: 'No address of the contact is known for the channel.',
}

const SendRefusalCode = builder.enumType('SendRefusalCode', {
  description: 'Why a message may not be sent.',
  values: Object.fromEntries(refusalCodes.map((code) => [code, { value: code, description: meanings[code] }])),
})

const SendRefusal = builder.objectRef<Refusal>('SendRefusal').implement({
  description: 'A reason against sending a message.',
  fields: (t) => ({
    code: t.expose('code', { type: SendRefusalCode, nullable: false, description: 'What kind of reason it is, for programs.' }),
    message: t.exposeString('message', { nullable: false, description: 'The reason as a sentence, for people.' }),
    rule: t.expose('rule', {
      type: FrequencyCapRule,
      nullable: true,
      description: 'The rule that is used up; null for anything but a cap.',
    }),
    until: t.expose('until', { type: 'DateTime', nullable: true, description: 'When this reason goes by itself; null if it does not.' }),
  }),
})

export const SendDecision = builder.objectRef<Decision>('SendDecision').implement({
  description: 'Whether a message may be sent.',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', { nullable: false, description: 'Whether it may.' }),
    reasons: t.field({
      type: [SendRefusal],
      nullable: { list: false, items: false },
      complexity: { field: 1, multiplier: 3 },
      description: 'Every reason against it, not just the first; empty if it may.',
      resolve: ({ reasons }) => [...reasons],
    }),
    nextAllowedAt: t.expose('nextAllowedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The first time, at or after the requested one, at which no reason is left; null if there is none without a change of the contact.',
    }),
  }),
})

const questionArgs = builder.args((t) => ({
  channel: t.field({ type: Channel, required: true, description: 'The channel to send on.' }),
  category: t.field({ type: MessageCategory, required: true, description: 'Why it is to be sent.' }),
  topic: t.string({ description: 'The key or the id of the topic that it belongs to. Default: none.' }),
  address: t.string({ description: 'One of the addresses of the contact. Default: its primary one for the channel.' }),
  at: t.field({
    type: 'DateTime',
    description: 'The planned time of sending. Default: now. Blocks and consent are evaluated in their current state.',
  }),
}))

builder.queryField('sendDecision', (t) =>
  t.field({
    type: SendDecision,
    description: 'Whether a message may be sent to a contact; an error if there is no such contact. Needs the scope contacts:read.',
    args: { contactId: t.arg.id({ required: true, description: 'The id of the contact.' }), ...questionArgs },
    resolve: (_root, { contactId, ...question }, context) => getSendDecision(context, parseId('contact', contactId, 'contactId'), question),
  }),
)

builder.prismaObjectField(Contact, 'sendDecision', (t) =>
  t.field({
    type: SendDecision,
    nullable: false,
    description: 'Whether a message may be sent to the contact. The same answer as `Query.sendDecision`, for many contacts at once.',
    args: questionArgs,
    resolve: (contact, question, context) => context.loaders.sendDecision(question).load(contact),
  }),
)
