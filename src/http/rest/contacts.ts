import { z } from '@hono/zod-openapi'
import { createContact, deleteContact, updateContact } from '../../domain/contacts/commands.ts'
import type { ContactFilter } from '../../domain/finding/filter.ts'
import { type ContactPointsInput, decidePoints } from '../../domain/contacts/contact-points.ts'
import { getContact, getWrittenContact } from '../../domain/contacts/queries.ts'
import { contactList, contactPosition, findContacts, newestFirst } from '../../domain/finding/queries.ts'
import type { Precondition } from '../../domain/contacts/revision.ts'
import { type ContactInput, newContact } from '../../domain/contacts/rules.ts'
import { getOrganization } from '../../domain/organizations/queries.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'
import { parseDateOrDateTime } from '../../kernel/time.ts'
import type { RequestContext } from '../request-context.ts'
import { contactPointsBody, contactPointsInput } from './contact-points.ts'
import { contactSchema, filteredStage, presentContacts, presentOne, stages } from './contact-presentation.ts'
import { filterOfBody } from './contact-filter.ts'
import { endpoint } from './endpoint.ts'
import { entityTag } from './entity-tags.ts'
import { commaList, contactIdParams, flag, jsonObject, pageQuery, pageRequest, paginationOf } from './fields.ts'

/** The fields of a contact on creating and changing it. */
export const contactFields = {
  phone: z.string().nullish().openapi({
    description: 'Any display format, with a PBX suffix if there is one; stored as E.164.',
    example: '+1 (415) 555-1234 x12',
  }),
  phone_extension: z.string().nullish(),
  email: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  display_name: z.string().nullish(),
  company: z.string().nullish(),
  country_code: z.string().nullish(),
  timezone: z.string().nullish(),
  language: z.string().nullish(),
  lifecycle_stage: z
    .string({ error: `expected one of ${stages.join(', ')}` })
    .nullish()
    .openapi({ description: `One of ${stages.join(', ')}, in any case, or what other tools call it, such as MQL.` }),
  tags: z
    .array(z.string())
    .nullish()
    .openapi({ description: 'At most 100 labels of at most 64 characters; replaces those that are there.' }),
  custom_attributes: jsonObject.nullish().openapi({
    type: ['object', 'null'],
    description: 'At most 16 KiB; its keys merge with those that are there, and null removes one.',
  }),
  metadata: jsonObject.nullish().openapi({ type: ['object', 'null'], description: 'Another name for custom_attributes.' }),
}

export const contactBody = z.strictObject({ ...contactFields, ...contactPointsBody }).openapi('ContactInput')

const readOnly = { description: 'Read only. As `GET` answers it, or omitted.' }

/**
 * A change may be all that the caller has read, with some of it changed: it is refused if the contact has changed since, and read-only fields
 * are ignored if they are unchanged.
 */
const contactChangeBody = z
  .strictObject({
    ...contactFields,
    ...contactPointsBody,
    id: z.string().nullish().openapi(readOnly),
    is_blocked: z.boolean().nullish().openapi(readOnly),
    source: z.string().nullish().openapi(readOnly),
    created_at: z.string().nullish().openapi(readOnly),
    revision: z.int().nullish().openapi({ description: 'The revision that the contact must have; any if omitted.' }),
    updated_at: z.string().nullish().openapi({ description: 'The `updated_at` that the contact must have; any if omitted.' }),
  })
  .openapi('ContactChangeInput')

type ContactChange = z.output<typeof contactChangeBody>

/** What a change states about the current contact. @throws InvalidInput for the id of another contact */
function statedPreconditions(id: string, body: ContactChange): Precondition[] {
  const { revision, updated_at: updatedAt, is_blocked: isBlocked, source, created_at: createdAt } = body
  if (typeof body.id === 'string' && body.id !== id) {
    const message = 'The id of a contact cannot be changed, and this is the id of another contact than the one in the path.'
    throw new InvalidInput(message, { field: 'id', value: body.id, expected: id })
  }
  return [
    ...(typeof revision === 'number' ? [{ field: 'revision', revisions: [revision] }] : []),
    ...(typeof updatedAt === 'string' ? [{ field: 'updatedAt', updatedAt: parseDateOrDateTime(updatedAt, 'updatedAt') }] : []),
    ...(typeof isBlocked === 'boolean' ? [{ field: 'isBlocked', readOnly: isBlocked }] : []),
    ...(typeof source === 'string' ? [{ field: 'source', readOnly: source }] : []),
    ...(typeof createdAt === 'string' ? [{ field: 'createdAt', readOnly: parseDateOrDateTime(createdAt, 'createdAt') }] : []),
  ]
}

/** Judges the values of a contact, whatever else is wrong with the request. */
async function judgeContact(context: RequestContext, body: z.output<typeof contactBody>): Promise<void> {
  const { defaultCountry } = await getOrganization(context)
  newContact(decidePoints([], contactInput(body), defaultCountry).input, defaultCountry)
}

