// `npm run build && DATABASE_URL=… npx tsx bench/crossing-merges.ts [rounds, default 1000]`: two gateways on one database merge the same contacts crosswise,
// with edits, blocks, deletes and unmerges beside. Nothing may end in a 5xx, and no note and no address may be without its contact.
import pg from 'pg'
import { report, serveOn, withDatabase } from './bulk/support.ts'

const rounds = Number(process.argv[2] ?? 1000)
const atOnce = 3

await withDatabase(async (url) => {
  const gateways = [await serveOn(url), await serveOn(url)]
  const statuses = new Map<number, number>()
  let turn = 0
  /** Asks the gateways in turns. */
  const ask = async (method: string, path: string, body?: object, to = turn++) => {
    const gateway = gateways[to % gateways.length]
    if (gateway === undefined) throw new Error('There is no gateway.')
    const response = await fetch(path.startsWith('/graphql') ? `${gateway.origin}${path}` : `${gateway.base}${path}`, {
      method,
      headers: gateway.headers('application/json'),
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await response.text()
    // proof: both APIs answer in JSON, or not at all
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as { data?: { id?: string; merge?: { id: string } } } }
  }
  const count = ({ status }: { status: number }) => void statuses.set(status, (statuses.get(status) ?? 0) + 1)
  const began = performance.now()
  let left = rounds
  const play = async () => {
    for (; left > 0;) {
      const round = left
      left -= 1
      const ids: string[] = []
      for (const name of ['ana', 'ben', 'cleo']) {
        const { body } = await ask('POST', '', { email: `${name}${round}@example.com`, first_name: name })
        ids.push(body.data?.id ?? '')
      }
      const [one, other, third] = ids
      for (const [index, id] of ids.entries()) await ask('POST', `/${id}/notes`, { body: `note ${index}` })
      const answers = await Promise.all([
        ask('POST', `/${one}/merge`, { from_ids: [other] }),
        ask('POST', `/${other}/merge`, { from_ids: [one] }),
        ask('POST', `/${other}/merge`, { from_ids: [third] }),
        ask('PATCH', `/${one}`, { company: 'Northwind' }),
        ask('PATCH', `/${other}`, { email: `ben${round}@home.example` }),
        ask('POST', `/${other}/block`, {}),
        ask('DELETE', `/${third}`),
      ])
      answers.forEach(count)
      const merges = answers.slice(0, 3).flatMap(({ status, body }) => (status === 200 ? [body.data?.merge?.id ?? ''] : []))
      const query = 'mutation ($id: ID!) { unmergeContacts(input: { mergeId: $id }) { __typename ... on Error { code } } }'
      const ended = await Promise.all(merges.map((id) => ask('POST', '/graphql', { query, variables: { id } })))
      ended.forEach(count)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, play))
  const seconds = (performance.now() - began) / 1000

  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: orphans } = await client.query<{ what: string; id: string }>(`
    select 'a note of a merged contact' as what, n.id from notes n
    where not exists (select from contacts c where c.organization_id = n.organization_id and c.id = n.contact_id and c.merged_into_id is null)
    union all
    select 'a merged contact that lives', c.id from contacts c join contacts s on s.organization_id = c.organization_id and s.id = c.merged_into_id
    where c.deleted_at is null or s.id = c.id
    union all
    select 'an address that lives without its contact, or does not live with it', a.contact_id from contact_addresses a
    join contacts c on c.organization_id = a.organization_id and c.id = a.contact_id where a.is_living <> (c.deleted_at is null)`)
  const { rows: notes } = await client.query<{ count: number }>('select count(*)::int as count from notes')
  await client.end()
  for (const gateway of gateways) await gateway.stop()

  const faults = [...statuses].filter(([status]) => status >= 500).reduce((sum, [, times]) => sum + times, 0)
  report([
    ['rounds', `${rounds} in ${seconds.toFixed(0)} s, ${atOnce} at a time`],
    ...[...statuses].toSorted(([a], [b]) => a - b).map(([status, times]): [string, string] => [`answers with ${status}`, String(times)]),
    ['orphans', orphans.length === 0 ? 'none' : JSON.stringify(orphans.slice(0, 5))],
    ['notes', `${notes[0]?.count} of ${3 * rounds}`],
  ])
  const passes = faults === 0 && orphans.length === 0 && notes[0]?.count === 3 * rounds
  console.log(passes ? 'PASS' : 'FAIL')
  process.exitCode = passes ? 0 : 1
})
