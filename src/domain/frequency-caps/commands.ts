import { violatedUnique } from '../../data/prisma-errors.ts'
import { transaction } from '../../data/transaction.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type Context, requireScope } from '../context.ts'
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
  let name = input.name ?? ''
  try {
    return await transaction(context.db, async (tx) => {
      const within = { ...context, db: tx }
      const current = id === null ? null : await currentRule(within, id)
      const fields = decideRule(current, input)
      name = fields.name
      return current === null ? await insertRule(within, fields) : await saveRule(within, id ?? '', fields)
    })
  } catch (error) {
    if (violatedUnique(error) === 'frequency_cap_rules_name') throw nameTaken(name)
    throw error
  }
}

/** Removes a rule for good. @throws NotFound */
export async function deleteFrequencyCapRule(context: Context, id: string): Promise<void> {
  requireScope(context, 'settings:write')
  const { count } = await context.db.frequencyCapRule.deleteMany({ where: { ...visibleRules(context.actor), id } })
  if (count === 0) throw new NotFound('frequency cap rule', id)
}

async function currentRule(context: Context, id: string): Promise<FrequencyCapFields> {
  const rule = await context.db.frequencyCapRule.findFirst({ where: { ...visibleRules(context.actor), id } })
  if (rule === null) throw new NotFound('frequency cap rule', id)
  const { organizationId: _organization, id: _id, createdAt: _created, updatedAt: _updated, ...fields } = rule
  return fields
}

async function insertRule(context: Context, fields: FrequencyCapFields): Promise<string> {
  const { organizationId } = context.actor
  if ((await context.db.frequencyCapRule.count({ where: { organizationId } })) >= maxRules) {
    throw new InvalidInput(`An organization has at most ${maxRules} frequency cap rules.`, {
      field: 'id',
      expected: 'the id of a rule to change, or fewer rules',
    })
  }
  const now = context.now()
  const data = { ...fields, organizationId, id: newId('frequencyCapRule'), createdAt: now, updatedAt: now }
  return (await context.db.frequencyCapRule.create({ data, select: { id: true } })).id
}

async function saveRule(context: Context, id: string, fields: FrequencyCapFields): Promise<string> {
  await context.db.frequencyCapRule.updateMany({
    where: { ...visibleRules(context.actor), id },
    data: { ...fields, updatedAt: context.now() },
  })
  return id
}

function nameTaken(name: string): InvalidInput {
  return new InvalidInput('Another rule has this name.', { field: 'name', value: name, expected: 'a name that no other rule has' })
}
