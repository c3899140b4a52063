import { z } from '@hono/zod-openapi'
import { getWrittenContact } from '../../domain/contacts/queries.ts'
import { type Merge, mergeContacts } from '../../domain/merging/commands.ts'
import { unmergeWindow } from '../../domain/merging/unmerge.ts'
import { parseId } from '../../kernel/ids.ts'
import { camelCase, snakeCase } from '../../kernel/text.ts'
import { contactSchema, presentOne } from './contact-presentation.ts'
import { endpoint } from './endpoint.ts'
import { entityTag } from './entity-tags.ts'
import { contactIdParams } from './fields.ts'

const mergeSchema = z
  .object({
    id: z.string().nullable().openapi({ description: 'Null for a dry run.' }),
    into_id: z.string(),
    from_ids: z.array(z.string()),
    fields: z.array(
      z.object({
        field: z.string(),
        value: z.unknown(),
        contact_id: z.string().nullable(),
        losing: z.array(z.object({ contact_id: z.string(), value: z.unknown() })),
      }),
    ),
    consent: z.array(
      z.object({
        channel: z.string(),
        state: z.string(),
        states: z.array(z.object({ contact_id: z.string(), state: z.string() })),
      }),
    ),
    moved: z.record(z.string(), z.int()),
    is_blocked: z.boolean(),
    merged_at: z.iso.datetime(),
    reversible_until: z.iso.datetime(),
  })
  .openapi('ContactMerge')

function presentMerge({ summary, ...merge }: Merge): z.input<typeof mergeSchema> {
  return {
    id: merge.isPreview ? null : merge.id,
    into_id: merge.intoId,
    from_ids: [...merge.fromIds],
    fields: summary.fields.map(({ field, value, contactId, losing }) => ({
      field: field.startsWith('customAttributes.') ? `custom_attributes.${field.slice('customAttributes.'.length)}` : snakeCase(field),
      value,
      contact_id: contactId,
      losing: losing.map((one) => ({ contact_id: one.contactId, value: one.value })),
    })),
    consent: summary.consent.map(({ channel, state, states }) => ({
      channel,
      state,
      states: states.map((one) => ({ contact_id: one.contactId, state: one.state })),
    })),
    moved: { ...summary.moved },
    is_blocked: summary.isBlocked,
    merged_at: merge.mergedAt.toISOString(),
    reversible_until: new Date(merge.mergedAt.getTime() + unmergeWindow).toISOString(),
  }
}

const mergeBody = z
  .strictObject({
    from_ids: z.array(z.string()).openapi({ description: '1 to 20 contacts that are merged into this one.' }),
    fields: z
      .array(z.strictObject({ field: z.string(), from: z.string() }))
      .nullish()
      .openapi({ description: 'Whose values to take. Default: those of this contact, else of the first that has one.' }),
    if_revisions: z
      .array(z.strictObject({ contact_id: z.string(), revision: z.int() }))
      .nullish()
      .openapi({ description: 'The revisions that contacts must have. Default: any.' }),
    dry_run: z.boolean().nullish().openapi({ description: 'Whether only to say what would happen. Default: false.' }),
  })
  .openapi('ContactMergeInput')

export const postMerge = endpoint({
  operation: 'mergeContacts',
  summary: 'Merge contacts into this one',
  description:
    'It gets the activities, notes, consent and addresses of the others, whose ids refer to it from then on. Consent: the strictest of all holds.',
  tag: 'Contacts',
  scope: 'contacts:merge',
  params: contactIdParams,
  body: mergeBody,
  replies: { 200: z.object({ merge: mergeSchema, contact: contactSchema }) },
  async handle(context, { params, body }) {
    const merge = await mergeContacts(context, {
      intoId: parseId('contact', params.id),
      fromIds: body.from_ids,
      fields: body.fields?.map(({ field, from }) => ({ field: camelCase(field), from })),
      ifRevisions: body.if_revisions?.map(({ contact_id: contactId, revision }) => ({ contactId, revision })),
      dryRun: body.dry_run,
    })
    const contact = await getWrittenContact(context, merge.intoId)
    return { status: 200, data: { merge: presentMerge(merge), contact: await presentOne(context, contact) }, headers: entityTag(contact) }
  },
})
