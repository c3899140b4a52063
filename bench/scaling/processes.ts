// `npm run build && DATABASE_URL=… npx tsx bench/scaling/processes.ts [share] [rounds] [connections]`, as root on Linux with control groups of version 1:
// how many requests one process answers in a second, and how many two. Each process is given the same share of a processor (0.15 if nothing
// is said) by the kernel, so that neither the clients nor the database, which share the machine, are the limit. Makes a database of its own.
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { median, report, serveOn, withDatabase } from '../bulk/support.ts'

const [share = 0.15, rounds = 3, connections = 32] = process.argv.slice(2).map(Number)
const groups = '/sys/fs/cgroup/cpu'
/** Short, so that a process that has used its share does not rest for long. */
const period = 10_000
const seconds = 8
const query = '{ contacts(first: 5) { nodes { id displayName email } } }'

interface Round {
  readonly perSecond: number
  /** How much of the answers the busiest worker gave. */
  readonly busiest: number
  /** Milliseconds of processor time of the gateway for each answer. */
  readonly cpu: number
}

await withDatabase(async (url) => {
  const busy = loadavg()[0] ?? 0
  const [one, two]: [Round[], Round[]] = [[], []]
  for (let count = 0; count < rounds; count += 1) {
    one.push(await measure(url, 1))
    two.push(await measure(url, 2))
  }
  const middle = (list: Round[], of: keyof Round) => median(list.map((round) => round[of]))
  const ratio = middle(two, 'perSecond') / middle(one, 'perSecond')
  report([
    ['share of a processor for each process', String(share)],
    ['one process: requests a second, CPU for each', `${middle(one, 'perSecond').toFixed(0)}, ${middle(one, 'cpu').toFixed(1)} ms`],
    ['two: requests a second, CPU for each', `${middle(two, 'perSecond').toFixed(0)}, ${middle(two, 'cpu').toFixed(1)} ms`],
    ['two to one', `${ratio.toFixed(2)} (${one.map((round, at) => ((two[at]?.perSecond ?? 0) / round.perSecond).toFixed(2)).join(', ')})`],
    [`share of the busier of two, ${connections} connections`, `${Math.round(middle(two, 'busiest') * 100)} %`],
    ['load of the machine before', busy.toFixed(1)],
  ])
})

async function measure(url: string, workers: number): Promise<Round> {
  process.env['WORKERS'] = String(workers)
  const server = await serveOn(url)
  const origin = new URL(server.base).origin
  await server.ask('POST', '/bulk', JSON.stringify({ contacts: [1, 2, 3, 4, 5].map((n) => ({ email: `person${n}@example.com` })) }))
  const leader = server.pid
  const pids = workers === 1 ? [leader] : await childrenOf(leader)
  const names = pids.map((pid) => `${groups}/contact-gateway-bench-${pid}`)
  const stop = new AbortController()
  let answered = 0
  const asking = Array.from({ length: connections }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!stop.signal.aborted) {
      await ask(`${origin}/graphql`, server.headers('application/json'), agent)
      answered += 1
    }
    agent.destroy()
  })
  // As fast as they can at first, so that all of the code has been compiled.
  await sleep(5000)
  for (const [index, pid] of pids.entries()) await confine(pid, names[index] ?? '')
  await sleep(2000)
  const [before, cpuBefore, countsBefore] = [answered, await cpuOf(pids), await countsOf(origin, server.headers('text/plain'))]
  await sleep(seconds * 1000)
  const [after, cpu, counts] = [answered - before, (await cpuOf(pids)) - cpuBefore, await countsOf(origin, server.headers('text/plain'))]
  stop.abort()
  await Promise.all(asking)
  await server.stop()
  for (const name of names) await rmdir(name)
  const each = counts.map((count, index) => count - (countsBefore[index] ?? 0))
  return { perSecond: after / seconds, busiest: Math.max(...each) / each.reduce((sum, count) => sum + count, 0), cpu: cpu / after }
}

async function confine(pid: number, group: string): Promise<void> {
  await mkdir(group)
  await writeFile(`${group}/cpu.cfs_period_us`, String(period))
  await writeFile(`${group}/cpu.cfs_quota_us`, String(Math.round(period * share)))
  await writeFile(`${group}/cgroup.procs`, String(pid))
}

async function childrenOf(pid: number): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number)
}

/** Milliseconds of processor time that some processes have taken. */
async function cpuOf(pids: readonly number[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) * 10
    }),
  )
  return times.reduce((sum, time) => sum + time, 0)
}

/** How many queries each worker has answered. */
async function countsOf(origin: string, headers: Record<string, string>): Promise<number[]> {
  const text = await (await fetch(`${origin}/metrics`, { headers })).text()
  return Array.from(text.matchAll(/^gateway_request_duration_seconds_count\{.*operation="query".*\} (\d+)$/gm), ([, count]) =>
    Number(count),
  )
}

function ask(url: string, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(String(response.statusCode)))))
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ query }))
  })
}
