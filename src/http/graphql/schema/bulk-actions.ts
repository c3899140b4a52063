import { type ActionName, actions } from '../../../domain/bulk-actions/actions.ts'
import { bulkContactAction } from '../../../domain/bulk-actions/commands.ts'
import { InvalidInput, MissingRequiredField } from '../../../kernel/errors.ts'
import { builder } from './builder.ts'
import { ContactFailure } from './contact-mutations.ts'
import { ContactFilter } from './contact-filter.ts'
import { values } from './enums.ts'
import { mutation } from './mutations.ts'

const BulkContactAction = builder.enumType('BulkContactAction', {
  description: 'What can be done to many contacts at once.',
  values: values<ActionName>(
    // proof: the entries are those of the table of actions
    Object.fromEntries(Object.entries(actions).map(([name, { description }]) => [name, description])) as Record<ActionName, string>,
  ),
})

mutation('bulkContactAction', {
  description: 'Applies an action to many contacts. Repeating it changes nothing more. Needs the scope contacts:write.',
  input: {
    description: 'An action and the contacts that it applies to: either named by id, or matched by a filter.',
    fields: (t) => ({
      action: t.field({ type: BulkContactAction, required: true, description: 'What to do.' }),
      contactIds: t.idList({ description: '1 to 1,000 ids of contacts. Give either these or a filter.' }),
      filter: t.field({ type: ContactFilter, description: 'The contacts that match, at most 100,000.' }),
      all: t.boolean({ description: 'Confirms that an empty filter means every contact; `DELETE` needs it.' }),
      params: t.field({ type: 'JSON', description: 'What the action needs: `{"tags": ["vip"]}`, `{"lifecycleStage": "CUSTOMER"}`.' }),
    }),
  },
  errors: { types: [InvalidInput, MissingRequiredField], description: 'The outcome of the action, or why nothing was done.' },
  resolve: (input, context) => bulkContactAction(context, input),
  payload: {
    description: 'The outcome of a bulk action.',
    fields: (t) => ({
      action: t.expose('action', { type: BulkContactAction, nullable: false, description: 'What was done.' }),
      matched: t.exposeInt('matched', { nullable: false, description: 'All named or matched contacts: changed, unchanged and failed.' }),
      changed: t.exposeInt('changed', { nullable: false, description: 'How many contacts changed.' }),
      unchanged: t.exposeInt('unchanged', {
        nullable: false,
        description: 'How many contacts already were what the action makes of them.',
      }),
      failed: t.field({
        type: [ContactFailure],
        nullable: { list: false, items: false },
        description: 'The contacts for which the action failed, and why.',
        resolve: ({ failed }) => [...failed],
      }),
    }),
  },
})