export function contactInput(body: z.output<typeof contactBody>): ContactInput & ContactPointsInput {
  if (body.metadata !== undefined && body.custom_attributes !== undefined) {
    throw new InvalidInput('custom_attributes and metadata are two names for one field.', {
      field: 'metadata',
      expected: 'only one of the two',
    })
  }
  return {
    phone: body.phone,
    phoneExtension: body.phone_extension,
    email: body.email,
    firstName: body.first_name,
    lastName: body.last_name,
    displayName: body.display_name,
    company: body.company,
    countryCode: body.country_code,
    timezone: body.timezone,
    language: body.language,
    lifecycleStage: body.lifecycle_stage,
    tags: body.tags,
    customAttributes: body.custom_attributes === undefined ? body.metadata : body.custom_attributes,
    ...contactPointsInput(body),
  }
}

// No examples here: the reference would fill them in, and find nothing.
const filterQuery = {
  search: z
    .string()
    .optional()
    .openapi({ description: 'Words that must all be found in the names, the company, the email address or the phone number.' }),
  lifecycle_stage: commaList
    .pipe(z.array(filteredStage))
    .optional()
    .openapi({ description: 'Any of these stages, separated by commas, in any case.', type: 'string' }),
  country_code: commaList
    .optional()
    .openapi({ description: 'Any of these countries, separated by commas, such as `US,DE`.', type: 'string' }),
  tags: commaList.optional().openapi({ description: 'Any of these tags, separated by commas, such as `vip,newsletter`.', type: 'string' }),
  has_phone: flag.optional().openapi({ description: 'Only those with or without a phone number.', type: 'boolean' }),
  has_email: flag.optional().openapi({ description: 'Only those with or without an email address.', type: 'boolean' }),
  created_after: z.string().optional().openapi({ description: 'Created at this date or date-time, or later, such as `2026-01-01`.' }),
  created_before: z.string().optional().openapi({ description: 'Created before this date or date-time, such as `2026-07-01T00:00:00Z`.' }),
}

const listQuery = z.strictObject({ ...pageQuery, ...filterQuery })

/** What a list is narrowed down to by the parameters of its query. @throws InvalidInput for what is no time */
function contactFilter({ cursor: _cursor, limit: _limit, ...query }: z.output<typeof listQuery>): ContactFilter {
  return filterOfBody(query)
}

export const listContacts = endpoint({
  operation: 'listContacts',
  summary: 'List contacts',
  description: 'Newest first.',
  tag: 'Contacts',
  scope: 'contacts:read',
  query: listQuery,
  paged: true,
  replies: { 200: z.array(contactSchema) },
  async handle(context, { query }) {
    const list = contactList(context.actor, newestFirst)
    const page = await findContacts(context, contactFilter(query), newestFirst, pageRequest(list, query))
    const pagination = paginationOf(page, list, (contact) => contactPosition(contact, newestFirst))
    return { status: 200, data: await presentContacts(context, page.items), pagination }
  },
})

export const postContact = endpoint({
  operation: 'createContact',
  summary: 'Create a contact',
  description: 'At least one of phone and email is needed.',
  tag: 'Contacts',
  scope: 'contacts:write',
  tagged: true,
  body: contactBody,
  judge: judgeContact,
  replies: { 201: contactSchema },
  async handle(context, { body }) {
    const id = await createContact(context, contactInput(body))
    const contact = await getWrittenContact(context, id)
    return { status: 201, data: await presentOne(context, contact), headers: { Location: `/api/v1/contacts/${id}`, ...entityTag(contact) } }
  },
})

export const readContact = endpoint({
  operation: 'getContact',
  summary: 'Get a contact',
  tag: 'Contacts',
  scope: 'contacts:read',
  params: contactIdParams,
  conditional: 'If-None-Match',
  tagged: true,
  replies: { 200: contactSchema },
  async handle(context, { params }) {
    const contact = await getContact(context, parseId('contact', params.id))
    return { status: 200, data: await presentOne(context, contact), headers: entityTag(contact) }
  },
})

export const patchContact = endpoint({
  operation: 'updateContact',
  summary: 'Change a contact',
  description:
    'Omitted fields keep their values; null clears a field. All that `GET` answers can be sent back: what is unchanged changes nothing, and a stale ' +
    '`revision` is refused with 409.',
  tag: 'Contacts',
  scope: 'contacts:write',
  params: contactIdParams,
  conditional: 'If-Match',
  tagged: true,
  body: contactChangeBody,
  judge: judgeContact,
  replies: { 200: contactSchema },
  async handle(context, { params, body, preconditions }) {
    const contactId = parseId('contact', params.id)
    const expected = [...preconditions, ...statedPreconditions(contactId, body)]
    const id = await updateContact(context, contactId, contactInput(body), expected)
    const contact = await getWrittenContact(context, id)
    return { status: 200, data: await presentOne(context, contact), headers: entityTag(contact) }
  },
})

export const removeContact = endpoint({
  operation: 'deleteContact',
  summary: 'Delete a contact',
  description: 'It is gone from every read and frees its phone and email, keeps its history and can be restored.',
  tag: 'Contacts',
  scope: 'contacts:write',
  params: contactIdParams,
  conditional: 'If-Match',
  replies: { 204: null },
  async handle(context, { params, preconditions }) {
    await deleteContact(context, parseId('contact', params.id), preconditions)
    return { status: 204 }
  },
})
