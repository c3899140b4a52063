import { cacheExchange, Client, fetchExchange } from '@urql/core'
import { AddNoteDocument, NewestContactsDocument } from './generated.ts'

/** Writes a note about the newest contact with urql. Operations and results are typed. @returns the body of the note */
export async function addNoteWithUrql(url: string, key: string): Promise<string> {
  const client = new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: { 'X-API-Key': key } },
    preferGetMethod: false,
  })
  const { data, error } = await client.query(NewestContactsDocument, { first: 3 }).toPromise()
  const contact = data?.contacts.nodes[0]
  if (contact === undefined) throw error ?? new Error('There is no contact.')
  const { data: written } = await client
    .mutation(AddNoteDocument, { contactId: contact.id, body: `Hello ${contact.displayName}` })
    .toPromise()
  const result = written?.createNote
  if (result?.__typename !== 'CreateNotePayload') throw new Error(result?.message ?? 'There was no answer.')
  return result.note.body
}
