import { z } from '@hono/zod-openapi'
import type { ContactFilter } from '../../domain/finding/filter.ts'
import { parseDateOrDateTime } from '../../kernel/time.ts'
import { channelSchema, directionSchema } from './fields.ts'
import { filteredStage, sources } from './contact-presentation.ts'

/** One or a list of them. */
function anyOf<Item extends z.ZodType>(item: Item) {
  return z.union([item.transform((one) => [one]), z.array(item)])
}

const attributeValue = z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text, a number, true or false' })

const attributeFilter = z
  .strictObject({
    key: z.string(),
    eq: attributeValue.optional(),
    ne: attributeValue.optional(),
    in: z.array(attributeValue).optional(),
    gt: attributeValue.optional(),
    gte: attributeValue.optional(),
    lt: attributeValue.optional(),
    lte: attributeValue.optional(),
    contains: z.string().optional(),
    starts_with: z.string().optional(),
    exists: z.boolean().optional(),
  })
  .openapi('AttributeFilter', { description: 'At least one operator; all that are given must hold. `12` and `"12"` are different values.' })

const states = ['opted_in', 'opted_out', 'unknown', 'pending'] as const
const consentFilter = z
  .strictObject({
    channel: channelSchema,
    topic: z.string().optional().openapi({ description: 'The key or id of a topic. Default: the whole channel.' }),
    states: anyOf(z.enum(states, { error: `expected one of ${states.join(', ')}` })),
  })
  .openapi('ConsentFilter')

const kinds = ['message', 'call', 'ticket', 'event'] as const
const activityFilter = z
  .strictObject({
    kinds: anyOf(z.enum(kinds, { error: `expected one of ${kinds.join(', ')}` })).optional(),
    channel: channelSchema.optional(),
    direction: directionSchema.optional(),
    name: z.string().optional().openapi({ description: 'Of an event.' }),
    from: z.string().optional(),
    to: z.string().optional(),
    at_least: z.int().optional().openapi({ description: 'Default: 1, or 0 where `at_most` is given.' }),
    at_most: z.int().optional(),
  })
  .openapi('ActivityFilter')

const predicates = z.strictObject({
  ids: z.array(z.string()).optional(),
  search: z.string().optional(),
  lifecycle_stage: anyOf(filteredStage).optional(),
  country_code: anyOf(z.string()).optional(),
  tags: anyOf(z.string()).optional(),
  tags_all: anyOf(z.string()).optional(),
  tags_none: anyOf(z.string()).optional(),
  company: anyOf(z.string()).optional(),
  language: anyOf(z.string()).optional(),
  timezone: anyOf(z.string()).optional(),
  source: anyOf(z.enum(sources, { error: `expected one of ${sources.join(', ')}` })).optional(),
  has_phone: z.boolean().optional(),
  has_email: z.boolean().optional(),
  has_name: z.boolean().optional(),
  has_company: z.boolean().optional(),
  is_blocked: z.boolean().optional(),
  created_after: z.string().optional(),
  created_before: z.string().optional(),
  updated_after: z.string().optional(),
  updated_before: z.string().optional(),
  attributes: z.array(attributeFilter).optional(),
  consent: consentFilter.optional(),
  activity: activityFilter.optional(),
})

type FilterBody = z.output<typeof predicates> & {
  readonly and?: FilterBody[] | undefined
  readonly or?: FilterBody[] | undefined
  readonly not?: FilterBody | undefined
}

const nested: z.ZodType<FilterBody> = z.lazy(() => filterBody)

/** The filter of a list, in a body. */
export const filterBody = predicates
  .extend({ and: z.array(nested).optional(), or: z.array(nested).optional(), not: nested.optional() })
  .openapi('ContactFilter', { description: 'All that is given must hold. At most 5 levels of `and`, `or` and `not`, and 50 predicates.' })

/** The filter that a body asks for. @throws InvalidInput for what is no time */
export function filterOfBody(body: FilterBody, at = ''): ContactFilter {
  const time = (text: string | undefined, field: string) => (text === undefined ? undefined : parseDateOrDateTime(text, `${at}${field}`))
  const { attributes, activity } = body
  return {
    ids: body.ids,
    search: body.search,
    lifecycleStage: body.lifecycle_stage,
    countryCode: body.country_code,
    tags: body.tags,
    tagsAll: body.tags_all,
    tagsNone: body.tags_none,
    company: body.company,
    language: body.language,
    timezone: body.timezone,
    source: body.source,
    hasPhone: body.has_phone,
    hasEmail: body.has_email,
    hasName: body.has_name,
    hasCompany: body.has_company,
    isBlocked: body.is_blocked,
    createdAfter: time(body.created_after, 'createdAfter'),
    createdBefore: time(body.created_before, 'createdBefore'),
    updatedAfter: time(body.updated_after, 'updatedAfter'),
    updatedBefore: time(body.updated_before, 'updatedBefore'),
    attributes: attributes?.map(({ starts_with: startsWith, ...others }) => ({ ...others, startsWith })),
    consent: body.consent,
    activity: activity && {
      kinds: activity.kinds,
      channel: activity.channel,
      direction: activity.direction,
      name: activity.name,
      from: time(activity.from, 'activity.from'),
      to: time(activity.to, 'activity.to'),
      atLeast: activity.at_least,
      atMost: activity.at_most,
    },
    and: body.and?.map((one, index) => filterOfBody(one, `${at}and.${index}.`)),
    or: body.or?.map((one, index) => filterOfBody(one, `${at}or.${index}.`)),
    not: body.not && filterOfBody(body.not, `${at}not.`),
  }
}
