// `npm run filters` here, after `npm ci` in both folders and `npm run build` in the one above: what a first page of 25 costs by each predicate of the filter
// and by combinations of them, as the contacts become more, on a PostgreSQL that it starts itself.
import { parseArgs } from 'node:util'
import { load, type Round, type Running } from './measure.ts'
import type { Question, Subjects } from './operations.ts'
import { type Postgres, startPostgres, withClient } from './postgres.ts'
import { cpuText, type Figures, figuresOf } from './report.ts'
import { startFilled } from './start-filled.ts'
import { subjectsOf } from './subjects.ts'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,1000000' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '0.7' },
    concurrency: { type: 'string', default: '2' },
  },
})

type Filter = Readonly<Record<string, unknown>>

/** Each predicate alone. */
function predicates({ contact, longHistory }: Subjects): Record<string, Filter> {
  return {
    'a rare word': { search: 'zbigniew' },
    'a common word': { search: 'anderson' },
    'a word that nothing has': { search: 'qwertz' },
    ids: { ids: [contact, longHistory] },
    'any of two tags': { tags: ['vip', 'beta'] },
    'all of two tags': { tagsAll: ['vip', 'beta'] },
    'none of two tags': { tagsNone: ['vip', 'beta'] },
    'a tag that nothing has': { tags: ['unheard-of'] },
    stage: { lifecycleStage: ['CUSTOMER'] },
    company: { company: ['Meadow'] },
    'a company that nothing has': { company: ['Unheard of'] },
    country: { countryCode: ['US'] },
    'a country that nothing has': { countryCode: ['FR'] },
    language: { language: ['en'] },
    'time zone': { timezone: ['America/New_York'] },
    source: { source: ['IMPORT'] },
    'created after': { createdAfter: '2025-01-01T12:00:00Z' },
    'updated before': { updatedBefore: '2025-01-01T12:00:00Z' },
    blocked: { isBlocked: true },
    'with an email address': { hasEmail: true },
    'without an email address': { hasEmail: false },
    'an attribute without a definition': { attributes: [{ key: 'plan', eq: 'pro' }] },
    'a number': { attributes: [{ key: 'seats', gte: 45 }] },
    'a number that nothing has': { attributes: [{ key: 'seats', gt: 500 }] },
    'one account': { attributes: [{ key: 'account', eq: 'A-77' }] },
    'accounts that begin with': { attributes: [{ key: 'account', startsWith: 'A-777' }] },
    'agreed to email': { consent: { channel: 'EMAIL', states: ['OPTED_IN'] } },
    'refused email': { consent: { channel: 'EMAIL', states: ['OPTED_OUT'] } },
    'has said nothing on RCS': { consent: { channel: 'RCS', states: ['UNKNOWN'] } },
    'called us': { activity: { kinds: ['CALL'], direction: 'INBOUND', atLeast: 1 } },
    'never called since': { activity: { kinds: ['CALL'], from: '2026-01-01T00:00:00Z', atMost: 0 } },
    'has an event': { activity: { kinds: ['EVENT'], atLeast: 1 } },
  }
}

/** Twenty combinations: several selective, several not, and some that contradict themselves. */
function combinations(): Record<string, Filter> {
  const [vip, customer, few] = [{ tags: ['vip'] }, { lifecycleStage: ['CUSTOMER'] }, { search: 'zbigniew' }]
  const agreed = { consent: { channel: 'EMAIL', states: ['OPTED_IN'] } }
  const many = { attributes: [{ key: 'seats', gte: 45 }] }
  const account = { attributes: [{ key: 'account', eq: 'A-77' }] }
  const called = { activity: { kinds: ['CALL'], direction: 'INBOUND', atLeast: 1 } }
  return {
    'tag and stage': { ...vip, ...customer },
    'tag, stage and company': { ...vip, ...customer, company: ['Meadow'] },
    'tag or rare word': { or: [vip, few] },
    'rare word or account': { or: [few, account] },
    'rare word and stage': { ...few, ...customer },
    'rare word and consent': { ...few, ...agreed },
    'stage and consent': { ...customer, ...agreed },
    'stage, consent and call': { ...customer, ...agreed, ...called },
    'number and consent': { ...many, ...agreed },
    'number and tag': { ...many, ...vip },
    'number, tag and stage': { ...many, ...vip, ...customer },
    'number or account': { or: [many, account] },
    'account and tag': { and: [account, vip] },
    'not the tag': { not: vip },
    'stage, not the tag': { ...customer, not: vip },
    'neither tag nor stage': { not: { or: [vip, customer] } },
    'call and no event': { and: [called, { activity: { kinds: ['EVENT'], atMost: 0 } }] },
    'tag and not the tag': { and: [vip, { not: vip }] },
    'two stages at once': { and: [customer, { lifecycleStage: ['LEAD'] }] },
    'number below and above': {
      attributes: [
        { key: 'seats', gt: 30 },
        { key: 'seats', lt: 20 },
      ],
    },
  }
}

