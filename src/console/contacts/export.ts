import { save } from '../shared/download.ts'
import { credentialHeaders } from '../shared/session.ts'
import type { Selection } from './selection.ts'

/** Downloads the selected contacts as CSV, by the export of the REST API. */
export async function exportContacts(selection: Selection, credential: string): Promise<void> {
  const filter = 'ids' in selection ? { ids: selection.ids } : restForm(selection.filter)
  const response = await fetch('/api/v1/contacts/export', {
    method: 'POST',
    headers: { ...credentialHeaders(credential), 'Content-Type': 'application/json' },
    body: JSON.stringify({ format: 'csv', filter }),
  })
  if (response.ok) await save(response, 'contacts.csv')
}

/** A filter with the names of the REST API: snake_case keys, and words of closed sets in lower case. */
export function restForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restForm)
  if (typeof value === 'string') return /^[A-Z][A-Z_]+$/.test(value) && value.length > 2 ? value.toLowerCase() : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      // What people typed is not changed.
      ['search', 'tags', 'attributes'].includes(key) ? part : restForm(part),
    ]),
  )
}
