// Creates contacts in an embedded database, one after the other, and reports to its parent each one that was acknowledged.
import { openDatabase } from '../../src/data/open-database.ts'
import { createContact } from '../../src/domain/contacts/commands.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { unique } from './factories.ts'
import { secretKeys } from './secret-keys.ts'

const [dataDir = ''] = process.argv.slice(2)
const { db } = await openDatabase({ url: null, dataDir })
const now = () => new Date()
const organizationId = await createOrganization({ db, now }, { name: 'Killed' })
const actor = { organizationId, keyId: '', name: 'Writer', scopes: ['contacts:write'] as const }
for (;;) {
  const id = await createContact(
    { actor, requestId: null, db, now, secretKeys },
    { email: `${process.pid}.${unique()}@example.com`, customAttributes: { text: 'x'.repeat(5000) } },
  )
  process.send?.(id)
}
