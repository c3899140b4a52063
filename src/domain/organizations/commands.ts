import type { Tx } from '../../data/database.ts'
import { InvalidInput } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseCountryCode } from '../../kernel/places.ts'
import { parseText } from '../../kernel/text.ts'
import type { Clock } from '../../kernel/time.ts'

export interface NewOrganization {
  readonly name: string
  readonly defaultCountry?: string | null
}

/** Sets up an organization, as whoever can reach the database. @returns its id @throws InvalidInput */
export async function createOrganization(context: { readonly db: Tx; readonly now: Clock }, input: NewOrganization): Promise<string> {
  const name = parseText(input.name, 'name', { max: 200 })
  if (name === null) throw new InvalidInput('An organization needs a name.', { field: 'name', expected: '1 to 200 characters' })
  const defaultCountry = typeof input.defaultCountry === 'string' ? parseCountryCode(input.defaultCountry, 'defaultCountry') : null
  const id = newId('organization')
  const now = context.now()
  await context.db.organization.create({ data: { id, name, defaultCountry, createdAt: now, updatedAt: now } })
  return id
}
