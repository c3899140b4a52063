// One of several processes that reserve slots at once: begins when its parent says how many seconds its clock is ahead, reports for which
// contacts it got a slot, and goes on until its parent disconnects.
import { openDatabase } from '../../src/data/open-database.ts'
import { type Context, scopes } from '../../src/domain/context.ts'
import { reserveSend } from '../../src/domain/sending/commands.ts'
import { SendNotAllowed } from '../../src/domain/sending/errors.ts'
import { DatabaseUnavailable } from '../../src/kernel/faults.ts'
import { secretKeys } from './secret-keys.ts'

const [url = '', organizationId = '', attempts = '0', ...contactIds] = process.argv.slice(2)
const database = await openDatabase({ url, dataDir: '', poolSize: 2 })
const actor = { organizationId, keyId: '', name: 'Sender', scopes }

async function reserveAll(aheadSeconds: number): Promise<string[]> {
  const now = () => new Date(Date.now() + aheadSeconds * 1000)
  const context = { actor, requestId: null, db: database.db, now, secretKeys }
  const reserved: string[] = []
  for (let attempt = 0; attempt < Number(attempts); attempt += 1) {
    for (const contactId of contactIds) {
      if (await isReserved(context, contactId)) reserved.push(contactId)
    }
  }
  return reserved
}

/** Tries again where the database was too busy to begin: nothing was reserved then. */
async function isReserved(context: Context, contactId: string): Promise<boolean> {
  for (;;) {
    try {
      await reserveSend(context, { contactId, channel: 'email', category: 'service', expiresInSeconds: 3600 })
      return true
    } catch (error) {
      if (error instanceof SendNotAllowed) return false
      if (!(error instanceof DatabaseUnavailable)) throw error
    }
  }
}

process.on('message', (aheadSeconds) => void reserveAll(Number(aheadSeconds)).then((reserved) => process.send?.(reserved)))
process.once('disconnect', () => void database.close())
process.send?.([])
