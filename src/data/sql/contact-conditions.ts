import { type ActivityKind } from './activity-tables.ts'
import { type AddressKind, type AttributeType, type Channel, type ConsentState, type Direction, Prisma } from '../generated/client.ts'

export type AttributeValue = string | number | boolean

/** The condition on one custom attribute. All that is given must hold; null asks for nothing. */
export interface AttributeMatch {
  readonly key: string
  /** The definition that the values have; null for an attribute without one. Days and times are texts, which PostgreSQL reads. */
  readonly defined: { readonly id: string; readonly type: AttributeType } | null
  readonly equals: AttributeValue | null
  /** Has a value, and another one. */
  readonly differs: AttributeValue | null
  readonly isOneOf: readonly AttributeValue[] | null
  readonly above: string | number | null
  readonly from: string | number | null
  readonly below: string | number | null
  readonly upTo: string | number | null
  readonly contains: string | null
  readonly startsWith: string | null
  readonly exists: boolean | null
}

/** What holds on a channel, or on a topic of it. */
export interface ConsentMatch {
  readonly channel: Channel
  /** The kind of address of the channel; null if it has none. */
  readonly addressKind: AddressKind | null
  /** The channels whose opt-outs hold for the channel, itself included. */
  readonly sharing: readonly Channel[]
  readonly topicId: string | null
  readonly states: readonly ConsentState[]
}

/** How often something happened. */
export interface ActivityMatch {
  readonly kinds: readonly ActivityKind[]
  readonly channel: Channel | null
  readonly direction: Direction | null
  /** Of an event. */
  readonly name: string | null
  /** Inclusive. */
  readonly from: Date | null
  /** Exclusive. */
  readonly to: Date | null
  readonly atLeast: number
  readonly atMost: number | null
}

/** The conditions that a custom attribute without a definition has to meet, of the contact `c`. */
export function looseConditions({ key, ...asked }: AttributeMatch): Prisma.Sql[] {
  const value = Prisma.sql`(c.custom_attributes -> ${key}::text)`
  const text = Prisma.sql`(c.custom_attributes ->> ${key}::text)`
  const equal = (other: AttributeValue) => Prisma.sql`c.custom_attributes @> ${JSON.stringify({ [key]: other })}::jsonb`
  const isThere = Prisma.sql`coalesce(jsonb_typeof(${value}), 'null') <> 'null'`
  const compared = (operator: string, other: string | number | null) => {
    if (other === null) return []
    const sign = Prisma.raw(operator)
    return typeof other === 'number'
      ? [Prisma.sql`case when jsonb_typeof(${value}) = 'number' then ${text}::numeric ${sign} ${String(other)}::numeric else false end`]
      : [Prisma.sql`case when jsonb_typeof(${value}) = 'string' then ${text} collate "C" ${sign} ${other}::text else false end`]
  }
  const lower = Prisma.sql`lower(${text} collate "C")`
  return [
    ...(asked.equals === null ? [] : [equal(asked.equals)]),
    ...(asked.differs === null ? [] : [Prisma.sql`(${isThere} and not ${equal(asked.differs)})`]),
    // One after the other, because the index answers no "any of".
    ...(asked.isOneOf === null ? [] : [Prisma.sql`(${Prisma.join(asked.isOneOf.map(equal), ' or ')})`]),
    ...compared('>', asked.above),
    ...compared('>=', asked.from),
    ...compared('<', asked.below),
    ...compared('<=', asked.upTo),
    ...(asked.contains === null
      ? []
      : [
          Prisma.sql`case jsonb_typeof(${value})
            when 'string' then strpos(${lower}, lower(${asked.contains}::text collate "C")) > 0
            when 'array' then ${value} @> jsonb_build_array(${asked.contains}::text)
            else false end`,
        ]),
    ...(asked.startsWith === null
      ? []
      : [
          Prisma.sql`case when jsonb_typeof(${value}) = 'string' then starts_with(${lower}, lower(${asked.startsWith}::text collate "C")) else false end`,
        ]),
    ...(asked.exists === null ? [] : [asked.exists ? isThere : Prisma.sql`not ${isThere}`]),
  ]
}

