import type { Tx } from '../../data/database.ts'
import type { AttributeDefinition, AttributeType, Prisma } from '../../data/generated/client.ts'
import { violatedUnique } from '../../data/prisma-errors.ts'
import { lockDefinitions } from '../../data/sql/attribute-definitions.ts'
import { countFitting, deleteIndexed, selectUnfit } from '../../data/sql/contact-attributes.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { shorten } from '../../kernel/text.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { indexDefinition } from './indexing.ts'
import { parseKey, parseLabel, parseOptions } from './rules.ts'

/** Every write of a contact goes through the definitions, and a list of them is not paged. */
const maxDefinitions = 100
/** How many milliseconds a call waits for values to be indexed; the process goes on with the rest. */
const indexingTimeout = 3000

export interface NewDefinition {
  readonly key: string
  /** Default: the key. */
  readonly label?: string | null | undefined
  readonly type: AttributeType
  /** The values of an `enum`, in the order in which they are shown. */
  readonly options?: readonly string[] | null | undefined
}

/**
 * Defines a custom attribute: contacts can be found and sorted by its typed values. Other values go on being accepted until it is enforced. The values that
 * contacts have already are indexed before this returns, or soon after where there are very many. @throws InvalidInput, MissingRequiredField
 */
export async function createDefinition(context: Context, input: NewDefinition): Promise<AttributeDefinition> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const key = parseKey(input.key)
  const data = {
    key,
    label: parseLabel(input.label ?? key),
    type: input.type,
    options: parseOptions(input.type, input.options ?? []),
  }
  const id = newId('attributeDefinition')
  await refusingTakenKey(key, () =>
    transaction(context.db, async (tx) => {
      await lockDefinitions(tx, organizationId)
      await requireUnderLimit(tx, organizationId)
      const now = context.now()
      await tx.prisma.attributeDefinition.create({
        data: { ...data, organizationId, id, createdAt: now, updatedAt: now },
        select: { id: true },
      })
      await audit(tx, context, 'attribute_definition.created', [{ id, contactId: null }])
    }),
  )
  return indexed(context, id)
}

/** What can be changed of a definition. Omitted fields keep their values. */
export interface DefinitionChange {
  readonly label?: string | null | undefined
  readonly options?: readonly string[] | null | undefined
}

/** Changes a definition. Options that contacts have cannot be removed while it is enforced. @throws NotFound, InvalidInput, MissingRequiredField */
export async function updateDefinition(context: Context, id: string, input: DefinitionChange): Promise<AttributeDefinition> {
  return change(context, id, async (tx, definition) => {
    const options = Array.isArray(input.options) ? parseOptions(definition.type, input.options) : definition.options
    const label = typeof input.label === 'string' ? parseLabel(input.label) : definition.label
    const hasNewOptions = JSON.stringify(options) !== JSON.stringify(definition.options)
    if (hasNewOptions && definition.enforcedAt !== null) await requireUnused(tx, definition, options)
    return {
      ...(label !== definition.label && { label }),
      ...(hasNewOptions && { options, ...reindexed(definition) }),
    }
  })
}

/** Takes a definition out of use, or into use again: its values stay with the contacts, unchecked and without an index. @throws NotFound, InvalidInput */
export async function archiveDefinition(context: Context, id: string, archived: boolean): Promise<AttributeDefinition> {
  const { organizationId } = context.actor
  const changed = await change(
    context,
    id,
    async (tx, definition) => {
      if ((definition.archivedAt !== null) === archived) return {}
      if (!archived) await requireUnderLimit(tx, organizationId)
      return archived ? { archivedAt: context.now(), enforcedAt: null, indexedAt: null } : { archivedAt: null, ...reindexed(definition) }
    },
    { evenArchived: true, prepare: () => (archived ? Promise.resolve() : deleteAllIndexed(context, id)) },
  )
  if (archived) await deleteAllIndexed(context, id)
  return changed
}

/**
 * Refuses values that do not fit from now on, or accepts them again. @throws NotFound, InvalidInput while a living contact has a value that does not fit
 */
