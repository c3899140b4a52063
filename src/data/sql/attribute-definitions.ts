import type { ReadDb, Tx } from '../database.ts'
import { type AttributeType, Prisma } from '../generated/client.ts'

/** A definition that is in use, as far as values depend on it. */
export interface DefinedAttribute {
  readonly id: string
  readonly key: string
  readonly label: string
  readonly type: AttributeType
  readonly options: readonly string[]
  readonly isEnforced: boolean
  /** Whether the index has the values of all contacts. */
  readonly isIndexed: boolean
}

const columns = Prisma.sql`
  d.id, d.key, d.label, d.type::text as type, d.options, d.enforced_at is not null as "isEnforced", d.indexed_at is not null as "isIndexed"`

/**
 * The definitions that are in use, which stay what they are until the transaction ends. Belongs at the beginning of every transaction that changes
 * custom attributes, before it locks contacts: then each contact is in the index of each definition. One statement.
 */
export async function shareDefinitions(tx: Tx, organizationId: string): Promise<DefinedAttribute[]> {
  return tx.sql<DefinedAttribute[]>`select ${columns} from shared_attribute_definitions(${organizationId}) d`
}

/** Waits for the transactions that change custom attributes, and keeps others from it until the transaction ends. Belongs at its beginning. */
export async function lockDefinitions(tx: Tx, organizationId: string): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(7263003, hashtext(${organizationId}::text))::text`
}

/** The definitions that are in use, to read by. One statement. */
export async function selectDefinitions(db: ReadDb, organizationId: string): Promise<DefinedAttribute[]> {
  return db.sql<DefinedAttribute[]>`
    select ${columns} from attribute_definitions d where d.organization_id = ${organizationId} and d.archived_at is null order by d.key`
}
