import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { AddNoteDocument, NewestContactsDocument, possibleTypes } from './generated.ts'

/** Writes a note about the newest contact with Apollo Client. Operations and results are typed. @returns the body of the note */
export async function addNoteWithApollo(url: string, key: string): Promise<string> {
  const client = new ApolloClient({
    cache: new InMemoryCache({ possibleTypes }),
    link: new HttpLink({ uri: url, headers: { 'X-API-Key': key } }),
  })
  const { data } = await client.query({ query: NewestContactsDocument, variables: { first: 3 } })
  const contact = data?.contacts.nodes[0]
  if (contact === undefined) throw new Error('There is no contact.')
  const { data: written } = await client.mutate({
    mutation: AddNoteDocument,
    variables: { contactId: contact.id, body: `Hello ${contact.displayName}` },
  })
  const result = written?.createNote
  if (result?.__typename !== 'CreateNotePayload') throw new Error(result?.message ?? 'There was no answer.')
  return result.note.body
}
