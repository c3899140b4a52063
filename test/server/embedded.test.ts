import { fork, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FolderInUse, lockFolder } from '../../src/data/driver/folder-lock.ts'
import { openDatabase } from '../../src/data/database.ts'
import { openEmbedded, UnreadableFolder } from '../../src/data/driver/embedded.ts'
import { asTest } from '../support/tenancy/as-test.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-lock-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the folder of the embedded database', () => {
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
      expect(JSON.parse(await readFile(join(folder, mine), 'utf8'))).toMatchObject({ pid: process.pid })
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

  test('that another version of PostgreSQL wrote is refused with a sentence', async () => {
    const old = await mkdtemp(join(tmpdir(), 'contact-gateway-old-'))
    await (await openEmbedded(old)).close()
    await writeFile(join(old, 'postgres', 'PG_VERSION'), '17\n')
    await expect(openEmbedded(old)).rejects.toThrow(UnreadableFolder)
    await expect(openEmbedded(old)).rejects.toThrow('was written by PostgreSQL 17')
    await rm(old, { recursive: true })
  })
})

test('nothing that was acknowledged is lost when the process is killed while it writes', async () => {
  const dataDir = join(folder, 'killed')
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
    const kept = await asTest(database.db).contact.findMany({ select: { id: true } })
    await database.close()
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough)
    expect(acknowledged.filter((id) => !kept.some((contact) => contact.id === id))).toEqual([])
  }
})
