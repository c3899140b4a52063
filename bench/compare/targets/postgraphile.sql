-- What PostGraphile needs to answer the same questions: the four kinds of timeline entries as one type, and the page of a contact's
-- timeline as a computed column. It is written so that each kind gives at most a page from its own index, as the gateway does it.
create schema bench;

-- The gateway looks numbers up by terms of its own; the peers search them as text.
create index on contacts using gin (phone gin_trgm_ops);

create view bench.timeline_entries as
  select null::text as organization_id, null::text as contact_id, null::text as kind, null::text as id, null::timestamptz as occurred_at,
    null::text as direction, null::text as subject, null::int as duration_seconds
  where false;

create function bench.contacts_timeline(c contacts, page_size int, before_at timestamptz default 'infinity', before_id text default '')
returns setof bench.timeline_entries language sql stable as $$
  select * from (
    (select organization_id, contact_id, 'message', id, occurred_at, direction::text, subject, null::int from messages
      where organization_id = c.organization_id and contact_id = c.id and (occurred_at, id) < (before_at, before_id)
      order by occurred_at desc, id desc limit page_size)
    union all
    (select organization_id, contact_id, 'call', id, occurred_at, direction::text, null, duration_seconds from calls
      where organization_id = c.organization_id and contact_id = c.id and (occurred_at, id) < (before_at, before_id)
      order by occurred_at desc, id desc limit page_size)
    union all
    (select organization_id, contact_id, 'ticket', id, occurred_at, null, subject, null from tickets
      where organization_id = c.organization_id and contact_id = c.id and (occurred_at, id) < (before_at, before_id)
      order by occurred_at desc, id desc limit page_size)
    union all
    (select organization_id, contact_id, 'event', id, occurred_at, null, name, null from events
      where organization_id = c.organization_id and contact_id = c.id and (occurred_at, id) < (before_at, before_id)
      order by occurred_at desc, id desc limit page_size)
  ) e (organization_id, contact_id, kind, id, occurred_at, direction, subject, duration_seconds)
  order by occurred_at desc, id desc limit page_size
$$;
