import { maxTotal, type PageRequest } from '../../kernel/page.ts'
import type { ReadDb } from '../database.ts'
import {
  type CallStatus,
  type Channel,
  type ConsentState,
  type ContactSource,
  type Direction,
  type LifecycleStage,
  type MessageStatus,
  Prisma,
  type SuppressionReason,
  type TicketPriority,
  type TicketStatus,
} from '../generated/client.ts'
import { keyset } from './keyset.ts'
import { idArray } from './id-array.ts'

/** What a journey knows of anything that belongs to it. */
interface Step<Source extends string, Word extends string | null, Text extends string | null, More extends string | null> {
  /** Where it comes from; decides what the words and texts mean. */
  readonly source: Source
  /** The id of the row that records it. */
  readonly id: string
  /** Its position among entries of the same time: the id, but for the creation, which is first, and the end of a block. */
  readonly key: string
  readonly occurredAt: Date
  /** The stage that the contact was in when it happened. */
  readonly stage: LifecycleStage
  /** Whether it is the first message or call on its channel. */
  readonly isFirst: boolean
  readonly word: Word
  readonly text: Text
  readonly more: More
}

interface OnChannel<C extends Channel | null, D extends Direction | null> {
  readonly channel: C
  readonly direction: D
  readonly seconds: number | null
}

export type JourneyRow =
  | (OnChannel<Channel, Direction> &
      /** Its status, or `spam` if it was filed there; its subject; the beginning of its text. */
      Step<'message', MessageStatus | 'spam', string | null, string | null>)
  | (OnChannel<Channel, Direction> & Step<'call', CallStatus, null, null>)
  /** A consent state; its source; its topic, else its purpose. */
  | (OnChannel<Channel, null> & Step<'consent', ConsentState, string, string | null>)
  | (OnChannel<null, null> &
      /** Where it came from, and when another tool has seen it first, if an import has brought that. */
      (
        | Step<'contact', ContactSource, string | null, null>
        /** Its status, its subject, its priority. */
        | Step<'ticket', TicketStatus, string, TicketPriority>
        /** Its name and its properties, as the beginning of their JSON. */
        | Step<'event', null, string, string | null>
        /** The stage that was entered, the one that was left, and who changed it. */
        | Step<'transition', LifecycleStage, LifecycleStage, string>
        /** Why, and who did it. */
        | Step<'block' | 'unblock', null, string | null, string>
        /** The reason, the note, and who did it; who lifted it and why. */
        | Step<'suppression', SuppressionReason, string | null, string>
        | Step<'lift', SuppressionReason, string | null, string>
        /** How many contacts, and who did it. */
        | Step<'merge', null, string, string>
      ))

export interface JourneyOfContact {
  readonly rows: JourneyRow[]
  readonly total: number | null
}

interface Branch {
  readonly source: JourneyRow['source']
  readonly from: Prisma.Sql | ((organizationId: string) => Prisma.Sql)
  readonly at: Prisma.Sql
  readonly key: Prisma.Sql
  /** channel, direction, word, text, more, seconds */
  readonly columns: Prisma.Sql | ((organizationId: string) => Prisma.Sql)
  /** The column that names the contact, where it is not `contact_id`. */
  readonly contact?: Prisma.Sql
  readonly only?: Prisma.Sql
}

const occurred = { at: Prisma.sql`a.occurred_at`, key: Prisma.sql`a.id` }

/**
 * What the suppression list has about the addresses that contacts have, but for what stands in the ledger and among the blocks anyway. After an erasure it
 * has no notes.
 */
const suppressed = (organizationId: string) => Prisma.sql`(
  select s.*, c.contact_id as holder_id from suppressions s
  join contact_addresses c on c.organization_id = ${organizationId} and c.kind = s.kind and c.key = s.key and c.is_living
  where s.organization_id = ${organizationId} and s.reason in ('manual', 'imported', 'complaint', 'erasure'))`

