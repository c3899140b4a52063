// Uploads a file that never ends, and notifies its parent when some of its rows are kept.
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../src/data/open-database.ts'
import { scopes } from '../../src/domain/context.ts'
import { stageImport } from '../../src/domain/imports/commands.ts'
import { secretKeys } from './secret-keys.ts'

const [url = '', dataDir = ''] = process.argv.slice(2)
const { db } = await openDatabase({ url: url === '' ? null : url, dataDir })
const { id: organizationId } = await db.prisma.organization.findFirstOrThrow({ select: { id: true } })
const actor = { organizationId, keyId: '', name: 'Uploader', scopes }

async function* endless(): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode('email\n')
  for (let row = 1; ; row += 1) {
    yield encoder.encode(`person${row}@example.com\n`)
    if (row % 600 !== 0) continue
    await pause(20)
    if ((await db.prisma.importRow.count()) > 0) process.send?.('staging')
  }
}

await stageImport({ actor, requestId: null, db, now: () => new Date(), secretKeys }, { kind: 'file', bytes: endless() }, {})
