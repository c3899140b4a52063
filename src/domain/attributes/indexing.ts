import type { Db, Tx } from '../../data/database.ts'
import type { AttributeDefinition } from '../../data/generated/client.ts'
import { shareDefinitions } from '../../data/sql/attribute-definitions.ts'
import { indexNextContacts } from '../../data/sql/contact-attributes.ts'
import { transaction } from '../../data/transaction.ts'
import type { Clock } from '../../kernel/time.ts'
import { organizationIds } from '../organizations/queries.ts'

/** How many contacts are indexed in one transaction: writes of these wait meanwhile. */
const contactsAtOnce = 1000

/** Which definition is indexed, and for how long. */
export interface Indexing {
  readonly organizationId: string
  readonly id: string
  readonly now: Clock
  /** After how many milliseconds the rest is left for {@link indexPendingDefinitions}. Default: never. */
  readonly timeout?: number
}

/**
 * Writes the values that contacts had before a definition came into use into its index, some contacts at a time. Writes of contacts keep it current
 * meanwhile, so that what is missing can be added at any time. @returns the definition
 */
export async function indexDefinition(db: Tx, { organizationId, id, now, timeout = Infinity }: Indexing): Promise<AttributeDefinition> {
  const where = { organizationId_id: { organizationId, id } }
  const definition = await db.prisma.attributeDefinition.findUniqueOrThrow({ where })
  const { generation, archivedAt, indexedAt } = definition
  if (archivedAt !== null || indexedAt !== null) return definition
  const began = performance.now()
  for (let after: string | null = ''; after !== null;) {
    if (performance.now() - began > timeout) return definition
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
  return db.prisma.attributeDefinition.findUniqueOrThrow({ where })
}

/** Indexes what calls have not finished, of every organization. For the process itself, not for a caller. */
export async function indexPendingDefinitions(db: Db, now: Clock): Promise<void> {
  for (const organizationId of await organizationIds(db)) {
    const pending = await db.prisma.attributeDefinition.findMany({
      where: { organizationId, archivedAt: null, indexedAt: null },
      select: { id: true },
    })
    for (const { id } of pending) await indexDefinition(db, { organizationId, id, now })
  }
}