const query = `query Filtered($filter: ContactFilter) { contacts(filter: $filter, first: 25) { nodes { id firstName lastName email } } }`

interface Sized {
  readonly contacts: number
  readonly server: Running
  readonly filters: Record<string, Filter>
}

const sizes = options.sizes.split(',').map(Number)
const postgres = await startPostgres()
const running: Sized[] = []
try {
  for (const contacts of sizes) running.push(await serve(postgres, contacts))
  console.log(
    `| filter | ${sizes.map((size) => `CPU ms at ${size.toLocaleString('en')} (server + database)`).join(' | ')} | growth | p99 ms at the most |`,
  )
  console.log(`|---|${'---:|'.repeat(sizes.length + 2)}`)
  for (const name of Object.keys(running[0]?.filters ?? {})) {
    const measured: Figures[] = []
    for (const { server, filters } of running) {
      const body = JSON.stringify({ query, variables: { filter: filters[name] } })
      const question: Question = { method: 'POST', path: '/graphql', body: () => body }
      const settings = {
        concurrency: Number(options.concurrency),
        milliseconds: Number(options.seconds) * 1000,
        databaseCpu: () => postgres.cpu(),
      }
      const rounds: Round[] = []
      try {
        for (let round = 0; round <= Number(options.rounds); round += 1) rounds.push(await load(server, question, settings))
        // The first warms up.
        measured.push(figuresOf(rounds.slice(1)))
      } catch (error) {
        console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    const cpu = measured.map(cpuText)
    const growth = (measured.at(-1)?.cpu.total ?? 0) / (measured[0]?.cpu.total ?? 1)
    console.log(`| ${name} | ${cpu.join(' | ')} | ${growth.toFixed(2)} | ${measured.at(-1)?.latency.p99.toFixed(0) ?? ''} |`)
  }
} finally {
  for (const { server } of running) await server.stop()
  await postgres.stop()
}

async function serve(postgres: Postgres, contacts: number): Promise<Sized> {
  const size = { contacts, channels: 3, isLight: true }
  const { url, organization, server } = await startFilled(postgres, `filters_${contacts}`, size, async (gateway) => {
    await define(gateway, 'seats', 'NUMBER')
    await define(gateway, 'account', 'TEXT')
  })
  await withClient(url, (client) => client.query('vacuum (analyze) contact_attributes'))
  const subjects = await subjectsOf(url, organization)
  return { contacts, server, filters: { ...predicates(subjects), ...combinations() } }
}

/** Defines an attribute, and waits until all contacts are indexed. */
async function define(server: Running, key: string, type: string): Promise<void> {
  const ask = async (text: string, variables: object = {}) => {
    const body = JSON.stringify({ query: text, variables })
    const answer = await server.ask({ method: 'POST', path: '/graphql', body: () => body })
    // proof: either of the two operations below
    return JSON.parse(answer.body) as { data?: { attributeDefinitions?: { key: string; indexed: boolean }[] } }
  }
  await ask(`mutation ($input: CreateAttributeDefinitionInput!) { createAttributeDefinition(input: $input) { __typename } }`, {
    input: { key, label: key, type },
  })
  const isIndexed = async () => {
    const { data } = await ask('{ attributeDefinitions { key indexed } }')
    return data?.attributeDefinitions?.some((one) => one.key === key && one.indexed) ?? false
  }
  while (!(await isIndexed())) await new Promise((resolve) => setTimeout(resolve, 1000))
}
