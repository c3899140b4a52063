// Precision and recall of duplicates: people as other systems write them a second time, families, offices and namesakes, created through the API of the
// built server in a database of its own, and read from `Contact.duplicates`.
//   npm run build && DATABASE_URL=… npx tsx bench/duplicates/run.ts [people, default 3000] [seed, default 1]
import { parseArgs } from 'node:util'
import { report, serveOn, withDatabase } from '../bulk/support.ts'
import { type Kind, type Labelled, labelledSet, others, same } from './people.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const [people = '3000', seed = '1'] = positionals
const labelled = labelledSet(Number(people), Number(seed))

await withDatabase(async (url) => {
  const server = await serveOn(url)
  try {
    const byId = new Map<string, Labelled>()
    const waiting = [...labelled]
    const create = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const { data } = await server.ask('POST', '', JSON.stringify(bodyOf(next)))
        byId.set(String(data['id']), next)
      }
    }
    await Promise.all([create(), create(), create(), create()])

    const right = new Map<Kind, number>()
    const wrong = new Map<Kind, number>()
    for (let after: string | null = null; ;) {
      const { nodes, pageInfo } = await page(server, after)
      for (const { id, duplicates } of nodes) {
        for (const { contact } of duplicates) {
          const [one, other] = [byId.get(id), byId.get(contact.id)]
          if (one === undefined || other === undefined || id > contact.id) continue
          const kind = one.kind === 'first' ? other.kind : one.kind
          const counted = one.person === other.person ? right : wrong
          counted.set(kind, (counted.get(kind) ?? 0) + 1)
        }
      }
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }

    const madeOf = (kind: Kind) => labelled.filter((contact) => contact.kind === kind).length
    const made = same.reduce((total, kind) => total + madeOf(kind), 0)
    report([
      ['contacts', String(labelled.length)],
      ['precision', (sum(right) / (sum(right) + sum(wrong))).toFixed(3)],
      ['recall', (sum(right) / made).toFixed(3)],
      ...same.map((kind): [string, string] => [`found: ${kind}`, `${right.get(kind) ?? 0} of ${madeOf(kind)}`]),
      ...others.map((kind): [string, string] => [`shown wrongly: ${kind}`, `${wrong.get(kind) ?? 0} of ${madeOf(kind)}`]),
      ['shown wrongly: alike by chance', String(wrong.get('first') ?? 0)],
    ])
  } finally {
    await server.stop()
  }
})

function sum(counts: ReadonlyMap<Kind, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}

function bodyOf({ firstName, lastName, company, email, phone, extension }: Labelled): object {
  return {
    ...(firstName !== '' && { first_name: firstName }),
    ...(lastName !== '' && { last_name: lastName }),
    ...(company !== null && { company }),
    ...(email !== null && { email }),
    ...(phone !== null && { phone: extension === '' ? phone : `${phone} ext. ${extension}` }),
  }
}

interface Page {
  readonly nodes: readonly { readonly id: string; readonly duplicates: readonly { readonly contact: { readonly id: string } }[] }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

async function page({ origin, headers }: Awaited<ReturnType<typeof serveOn>>, after: string | null): Promise<Page> {
  const query = `query Duplicates($after: String) {
    contacts(first: 50, after: $after) { nodes { id duplicates { contact { id } } } pageInfo { hasNextPage endCursor } }
  }`
  const body = JSON.stringify({ query, variables: { after } })
  const response = await fetch(`${origin}/graphql`, { method: 'POST', headers: headers('application/json'), body })
  // proof: the selection above; a refusal has no data, and fails here
  const { data, errors } = (await response.json()) as { data?: { contacts: Page }; errors?: unknown }
  if (data === undefined) throw new Error(JSON.stringify(errors))
  return data.contacts
}
