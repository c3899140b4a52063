import { join } from 'node:path'
import { contactAs, entryAs, type OperationName, type Question, searchedTexts, type Subjects, type Target } from '../operations.ts'

const flat = 'id phone email firstName lastName company countryCode lifecycleStage tags createdAt'
const entry = 'id occurredAt direction subject durationSeconds'
const nested = `${flat} notes { id body pinned author createdAt } timeline { ${entry} } channelPreferences { channel state }`

/** Apollo Server 5 with Prisma in the plain textbook way. It has no authentication, and no limits. */
export const apollo: Target = {
  name: 'Apollo 5 + Prisma',
  program: join(import.meta.dirname, 'apollo.server.ts'),
  env: {},
  headers: {},
  questions({ contact, longHistory }: Subjects) {
    const contacts = (variables: object) =>
      ask(
        `query Contacts($search: String, $digits: String, $tags: [String!], $stage: String) { contacts(first: 25, search: $search, digits: $digits, tags: $tags, stage: $stage) { ${flat} } }`,
        variables,
      )
    const page = (first: number) => ask(`query Page($first: Int!) { page(first: $first) { ${nested} } }`, { first })
    const timeline = (skip: number) =>
      ask(`query Timeline($id: ID!, $skip: Int!) { timeline(contactId: $id, first: 20, skip: $skip) { ${entry} } }`, {
        id: longHistory,
        skip,
      })
    return {
      flat: contacts({}),
      page25: page(25),
      page200: page(200),
      one: ask(`query One($id: ID!) { contact(id: $id) { ${nested} } }`, { id: contact }),
      timeline1: timeline(0),
      timeline1000: timeline(999 * 20),
      searchRare: contacts({ search: searchedTexts.searchRare }),
      searchCommon: contacts({ search: searchedTexts.searchCommon }),
      searchTwo: contacts({ search: searchedTexts.searchTwo }),
      searchPhone: contacts({ digits: searchedTexts.searchPhone }),
      filter: contacts({ tags: ['vip', 'beta'], stage: 'customer' }),
      createNote: ask('mutation Write($contactId: ID!, $body: String!) { createNote(contactId: $contactId, body: $body) { id body } }', {
        contactId: contact,
        body: 'Called back: all is well.',
      }),
    }
  },
  read(name: OperationName, answer: any) {
    if (name === 'createNote') return { written: typeof answer.data.createNote.id === 'string' }
    if (name === 'timeline1' || name === 'timeline1000') return { timeline: answer.data.timeline.map(entryAs) }
    const contacts = name === 'one' ? [answer.data.contact] : (answer.data.page ?? answer.data.contacts)
    return { contacts: contacts.map((one: any) => contactAs({ ...one, preferences: one.channelPreferences })) }
  },
}

function ask(query: string, variables: object): Question {
  const body = JSON.stringify({ query, variables })
  return { method: 'POST', path: '/graphql', body: () => body }
}
