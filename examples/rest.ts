import createClient from 'openapi-fetch'
import type { paths } from './generated-rest.ts'

/**
 * Creates a contact and writes a note about it with openapi-fetch. Paths, bodies, answers and errors are typed. Each write has an
 * idempotency key, so that it can be repeated when its answer was lost. @returns the body of the note
 */
export async function addNoteWithOpenApiFetch(baseUrl: string, key: string, email: string): Promise<string> {
  const client = createClient<paths>({ baseUrl, headers: { 'X-API-Key': key } })
  const created = await client.POST('/api/v1/contacts', {
    params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { first_name: 'Ana', email },
  })
  if (created.error !== undefined) throw new Error(`${created.error.error.code}: ${created.error.error.message}`)
  const contact = created.data.data
  const written = await client.POST('/api/v1/contacts/{id}/notes', {
    params: { path: { id: contact.id }, header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { body: `Hello ${contact.display_name}` },
  })
  if (written.error !== undefined) throw new Error(`${written.error.error.code}: ${written.error.error.message}`)
  return written.data.data.body
}