const branches: readonly Branch[] = [
  {
    source: 'contact',
    from: Prisma.sql`contacts`,
    at: Prisma.sql`a.created_at`,
    // Before everything else of the same time.
    key: Prisma.sql`('a' || substr(a.id, 4)) collate "C"`,
    contact: Prisma.sql`a.id`,
    columns: Prisma.sql`null::text, null::text, a.source::text, left(a.custom_attributes ->> 'first_seen_at', 40), null::text, null::int`,
  },
  {
    ...occurred,
    source: 'message',
    from: Prisma.sql`messages`,
    columns: Prisma.sql`a.channel::text, a.direction::text, coalesce(nullif(a.routed_to::text, 'inbox'), a.status::text),
      a.subject, left(a.body, 500), null::int`,
  },
  {
    ...occurred,
    source: 'call',
    from: Prisma.sql`calls`,
    columns: Prisma.sql`'voice', a.direction::text, a.status::text, null::text, null::text, a.duration_seconds`,
  },
  {
    ...occurred,
    source: 'ticket',
    from: Prisma.sql`tickets`,
    columns: Prisma.sql`null::text, null::text, a.status::text, a.subject, a.priority::text, null::int`,
  },
  {
    ...occurred,
    source: 'event',
    from: Prisma.sql`events`,
    columns: Prisma.sql`null::text, null::text, null::text, a.name, nullif(left(a.properties::text, 500), '{}'), null::int`,
  },
  {
    ...occurred,
    source: 'transition',
    from: Prisma.sql`lifecycle_transitions`,
    columns: Prisma.sql`null::text, null::text, a.to_stage::text, a.from_stage::text, a.changed_by, null::int`,
  },
  {
    source: 'consent',
    from: Prisma.sql`consent_records`,
    at: Prisma.sql`a.recorded_at`,
    key: Prisma.sql`a.id`,
    columns: (organizationId) => Prisma.sql`a.channel::text, null::text, a.state::text, a.source, coalesce(
      (select t.name from topics t where t.organization_id = ${organizationId} and t.id = a.topic_id), a.purpose), null::int`,
  },
  {
    source: 'block',
    from: Prisma.sql`blocks`,
    at: Prisma.sql`a.blocked_at`,
    key: Prisma.sql`a.id`,
    columns: Prisma.sql`null::text, null::text, null::text, a.reason, a.blocked_by, null::int`,
  },
  {
    source: 'unblock',
    from: Prisma.sql`blocks`,
    at: Prisma.sql`a.unblocked_at`,
    // Behind the beginning of the same block, if both have the same time.
    key: Prisma.sql`('unb' || substr(a.id, 4)) collate "C"`,
    only: Prisma.sql`a.unblocked_at is not null`,
    columns: Prisma.sql`null::text, null::text, null::text, a.unblock_reason, a.unblocked_by, null::int`,
  },
  {
    source: 'suppression',
    from: suppressed,
    at: Prisma.sql`a.since`,
    key: Prisma.sql`a.id`,
    contact: Prisma.sql`a.holder_id`,
    columns: Prisma.sql`null::text, null::text, a.reason::text, a.note, a.created_by, null::int`,
  },
  {
    source: 'lift',
    from: suppressed,
    at: Prisma.sql`a.lifted_at`,
    // Behind the beginning of the same suppression, if both have the same time.
    key: Prisma.sql`('sul' || substr(a.id, 4)) collate "C"`,
    contact: Prisma.sql`a.holder_id`,
    only: Prisma.sql`a.lifted_at is not null`,
    columns: Prisma.sql`null::text, null::text, a.reason::text, a.lift_reason, a.lifted_by, null::int`,
  },
  {
    source: 'merge',
    from: Prisma.sql`contact_merges`,
    at: Prisma.sql`a.merged_at`,
    key: Prisma.sql`a.id`,
    contact: Prisma.sql`a.into_id`,
    only: Prisma.sql`a.unmerged_at is null`,
    columns: Prisma.sql`null::text, null::text, null::text, cardinality(a.from_ids)::text, a.merged_by, null::int`,
  },
]

/**
 * One page of the journey of each of several contacts, oldest first, in one statement: each table gives at most a page from its own
 * index, and of those the page is taken. The contacts must be known to be visible.
 */