/** The condition on the consent of the contact `c`. @param isIndexed whether contacts are to be found by it, and not looked at one by one */
export function consentCondition(organizationId: string, match: ConsentMatch, isIndexed: boolean): Prisma.Sql {
  const { channel, topicId, states } = match
  if (topicId !== null) {
    const holds = Prisma.sql`${verdict(organizationId, match)} = any(${states}::text[])`
    if (!isIndexed || !states.every((state) => state === 'opted_in' || state === 'pending')) return holds
    return Prisma.sql`(c.id in (
      select r.contact_id from consent_records r where r.organization_id = ${organizationId} and r.topic_id = ${topicId}) and ${holds})`
  }
  const stored = Prisma.sql`select p.contact_id from channel_preferences p
    where p.organization_id = ${organizationId} and p.channel = ${channel}::text::channel and (p.valid_until is null or p.valid_until > now())`
  const some = states.filter((state) => state === 'opted_in' || state === 'opted_out')
  const others = (['opted_in', 'opted_out'] as const).filter((state) => !some.includes(state))
  const conditions = [
    // What is stored are opt-ins and opt-outs: where there is neither, nothing is known.
    ...(states.includes('unknown')
      ? [Prisma.sql`not exists (${stored} and p.contact_id = c.id and p.state = any(${others}::text[]::consent_state[]))`]
      : some.length === 0
        ? []
        : [ofState(stored, some, isIndexed)]),
    ...(states.includes('pending') ? [Prisma.sql`${verdict(organizationId, match)} = 'pending'`] : []),
  ]
  return Prisma.sql`(${Prisma.join(conditions, ' or ')})`
}

function ofState(stored: Prisma.Sql, states: readonly ConsentState[], isIndexed: boolean): Prisma.Sql {
  const rows = Prisma.sql`${stored} and p.state = any(${states}::text[]::consent_state[])`
  return isIndexed ? Prisma.sql`c.id in (${rows})` : Prisma.sql`exists (${rows} and p.contact_id = c.id)`
}

/** What holds for the contact `c`, as `verdictOf` of the domain finds it out; consent that has ended is unknown. */
function verdict(organizationId: string, { channel, addressKind, sharing, topicId }: ConsentMatch): Prisma.Sql {
  const topic = topicId === null ? Prisma.sql`r.topic_id is null` : Prisma.sql`r.topic_id = ${topicId}`
  const own = Prisma.sql`consent_records r where r.organization_id = ${organizationId} and r.contact_id = c.id and ${topic}`
  const isLicence = Prisma.sql`r.state = 'opted_in' and (r.topic_id is not null or r.purpose is null)
    and (r.lawful_basis is null or r.lawful_basis in ('consent', 'legitimate_interests'))`
  const key =
    addressKind === null
      ? Prisma.sql`select null::text as key`
      : Prisma.sql`select (select a.key from contact_addresses a where a.organization_id = ${organizationId} and a.contact_id = c.id
          and a.kind = ${addressKind}::text::address_kind and a.is_primary limit 1) as key`
  const isOfChannel = Prisma.sql`r.channel = ${channel}::text::channel`
  const isLater = Prisma.sql`r.address_key is not distinct from address.key and r.recorded_at > coalesce(greatest(said.kept, listed.cut), '-infinity')`
  return Prisma.sql`(
    select case
      when coalesce(said.kept is not null and (said.proven is null or said.proven <= said.kept), false) or coalesce(listed.holds, false) then 'opted_out'
      when licence.recorded_at is not null and (licence.valid_until is null or licence.valid_until > now()) then 'opted_in'
      when pending.recorded_at is not null and (licence.recorded_at is null or pending.recorded_at >= licence.recorded_at) then 'pending'
      else 'unknown' end
    from (${key}) address
    cross join lateral (
      select greatest(o.other, case when o.started > o.keyword then null else o.keyword end) as kept, o.proven
      from (
        select max(r.recorded_at) filter (where r.state = 'opted_out' and r.origin <> 'keyword') as other,
          max(r.recorded_at) filter (where r.state = 'opted_out' and r.origin = 'keyword') as keyword,
          max(r.recorded_at) filter (where r.state = 'unknown' and r.origin = 'keyword') as started,
          max(r.recorded_at) filter (where ${isOfChannel} and r.proven is distinct from false and ${isLicence}) as proven
        from ${own} and r.channel = any(${sharing}::text[]::channel[])
      ) o
    ) said
    cross join lateral (
      select max(s.since) filter (where s.reason = 'opt_out') as cut,
        bool_or((s.lifted_at is null or s.since > s.lifted_at) and (s.ended_at is null or s.since >= s.ended_at)) as holds
      from suppressions s
      where s.organization_id = ${organizationId} and s.kind::text = ${addressKind ?? ''}::text and s.key = address.key
        and s.topic_id = ${topicId ?? ''}::text and s.channel::text = ${channel}::text and s.reason in ('opt_out', 'keyword')
    ) listed
    left join lateral (
      select r.recorded_at, r.valid_until from ${own} and ${isOfChannel} and ${isLicence} and ${isLater}
      order by r.recorded_at desc, r.valid_until asc nulls last, r.id limit 1
    ) licence on true
    left join lateral (
      select r.recorded_at from ${own} and ${isOfChannel} and r.state = 'pending' and ${isLater}
      order by r.recorded_at desc limit 1
    ) pending on true)`
}

