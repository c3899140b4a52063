import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { secret } from './secret-keys.ts'

const root = join(import.meta.dirname, '..', '..')

export interface Running {
  readonly url: string
  readonly process: ChildProcess
  /** Everything that it has printed. */
  output(): string
  /** Ends when the process does. @returns its exit code */
  exit(): Promise<number | null>
}

type Env = Readonly<Record<string, string>>

/**
 * Starts the built server as a process of its own, on any port or on `PORT`, and waits until it has said that it runs (or has ended).
 * @param within a program that starts it, and its arguments
 * @param folder the folder that has `dist`
 */
export async function startServer(env: Env, within: readonly string[] = [], folder = root): Promise<Running> {
  const port = env['PORT'] ?? String(await freePort())
  const server = run(['dist/main.js'], { ...env, PORT: port }, folder, within)
  await Promise.race([server.exit(), until(() => server.output().includes('Start here'))])
  return { ...server, url: `http://127.0.0.1:${port}` }
}

/** Runs the built command-line program to its end. */
export async function runCli(args: readonly string[], env: Env, cwd = root): Promise<{ code: number | null; output: string }> {
  return runProgram([join(root, 'dist/cli.js'), ...args], env, cwd)
}

/** Runs a program to its end. */
export async function runProgram(args: readonly string[], env: Env, cwd = root): Promise<{ code: number | null; output: string }> {
  const program = run(args, env, cwd)
  const code = await program.exit()
  return { code, output: program.output() }
}

function run(args: readonly string[], env: Env, cwd = root, within: readonly string[] = []): Omit<Running, 'url'> {
  // Optimizing the embedded database's WebAssembly takes longer than most programs that tests start live.
  const flags = env['DATABASE_URL'] === undefined ? ['--liftoff-only'] : []
  const [program, ...words] = [...within, process.execPath, ...flags, ...args]
  const child = spawn(program ?? '', words, {
    cwd,
    // A server needs secret keys beside its database; those of the embedded one are in its folder.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...(env['DATABASE_URL'] && { SECRET_KEYS: secret }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { process: child, output: () => output, exit: () => exited }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/**
 * A port that no process listens on, from below those that systems give to outgoing connections: a server that is started again on its port
 * must not find another connection there.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
