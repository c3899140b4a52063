import { InvalidInput } from '../../kernel/errors.ts'
import { parseId } from '../../kernel/ids.ts'

/** The most contacts that one command accepts. */
export const maxIds = 1000

/** Accepts 1 to 1,000 ids of contacts. @throws InvalidInput */
export function parseIds(ids: readonly string[], field: string): string[] {
  if (ids.length >= 1 && ids.length <= maxIds) return ids.map((id, index) => parseId('contact', id, `${field}.${index}`))
  throw new InvalidInput(
    ids.length === 0 ? 'No contact is named.' : `${ids.length.toLocaleString('en')} contacts are too many at a time.`,
    {
      field,
      expected: `1 to ${maxIds.toLocaleString('en')} ids of contacts`,
    },
  )
}
