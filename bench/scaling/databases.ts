// `npm run build && npx tsx bench/scaling/databases.ts [--rounds 3] [--times 60] 'NAME=URL|DIRECT_URL@PID,PID' …`: what main operations cost on databases.
// Each is migrated and empty, for example one server, the same through a pooler, and a coordinator of Citus with prisma/citus.sql applied. The PIDs are
// those of all postmasters and poolers behind the URL; `|DIRECT_URL` is for one that leads to a pooler. Rounds are interleaved.
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { median, peopleCsv, serveOn, upload } from '../bulk/support.ts'
import { cpuOfFamily } from '../compare/postgres.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, times: { type: 'string', default: '60' } },
})
const [rounds, times] = [Number(values.rounds), Number(values.times)]
const contacts = 2000

interface Subject {
  readonly name: string
  readonly server: Awaited<ReturnType<typeof serveOn>>
  readonly pids: readonly number[]
  readonly ids: readonly string[]
  readonly found: Map<string, Figure[]>
}

interface Figure {
  readonly p50: number
  readonly gateway: number
  readonly database: number
}

const nested = `{ contacts(first: 25) { edges { node { id displayName email tags notes(first: 3) { nodes { id body } }
  timeline(first: 5) { nodes { id } } preferences { channel state } } } } }`
const note =
  'mutation ($id: ID!) { createNote(input: { contactId: $id, body: "Called back" }) { ... on CreateNotePayload { note { id } } } }'
let written = 0

const operations: Readonly<Record<string, (subject: Subject, id: string) => Promise<unknown>>> = {
  'one contact (REST)': ({ server }, id) => server.ask('GET', `/${id}`),
  'list of 25 (REST)': ({ server }) => server.ask('GET', '?limit=25'),
  'search (REST)': ({ server }) => server.ask('GET', '?search=okafor&limit=25'),
  'profile (REST)': ({ server }, id) => server.ask('GET', `/${id}/profile`),
  'list of 25 with notes, timeline, preferences (GraphQL)': (subject) => graphql(subject, nested, {}),
  'createNote (GraphQL)': (subject, id) => graphql(subject, note, { id }),
  'new contact (REST)': ({ server }) =>
    server.ask('POST', '', JSON.stringify({ email: `new${(written += 1)}@example.com`, first_name: 'New' })),
  'change of a contact (REST)': ({ server }, id) => server.ask('PATCH', `/${id}`, JSON.stringify({ last_name: `Name ${(written += 1)}` })),
}

const subjects = await Promise.all(positionals.map(open))
for (const subject of subjects) {
  const before = await cpuOf(subject)
  const { milliseconds } = await upload(
    subject.server,
    peopleCsv(contacts).replaceAll('person', 'other').replaceAll('+1212', '+1213').replaceAll('+4930', '+4940'),
    'skip',
  )
  const after = await cpuOf(subject)
  console.log(
    `${subject.name}: import of ${contacts} rows ${Math.round(milliseconds)} ms, CPU of the gateway ${after.gateway - before.gateway} ms, of the database ${after.database - before.database} ms`,
  )
}
for (let round = 0; round <= rounds; round += 1) {
  for (const [what, ask] of Object.entries(operations)) {
    for (const subject of subjects) {
      const figure = await measure(subject, ask)
      // The first round compiles and fills caches.
      if (round > 0) subject.found.set(what, [...(subject.found.get(what) ?? []), figure])
    }
  }
}
for (const { server } of subjects) await server.stop()
console.log(`load ${(loadavg()[0] ?? 0).toFixed(1)}; p50 in ms, CPU of the gateway + of the database in ms for each request`)
for (const what of Object.keys(operations)) {
  const cells = subjects.map(({ name, found }) => {
    const middle = (read: (figure: Figure) => number) => median((found.get(what) ?? []).map(read)).toFixed(1)
    return `${name} ${middle(({ p50 }) => p50)}, ${middle(({ gateway }) => gateway)} + ${middle(({ database }) => database)}`
  })
  console.log(`${what.padEnd(56)}${cells.join(' | ')}`)
}

async function open(given: string): Promise<Subject> {
  const [, name = '', url = '', direct = '', pids = ''] = /^(\w+)=([^|]*)(?:\|(.*))?@([\d,]+)$/.exec(given) ?? []
  const server = await serveOn(url, direct === '' ? {} : { DATABASE_DIRECT_URL: direct })
  await upload(server, peopleCsv(contacts), 'skip')
  const { data } = await server.ask('GET', '?limit=50')
  // proof: a list of contacts has their ids
  const ids = (data as unknown as readonly { readonly id: string }[]).map(({ id }) => id)
  return { name, server, pids: pids.split(',').map(Number), ids, found: new Map() }
}

async function measure(subject: Subject, ask: (subject: Subject, id: string) => Promise<unknown>): Promise<Figure> {
  const before = await cpuOf(subject)
  const took: number[] = []
  for (let time = 0; time < times; time += 1) {
    const began = performance.now()
    await ask(subject, subject.ids[time % subject.ids.length] ?? '')
    took.push(performance.now() - began)
  }
  const after = await cpuOf(subject)
  return { p50: median(took), gateway: (after.gateway - before.gateway) / times, database: (after.database - before.database) / times }
}

async function cpuOf({ server, pids }: Subject): Promise<{ gateway: number; database: number }> {
  const [gateway, ...families] = await Promise.all([server.cpu(), ...pids.map(cpuOfFamily)])
  return { gateway, database: families.reduce((sum, one) => sum + one, 0) }
}

async function graphql({ server }: Subject, query: string, variables: object): Promise<void> {
  const body = JSON.stringify({ query, variables })
  const response = await fetch(`${server.origin}/graphql`, { method: 'POST', headers: server.headers('application/json'), body })
  const text = await response.text()
  if (!response.ok || text.includes('"errors"')) throw new Error(`${response.status} ${text}`)
}
