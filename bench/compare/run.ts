// `npm start` here, after `npm ci` in both folders and `npm run build` in the one above: the gateway beside PostGraphile 5, Apollo Server 5
// with Prisma and hand-written SQL, on a PostgreSQL that it starts itself. `--help` lists the options.
import { deepStrictEqual } from 'node:assert'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Form, forms } from './forms.ts'
import { load, type Round, type Running, start } from './measure.ts'
import { operationNames, operations, type OperationName, type Question, type Subjects, type Target } from './operations.ts'
import { type Postgres, startPostgres, untilSettled, withClient } from './postgres.ts'
import { printTable, type Row, summarize } from './report.ts'
import { seed } from './seed.ts'
import { ready } from './start-filled.ts'
import { subjectsOf } from './subjects.ts'
import { apollo } from './targets/apollo.ts'
import { gateway } from './targets/gateway.ts'
import { postgraphile } from './targets/postgraphile.ts'
import { sql } from './targets/sql.ts'

const { values: options } = parseArgs({
  options: {
    contacts: { type: 'string', default: '50000' },
    channels: { type: 'string', default: '11' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1.5' },
    warmup: { type: 'string', default: '4' },
    concurrency: { type: 'string', default: '4' },
    alone: { type: 'boolean', default: false },
    operations: { type: 'string', default: operationNames.join(',') },
    forms: { type: 'string', default: forms.join(',') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(`--contacts ${options.contacts}   how many contacts
--channels ${options.channels}      on how many channels each has said what it wants
--rounds ${options.rounds}         how often each server is asked each question for --seconds ${options.seconds}, in turns
--warmup ${options.warmup}         for how many seconds each question is asked before it is measured
--concurrency ${options.concurrency}    how many requests at a time
--alone            the gateway without its peers
--operations a,b   only these: ${operationNames.join(', ')}
--forms a,b        documents as they are written by hand, sent by Apollo Client and printed by Relay: ${forms.join(', ')}
--json FILE        writes the figures there too`)
  process.exit(0)
}

const chosen = options.operations.split(',').map((name) => {
  const known = operationNames.find((operation) => operation === name)
  if (known === undefined) throw new Error(`There is no operation ${name}. There are ${operationNames.join(', ')}.`)
  return known
})
const chosenForms = forms.filter((form) => options.forms.split(',').includes(form))
const typename: Question = { method: 'POST', path: '/graphql', body: () => '{"query":"{ __typename }"}' }
const peers: readonly (readonly [Target, Question])[] = [
  [postgraphile, typename],
  [apollo, typename],
  [sql, { method: 'POST', path: '/flat', body: () => '[]' }],
]

const postgres = await startPostgres()
const running: Running[] = []
try {
  const first = await start(gateway, postgres.url, ready)
  const subjects = await prepare(postgres)
  await first.stop()
  running.push(await start(gateway, postgres.url, ready))
  if (!options.alone) for (const [target, question] of peers) running.push(await start(target, postgres.url, question))
  await untilSettled(postgres.url)
  const rows = await measureAll(postgres, subjects)
  const about = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    postgres: postgres.version,
    ...(await versions()),
    contacts: Number(options.contacts),
    concurrency: Number(options.concurrency),
    startupMilliseconds: Math.round(running[0]?.startup ?? 0),
    memoryMegabytes: Math.round(((await running[0]?.memory()) ?? 0) / 1024 / 1024),
  }
  printTable(about, rows)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ about, rows }, null, 2)}\n`)
} finally {
  for (const server of running) await server.stop()
  await postgres.stop()
}

async function prepare({ url }: Postgres): Promise<Subjects> {
  const began = performance.now()
  const organization = await seed(url, { contacts: Number(options.contacts), channels: Number(options.channels) })
  if (!options.alone)
    await withClient(url, async (client) => client.query(await readFile(join(import.meta.dirname, 'targets/postgraphile.sql'), 'utf8')))
  console.log(`${Number(options.contacts).toLocaleString('en')} contacts written in ${Math.round((performance.now() - began) / 1000)} s`)
  return subjectsOf(url, organization)
}

/** A question in one form, and the servers that can answer it. */
interface Asked {
  readonly name: OperationName
  readonly form: Form
  readonly asked: readonly { readonly server: Running; readonly question: Question; readonly rounds: Round[] }[]
}

/** Asks every server every question: once to compare the answers, for a while to warm up, and then in rounds, in turns. */
async function measureAll(postgres: Postgres, subjects: Subjects): Promise<Row[]> {
  const measured: Row[] = []
  const settings = {
    concurrency: Number(options.concurrency),
    milliseconds: Number(options.seconds) * 1000,
    databaseCpu: () => postgres.cpu(),
  }
  const all: Asked[] = []
  for (const [name, form] of chosen.flatMap((operation) => formsOf(operation).map((one) => [operation, one] as const))) {
    const asked = running.flatMap((server) => {
      const question = server.target.questions(subjects, form)[name]
      return question === undefined ? [] : [{ server, question, rounds: [] as Round[] }]
    })
    await compare(name, asked, subjects)
    all.push({ name, form, asked })
  }
  for (const { name, form, asked } of all) {
    for (const { server, question } of asked) await load(server, question, { ...settings, milliseconds: Number(options.warmup) * 1000 })
    for (let round = 0; round < Number(options.rounds); round += 1)
      for (const { server, question, rounds } of asked) rounds.push(await load(server, question, settings))
    for (const { server, rounds } of asked) measured.push(summarize(name, form, server.target.name, rounds))
    console.error(`${operations[name]} (${form}): done`)
  }
  return measured
}

/** REST has one form. */
function formsOf(operation: OperationName): readonly Form[] {
  return operation.startsWith('rest') ? ['hand'] : chosenForms
}

/** What differs is an error: a figure beside another one says something only of the same answer. */
async function compare(name: OperationName, asked: readonly { server: Running; question: Question }[], subjects: Subjects): Promise<void> {
  const answers = await Promise.all(
    asked.map(async ({ server, question }) => {
      const { body } = await server.ask(question)
      return { name: server.target.name, answer: server.target.read(name, JSON.parse(body)) }
    }),
  )
  if (name === 'restProfile') deepStrictEqual(answers[0]?.answer, { profile: { contact: subjects.contact, notes: 5, entries: 5 } })
  for (const { name: peer, answer } of answers)
    deepStrictEqual(answer, answers[0]?.answer, `${peer} answers something else than ${answers[0]?.name} to: ${operations[name]}`)
}

async function versions(): Promise<Record<string, string>> {
  return { postgraphile: await versionOf('postgraphile'), apollo: await versionOf('@apollo/server') }
}

async function versionOf(name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../node_modules', name, 'package.json'), 'utf8')) as {
    version: string
  }
  return manifest.version
}
