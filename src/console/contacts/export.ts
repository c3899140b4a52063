import { download } from '../shared/download.ts'
import type { Selection } from './selection.ts'

/** Downloads the selected contacts as CSV, by the export of the REST API. @returns null, or the sentence of the refusal */
export function exportContacts(selection: Selection, credential: string): Promise<string | null> {
  const filter = 'ids' in selection ? { ids: selection.ids } : restForm(selection.filter)
  const body = JSON.stringify({ format: 'csv', filter })
  return download('/api/v1/contacts/export', 'contacts.csv', credential, { method: 'POST', body })
}

/** The parts of a filter, and of a condition on an attribute, that people type. */
const typedParts: ReadonlySet<string> = new Set('search tags key eq ne in gt gte lt lte contains startsWith'.split(' '))

/** A filter with the names of the REST API: snake_case keys, and words of closed sets in lower case. */
export function restForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restForm)
  if (typeof value === 'string') return /^[A-Z][A-Z_]+$/.test(value) && value.length > 2 ? value.toLowerCase() : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      // What people typed is not changed.
      typedParts.has(key) ? part : restForm(part),
    ]),
  )
}
