import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { freePort } from '../../test/support/process.ts'
import { cpuOf, memoryOf } from '../bulk/support.ts'
import type { Question, Target } from './operations.ts'

export interface Running {
  readonly target: Target
  ask(question: Question): Promise<{ status: number; body: string }>
  /** Milliseconds of CPU that it has taken. */
  cpu(): Promise<number>
  /** Bytes. */
  memory(): Promise<number>
  /** Milliseconds from its start to its first answer. */
  readonly startup: number
  stop(): Promise<void>
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Starts a server, and waits for its first answer. */
export async function start(target: Target, databaseUrl: string, firstQuestion: Question): Promise<Running> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(process.execPath, [...(target.flags ?? []), target.program], {
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: databaseUrl, PORT: String(port), ...target.env },
    // Logs are written, as they would be, and thrown away.
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit'],
  })
  const ask = (question: Question) => send(port, target, question)
  while (
    !(await ask(firstQuestion).then(
      ({ status }) => status === 200,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`${target.name} ended before it answered.`)
    await new Promise((resolve) => setTimeout(resolve, 10))
    if (performance.now() - began > 60_000)
      throw new Error(`${target.name} did not answer within a minute: ${JSON.stringify(await ask(firstQuestion))}`)
  }
  return {
    target,
    ask,
    startup: performance.now() - began,
    cpu: () => cpuOf(child),
    memory: async () => (await memoryOf(child)).now,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
      clearTimeout(timer)
    },
  }
}

export interface Round {
  readonly requests: number
  readonly milliseconds: number
  /** Milliseconds of CPU, of the server and of the database. */
  readonly cpu: { readonly server: number; readonly database: number }
  readonly latencies: readonly number[]
}

/** Asks one question again and again, so many at a time, for so long. */
export async function load(
  running: Running,
  question: Question,
  options: { concurrency: number; milliseconds: number; databaseCpu: () => Promise<number> },
): Promise<Round> {
  const latencies: number[] = []
  const [server, database] = [await running.cpu(), await options.databaseCpu()]
  const began = performance.now()
  const end = began + options.milliseconds
  const askOn = async () => {
    while (performance.now() < end) {
      const asked = performance.now()
      const { status, body } = await running.ask(question)
      if (status > 201 || body.includes('"errors"')) throw new Error(`${running.target.name} refused: ${status} ${body.slice(0, 500)}`)
      latencies.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, askOn))
  const milliseconds = performance.now() - began
  return {
    requests: latencies.length,
    milliseconds,
    cpu: { server: (await running.cpu()) - server, database: (await options.databaseCpu()) - database },
    latencies,
  }
}

function send(port: number, target: Target, { method, path, body }: Question): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const text = body?.()
    const headers = {
      ...target.headers,
      accept: 'application/json',
      ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    }
    const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }))
      response.on('error', reject)
    })
    sent.on('error', (error) => {
      // The server closed a connection that had been idle, as this one was about to be used again.
      if (sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET')
        resolve(send(port, target, { method, path, ...(body && { body }) }))
      else reject(error)
    })
    sent.end(text)
  })
}
