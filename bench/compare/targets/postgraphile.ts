import { join } from 'node:path'
import { bodyOf, type Form, itemsOf } from '../forms.ts'
import { contactAs, entryAs, type OperationName, type Question, searchedTexts, type Subjects, type Target } from '../operations.ts'

const flat = 'rowId phone email firstName lastName company countryCode lifecycleStage tags createdAt'
const entry = 'rowId occurredAt direction subject durationSeconds'
const notes = (first: number) =>
  `notesByOrganizationIdAndContactId(first: ${first}, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes { rowId body pinned author createdAt } }`
const timeline = (size: number) => `timeline(pageSize: ${size}) { nodes { ${entry} } }`
const preferences = 'channelPreferencesByOrganizationIdAndContactId { nodes { channel state } }'
const nested = `${flat} ${notes(3)} ${timeline(5)} ${preferences}`

/** PostGraphile 5 over the same tables. It has no authentication, and no limits. */
export const postgraphile: Target = {
  name: 'PostGraphile 5',
  program: join(import.meta.dirname, 'postgraphile.server.js'),
  env: { GRAPHILE_ENV: 'production' },
  headers: {},
  questions({ organization, contact, longHistory, before }: Subjects, form: Form) {
    const ask = (query: string, variables: object) => asked(form, query, variables)
    const contacts = (filter: object, first: number, selection: string) =>
      ask(
        `query Contacts($filter: ContactFilter, $first: Int) { allContacts(filter: $filter, first: $first, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes { ${selection} } } }`,
        { filter: { organizationId: { equalTo: organization }, deletedAt: { isNull: true }, ...filter }, first },
      )
    const one = (id: string, selection: string, variables = {}) =>
      ask(
        `query One($organization: String!, $id: String!${'at' in variables ? ', $at: Datetime, $before: String' : ''}) { contactByOrganizationIdAndRowId(organizationId: $organization, rowId: $id) { ${selection} } }`,
        { organization, id, ...variables },
      )
    const found = (search: string) => contacts({ searchText: { includes: search } }, 25, flat)
    let written = 0
    return {
      flat: contacts({}, 25, flat),
      page25: contacts({}, 25, nested),
      page200: contacts({}, 200, nested),
      one: one(contact, `${flat} ${notes(6)} ${timeline(20)} ${preferences}`),
      timeline1: one(longHistory, timeline(20)),
      timeline1000: one(longHistory, `timeline(pageSize: 20, beforeAt: $at, beforeId: $before) { nodes { ${entry} } }`, {
        at: before.at,
        before: before.id,
      }),
      searchRare: found(searchedTexts.searchRare),
      searchCommon: found(searchedTexts.searchCommon),
      searchTwo: found(searchedTexts.searchTwo),
      searchPhone: contacts({ phone: { includes: searchedTexts.searchPhone } }, 25, flat),
      filter: contacts({ tagKeys: { overlaps: ['vip', 'beta'] }, lifecycleStage: { equalTo: 'customer' } }, 25, flat),
      createNote: {
        method: 'POST',
        path: '/graphql',
        body: () => {
          const now = new Date().toISOString()
          const note = {
            organizationId: organization,
            rowId: `note_${process.pid}_${(written += 1)}_${now}`,
            contactId: contact,
            author: 'Bench',
            body: 'Called back: all is well.',
            createdAt: now,
            updatedAt: now,
          }
          return JSON.stringify({
            query: 'mutation Write($note: NoteInput!) { createNote(input: { note: $note }) { note { rowId body } } }',
            variables: { note },
          })
        },
      },
    }
  },
  read(name: OperationName, answer: any) {
    if (name === 'createNote') return { written: typeof answer.data.createNote.note.rowId === 'string' }
    if (name === 'timeline1' || name === 'timeline1000')
      return {
        timeline: itemsOf(answer.data.contactByOrganizationIdAndRowId.timeline)?.map((one) => entryAs({ ...one, id: one.rowId })) ?? [],
      }
    const contacts = name === 'one' ? [answer.data.contactByOrganizationIdAndRowId] : (itemsOf(answer.data.allContacts) ?? [])
    return {
      contacts: contacts.map((one: any) =>
        contactAs({
          ...one,
          id: one.rowId,
          notes: itemsOf(one.notesByOrganizationIdAndContactId)?.map((note: any) => ({ ...note, id: note.rowId })),
          timeline: itemsOf(one.timeline)?.map((entry: any) => ({ ...entry, id: entry.rowId })),
          preferences: itemsOf(one.channelPreferencesByOrganizationIdAndContactId),
        }),
      ),
    }
  },
}

function asked(form: Form, query: string, variables: object): Question {
  const body = bodyOf(form, query, variables)
  return { method: 'POST', path: '/graphql', body: () => body }
}
