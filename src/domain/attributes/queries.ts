import type { AttributeDefinition } from '../../data/generated/client.ts'
import { countFitting, selectUnfit, type UnfitValue } from '../../data/sql/contact-attributes.ts'
import { type ReadContext, requireScope } from '../context.ts'

/** How the values that living contacts have go with a definition. */
export interface DefinitionFit {
  readonly fitting: number
  readonly notFitting: number
  /** Some of the values that do not fit. */
  readonly samples: readonly UnfitValue[]
}

const maxSamples = 5

/** All definitions of the organization by their keys; the archived ones too. One statement. */
export async function allDefinitions(context: ReadContext): Promise<AttributeDefinition[]> {
  requireScope(context, 'contacts:read')
  const { db, actor } = context
  return db.prisma.attributeDefinition.findMany({
    where: { organizationId: actor.organizationId },
    orderBy: [{ key: 'asc' }, { id: 'asc' }],
  })
}

/** Definitions by their ids. One statement. */
export async function definitionsById(context: ReadContext, ids: readonly string[]): Promise<Map<string, AttributeDefinition>> {
  requireScope(context, 'contacts:read')
  const { db, actor } = context
  const found = await db.prisma.attributeDefinition.findMany({ where: { organizationId: actor.organizationId, id: { in: [...ids] } } })
  return new Map(found.map((definition) => [definition.id, definition]))
}

/** How the values of living contacts go with each definition. Two statements. */
export async function fitsByDefinition(context: ReadContext, ids: readonly string[]): Promise<Map<string, DefinitionFit>> {
  requireScope(context, 'contacts:read')
  const { organizationId } = context.actor
  const [counts, unfit] = await Promise.all([
    countFitting(context.db, organizationId, ids),
    selectUnfit(context.db, organizationId, ids, maxSamples),
  ])
  const byId = new Map(counts.map((count) => [count.attributeId, count]))
  return new Map(
    ids.map((id) => {
      const { fitting, notFitting } = byId.get(id) ?? { fitting: 0, notFitting: 0 }
      return [id, { fitting, notFitting, samples: unfit.filter(({ attributeId }) => attributeId === id) }]
    }),
  )
}
