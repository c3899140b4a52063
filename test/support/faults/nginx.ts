import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../process.ts'

/** nginx on this machine; null where there is none. */
export const nginxProgram = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find((path) => existsSync(path)) ?? null

export interface Nginx {
  readonly url: string
  /** Has it read its configuration again: new workers answer, old ones finish their requests. */
  reload(): void
  stop(): Promise<void>
}

/** Starts nginx with the configuration of the documentation, in front of two gateways. */
export async function startNginx(gateways: readonly [string, string]): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'contact-gateway-nginx-'))
  const port = await freePort()
  const text = await readFile(join(import.meta.dirname, '..', '..', '..', 'deploy', 'nginx.conf'), 'utf8')
  const config = text
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replace('127.0.0.1:4001', new URL(gateways[0]).host)
    .replace('127.0.0.1:4002', new URL(gateways[1]).host)
  const file = join(folder, 'nginx.conf')
  await writeFile(file, config)
  const own = `daemon off; pid ${join(folder, 'pid')};${process.getuid?.() === 0 ? ' user root;' : ''}`
  const child = spawn(nginxProgram ?? '', ['-p', folder, '-e', join(folder, 'errors'), '-c', file, '-g', own], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`nginx has ended: ${await readFile(join(folder, 'errors'), 'utf8')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    reload: () => void child.kill('SIGHUP'),
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.end())
  })
}
