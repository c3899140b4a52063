import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seedDemo, type SeedOptions } from '../../prisma/seed.ts'
import type { Config } from '../config.ts'
import type { Db, Tx } from '../data/database.ts'
import { transaction } from '../data/transaction.ts'
import type { Database } from '../data/open-database.ts'
import { inMemory } from '../data/driver/embedded.ts'
import { isBootstrapped } from '../data/sql/is-bootstrapped.ts'
import { takeTurns } from '../data/advisory-lock.ts'
import { createApiKey } from '../domain/api-keys/commands.ts'
import { identify } from '../domain/api-keys/queries.ts'
import { scopes } from '../domain/context.ts'
import { createOrganization } from '../domain/organizations/commands.ts'
import type { Clock } from '../kernel/time.ts'

export interface Bootstrapped {
  /** The key that was made just now, to be shown this once; null if the database had one. */
  readonly newKey: string | null
  /** The key of the demo organization, where it is known; null otherwise. */
  readonly demoKey: string | null
}

/**
 * Makes an empty database usable: an organization (the demo one, if that is wanted) and a key for it. Does nothing to a database
 * that has both. Of several processes that start at once on one server, one does it.
 */
export async function bootstrap(
  database: Database,
  config: Config,
  now: Clock,
  onProgress?: SeedOptions['onProgress'],
): Promise<Bootstrapped> {
  const { newKey, isDemo } = (await isBootstrapped(database.db))
    ? { newKey: null, isDemo: false }
    : await moveIn(database, config, now, onProgress)
  const file = database.kind === 'embedded' && config.database.dataDir !== inMemory ? join(config.database.dataDir, 'demo-api-key') : null
  // The key of the demo gives access to the demo only, and is stored beside its data: a later start shows the same key.
  if (isDemo && newKey !== null && file !== null) await writeFile(file, newKey).then(() => chmod(file, 0o600))
  return { newKey, demoKey: isDemo ? newKey : await rememberedKey(database.db, now, file) }
}

/** Makes what is missing. */
async function moveIn(database: Database, config: Config, now: Clock, onProgress: SeedOptions['onProgress']) {
  return transaction(database.db, async (tx) => {
    await takeTurns(tx, 'bootstrap')
    const seeded = (await tx.prisma.organization.count()) === 0
    const organizationId = seeded ? await firstOrganization(tx, config, now, onProgress) : null
    return { newKey: await firstKey(tx, config, now, organizationId), isDemo: seeded && config.demoData }
  })
}

async function firstOrganization(tx: Tx, config: Config, now: Clock, onProgress: SeedOptions['onProgress']): Promise<string> {
  if (config.demoData) return seedDemo(tx, { now: now(), ...(onProgress && { onProgress }) })
  return createOrganization({ db: tx, now }, { name: 'My organization' })
}

async function firstKey(tx: Tx, config: Config, now: Clock, organizationId: string | null): Promise<string | null> {
  if ((await tx.prisma.apiKey.count()) > 0) return null
  const owner = organizationId ?? (await tx.prisma.organization.findFirstOrThrow({ orderBy: { id: 'asc' }, select: { id: true } })).id
  const chosen = config.bootstrapApiKey === null ? {} : { key: config.bootstrapApiKey }
  const { key } = await createApiKey({ db: tx, now, organizationId: owner }, { name: 'Bootstrap', scopes, ...chosen })
  return key
}

async function rememberedKey(db: Db, now: Clock, file: string | null): Promise<string | null> {
  const key =
    file === null
      ? null
      : await readFile(file, 'utf8').then(
          (text) => text.trim(),
          () => null,
        )
  if (key === null) return null
  return identify({ db, now }, key).then(
    () => key,
    () => null,
  )
}