export async function enforceDefinition(context: Context, id: string, enforced: boolean): Promise<AttributeDefinition> {
  const { organizationId } = context.actor
  return change(context, id, async (tx, definition) => {
    if ((definition.enforcedAt !== null) === enforced) return {}
    if (!enforced) return { enforcedAt: null }
    if (definition.indexedAt === null) throw new InvalidInput('The values are still being indexed. Try again later.', { field: 'id' })
    if ((await selectUnfit(tx, organizationId, [id], 1)).length > 0) {
      const [fit] = await countFitting(tx, organizationId, [id])
      const count = fit?.notFitting ?? 1
      throw new InvalidInput(
        `${count.toLocaleString('en')} ${count === 1 ? 'contact has a value that does' : 'contacts have values that do'} not fit. ` +
          'Correct these first: `fit { samples }` of the definition has some of them.',
        { field: 'enforced', value: true, expected: 'values that fit' },
      )
    }
    return { enforcedAt: context.now() }
  })
}

/** Everything that is decided about a change is decided while no contact can get or lose values. */
async function change(
  context: Context,
  id: string,
  decide: (tx: Tx, definition: AttributeDefinition) => Promise<Prisma.AttributeDefinitionUpdateInput>,
  { evenArchived = false, prepare }: { readonly evenArchived?: boolean; readonly prepare?: () => Promise<void> } = {},
): Promise<AttributeDefinition> {
  requireScope(context, 'settings:write')
  const { organizationId } = context.actor
  const where = { organizationId_id: { organizationId, id } }
  const before = await context.db.prisma.attributeDefinition.findUnique({ where })
  if (before === null) throw new NotFound('attribute definition', id)
  await prepare?.()
  // What an interrupted call has left unfinished.
  if (before.archivedAt === null && before.indexedAt === null) await indexed(context, id)
  await refusingTakenKey(before.key, () =>
    transaction(context.db, async (tx) => {
      await lockDefinitions(tx, organizationId)
      const definition = await tx.prisma.attributeDefinition.findUniqueOrThrow({ where })
      if (definition.archivedAt !== null && !evenArchived) throw archivedAlready(id)
      const data = await decide(tx, definition)
      if (Object.keys(data).length === 0) return
      await tx.prisma.attributeDefinition.update({ where, data: { ...data, updatedAt: context.now() }, select: { id: true } })
      const fields = Object.keys(data).filter((field) => field !== 'generation' && field !== 'indexedAt')
      await audit(tx, context, 'attribute_definition.updated', [{ id, contactId: null }], fields)
    }),
  )
  return indexed(context, id)
}

function reindexed({ generation }: AttributeDefinition): Prisma.AttributeDefinitionUpdateInput {
  return { generation: generation + 1, indexedAt: null }
}

/** The definition, after as much of it was indexed as a call waits for. */
function indexed({ db, actor, now }: Context, id: string): Promise<AttributeDefinition> {
  return indexDefinition(db, { organizationId: actor.organizationId, id, now, timeout: indexingTimeout })
}

async function deleteAllIndexed({ db, actor }: Context, id: string): Promise<void> {
  const limit = 5000
  while ((await deleteIndexed(db, actor.organizationId, id, limit)) === limit);
}

async function requireUnderLimit(tx: Tx, organizationId: string): Promise<void> {
  if ((await tx.prisma.attributeDefinition.count({ where: { organizationId, archivedAt: null } })) < maxDefinitions) return
  throw new InvalidInput(`An organization has at most ${maxDefinitions} definitions. Archive one first.`, {
    field: 'key',
    expected: 'fewer definitions',
  })
}

/** @throws InvalidInput if a contact has an option that is to go */
async function requireUnused(tx: Tx, { organizationId, id, options }: AttributeDefinition, kept: readonly string[]): Promise<void> {
  const gone = options.filter((option) => !kept.includes(option))
  if (gone.length === 0) return
  const where = { organizationId, attributeId: id, textValue: { in: gone }, contact: { deletedAt: null } }
  const used = await tx.prisma.contactAttribute.count({ where })
  if (used === 0) return
  throw new InvalidInput(`${used.toLocaleString('en')} contacts have options that are not in the list.`, {
    field: 'options',
    value: gone.map(shorten),
    expected: 'all options that contacts have, or a definition that is not enforced',
  })
}

function archivedAlready(id: string): InvalidInput {
  return new InvalidInput('The definition is archived. Call archiveAttributeDefinition with `archived: false` first.', {
    field: 'id',
    value: id,
    expected: 'the id of a definition that is in use',
  })
}

async function refusingTakenKey<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (violatedUnique(error) !== 'attribute_definitions_key') throw error
    throw new InvalidInput('Another definition has this key.', {
      field: 'key',
      value: shorten(key),
      expected: 'a key without a definition',
    })
  }
}