export async function selectJourney(
  db: ReadDb,
  organizationId: string,
  contactIds: readonly string[],
  request: PageRequest,
): Promise<Map<string, JourneyOfContact>> {
  const ofContact = (branch: Branch) =>
    Prisma.sql`a.organization_id = ${organizationId} and ${branch.contact ?? Prisma.sql`a.contact_id`} = wanted.id and ${branch.only ?? Prisma.sql`true`}`
  const ofOrganization = (part: Branch['from']) => (typeof part === 'function' ? part(organizationId) : part)
  const pages = branches.map((branch) => {
    const page = keyset({ key: branch.at, id: branch.key, direction: 'asc' }, request)
    return Prisma.sql`(
      select ${branch.source} as source, a.id, ${branch.key} as key, ${branch.at} as "occurredAt", ${ofOrganization(branch.columns)}
      from ${ofOrganization(branch.from)} a where ${ofContact(branch)} and ${page.condition}
      order by ${page.orderBy} limit ${page.limit})`
  })
  const counted = branches.map(
    (branch) => Prisma.sql`(select from ${ofOrganization(branch.from)} a where ${ofContact(branch)} limit ${maxTotal + 1})`,
  )
  const total = request.total
    ? Prisma.sql`(select count(*)::int from (select from (${Prisma.join(counted, ' union all ')}) a limit ${maxTotal + 1}) m)`
    : Prisma.sql`null::int`
  const page = keyset({ key: Prisma.sql`e."occurredAt"`, id: Prisma.sql`e.key`, direction: 'asc' }, request)
  const rows = await db.sql<(JourneyRow & { wanted: string; total: number | null })[]>`
    with wanted as materialized (
      select w.id, ${firstTouches(organizationId)} as first_touches from unnest(${idArray(contactIds)}) w(id)
    )
    select wanted.id as wanted, ${total} as total, e.*, coalesce(e.id = any(wanted.first_touches), false) as "isFirst",
      coalesce(${stageAt(organizationId)}, c.lifecycle_stage) as stage
    from wanted
    join contacts c on c.organization_id = ${organizationId} and c.id = wanted.id
    left join lateral (
      select * from (${Prisma.join(pages, ' union all ')}) e(source, id, key, "occurredAt", channel, direction, word, text, more, seconds)
      order by ${page.orderBy} limit ${page.limit}
    ) e on true`
  const found = new Map<string, JourneyOfContact>()
  for (const { wanted, total, ...row } of rows) {
    const ofContact = found.get(wanted) ?? { rows: [], total }
    if (row.id !== null) ofContact.rows.push(row)
    found.set(wanted, ofContact)
  }
  return found
}

/** The stage that the latest transition up to an entry led to; before the first one, the stage that it left. */
function stageAt(organizationId: string): Prisma.Sql {
  const ofContact = Prisma.sql`s.organization_id = ${organizationId} and s.contact_id = wanted.id`
  return Prisma.sql`
    (select s.to_stage from lifecycle_transitions s
      where ${ofContact} and (s.occurred_at, s.id) <= (e."occurredAt", e.key)
      order by s.occurred_at desc, s.id desc limit 1),
    (select s.from_stage from lifecycle_transitions s where ${ofContact} order by s.occurred_at, s.id limit 1)`
}

/**
 * The ids of the first message or call on each channel: from each channel that there is, one step through the index to the next.
 * Asking for the channels by name would let the database look for one that is not there through the whole history.
 */
function firstTouches(organizationId: string): Prisma.Sql {
  const ofContact = Prisma.sql`organization_id = ${organizationId} and contact_id = w.id`
  return Prisma.sql`array(
    with recursive firsts as (
      (select channel, occurred_at, id from messages where ${ofContact} order by channel, occurred_at, id limit 1)
      union all
      select next.* from firsts cross join lateral (
        select m.channel, m.occurred_at, m.id from messages m
        where ${ofContact} and m.channel > firsts.channel order by m.channel, m.occurred_at, m.id limit 1
      ) next
    )
    select distinct on (channel) id from (
      select * from firsts
      union all
      (select 'voice'::channel, occurred_at, id from calls where ${ofContact} order by occurred_at, id limit 1)
    ) either order by channel, occurred_at, id
  )`
}
