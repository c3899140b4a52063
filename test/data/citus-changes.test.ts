import { expect, inject, test } from 'vitest'
import { nothingKnown } from '../../src/data/feed-position.ts'
import { openDatabase } from '../../src/data/open-database.ts'
import { selectChanges } from '../../src/data/sql/find-changes.ts'
import { transaction } from '../../src/data/transaction.ts'
import { recordChanges } from '../../src/domain/changes/commands.ts'
import { createOrganization } from '../../src/domain/organizations/commands.ts'
import { distribute, queryOn } from '../support/citus.ts'
import { noon } from '../support/gateway.ts'
import { createDatabase, databaseUrl } from '../support/global-setup.ts'
import { startProxy } from '../support/proxy.ts'

const { server } = inject('template')

test.runIf((server?.nodes.length ?? 0) > 1)(
  'a change that the coordinator has committed, and its node not yet, is read when the node has it',
  async () => {
    if (server === null) throw new Error('This runs on Citus only.')
    const { url: coordinator, nodes, database: name } = { ...server, database: `${server.database}_held` }
    const proxies = await Promise.all(nodes.slice(1).map(startProxy))
    await createDatabase({ ...server, nodes: [coordinator, ...proxies.map(({ url }) => url)] }, name, null)
    const url = databaseUrl(coordinator, name)
    const database = await openDatabase({ url, dataDir: '' })
    await distribute(url)
    const organizationId = await createOrganization({ db: database.db, now: () => noon }, { name: 'Held' })
    const { seen: before } = await selectChanges(database.db, organizationId, nothingKnown, 0)
    const held = proxies.map((proxy) => proxy.holdAt(/COMMIT PREPARED/))
    const written = transaction(database.db, (tx) =>
      recordChanges(tx, organizationId, noon, [{ kind: 'contact.updated', contactId: 'con_held' }]),
    )
    await Promise.race(held.map(({ reached }) => reached))
    const during = await selectChanges(database.db, organizationId, before, 100)
    for (const one of held) one.release()
    await written
    const after = await selectChanges(database.db, organizationId, during.position, 100)
    expect([during, after].map(({ changes }) => changes.map(({ contactId }) => contactId))).toEqual([[], ['con_held']])
    await database.close()
    for (const node of nodes) await queryOn(node, `drop database ${name} with (force)`)
    for (const proxy of proxies) proxy.close()
  },
)
