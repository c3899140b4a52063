import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync } from 'node:fs'
import { link, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describeProcess, livingOwner } from './folder-owner.ts'

/** The folder belongs to a process that is alive. */
export class FolderInUse extends Error {
  constructor(folder: string, owner: string) {
    super(
      `The embedded database in ${folder} is in use by ${owner}, and only one process can open it at a time. ` +
        'Stop that process first (or use another DATA_DIR, or a PostgreSQL server through DATABASE_URL, which many processes can share).',
    )
    this.name = 'FolderInUse'
  }
}

/**
 * Takes a folder for this process, creating it where it is missing.
 *
 * The lock is a Unix socket in the folder on which its owner listens. The kernel closes it when the process ends, however it ends, and
 * a refused connection means a dead owner: also between containers, which see neither each other's processes nor their host names.
 *
 * The owners of a folder are numbered: `lock.1`, `lock.2`, … The highest number owns it, for as long as it listens; a process that finds
 * it free makes the next number. Making a name is exclusive and the highest one is never removed, so of many that find the folder free at
 * once, one gets the number and all others see it.
 *
 * Deliberately without a heartbeat: the embedded database can keep this process busy for longer than any sensible interval, and the
 * kernel accepts connections meanwhile.
 * @returns gives the folder back
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true })
  const sockets = new SocketPaths(folder)
  const draft = `draft.${randomBytes(8).toString('hex')}`
  const server = await listenOn(sockets.pathOf(draft)).catch(async (error: NodeJS.ErrnoException) => {
    // Some network file systems have no sockets: there, the process number has to do.
    if (!noSockets.includes(error.code ?? '')) throw error
    await writeFile(join(folder, draft), describeProcess())
    return null
  })
  const stop = async () => {
    sockets.close()
    if (server !== null) await new Promise((resolve) => server.close(resolve))
  }
  try {
    for (;;) {
      const current = await highestNumber(folder)
      const owner = current === 0 ? null : await ownerOf(folder, sockets, `lock.${current}`)
      if (owner !== null) throw new FolderInUse(folder, owner)
      const mine = current + 1
      if (!(await linked(join(folder, draft), join(folder, `lock.${mine}`)))) continue
      // Others may have taken the folder and given it back since this process looked.
      if ((await highestNumber(folder)) > mine) {
        await rm(join(folder, `lock.${mine}`), { force: true })
        continue
      }
      await removeBelow(folder, mine)
      return async () => {
        // A full disk does not matter: the lock ends with the socket.
        await release(folder, mine).catch(() => {})
        await stop()
      }
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    await rm(join(folder, draft), { force: true }).catch(() => {})
  }
}

const noSockets = ['EOPNOTSUPP', 'ENOTSUP', 'EPERM', 'EINVAL', 'ENOSYS']

/**
 * Paths of sockets in a folder. The kernel allows them about 100 characters, so a long path goes by an open directory where there is
 * /proc.
 */
class SocketPaths {
  readonly #folder: string
  #directory: number | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  pathOf(name: string): string {
    const path = join(this.#folder, name)
    if (Buffer.byteLength(path) < 100) return path
    this.#directory ??= openSync(this.#folder, constants.O_RDONLY)
    return `/proc/self/fd/${this.#directory}/${name}`
  }

  close(): void {
    if (this.#directory !== null) closeSync(this.#directory)
    this.#directory = null
  }
}

async function listenOn(path: string): Promise<Server> {
  const me = `process ${process.pid} on ${hostname()}`
  // A listening socket alone does not keep the process running.
  const server = createServer((socket: Socket) => void socket.on('error', () => {}).end(me)).unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve())
  })
  return server
}

async function highestNumber(folder: string): Promise<number> {
  return Math.max(0, ...(await lockNumbers(folder)))
}

async function lockNumbers(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number)
}

async function removeBelow(folder: string, number: number): Promise<void> {
  for (const old of await lockNumbers(folder)) if (old < number) await rm(join(folder, `lock.${old}`), { force: true })
}

/** The number stays taken, by no owner. A file in place of the socket can be copied with the folder. */
async function release(folder: string, number: number): Promise<void> {
  const draft = join(folder, `draft.${randomBytes(8).toString('hex')}`)
  await writeFile(draft, 'released')
  await rename(draft, join(folder, `lock.${number}`))
}

/** Who owns a folder by this name; null for a process that has ended. */
async function ownerOf(folder: string, sockets: SocketPaths, name: string): Promise<string | null> {
  const file = join(folder, name)
  // Removed by the next owner in between: the caller looks again, and finds that one.
  const isFile = await lstat(file).then(
    (stats) => stats.isFile(),
    () => true,
  )
  if (isFile) return livingOwner(await readFile(file, 'utf8').catch(() => ''))
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(sockets.pathOf(name))
    // A busy owner accepts the connection and says nothing yet.
    socket.setTimeout(500, () => socket.destroy())
    socket.setEncoding('utf8').on('data', (text) => (said += String(text)))
    let isAlive = false
    socket.once('connect', () => (isAlive = true))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(null)
      else if (error.code === 'EAGAIN' || isAlive) resolve('another process')
      else reject(error)
    })
    socket.once('close', () => resolve(said || 'another process'))
  })
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
