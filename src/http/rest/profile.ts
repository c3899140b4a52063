import { z } from '@hono/zod-openapi'
import { activityKinds } from '../../domain/activities/describe.ts'
import { getProfile, type Profile } from '../../domain/profile/queries.ts'
import type { Engagement } from '../../domain/profile/rules.ts'
import { parseId } from '../../kernel/ids.ts'
import { blockSchema, presentBlock } from './blocking.ts'
import { contactSchema, lifecycleStage, presentOne } from './contact-presentation.ts'
import { endpoint } from './endpoint.ts'
import { channelSchema, contactIdParams, directionSchema } from './fields.ts'
import { capsSchema, presentCaps } from './frequency-caps.ts'
import { presentSuggestion, suggestionSchema } from './next-best-action.ts'
import { noteSchema, presentNote } from './notes.ts'
import { presentStates, statesSchema } from './preferences.ts'
import { presentEntry, timelineEntrySchema } from './timeline.ts'

const engagementSchema = z
  .object({
    score: z.int().openapi({ description: '0 to 100: the sum of the three parts.' }),
    parts: z.object({
      recency: z.int().openapi({ description: '0 to 40: how lately the contact did something itself; half is gone after 30 days.' }),
      frequency: z.int().openapi({ description: '0 to 30: how often it did something within 90 days; eight times make half of it.' }),
      replies: z.int().openapi({ description: '0 to 30: how much it answered within a year: 30 · replied / (sent + 1).' }),
    }),
    reply_rate: z.number().nullable().openapi({ description: '0 to 1; null if nothing was sent within a year.' }),
    reply_rates: z
      .partialRecord(channelSchema, z.object({ sent: z.int(), replied: z.int(), rate: z.number() }))
      .openapi({ description: 'By channel; channels on which nothing was sent are left out.' }),
    preferred_channel: channelSchema.nullable().openapi({ description: 'Where the contact itself speaks most.' }),
    best_local_hour: z.int().nullable().openapi({ description: 'The hour of the day, 0 to 23, around which it speaks most.' }),
    timezone: z.string().openapi({ description: 'The time zone of that hour: the contact’s own, or UTC.' }),
    first_seen_at: z.iso.datetime().nullable(),
    last_seen_at: z.iso.datetime().nullable(),
  })
  .openapi('Engagement')

const profileSchema = z
  .object({
    contact: contactSchema,
    lifecycle: z.object({ stage: lifecycleStage, since: z.iso.datetime() }),
    block: blockSchema.nullable().openapi({ description: 'Null if the contact is not blocked.' }),
    preferences: statesSchema,
    frequency_caps: capsSchema,
    next_best_action: suggestionSchema.nullable().openapi({ description: 'The best suggestion.' }),
    engagement: engagementSchema,
    activity_counts: z
      .array(
        z.object({
          kind: z.enum(activityKinds),
          channel: channelSchema.nullable(),
          direction: directionSchema.nullable(),
          count: z.int(),
        }),
      )
      .openapi({ description: 'What there is none of is left out.' }),
    open_tickets: z.array(timelineEntrySchema).openapi({ description: 'Open or pending, newest first, at most ten.' }),
    latest_notes: z.array(noteSchema).openapi({ description: 'At most five.' }),
    latest_activities: z.array(timelineEntrySchema).openapi({ description: 'The beginning of the timeline: at most five.' }),
  })
  .openapi('Profile')

function presentEngagement(engagement: Engagement): z.input<typeof engagementSchema> {
  const { score, recency, frequency, replies } = engagement
  return {
    score,
    parts: { recency, frequency, replies },
    reply_rate: engagement.replyRate,
    reply_rates: Object.fromEntries(engagement.replyRates.map(({ channel, ...rate }) => [channel, rate])),
    preferred_channel: engagement.preferredChannel,
    best_local_hour: engagement.bestLocalHour,
    timezone: engagement.timezone,
    first_seen_at: engagement.firstSeenAt?.toISOString() ?? null,
    last_seen_at: engagement.lastSeenAt?.toISOString() ?? null,
  }
}

function presentProfile(profile: Profile, presented: z.input<typeof contactSchema>): z.input<typeof profileSchema> {
  const { contact } = profile
  return {
    contact: presented,
    lifecycle: { stage: contact.lifecycleStage, since: profile.stageSince.toISOString() },
    block: profile.block === null ? null : presentBlock(contact.id, profile.block),
    preferences: presentStates(profile.preferences),
    frequency_caps: presentCaps(contact.id, profile.frequencyCaps),
    next_best_action: profile.nextBestAction === null ? null : presentSuggestion(profile.nextBestAction),
    engagement: presentEngagement(profile.engagement),
    activity_counts: profile.activityCounts.map(({ kind, channel, direction, count }) => ({ kind, channel, direction, count })),
    open_tickets: profile.openTickets.map(presentEntry),
    latest_notes: profile.latestNotes.map(presentNote),
    latest_activities: profile.latestActivities.map(presentEntry),
  }
}

export const readProfile = endpoint({
  operation: 'getContactProfile',
  summary: 'A contact summed up (Customer 360)',
  description: 'Where it stands, how engaged it is, what is open, and what happened last.',
  tag: 'Contacts',
  scope: 'contacts:read',
  params: contactIdParams,
  replies: { 200: profileSchema },
  async handle(context, { params }) {
    const profile = await getProfile(context, parseId('contact', params.id))
    return { status: 200, data: presentProfile(profile, await presentOne(context, profile.contact)) }
  },
})
