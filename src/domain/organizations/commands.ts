import type { Tx } from '../../data/database.ts'
import { InvalidInput, NotFound } from '../../kernel/errors.ts'
import { newId, parseId } from '../../kernel/ids.ts'
import { parseCountryCode } from '../../kernel/countries.ts'
import { parseText } from '../../kernel/text.ts'
import type { Clock } from '../../kernel/time.ts'
import { lockOrganization } from '../../data/sql/lock-organization.ts'
import { transaction } from '../../data/transaction.ts'
import { audit } from '../audit/commands.ts'
import { type Context, requireScope } from '../context.ts'
import { parseQuietHours, type QuietHours, type QuietHoursInput, quietHoursOf, sameRules } from './quiet-hours.ts'

export interface NewOrganization {
  readonly name: string
  readonly defaultCountry?: string | null
}

/** Organizations are managed on the command line, by operators who can reach the database. */
export interface OrganizationAdministration {
  readonly db: Tx
  readonly now: Clock
}

/** Creates an organization. @returns its id @throws InvalidInput */
export async function createOrganization(context: OrganizationAdministration, input: NewOrganization): Promise<string> {
  const name = parseName(input.name)
  const defaultCountry = typeof input.defaultCountry === 'string' ? parseCountryCode(input.defaultCountry, 'defaultCountry') : null
  const id = newId('organization')
  const now = context.now()
  await context.db.prisma.organization.create({ data: { id, name, defaultCountry, createdAt: now, updatedAt: now }, select: { id: true } })
  return id
}

/** Changes the name of an organization. @throws InvalidInput, NotFound */
export async function renameOrganization(context: OrganizationAdministration, id: string, newName: string): Promise<void> {
  const name = parseName(newName)
  const { count } = await context.db.prisma.organization.updateMany({
    where: { id: parseId('organization', id) },
    data: { name, updatedAt: context.now() },
  })
  if (count === 0) throw new NotFound('organization', id)
}

function parseName(text: string): string {
  const name = parseText(text, 'name', { max: 200 })
  if (name !== null) return name
  throw new InvalidInput('An organization needs a name.', { field: 'name', expected: '1 to 200 characters' })
}

/** The settings of an organization that its callers can change. Omitted settings stay unchanged. */
export interface OrganizationSettings {
  /** Null: every phone number must carry its country prefix. */
  readonly defaultCountry?: string | null | undefined
  readonly quietHours?: boolean | null | undefined
  readonly marketingNeedsOptIn?: boolean | null | undefined
  readonly whatsappServiceWindow?: boolean | null | undefined
  /** Replaces all rules; a group of channels without a rule has the default. */
  readonly quietHoursRules?: readonly QuietHoursInput[] | null | undefined
}

const settingNames = ['defaultCountry', 'quietHours', 'marketingNeedsOptIn', 'whatsappServiceWindow'] as const

/** Changes the settings of the caller's own organization. @throws InvalidInput */
export async function updateOrganizationSettings(context: Context, settings: OrganizationSettings): Promise<void> {
  requireScope(context, 'settings:write')
  const data = parseSettings(settings)
  const rules = parseRules(settings.quietHoursRules)
  const { organizationId } = context.actor
  await transaction(context.db, async (tx) => {
    // Locked, so that rules of two callers are not mixed.
    const current = await lockOrganization(tx, organizationId)
    const changed: string[] = settingNames.filter((name) => data[name] !== undefined && data[name] !== current[name])
    if (rules !== null && (await replaceQuietHours({ ...context, db: tx }, rules))) changed.push('quietHoursRules')
    if (changed.length === 0) return
    await tx.prisma.organization.update({
      where: { id: organizationId },
      data: { ...data, updatedAt: context.now() },
      select: { id: true },
    })
    await audit(tx, context, 'setting.updated', [{ id: organizationId, contactId: null }], changed)
  })
}

function parseSettings(settings: OrganizationSettings) {
  const { defaultCountry } = settings
  return {
    ...(defaultCountry !== undefined && {
      defaultCountry: defaultCountry === null ? null : parseCountryCode(defaultCountry, 'defaultCountry'),
    }),
    ...parseSwitches(settings),
  }
}

const switches = ['quietHours', 'marketingNeedsOptIn', 'whatsappServiceWindow'] as const
type Switch = (typeof switches)[number]

function parseSwitches(settings: OrganizationSettings): Partial<Record<Switch, boolean>> {
  return Object.fromEntries(
    switches.flatMap((name) => {
      const value = settings[name]
      return value === undefined ? [] : [[name, parseSwitch(value, name)]]
    }),
  )
}

function parseRules(rules: OrganizationSettings['quietHoursRules']): QuietHours[] | null {
  if (rules === undefined) return null
  if (rules !== null) return parseQuietHours(rules)
  throw new InvalidInput('The rules cannot be null.', {
    field: 'quietHoursRules',
    value: null,
    expected: 'a list of rules; an empty one returns to the defaults',
  })
}

/** @returns whether that changed anything */
async function replaceQuietHours({ db, actor, now }: Context, rules: readonly QuietHours[]): Promise<boolean> {
  const { organizationId } = actor
  const stored = await db.prisma.quietHoursRule.findMany({ where: { organizationId } })
  if (sameRules(stored.map(quietHoursOf), rules)) return false
  await db.prisma.quietHoursRule.deleteMany({ where: { organizationId } })
  const updatedAt = now()
  const data = rules.map(({ countryCode, closedWeekdays, closedDates, ...rule }) => ({
    ...rule,
    organizationId,
    countryCode: countryCode ?? '',
    closedWeekdays: [...closedWeekdays],
    closedDates: [...closedDates],
    updatedAt,
  }))
  if (data.length > 0) await db.prisma.quietHoursRule.createMany({ data })
  return true
}

function parseSwitch(value: boolean | null, field: string): boolean {
  if (value !== null) return value
  throw new InvalidInput('This setting is on or off.', { field, value: null, expected: 'true or false; omit it to keep the setting' })
}
