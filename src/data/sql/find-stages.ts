import type { ReadDb } from '../database.ts'
import { type Channel, type LifecycleStage, Prisma } from '../generated/client.ts'
import { idArray } from './id-array.ts'

/** A time that a contact spent in one stage. */
export interface StageRow {
  readonly contactId: string
  readonly stage: LifecycleStage
  readonly enteredAt: Date
  /** Null while it lasts. */
  readonly leftAt: Date | null
  /** How many messages and calls there were on each channel; a channel without any is absent. */
  readonly touches: Readonly<Partial<Record<Channel, number>>>
}

/**
 * The stages that each of several contacts was in, in their order, with the messages and calls in each, in one statement. A time
 * in a stage ends where the next transition stands in the journey, so that what has the same time is counted on the right side.
 * Counting looks at indexes only: the position of a message among those of its channel is one row value, which leads into the index. The contacts must be known to be visible.
 */
export async function selectStages(db: ReadDb, organizationId: string, contactIds: readonly string[]): Promise<StageRow[]> {
  const ofContact = Prisma.sql`organization_id = ${organizationId} and contact_id = p.contact_id`
  return db.sql<StageRow[]>`
    with known as (
      select c.id as contact_id, c.created_at, c.lifecycle_stage, t.id, t.occurred_at, t.from_stage, t.to_stage,
        row_number() over moves as position, lead(t.occurred_at) over moves as next_at, lead(t.id) over moves as next_id
      from contacts c
      left join lifecycle_transitions t on t.organization_id = ${organizationId} and t.contact_id = c.id
      where c.organization_id = ${organizationId} and c.id = any(${idArray(contactIds)})
      window moves as (partition by c.id order by t.occurred_at, t.id)
    ), p as (
      select contact_id, 0 as position, coalesce(from_stage, lifecycle_stage) as stage, created_at as entered_at, occurred_at as left_at,
        '-infinity'::timestamptz as after_at, '' collate "C" as after_id, coalesce(occurred_at, 'infinity') as before_at,
        coalesce(id, '') as before_id
      from known where position = 1
      union all
      select contact_id, position, to_stage, occurred_at, next_at, occurred_at, id, coalesce(next_at, 'infinity'), coalesce(next_id, '')
      from known where id is not null
    )
    select p.contact_id as "contactId", p.stage, p.entered_at as "enteredAt", p.left_at as "leftAt", touches.by_channel as touches
    from p cross join lateral (
      select coalesce(jsonb_object_agg(name, messages.count + calls.count) filter (where messages.count + calls.count > 0), '{}') as by_channel
      from unnest(enum_range(null::channel)) any_channel(name)
      cross join lateral (
        select count(*) from messages where ${ofContact}
          and (channel, occurred_at, id) > (name, p.after_at, p.after_id) and (channel, occurred_at, id) < (name, p.before_at, p.before_id)
      ) messages
      cross join lateral (
        select count(*) from calls where ${ofContact} and name = 'voice'
          and (occurred_at, id) > (p.after_at, p.after_id) and (occurred_at, id) < (p.before_at, p.before_id)
      ) calls
    ) touches
    order by p.contact_id, p.position`
}
