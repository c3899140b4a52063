import type { AttributeDefinition, AttributeType } from '../../data/generated/client.ts'
import { fits } from '../contacts/attribute-values.ts'
import { type ReadContext, requireScope } from '../context.ts'

/** A value of a contact, with the definition of its attribute; null if that has none in use. */
export interface AttributeOfContact {
  readonly key: string
  readonly value: unknown
  readonly definition: AttributeDefinition | null
}

/** The definitions in use of attributes, by their keys. One statement. */
export async function definitionsByKey(context: ReadContext, keys: readonly string[]): Promise<Map<string, AttributeDefinition>> {
  requireScope(context, 'contacts:read')
  const { db, actor } = context
  const found = await db.prisma.attributeDefinition.findMany({
    where: { organizationId: actor.organizationId, archivedAt: null, key: { in: [...keys] } },
  })
  return new Map(found.map((definition) => [definition.key, definition]))
}

/** What a value is to its readers: of the type of its definition if it fits that, and else whatever JSON it is. */
export function kindOf({ definition, value }: AttributeOfContact): AttributeType | 'json' {
  return definition !== null && fits(definition, value) ? definition.type : 'json'
}
