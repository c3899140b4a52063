import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { openEmbedded } from '../../src/data/driver/embedded.ts'
import { DamagedFolder, UnreadableFolder } from '../../src/data/driver/folder-errors.ts'
import { copyTemplate, openOwnGateway } from '../support/gateway.ts'
import { type Running, startServer } from '../support/process.ts'

const isRoot = process.getuid?.() === 0
/** A user without rights: root may write everywhere. */
const asUnprivileged = isRoot ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : []
const mounts = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0
const isEmbedded = inject('template').folder !== null

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contact-gateway-faults-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the server says that cannot start on a folder. */
async function refusalOf(server: Running): Promise<string> {
  expect(await server.exit()).toBe(1)
  return server.output()
}

describe.runIf(isEmbedded)('the start on the embedded database', () => {
  test.runIf(!isRoot || spawnSync('setpriv', [...asUnprivileged.slice(1), process.execPath, '-e', '']).status === 0)(
    'in a folder without the right to write says whose folder it must be',
    async () => {
      const dataDir = join(folder, 'not-mine')
      await mkdir(dataDir, { mode: 0o555 })
      expect(await refusalOf(await startServer({ DATA_DIR: dataDir }, asUnprivileged))).toBe(
        `The folder ${dataDir} (DATA_DIR) cannot be used: the user that runs the gateway may not write in it. ` +
          'Make that user the owner of the folder and of all that is in it.\n',
      )
    },
  )

  test.runIf(mounts)('on a file system that is read-only says so', async () => {
    const dataDir = join(folder, 'read-only')
    await mkdir(dataDir)
    const readOnly = ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o ro none ${dataDir}; exec "$@"`, 'sh']
    expect(await refusalOf(await startServer({ DATA_DIR: dataDir }, readOnly))).toBe(
      `The folder ${dataDir} (DATA_DIR) cannot be used: it is on a file system that is read-only. ` +
        'Mount it writable, or set DATA_DIR to another folder.\n',
    )
  })

  test('on damaged files says to restore the backup, and removes none of them', async () => {
    const { config, remove } = await copyTemplate()
    const files = join(config.dataDir, 'postgres')
    await rm(join(files, 'PG_VERSION'))
    const before = await readdir(files)
    await expect(openEmbedded(config.dataDir)).rejects.toThrow(DamagedFolder)
    expect(await readdir(files)).toEqual(before)
    await writeFile(join(files, 'PG_VERSION'), '17\n')
    await expect(openEmbedded(config.dataDir)).rejects.toThrow(UnreadableFolder)
    await writeFile(join(files, 'PG_VERSION'), '18\n')
    await truncate(join(files, 'global', 'pg_control'), 100)
    expect(await refusalOf(await startServer({ DATA_DIR: config.dataDir }))).toBe(
      `The embedded database in ${files} is damaged: PostgreSQL cannot start on it. Restore your backup of the folder. ` +
        'To start with an empty database instead, set DATA_DIR to another folder.\n',
    )
    await remove()
  })

  test.runIf(mounts)('on a full disk says so', async () => {
    const dataDir = join(folder, 'full')
    await mkdir(dataDir)
    const full = ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o size=1m none ${dataDir}; exec "$@"`, 'sh']
    expect(await refusalOf(await startServer({ DATA_DIR: dataDir }, full))).toBe(
      `The folder ${dataDir} (DATA_DIR) cannot be used: its disk is full. Make room on the disk, and start again.\n`,
    )
  })
})

test.runIf(isEmbedded && mounts)(
  'a server whose disk fills up refuses writes with a sentence, reads on, and writes again when there is room; files of exports do not outlive their process',
  async () => {
    const { config, remove } = await copyTemplate()
    const [disk, temporary] = [join(folder, 'disk'), join(folder, 'tmp')]
    for (const made of [disk, temporary, join(temporary, 'contact-gateway-export-old'), join(temporary, 'contact-gateway-export-new')])
      await mkdir(made)
    const anHourAgo = new Date(Date.now() - 60 * 60 * 1000)
    await utimes(join(temporary, 'contact-gateway-export-old'), anHourAgo, anHourAgo)

    const key = `dv_test_sk_${'a'.repeat(43)}`
    const small = [
      'unshare',
      '-m',
      'sh',
      '-c',
      `mount -t tmpfs -o size=100m none ${disk}; cp -r ${config.dataDir}/. ${disk}; exec "$@"`,
      'sh',
    ]
    const server = await startServer({ DATA_DIR: disk, TMPDIR: temporary, DEMO_DATA: 'false', BOOTSTRAP_API_KEY: key }, small)
    expect(server.output()).toContain('GraphiQL')
    expect(await readdir(temporary)).toEqual(['contact-gateway-export-new'])

    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
    const post = (path: string, body: object) => fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const create = (index: number) =>
      post('/api/v1/contacts', { email: `a${index}@example.com`, custom_attributes: { much: `${Math.random()}`.repeat(800) } })
    expect((await create(0)).status).toBe(201)
    // Seen from outside, the disk is in another namespace of mounts.
    const ballast = `/proc/${server.process.pid}/root${disk}/ballast`
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'])
    let created = 1
    let refused = await create(created)
    for (; refused.status === 201 && created < 500; created += 1) refused = await create(created + 1)
    const sentence = 'The disk of the database or of the gateway is full. Nothing was changed. Make room on the disk, and try again.'
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      503,
      '2',
      { error: { code: 'UNAVAILABLE', message: sentence } },
    ])
    await vi.waitFor(() => expect(server.output()).toMatch(`"level":50`), 5000)
    expect(server.output()).toContain(`"msg":"${sentence}"`)
    const list = async () => (await (await fetch(`${server.url}/api/v1/contacts?limit=200`, { headers })).json()) as { data: unknown[] }
    expect((await list()).data).toHaveLength(created)
    await rm(ballast)
    expect((await create(1000)).status).toBe(201)
    expect((await list()).data).toHaveLength(created + 1)

    const reader = (await post('/api/v1/contacts/export', {})).body?.getReader()
    await reader?.read()
    server.process.kill('SIGKILL')
    await server.exit()
    await reader?.cancel().catch(() => {})
    expect(await readdir(temporary)).toEqual(['contact-gateway-export-new'])
    await remove()
  },
  30_000,
)

test('a full disk of the database is a refusal in both APIs, and is logged', async () => {
  const gateway = await openOwnGateway()
  const tenant = await gateway.organization()
  await gateway.db.prisma.$executeRaw`
    create function disk_full() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`
  await gateway.db.prisma.$executeRaw`create trigger disk_full before insert on contacts for each statement execute function disk_full()`
  const sentence = 'The disk of the database or of the gateway is full. Nothing was changed. Make room on the disk, and try again.'
  expect(await tenant.rest('POST', '', { email: 'ana@example.com' })).toMatchObject({
    status: 503,
    body: { error: { code: 'UNAVAILABLE', message: sentence } },
  })
  const mutation = 'mutation { createContact(input: { email: "ana@example.com" }) { __typename } }'
  expect(await tenant.gql(mutation)).toMatchObject({
    status: 503,
    body: { errors: [{ message: sentence, extensions: { code: 'UNAVAILABLE' } }] },
  })
  expect(gateway.log.filter(({ level, msg }) => level === 50 && msg === sentence)).toHaveLength(2)
  await gateway.db.prisma.$executeRaw`drop trigger disk_full on contacts`
  expect((await tenant.rest('POST', '', { email: 'ana@example.com' })).status).toBe(201)
  await gateway.close()
})
