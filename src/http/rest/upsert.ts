import { z } from '@hono/zod-openapi'
import { getWrittenContact } from '../../domain/contacts/queries.ts'
import type { ContactRef } from '../../domain/contacts/refs.ts'
import { upsertContact } from '../../domain/contacts/upsert.ts'
import { snakeCase } from '../../kernel/text.ts'
import { externalIdSchema } from './contact-points.ts'
import { contactSchema, presentOne } from './contact-presentation.ts'
import { contactBody, contactInput } from './contacts.ts'
import { endpoint } from './endpoint.ts'
import { entityTag } from './entity-tags.ts'

const refSchema = z
  .strictObject({
    id: z.string().optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
    external_id: externalIdSchema.optional(),
  })
  .openapi('ContactRef', { description: 'Exactly one of these.' })

const upsertBody = z
  .strictObject({
    match: z.array(refSchema).openapi({ description: 'What the contact is found by, 1 to 20. A new contact gets these identifiers.' }),
    set: contactBody,
    if_revision: z.int().nullish().openapi({ description: 'The revision that the contact must have, if it is there. Default: any.' }),
  })
  .openapi('ContactUpsertInput')

function refOf({ external_id: externalId, ...ref }: z.output<typeof refSchema>): ContactRef {
  return { ...ref, externalId }
}

export const postUpsert = endpoint({
  operation: 'upsertContact',
  summary: 'Create a contact, or change the one that is there',
  description: 'The contact is found by any of its identifiers. Two calls at the same time create one contact.',
  tag: 'Contacts',
  scope: 'contacts:write',
  body: upsertBody,
  replies: {
    200: z.object({
      contact: contactSchema,
      outcome: z.enum(['created', 'updated', 'unchanged']),
      matched_by: z.string().nullable().openapi({ description: '`id`, `phone`, `email` or `external_id`; null if it was created.' }),
      deleted_match_ids: z.array(z.string()).openapi({ description: 'Deleted contacts that had one of the identifiers.' }),
    }),
  },
  async handle(context, { body }) {
    const preconditions = typeof body.if_revision === 'number' ? [{ field: 'ifRevision', revisions: [body.if_revision] }] : []
    const upserted = await upsertContact(context, { match: body.match.map(refOf), set: contactInput(body.set), preconditions })
    const contact = await getWrittenContact(context, upserted.contactId)
    const data = {
      contact: await presentOne(context, contact),
      outcome: upserted.outcome,
      matched_by: upserted.matchedBy === null ? null : snakeCase(upserted.matchedBy),
      deleted_match_ids: [...upserted.deletedMatchIds],
    }
    return { status: 200, data, headers: entityTag(contact) }
  },
})
