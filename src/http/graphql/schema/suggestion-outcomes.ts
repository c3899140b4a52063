import { resolveActivity } from '../../../domain/activities/resolve.ts'
import { type ActionOutcomes, recordSuggestionOutcome, suggestionOutcomeCounts } from '../../../domain/next-best-action/outcomes.ts'
import { InvalidInput, NotFound } from '../../../kernel/errors.ts'
import { TimelineEntry } from './activities.ts'
import { builder } from './builder.ts'
import { Contact } from './contacts.ts'
import { mutation } from './mutations.ts'
import { Action } from './next-best-action.ts'

const SuggestionOutcome = builder.enumType('SuggestionOutcome', {
  description: 'What was done about a suggestion.',
  values: {
    DONE: { value: 'done', description: 'It was done. It does not return for 14 days; a question or a missed call is resolved.' },
    DISMISSED: { value: 'dismissed', description: 'It was not wanted. It does not return for 30 days.' },
    SNOOZED: { value: 'snoozed', description: 'It is to return at the given time. Default: in a day.' },
  } as const,
})

const ActionOutcomeCounts = builder.objectRef<ActionOutcomes>('ActionOutcomeCounts').implement({
  description: 'How often each outcome was recorded for an action.',
  fields: (t) => ({
    action: t.expose('action', { type: Action, nullable: false, description: 'The action.' }),
    done: t.exposeInt('done', { nullable: false, description: 'How often it was done.' }),
    dismissed: t.exposeInt('dismissed', { nullable: false, description: 'How often it was dismissed.' }),
    snoozed: t.exposeInt('snoozed', { nullable: false, description: 'How often it was snoozed.' }),
  }),
})

builder.queryField('suggestionOutcomeCounts', (t) =>
  t.field({
    type: [ActionOutcomeCounts],
    nullable: { list: false, items: false },
    description: 'How often each outcome was recorded, by action; actions without any are absent. Needs the scope contacts:read.',
    args: {
      from: t.arg({ type: 'DateTime', description: 'The first time that counts. Default: from the beginning.' }),
      to: t.arg({ type: 'DateTime', description: 'The first time that counts no more. Default: until now.' }),
    },
    resolve: (_root, args, context) => suggestionOutcomeCounts(context, args),
  }),
)

mutation('recordSuggestionOutcome', {
  description:
    'Records what was done about a suggestion. It does not return for 14 days if it was done, for 30 if it was dismissed, and until the given time if it was snoozed, on whichever channel. Needs the scope contacts:write.',
  input: {
    description: 'A suggestion and its outcome.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The id of the suggestion.' }),
      outcome: t.field({ type: SuggestionOutcome, required: true, description: 'What was done about it.' }),
      until: t.field({ type: 'DateTime', description: 'When it returns, at most a year ahead. `SNOOZED` only. Default: in a day.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The outcome, or why it was not recorded.' },
  resolve: (input, context) => recordSuggestionOutcome(context, input),
  payload: {
    description: 'The outcome is recorded.',
    fields: (t) => ({
      action: t.expose('action', { type: Action, nullable: false, description: 'The action that was suggested.' }),
      outcome: t.expose('outcome', { type: SuggestionOutcome, nullable: false, description: 'What was done about it.' }),
      until: t.expose('until', { type: 'DateTime', nullable: false, description: 'Until when it is not suggested again.' }),
      contact: t.field({
        type: Contact,
        description: 'The contact, with what is suggested now; null if it was deleted meanwhile.',
        resolve: ({ contactId }, _args, context) => context.loaders.contact.load(contactId),
      }),
    }),
  },
})

mutation('resolveActivity', {
  description:
    'Marks an inbound message as needing no answer, with all that the contact wrote before it on the channel; or a missed call, with those before it. They are no longer suggested. Needs the scope contacts:write.',
  input: {
    description: 'What to resolve.',
    fields: (t) => ({
      activityId: t.id({ required: true, description: 'The id of an inbound message or call.' }),
      resolved: t.boolean({ description: 'False opens this one activity again. Default: true.' }),
    }),
  },
  errors: { types: [InvalidInput, NotFound], description: 'The activity, or why it was not resolved.' },
  async resolve(input, context) {
    const id = await resolveActivity(context, input)
    return { activity: (await context.loaders.message.clear(id).load(id)) ?? (await context.loaders.call.clear(id).load(id)) }
  },
  payload: {
    description: 'The activity is resolved, or open again.',
    fields: (t) => ({
      activity: t.expose('activity', {
        type: TimelineEntry,
        nullable: true,
        description: 'The activity; null if it was deleted meanwhile.',
      }),
    }),
  },
})
