import type { Db, Tx } from '../../data/database.ts'
import { shareDefinitions } from '../../data/sql/attribute-definitions.ts'
import { indexNextContacts } from '../../data/sql/contact-attributes.ts'
import { transaction } from '../../data/transaction.ts'
import type { Clock } from '../../kernel/time.ts'

/** How many contacts are indexed in one transaction: writes of these wait meanwhile. */
const contactsAtOnce = 1000

/** Which definition is indexed, and when it counts as done. */
export interface Indexing {
  readonly organizationId: string
  readonly id: string
  readonly now: Clock
  /** How many milliseconds it may take. Default: as long as it takes. */
  readonly patience?: number
}

/**
 * Writes the values that contacts had before a definition came into use into its index, some contacts at a time. Writes of contacts keep it current
 * meanwhile, so that what is missing can be added at any time. What is not done in time is left for {@link indexPendingDefinitions}.
 */
export async function indexDefinition(db: Tx, { organizationId, id, now, patience = Infinity }: Indexing): Promise<void> {
  const where = { organizationId_id: { organizationId, id } }
  const { generation, archivedAt, indexedAt } = await db.prisma.attributeDefinition.findUniqueOrThrow({ where })
  if (archivedAt !== null || indexedAt !== null) return
  const began = performance.now()
  for (let after: string | null = ''; after !== null;) {
    if (performance.now() - began > patience) return
    const from: string = after
    after = await transaction(db, async (tx) => {
      const inUse = await shareDefinitions(tx, organizationId)
      if (!inUse.some((one) => one.id === id)) return null
      return indexNextContacts(tx, organizationId, { definitionId: id, after: from, limit: contactsAtOnce })
    })
  }
  await db.prisma.attributeDefinition.updateMany({
    where: { organizationId, id, generation, archivedAt: null },
    data: { indexedAt: now() },
  })
}

/** Indexes what calls have not finished, of every organization. For the process itself, not for a caller. */
export async function indexPendingDefinitions(db: Db, now: Clock): Promise<void> {
  for (const { id: organizationId } of await db.prisma.organization.findMany({ select: { id: true } })) {
    // One statement for each organization, so that each goes to one shard.
    const pending = await db.prisma.attributeDefinition.findMany({
      where: { organizationId, archivedAt: null, indexedAt: null },
      select: { id: true },
    })
    for (const { id } of pending) await indexDefinition(db, { organizationId, id, now })
  }
}
