import { z } from '@hono/zod-openapi'
import { type ActionName, actions } from '../../domain/bulk-actions/actions.ts'
import { bulkContactAction } from '../../domain/bulk-actions/commands.ts'
import { deleteContacts } from '../../domain/contacts/commands.ts'
import { parseIds } from '../../domain/contacts/ids.ts'
import { errorCodes } from '../../kernel/errors.ts'
import { camelCase } from '../../kernel/text.ts'
import { filterBody, filterOfBody } from './contact-filter.ts'
import { endpoint } from './endpoint.ts'
import { jsonObject } from './fields.ts'

// proof: the keys of the table are the names of the actions
const names = Object.keys(actions) as ActionName[]

const actionBody = z
  .strictObject({
    action: z.enum(names, { error: `expected one of ${names.join(', ')}` }).openapi({
      description: names.map((name) => `- \`${name}\`: ${inRest(actions[name].description)}`).join('\n'),
    }),
    contact_ids: z.array(z.string()).optional().openapi({ description: '1 to 1,000 ids.' }),
    filter: filterBody.optional().openapi({ description: 'Instead of ids: what a list is narrowed down to. At most 100,000 contacts.' }),
    all: z.boolean().optional().openapi({ description: 'Says that an empty filter means every contact; `delete` asks for it.' }),
    params: jsonObject.optional().openapi({ description: 'What the action needs beside.' }),
  })
  .openapi('BulkAction')

const doneSchema = z
  .object({
    action: z.enum(names),
    matched: z.int().openapi({ description: 'All that were named or matched: changed, unchanged and failed.' }),
    changed: z.int(),
    unchanged: z.int(),
    failed: z.array(z.object({ id: z.string(), code: z.enum(errorCodes), message: z.string() })),
  })
  .openapi('BulkActionDone')

export const postAction = endpoint({
  operation: 'bulkContactAction',
  summary: 'Do something to many contacts',
  description: 'Says of every contact for which it did not go through why. Doing it again changes nothing more.',
  tag: 'Bulk',
  rate: 'bulk',
  scope: 'contacts:write',
  body: actionBody,
  replies: { 200: doneSchema },
  async handle(context, { body }) {
    const done = await bulkContactAction(context, {
      action: body.action,
      contactIds: body.contact_ids,
      filter: body.filter === undefined ? undefined : filterOfBody(body.filter),
      all: body.all,
      params: Object.fromEntries(Object.entries(body.params ?? {}).map(([name, value]) => [camelCase(name), value])),
    })
    const failed = done.failed.map(({ id, reason }) => ({ id, code: reason.code, message: reason.message }))
    return { status: 200, data: { ...done, failed } }
  },
})

export const postBulkDelete = endpoint({
  operation: 'bulkDelete',
  summary: 'Delete many contacts',
  description: 'They can be restored.',
  tag: 'Bulk',
  rate: 'bulk',
  scope: 'contacts:write',
  body: z.strictObject({ contact_ids: z.array(z.string()).openapi({ description: '1 to 1,000 ids.' }) }).openapi('BulkDelete'),
  replies: { 200: z.object({ requested: z.int(), deleted: z.int(), not_found: z.array(z.string()) }) },
  async handle(context, { body }) {
    const ids = parseIds(body.contact_ids, 'contactIds')
    const { deleted, notFound } = await deleteContacts(context, ids)
    return { status: 200, data: { requested: ids.length, deleted: deleted.length, not_found: notFound } }
  },
})

/** Names of parameters within a description, which stand at the end of quoted code. */
function inRest(text: string): string {
  return text.replace(/[A-Z](?=[a-z]+`)/g, (letter) => `_${letter.toLowerCase()}`)
}
