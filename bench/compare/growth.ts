// `npm run growth` here, after `npm ci` in both folders and `npm run build` in the one above: what the gateway costs as the contacts become more,
// on a PostgreSQL that it starts itself. Writes a table, and a picture to docs/growth.svg. `--help` lists the options.
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { picture } from './growth-picture.ts'
import { load, type Round, type Running } from './measure.ts'
import { operationNames, operations, type Question } from './operations.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { cpuText, type Row, summarize } from './report.ts'
import { startFilled } from './start-filled.ts'
import { subjectsOf } from './subjects.ts'
import { gateway } from './targets/gateway.ts'

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    channels: { type: 'string', default: '3' },
    warmup: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '4' },
    operations: { type: 'string', default: operationNames.join(',') },
    picture: { type: 'string', default: join(import.meta.dirname, '../../docs/growth.svg') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(`--sizes ${options.sizes}   how many contacts
--channels ${options.channels}      on how many channels each has said what it wants
--warmup ${options.warmup}        for how many seconds each question is asked before it is measured
--rounds ${options.rounds}        how often each question is asked for --seconds ${options.seconds} at each size, in turns
--concurrency ${options.concurrency}   how many requests at a time
--operations a,b  only these: ${operationNames.join(', ')}
--picture FILE    where the picture is written
--json FILE       writes the figures there too`)
  process.exit(0)
}

interface Sized {
  readonly contacts: number
  readonly server: Running
  readonly questions: ReturnType<typeof gateway.questions>
}

const sizes = options.sizes.split(',').map(Number)
const chosen = operationNames.filter((name) => options.operations.split(',').includes(name))

const postgres = await startPostgres()
const running: Sized[] = []
try {
  for (const contacts of sizes) running.push(await serve(postgres, contacts))
  const measured: { readonly contacts: number; readonly row: Row }[] = []
  for (const name of chosen) {
    const asked = running.flatMap(({ contacts, server, questions }) => {
      const question = questions[name]
      return question === undefined ? [] : [{ contacts, server, question, rounds: [] as Round[] }]
    })
    const ask = (server: Running, question: Question, seconds: string) =>
      load(server, question, {
        concurrency: Number(options.concurrency),
        milliseconds: Number(seconds) * 1000,
        databaseCpu: () => postgres.cpu(),
      })
    for (const { server, question } of asked) await ask(server, question, options.warmup)
    for (let round = 0; round < Number(options.rounds); round += 1)
      for (const { server, question, rounds } of asked) rounds.push(await ask(server, question, options.seconds))
    for (const { contacts, rounds } of asked) measured.push({ contacts, row: summarize(name, 'hand', String(contacts), rounds) })
    console.error(`${operations[name]}: done`)
  }
  const about = `${new Date().toISOString().slice(0, 10)} · ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'} · Node ${process.version} · PostgreSQL ${postgres.version} · ${options.concurrency} requests at a time`
  print(about, measured)
  const lines = chosen.map((name) => ({
    label: operations[name],
    values: sizes.map((contacts) => find(measured, name, contacts)?.cpu.total ?? 0),
  }))
  await writeFile(options.picture, picture({ title: 'CPU for each request, gateway and database together', about, sizes, lines }))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ about, measured }, null, 2)}\n`)
} finally {
  for (const { server } of running) await server.stop()
  await postgres.stop()
}

async function serve(postgres: Postgres, contacts: number): Promise<Sized> {
  const { url, organization, server } = await startFilled(postgres, `growth_${contacts}`, { contacts, channels: Number(options.channels) })
  return { contacts, server, questions: gateway.questions(await subjectsOf(url, organization), 'hand') }
}

function find(measured: readonly { contacts: number; row: Row }[], name: string, contacts: number): Row | undefined {
  return measured.find((one) => one.contacts === contacts && one.row.operation === name)?.row
}

/** CPU and p99 at each size, and how many times of the smallest the largest costs. */
function print(about: string, measured: readonly { contacts: number; row: Row }[]): void {
  const names = sizes.map((contacts) => contacts.toLocaleString('en'))
  console.log(`${about}\n\nCPU ms of each request (server + database), and p99 in ms\n`)
  console.log(`| operation | ${names.join(' | ')} | growth | ${names.map((name) => `p99 at ${name}`).join(' | ')} |`)
  console.log(`|---|${'---:|'.repeat(2 * sizes.length + 1)}`)
  for (const name of chosen) {
    const rows = sizes.flatMap((contacts) => find(measured, name, contacts) ?? [])
    const cpu = rows.map(cpuText)
    const growth = (rows.at(-1)?.cpu.total ?? 0) / (rows[0]?.cpu.total ?? 1)
    console.log(
      `| ${operations[name]} | ${cpu.join(' | ')} | ${growth.toFixed(2)} | ${rows.map((row) => row.latency.p99.toFixed(0)).join(' | ')} |`,
    )
  }
}