const tables = { message: 'messages', call: 'calls', ticket: 'tickets', event: 'events' } as const

/** The condition on what happened with the contact `c`. @param isIndexed whether contacts are to be found by it, and not looked at one by one */
export function activityCondition(organizationId: string, match: ActivityMatch, isIndexed: boolean): Prisma.Sql {
  const { kinds, atLeast, atMost } = match
  const sources = kinds.map((kind) => activities(organizationId, kind, match))
  if (atLeast <= 1 && atMost === null) {
    if (atLeast === 0) return Prisma.sql`true`
    const each = sources.map((source) =>
      isIndexed
        ? Prisma.sql`c.id in (select a.contact_id from ${source})`
        : Prisma.sql`exists (select from ${source} and a.contact_id = c.id)`,
    )
    return Prisma.sql`(${Prisma.join(each, ' or ')})`
  }
  // Not counted, so that the database can look all contacts up at once.
  if (atLeast === 0 && atMost === 0)
    return Prisma.join(
      sources.map((source) => Prisma.sql`not exists (select from ${source} and a.contact_id = c.id)`),
      ' and ',
    )
  const most = atMost ?? null
  if (isIndexed && atLeast > 0) {
    const all = Prisma.join(
      sources.map((source) => Prisma.sql`select a.contact_id from ${source}`),
      ' union all ',
    )
    const bounds = most === null ? Prisma.sql`count(*) >= ${atLeast}` : Prisma.sql`count(*) between ${atLeast} and ${most}`
    return Prisma.sql`c.id in (select a.contact_id from (${all}) a group by a.contact_id having ${bounds})`
  }
  const limit = (most ?? atLeast - 1) + 1
  const own = Prisma.join(
    sources.map((source) => Prisma.sql`select from ${source} and a.contact_id = c.id`),
    ' union all ',
  )
  return Prisma.sql`(select count(*) from (select from (${own}) a limit ${limit}) a) between ${atLeast} and ${most ?? limit}`
}

/** The activities `a` of a kind that count. */
function activities(organizationId: string, kind: ActivityKind, { channel, direction, name, from, to }: ActivityMatch): Prisma.Sql {
  const conditions = [
    Prisma.sql`a.organization_id = ${organizationId}`,
    ...(channel !== null && kind === 'message' ? [Prisma.sql`a.channel = ${channel}::text::channel`] : []),
    ...(direction === null ? [] : [Prisma.sql`a.direction = ${direction}::text::direction`]),
    ...(name === null ? [] : [Prisma.sql`a.name = ${name}::text`]),
    ...(from === null ? [] : [Prisma.sql`a.occurred_at >= ${from}`]),
    ...(to === null ? [] : [Prisma.sql`a.occurred_at < ${to}`]),
  ]
  return Prisma.sql`${Prisma.raw(tables[kind])} a where ${Prisma.join(conditions, ' and ')}`
}
