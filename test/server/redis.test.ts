import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyTemplate } from '../support/gateway.ts'
import { freePort, type Running, startServer } from '../support/process.ts'

const hasRedis = await promisify(execFile)('redis-server', ['--version']).then(
  () => true,
  () => false,
)
const key = 'dv_live_sk_chosen_by_operator'
const limit = 4

let folder: string
let port: number
let redis: ChildProcess
let servers: [Running, Running]
const removals: (() => Promise<void>)[] = []
beforeAll(async () => {
  if (!hasRedis) return
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-redis-'))
  port = await freePort()
  redis = await startRedis()
  const copy = await copyTemplate()
  removals.push(copy.remove)
  const env = {
    ...(copy.config.url === null ? { DATA_DIR: copy.config.dataDir } : { DATABASE_URL: copy.config.url }),
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: key,
    RATE_LIMIT_STORE: `redis://127.0.0.1:${port}`,
    RATE_LIMIT_READS: String(limit),
    LOG_LEVEL: 'error',
  }
  const first = await startServer(env)
  // The embedded database belongs to one process: the other gets a copy, with the same organization and the same key.
  if (copy.config.url === null) {
    first.process.kill('SIGTERM')
    await first.exit()
    const dataDir = join(folder, 'data')
    await cp(copy.config.dataDir, dataDir, { recursive: true })
    servers = [await startServer(env), await startServer({ ...env, DATA_DIR: dataDir })]
  } else servers = [first, await startServer(env)]
}, 120_000)
afterAll(async () => {
  if (!hasRedis) return
  for (const { process } of servers) process.kill('SIGTERM')
  await Promise.all(servers.map((server) => server.exit()))
  await stopRedis('SIGKILL')
  for (const remove of removals) await remove()
  await rm(folder, { recursive: true, force: true })
})

async function startRedis(): Promise<ChildProcess> {
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' })
  await until(() => answers(port))
  return child
}

async function stopRedis(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => redis.once('close', resolve))
  redis.kill(signal)
  await ended
}

function answers(onPort: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(onPort, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Reads with the key. @returns the status, and how much is left by what the answer says */
async function read({ url }: Running): Promise<[status: number, remaining: number]> {
  const response = await fetch(`${url}/api/v1/contacts`, { headers: { 'X-API-Key': key } })
  await response.text()
  return [response.status, Number(response.headers.get('x-ratelimit-remaining'))]
}

/** What the process says of Redis. */
async function isReady({ url }: Running): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`, { headers: { 'X-API-Key': key } })).text()
  return text.includes('gateway_rate_limit_redis_ready 1')
}

test.runIf(hasRedis)('two processes count together in Redis, and each for itself while it is away', async () => {
  const [one, other] = servers
  for (const server of servers) await until(() => isReady(server))
  expect([await read(one), await read(other), await read(other), await read(one)]).toEqual([
    [200, 3],
    [200, 2],
    [200, 1],
    [200, 0],
  ])
  expect([await read(one), await read(other)]).toEqual([
    [429, 0],
    [429, 0],
  ])

  await stopRedis('SIGKILL')
  for (const server of servers) {
    const answers: [number, number][] = []
    for (let request = 0; request <= limit; request += 1) answers.push(await read(server))
    expect(answers).toEqual([
      [200, 3],
      [200, 2],
      [200, 1],
      [200, 0],
      [429, 0],
    ])
    expect(await isReady(server)).toBe(false)
  }

  redis = await startRedis()
  for (const server of servers) await until(() => isReady(server))
  expect([await read(one), await read(other)]).toEqual([
    [200, 3],
    [200, 2],
  ])
})

test.runIf(hasRedis)('a Redis that is connected and does not respond blocks no request', async () => {
  const [one] = servers
  await until(() => isReady(one))
  redis.kill('SIGSTOP')
  try {
    // Counted here, and used up there: nothing is left or little, and there is an answer.
    const [status] = await read(one)
    expect([200, 429]).toContain(status)
    await until(async () => !(await isReady(one)))
  } finally {
    redis.kill('SIGCONT')
  }
  await until(() => isReady(one))
})
