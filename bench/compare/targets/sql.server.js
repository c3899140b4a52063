// The ceiling: one hand-written statement for each question, which answers with the JSON text, from a bare server. No GraphQL, no
// authentication, no limits, no choice of fields.
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const organization = (await pool.query('select id from organizations limit 1')).rows[0].id

const flat = `'id', c.id, 'phone', c.phone, 'email', c.email, 'firstName', c.first_name, 'lastName', c.last_name, 'company', c.company,
  'countryCode', c.country_code, 'lifecycleStage', c.lifecycle_stage, 'tags', c.tags, 'createdAt', c.created_at`

const notes = (
  size,
) => `(select coalesce(json_agg(json_build_object('id', n.id, 'body', n.body, 'pinned', n.pinned, 'author', n.author, 'createdAt', n.created_at)), '[]')
  from (select * from notes n where n.organization_id = c.organization_id and n.contact_id = c.id order by n.created_at desc, n.id desc limit ${size}) n)`

const kind = (
  table,
  columns,
  size,
  before,
) => `(select id, occurred_at, ${columns} from ${table} where organization_id = c.organization_id and contact_id = c.id ${before}
  order by occurred_at desc, id desc limit ${size})`

const timeline = (
  size,
  before = '',
) => `(select coalesce(json_agg(json_build_object('id', e.id, 'occurredAt', e.occurred_at, 'direction', e.direction, 'subject', e.subject, 'durationSeconds', e.duration_seconds)), '[]')
  from (select * from (
    ${kind('messages', 'direction, subject, null::int as duration_seconds', size, before)} union all
    ${kind('calls', 'direction, null, duration_seconds', size, before)} union all
    ${kind('tickets', 'null::direction, subject, null', size, before)} union all
    ${kind('events', 'null::direction, name, null', size, before)}) e order by occurred_at desc, id desc limit ${size}) e)`

const preferences = `(select coalesce(json_agg(json_build_object('channel', p.channel, 'state', p.state)), '[]')
  from channel_preferences p where p.organization_id = c.organization_id and p.contact_id = c.id)`

const list = (object, condition, size) => `select coalesce(json_agg(contact), '[]')::text as answer from (
  select json_build_object(${object}) as contact from contacts c
  where c.organization_id = $1 and c.deleted_at is null ${condition} order by c.created_at desc, c.id desc limit ${size}) page`
const nested = `${flat}, 'notes', ${notes(3)}, 'timeline', ${timeline(5)}, 'preferences', ${preferences}`
const one = (object) =>
  `select json_build_object(${object})::text as answer from contacts c where c.organization_id = $1 and c.id = $2 and c.deleted_at is null`

const statements = {
  flat: list(flat, '', 25),
  page25: list(nested, '', 25),
  page200: list(nested, '', 200),
  one: one(`${flat}, 'notes', ${notes(6)}, 'timeline', ${timeline(20)}, 'preferences', ${preferences}`),
  timeline1: one(`'timeline', ${timeline(20)}`),
  timeline1000: one(`'timeline', ${timeline(20, 'and (occurred_at, id) < ($3, $4)')}`),
  search: list(flat, 'and c.search_text like $2', 25),
  searchDigits: list(flat, 'and c.phone like $2', 25),
  filter: list(flat, 'and c.tag_keys && $2 and c.lifecycle_stage = $3', 25),
  createNote: `insert into notes (organization_id, id, contact_id, body, author, created_at, updated_at)
    values ($1, 'note_' || gen_random_uuid(), $2, $3, 'Bench', now(), now()) returning json_build_object('id', id, 'body', body)::text as answer`,
}

const server = createServer()
server.on('request', (request, response) => void answer(request, response))
server.listen(Number(process.env.PORT), '127.0.0.1')

async function answer(request, response) {
  const name = request.url.slice(1)
  const parts = []
  for await (const part of request) parts.push(part)
  try {
    const { rows } = await pool.query({
      name,
      text: statements[name],
      values: [organization, ...JSON.parse(Buffer.concat(parts).toString())],
    })
    response.writeHead(200, { 'content-type': 'application/json' }).end(rows[0].answer)
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}
