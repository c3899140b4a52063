import { type ActionName, actions } from '../../../domain/bulk-actions/actions.ts'
import { bulkContactAction, type BulkActionDone } from '../../../domain/bulk-actions/commands.ts'
import { InvalidInput, MissingRequiredField } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { ContactFailure } from './contact-mutations.ts'
import { ContactFilter } from './contacts.ts'
import { values } from './enums.ts'

const BulkContactAction = builder.enumType('BulkContactAction', {
  description: 'What can be done to many contacts at once.',
  values: values<ActionName>(
    // proof: the entries are those of the table of actions
    Object.fromEntries(Object.entries(actions).map(([name, { description }]) => [name, description])) as Record<ActionName, string>,
  ),
})

const BulkContactActionInput = builder.inputType('BulkContactActionInput', {
  description: 'An action, and to whom it is done: to the contacts that are named, or to those that match.',
  fields: (t) => ({
    action: t.field({ type: BulkContactAction, required: true, description: 'What to do.' }),
    contactIds: t.idList({ description: '1 to 1,000 ids of contacts. Give either these or a filter.' }),
    filter: t.field({ type: ContactFilter, description: 'Those that match, at most 100,000.' }),
    all: t.boolean({ description: 'Says that an empty filter means every contact; `DELETE` asks for it.' }),
    params: t.field({ type: 'JSON', description: 'What the action needs beside: `{"tags": ["vip"]}`, `{"lifecycleStage": "CUSTOMER"}`.' }),
  }),
})

const BulkContactActionPayload = builder.objectRef<BulkActionDone>('BulkContactActionPayload').implement({
  description: 'What became of the contacts.',
  fields: (t) => ({
    action: t.expose('action', { type: BulkContactAction, nullable: false, description: 'What was done.' }),
    matched: t.exposeInt('matched', { nullable: false, description: 'All that were named or matched: changed, unchanged and failed.' }),
    changed: t.exposeInt('changed', { nullable: false, description: 'How many are something else now.' }),
    unchanged: t.exposeInt('unchanged', { nullable: false, description: 'How many were already what the action makes of them.' }),
    failed: t.field({
      type: [ContactFailure],
      nullable: { list: false, items: false },
      description: 'Those for which it did not go through, and why.',
      resolve: ({ failed }) => [...failed],
    }),
  }),
})

builder.mutationField('bulkContactAction', (t) =>
  t.field({
    type: BulkContactActionPayload,
    description: 'Does something to many contacts. Doing it again changes nothing more. Needs the scope contacts:write.',
    errors: {
      types: [InvalidInput, MissingRequiredField],
      union: { description: 'What became of the contacts, or why nothing was done.' },
    },
    args: { input: t.arg({ type: BulkContactActionInput, required: true, description: 'The action.' }) },
    resolve: (_root, { input }, context) => bulkContactAction(context, input),
  }),
)
