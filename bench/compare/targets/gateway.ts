import { join } from 'node:path'
import { contactAs, entryAs, type OperationName, type Question, type Subjects, searches, type Target } from '../operations.ts'
import { bodyOf, type Form, itemsOf } from '../forms.ts'
import { apiKey } from '../seed.ts'

const flat = 'id phone email firstName lastName company countryCode lifecycleStage tags createdAt'
const entry = `__typename id occurredAt direction ... on Message { subject } ... on Call { durationSeconds } ... on Ticket { about: subject } ... on Event { name }`
const nested = `${flat} notes(first: 3) { nodes { id body pinned author createdAt } } timeline(first: 5) { nodes { ${entry} } } preferences { channel state }`

/** This gateway as it ships: authentication, limits and logging on. Only the rate limits are out of reach. */
export const gateway: Target = {
  name: 'gateway',
  flags: ['--max-semi-space-size=8'],
  program: join(import.meta.dirname, '../../../dist/main.js'),
  env: {
    DEMO_DATA: 'false',
    BOOTSTRAP_API_KEY: apiKey,
    SECRET_KEYS: 'the secret key of the benchmarks and of no other use',
    RATE_LIMIT_READS: '10000000',
    RATE_LIMIT_WRITES: '10000000',
    RATE_LIMIT_COST: '1000000000',
  },
  headers: { 'x-api-key': apiKey },
  questions({ contact, email, longHistory, before }: Subjects, form: Form) {
    const ask = (query: string, variables: object) => asked(form, query, variables)
    const page = (selection: string, { beside = '', variables = '' } = {}) =>
      ask(`query Page($first: Int${variables}) { contacts(first: $first) { nodes { ${selection} } } ${beside} }`, { first: 25 })
    const contacts = (filter: object, first: number, selection: string) =>
      ask(`query Contacts($filter: ContactFilter, $first: Int) { contacts(filter: $filter, first: $first) { nodes { ${selection} } } }`, {
        filter,
        first,
      })
    const timeline = (after: string | null) =>
      ask(`query Timeline($id: ID!, $after: String) { contact(id: $id) { timeline(first: 20, after: $after) { nodes { ${entry} } } } }`, {
        id: longHistory,
        after,
      })
    const found = (search: string) => contacts({ search }, 25, flat)
    return {
      flat: contacts({}, 25, flat),
      page25: contacts({}, 25, nested),
      page200: contacts({}, 200, nested),
      contactBy: ask(`query By($email: String) { contactBy(email: $email) { ${flat} } }`, { email }),
      one: ask(
        `query One($id: ID!) { contact(id: $id) { ${flat} notes(first: 6) { nodes { id body pinned author createdAt } } timeline(first: 20) { nodes { ${entry} } } preferences { channel state } } }`,
        { id: contact },
      ),
      timeline1: timeline(null),
      timeline1000: timeline(before.cursor),
      totals: page(nested.replaceAll(') { nodes', ') { totalCount nodes')),
      formatted: page(`${nested} phoneFormatted`),
      include: page(`${nested} language @include(if: $yes)`, { variables: ', $yes: Boolean = true' }),
      viewer: page(nested, { beside: 'viewer { scopes }' }),
      actions: page(`${nested} nextBestActions { action channel score }`),
      actionsAlone: page('id nextBestActions { action channel score }'),
      searchRare: found(searches.searchRare),
      searchCommon: found(searches.searchCommon),
      searchTwo: found(searches.searchTwo),
      searchPhone: found(searches.searchPhone),
      filter: contacts({ tags: ['vip', 'beta'], lifecycleStage: ['CUSTOMER'] }, 25, flat),
      createNote: ask(
        'mutation Write($input: CreateNoteInput!) { createNote(input: $input) { ... on CreateNotePayload { note { id body } } ... on Error { code message } } }',
        {
          input: { contactId: contact, body: 'Called back: all is well.' },
        },
      ),
      restList: { method: 'GET', path: '/api/v1/contacts?limit=25' },
      restProfile: { method: 'GET', path: `/api/v1/contacts/${contact}/profile` },
    }
  },
  read(name: OperationName, answer: any) {
    if (name === 'createNote') return { written: typeof answer.data.createNote.note.id === 'string' }
    if (name === 'restList') return { contacts: answer.data.map(({ id }: { id: string }) => ({ id })) }
    if (name === 'restProfile') {
      const { contact, latest_notes, latest_activities } = answer.data
      return { profile: { contact: contact.id, notes: latest_notes.length, entries: latest_activities.length } }
    }
    if (name === 'timeline1' || name === 'timeline1000') return { timeline: itemsOf(answer.data.contact.timeline)?.map(entryAs) ?? [] }
    if (name === 'contactBy') return { contacts: [contactAs(answer.data.contactBy)] }
    const contacts = name === 'one' ? [answer.data.contact] : (itemsOf(answer.data.contacts) ?? [])
    if (name === 'actionsAlone') return { written: contacts.every((one: any) => one.nextBestActions.length > 0) }
    return { contacts: contacts.map((one: any) => contactAs({ ...one, notes: itemsOf(one.notes), timeline: itemsOf(one.timeline) })) }
  },
}

function asked(form: Form, query: string, variables: object): Question {
  const body = bodyOf(form, query, variables)
  return { method: 'POST', path: '/graphql', body: () => body }
}
