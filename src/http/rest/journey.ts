import { z } from '@hono/zod-openapi'
import { journeyCsv } from '../../domain/journey/csv.ts'
import { findJourney, journeyList, journeyPosition, type StageOfJourney } from '../../domain/journey/queries.ts'
import { type JourneyEntry, journeyTypes } from '../../domain/journey/rules.ts'
import { parseId } from '../../kernel/ids.ts'
import { lifecycleStage } from './contact-presentation.ts'
import { endpoint } from './endpoint.ts'
import { channelSchema, contactIdParams, directionSchema, pageQuery, pageRequest, paginationOf } from './fields.ts'

const entrySchema = z
  .object({
    occurred_at: z.iso.datetime(),
    stage: lifecycleStage.openapi({ description: 'The stage that it happened in; of a change of stage, the one that was entered.' }),
    type: z.enum(journeyTypes),
    channel: channelSchema.nullable(),
    direction: directionSchema.nullable(),
    title: z.string(),
    detail: z.string().nullable(),
    reference_id: z.string().openapi({ description: 'The id of the record that the entry describes.' }),
  })
  .openapi('JourneyEntry')

const stageSchema = z
  .object({
    stage: lifecycleStage,
    entered: z.iso.datetime(),
    left: z.iso.datetime().nullable().openapi({ description: 'Null while it lasts.' }),
    duration: z.int().openapi({ description: 'How long it lasted, or has lasted until now, in seconds.' }),
    touches: z
      .partialRecord(channelSchema, z.int())
      .openapi({ description: 'Messages and calls by channel; channels without any are left out.' }),
  })
  .openapi('JourneyStage')

const journeySchema = z
  .object({ contact_id: z.string(), current_stage: lifecycleStage, stages: z.array(stageSchema), entries: z.array(entrySchema) })
  .openapi('Journey')

function presentEntry(entry: JourneyEntry) {
  const { occurredAt, stage, type, channel, direction, title, detail, referenceId } = entry
  return { occurred_at: occurredAt.toISOString(), stage, type, channel, direction, title, detail, reference_id: referenceId }
}

function presentStage({ stage, enteredAt, leftAt, durationSeconds, touches }: StageOfJourney) {
  return {
    stage,
    entered: enteredAt.toISOString(),
    left: leftAt?.toISOString() ?? null,
    duration: durationSeconds,
    touches: Object.fromEntries(touches.map(({ channel, count }) => [channel, count])),
  }
}

export const readJourney = endpoint({
  operation: 'getContactJourney',
  summary: 'How a contact came and moved',
  description:
    'Oldest first: creation, the first touch on each channel, changes of stage and of consent, blocks, milestones (events and tickets) and touches (messages and ' +
    'calls). The entries are paged; the stages are all there on every page. For what happened as it was recorded, newest first, see its timeline.',
  tag: 'History',
  scope: 'contacts:read',
  params: contactIdParams,
  query: z.strictObject(pageQuery),
  paged: true,
  replies: { 200: journeySchema },
  async handle(context, { params, query }) {
    const contactId = parseId('contact', params.id)
    const list = journeyList(contactId)
    const { contact, stages, page } = await findJourney(context, contactId, pageRequest(list, query))
    const data = {
      contact_id: contactId,
      current_stage: contact.lifecycleStage,
      stages: stages.map(presentStage),
      entries: page.items.map(presentEntry),
    }
    return { status: 200, data, pagination: paginationOf(page, list, journeyPosition) }
  },
})

export const downloadJourney = endpoint({
  operation: 'downloadContactJourney',
  summary: 'The whole journey as CSV',
  description:
    'Oldest first, in one file, sent while it is read: `occurred_at,stage,type,channel,direction,title,detail,reference_id`. A cell that a spreadsheet would run ' +
    'as a formula has an apostrophe in front.',
  tag: 'History',
  scope: 'contacts:read',
  params: contactIdParams,
  replies: {},
  rate: 'bulk',
  fileTypes: ['text/csv'],
  async handle(context, { params }) {
    const contactId = parseId('contact', params.id)
    const content = await journeyCsv(context, contactId)
    return { status: 200, file: { type: 'text/csv; charset=utf-8', name: `journey-${contactId}.csv`, content } }
  },
})
