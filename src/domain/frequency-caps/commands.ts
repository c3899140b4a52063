import { violatedUnique } from '../../data/prisma-errors.ts'
import { Prisma } from '../../data/generated/client.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { resolveFilter } from '../finding/filter.ts'
import { decideRule, type FrequencyCapFields, type FrequencyCapRuleInput } from './input.ts'
import { visibleRules } from './queries.ts'

/** Every decision looks at all rules, and a list of them is not paged. */
const maxRules = 100

/**
 * Makes a rule, or changes the one with the given id. @returns its id
 * @throws NotFound, InvalidInput (two rules of one name included), MissingRequiredField
 */
export async function upsertFrequencyCapRule(context: Context, id: string | null, input: FrequencyCapRuleInput): Promise<string> {
  requireScope(context, 'settings:write')
  await requireFilter(context, input)
  let name = input.name ?? ''
  try {
    return await transaction(context.db, async (tx) => {
      const within = { ...context, db: tx }
      const current = id === null ? null : await currentRule(within, id)
      const fields = decideRule(current, input)
      name = fields.name
      return id === null || current === null ? await insertRule(within, fields) : await saveRule(within, id, current, fields)
    })
  } catch (error) {
    if (violatedUnique(error) === 'frequency_cap_rules_name') throw nameTaken(name)
    throw error
  }
}

/** Removes a rule for good. @throws NotFound */
export async function deleteFrequencyCapRule(context: Context, id: string): Promise<void> {
  requireScope(context, 'settings:write')
  await transaction(context.db, async (tx) => {
    const { count } = await tx.prisma.frequencyCapRule.deleteMany({ where: { ...visibleRules(context.actor), id } })
    if (count === 0) throw new NotFound('frequency cap rule', id)
    await audit(tx, context, 'frequency_cap_rule.deleted', [{ id, contactId: null }])
  })
}

async function currentRule(context: Context, id: string): Promise<FrequencyCapFields> {
  const rule = await context.db.prisma.frequencyCapRule.findFirst({ where: { ...visibleRules(context.actor), id } })
  if (rule === null) throw new NotFound('frequency cap rule', id)
  const { organizationId: _organization, id: _id, createdAt: _created, updatedAt: _updated, ...fields } = rule
  return fields
}

async function insertRule(context: Context, fields: FrequencyCapFields): Promise<string> {
  const { organizationId } = context.actor
  if ((await context.db.prisma.frequencyCapRule.count({ where: { organizationId } })) >= maxRules) {
    throw new InvalidInput(`An organization has at most ${maxRules} frequency cap rules.`, {
      field: 'id',
      expected: 'the id of a rule to change, or fewer rules',
    })
  }
  const now = context.now()
  const id = newId('frequencyCapRule')
  await context.db.prisma.frequencyCapRule.create({
    data: { ...stored(fields), organizationId, id, createdAt: now, updatedAt: now },
    select: { id: true },
  })
  await audit(context.db, context, 'frequency_cap_rule.created', [{ id, contactId: null }])
  return id
}

/** A change that changes nothing leaves no trace. */
async function saveRule(context: Context, id: string, current: FrequencyCapFields, fields: FrequencyCapFields): Promise<string> {
  const keys = Object.keys(fields) as (keyof FrequencyCapFields)[] // proof: the fields are written out one by one
  const changed = keys.filter((key) => JSON.stringify(fields[key]) !== JSON.stringify(current[key]))
  if (changed.length === 0) return id
  await context.db.prisma.frequencyCapRule.updateMany({
    where: { ...visibleRules(context.actor), id },
    data: { ...stored(fields), updatedAt: context.now() },
  })
  await audit(context.db, context, 'frequency_cap_rule.updated', [{ id, contactId: null }], changed)
  return id
}

/** @throws InvalidInput for a filter that makes no sense, with the field that is wrong */
async function requireFilter(context: Context, { audience }: FrequencyCapRuleInput): Promise<void> {
  const filter = audience?.filter
  if (!filter) return
  try {
    await resolveFilter(context, filter)
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error
    const { field, ...details } = error.details
    throw new InvalidInput(error.message, { ...details, field: field === undefined ? 'audience.filter' : `audience.filter.${field}` })
  }
}

function stored({ filter, ...fields }: FrequencyCapFields) {
  return { ...fields, filter: filter ?? Prisma.DbNull }
}

function nameTaken(name: string): InvalidInput {
  return new InvalidInput('Another rule has this name.', { field: 'name', value: name, expected: 'a name that no other rule has' })
}
