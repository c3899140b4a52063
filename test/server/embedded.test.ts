import { fork, spawn, spawnSync } from 'node:child_process'
import { lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { FolderInUse, lockFolder } from '../../src/data/driver/folder-lock.ts'
import { openDatabase } from '../../src/data/open-database.ts'
import { openEmbedded } from '../../src/data/driver/embedded.ts'
import { UnreadableFolder } from '../../src/data/driver/folder-errors.ts'
import { newDataFolder } from '../support/gateway.ts'
import { asTest } from '../support/tenancy/as-test.ts'

/** A process in here sees neither the processes nor the name of this host, as in a container. */
const namespaces = ['--uts', '--pid', '--fork', '--kill-child']
const isolates = spawnSync('unshare', [...namespaces, 'true']).status === 0
const locking = `import('${join(import.meta.dirname, '..', '..', 'src', 'data', 'driver', 'folder-lock.ts')}').then(({ lockFolder }) => lockFolder(process.argv[1])).then(() => { console.log('locked'); setInterval(() => {}, 1000) })`

/** The kernel closes the sockets of a process after it has reported its end. */
async function retrying<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-lock-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

// A run on a server has nothing to add: these are about the embedded database.
const isEmbedded = inject('template').server === null

describe.runIf(isEmbedded)('the folder of the embedded database', () => {
  test('belongs to one owner at a time, and is free afterwards', async () => {
    const unlock = await lockFolder(folder)
    await expect(lockFolder(folder)).rejects.toThrow(FolderInUse)
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`)
    await unlock()
    await (
      await lockFolder(folder)
    )()
    expect(await readdir(folder)).toEqual(['lock.2'])
  })

  test('is taken over from a process that is dead, even if its number was given to another', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('exit', resolve))
    const stale = [
      JSON.stringify({ pid: child.pid, host: hostname(), started: '1' }),
      JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }),
      JSON.stringify({ pid: process.pid, host: 'a-container-that-is-gone', started: '1' }),
      'half a lo',
    ]
    for (const content of stale) {
      const [current = ''] = await readdir(folder)
      await writeFile(join(folder, current), content)
      const unlock = await lockFolder(folder)
      const [mine = ''] = await readdir(folder)
      expect((await lstat(join(folder, mine))).isSocket()).toBe(true)
      await unlock()
    }
  })

  test('goes to exactly one of many that find a stale lock at once', async () => {
    const [current = ''] = await readdir(folder)
    await writeFile(join(folder, current), JSON.stringify({ pid: 999_999_999, host: hostname(), started: '1' }))
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)))
    const owners = results.filter((result) => result.status === 'fulfilled')
    expect(owners).toHaveLength(1)
    await owners[0]?.value()
  })

  test.runIf(isolates)('is kept from a process in another container, and free as soon as its own is killed', async () => {
    const shared = join(folder, 'shared-by-containers')
    const owner = spawn('unshare', [...namespaces, process.execPath, '--import', 'tsx', '-e', locking, shared], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const killed = new Promise((resolve) => owner.once('exit', resolve))
    await new Promise((resolve) => owner.stdout.once('data', resolve))
    await expect(lockFolder(shared)).rejects.toThrow(FolderInUse)
    owner.kill('SIGKILL')
    await killed
    const unlock = await retrying(() => lockFolder(shared))
    await unlock()
  })

  test('with a path that is longer than the kernel allows for a socket has a lock all the same', async () => {
    const deep = join(folder, 'x'.repeat(120), 'y'.repeat(60))
    const unlock = await lockFolder(deep)
    await expect(lockFolder(deep)).rejects.toThrow(FolderInUse)
    await unlock()
    await (
      await lockFolder(deep)
    )()
  })

  test('that another version of PostgreSQL wrote is refused with a sentence', async () => {
    const old = await mkdtemp(join(tmpdir(), 'contact-gateway-old-'))
    await (await openEmbedded(old)).close()
    await writeFile(join(old, 'postgres', 'PG_VERSION'), '17\n')
    await expect(openEmbedded(old)).rejects.toThrow(UnreadableFolder)
    await expect(openEmbedded(old)).rejects.toThrow('was written by PostgreSQL 17')
    await rm(old, { recursive: true })
  })
})

test.runIf(isEmbedded)('nothing that was acknowledged is lost when the process is killed while it writes', async () => {
  const dataDir = await newDataFolder()
  for (const enough of [6, 15, 30]) {
    const child = fork(join(import.meta.dirname, '..', 'support', 'write-until-killed.ts'), [dataDir], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const acknowledged: string[] = []
    const exited = new Promise((resolve) => child.once('exit', resolve))
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('The writer ended by itself.')))
      child.on('message', (id) => {
        if (typeof id !== 'string') return
        if (acknowledged.push(id) === enough) resolve()
      })
    })
    child.removeAllListeners('exit')
    const killed = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await Promise.race([killed, exited])
    const database = await openDatabase({ url: null, dataDir })
    const kept = await asTest(database.db).prisma.contact.findMany({ select: { id: true } })
    await database.close()
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
    expect(acknowledged.filter((id) => !kept.some((contact) => contact.id === id))).toEqual([])
  }
  await rm(dataDir, { recursive: true, force: true })
})
