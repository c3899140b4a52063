import { z } from '@hono/zod-openapi'
import type { Erasure } from '../../data/generated/client.ts'
import { eraseContacts } from '../../domain/erasure/commands.ts'
import { subjectData } from '../../domain/erasure/subject-data.ts'
import { NotFound } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'
import { endpoint } from './endpoint.ts'
import { dataEnvelope } from './envelope.ts'
import { contactIdParams, jsonObject } from './fields.ts'

const erasureSchema = z
  .object({
    id: z.string().openapi({ description: 'The id under which the proof is on record.' }),
    contact_id: z.string(),
    reason: z.string(),
    erased_by: z.string().openapi({ description: 'The name of the API key.' }),
    erased_at: z.iso.datetime().openapi({ description: 'From when on no read finds the contact.' }),
    completed_at: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the last row was removed; null while the rest is being removed in the background.' }),
    counts: jsonObject.openapi({ description: 'How many rows were removed, by the kind of record.' }),
  })
  .openapi('Erasure')

function presentErasure(erasure: Erasure): z.input<typeof erasureSchema> {
  return {
    id: erasure.id,
    contact_id: erasure.contactId,
    reason: erasure.reason,
    erased_by: erasure.erasedBy,
    erased_at: erasure.erasedAt.toISOString(),
    completed_at: erasure.completedAt?.toISOString() ?? null,
    // proof: only erasure writes the column, and writes an object
    counts: erasure.counts as Record<string, unknown>,
  }
}

export const postErase = endpoint({
  operation: 'eraseContact',
  summary: 'Erase a person',
  description:
    'The contact, living or deleted, with everything that is on record about it. It cannot be reverted. Proof of the erasure and of consent stays, without ' +
    'anything that names the person, and the addresses stay suppressed as hashes.',
  tag: 'Privacy',
  scope: 'contacts:erase',
  rate: 'bulk',
  params: contactIdParams,
  body: z
    .strictObject({
      reason: z
        .string()
        .openapi({ description: 'Why, 1 to 500 characters without names and addresses of the person. It stays on record.' }),
    })
    .openapi('EraseContact'),
  replies: { 200: erasureSchema },
  async handle(context, { params, body }) {
    const id = parseId('contact', params.id)
    const { erasures } = await eraseContacts(context, { ids: [id], reason: body.reason })
    const [erasure] = erasures
    if (erasure === undefined) throw new NotFound('contact', id)
    return { status: 200, data: presentErasure(erasure) }
  },
})

export const downloadSubjectData = endpoint({
  operation: 'downloadSubjectData',
  summary: 'Everything that is on record about a person',
  description:
    'One JSON file, sent while it is read: the contact, deleted ones included, its addresses, activities, notes, consent with its proof, suppressions, ' +
    'blocks, merges, the rows of imports that it came from, and the audit log of it. Field names are those of the records.',
  tag: 'Privacy',
  scope: 'contacts:read',
  rate: 'bulk',
  params: contactIdParams,
  fileTypes: ['application/json'],
  replies: { 200: jsonObject },
  async handle(context, { params }) {
    const contactId = parseId('contact', params.id)
    const data = await subjectData(context, contactId)
    const { meta } = dataEnvelope(context.request, context.now(), null)
    const content = within('{"data":', data, `,"meta":${JSON.stringify(meta)}}\n`)
    return { status: 200, file: { type: 'application/json; charset=utf-8', name: `subject-data-${contactId}.json`, content } }
  },
})

async function* within(before: string, parts: AsyncGenerator<string>, after: string): AsyncGenerator<string> {
  try {
    yield before
    yield* parts
    yield after
  } finally {
    await parts.return(undefined)
  }
}
