import type { Person } from './ledger.ts'
import type { Worker } from './worker.ts'

export async function createContact(worker: Worker): Promise<void> {
  const name = worker.unique()
  const [email, firstName, tags] = [`${name}@example.com`, `Ana ${name}`, ['soak']]
  const id = await (worker.random() < 0.5 ? inRest() : inGraphQL())
  worker.people.push({
    id,
    email,
    firstName,
    tags,
    count: 0,
    deleted: false,
    notes: [],
    messages: [],
    events: [],
    preferences: [],
    actions: ['contact.created'],
  })

  async function inRest(): Promise<string> {
    const body = { email, first_name: firstName, tags, custom_attributes: { count: 0 } }
    return idOf(await worker.rest('POST', '', { body, status: 201 }))
  }
  async function inGraphQL(): Promise<string> {
    const data = await worker.graphql(
      'mutation ($input: CreateContactInput!) { createContact(input: $input) { ... on CreateContactPayload { contact { id } } ... on Error { message } } }',
      { input: { email, firstName, tags, customAttributes: { count: 0 } } },
      { write: true },
    )
    return idOf(Object(data['createContact'])['contact'])
  }
}

export async function updateContact(worker: Worker, person: Person): Promise<void> {
  const [firstName, count, tags] = [`Ana ${worker.unique()}`, person.count + 1, ['soak', `tag${(person.count + 1) % 7}`]]
  if (worker.random() < 0.5) {
    const body = { first_name: firstName, tags, custom_attributes: { count } }
    const data = await worker.rest('PATCH', '/{id}', { ids: [person.id], body })
    worker.expect('PATCH /{id}', Object(data)['first_name'], firstName)
  } else {
    const data = await worker.graphql(
      'mutation ($input: UpdateContactInput!) { updateContact(input: $input) { ... on UpdateContactPayload { contact { id firstName tags customAttributes } } } }',
      { input: { id: person.id, firstName, tags, customAttributes: { count } } },
      { write: true },
    )
    worker.expect('updateContact', data['updateContact'], { contact: { id: person.id, firstName, tags, customAttributes: { count } } })
  }
  Object.assign(person, { firstName, count, tags })
  person.actions.push('contact.updated')
}

export async function writeNote(worker: Worker, person: Person): Promise<void> {
  const body = `Said on the phone: ${worker.unique()}`
  const data = await worker.rest('POST', '/{id}/notes', { ids: [person.id], body: { body }, status: 201 })
  person.notes.push({ id: idOf(data), body, pinned: false })
  person.actions.push('note.created')
}

export async function changeNote(worker: Worker, person: Person): Promise<void> {
  const note = worker.pick(person.notes)
  if (note === undefined) return writeNote(worker, person)
  const change = { body: `Heard again: ${worker.unique()}`, pinned: !note.pinned }
  const data = await worker.graphql(
    'mutation ($input: UpdateNoteInput!) { updateNote(input: $input) { ... on UpdateNotePayload { note { id body pinned } } } }',
    { input: { id: note.id, ...change } },
    { write: true },
  )
  worker.expect('updateNote', data['updateNote'], { note: { id: note.id, ...change } })
  Object.assign(note, change)
  person.actions.push('note.updated')
}

/** Reports a message and an event, and how a message before went on. Half of the reports rely on their external ids alone. */
export async function recordActivities(worker: Worker, person: Person): Promise<void> {
  const contact = { id: person.id }
  const [message, event] = [worker.unique(), worker.unique()]
  const before = person.messages.find(({ status }) => status === 'sent')
  const fields = { contact, occurredAt: '2026-01-01T09:30:00Z', channel: 'EMAIL', direction: 'OUTBOUND', category: 'SERVICE' }
  const data = await worker.graphql(
    `mutation ($input: [ActivityInput!]!) { recordActivities(input: { activities: $input }) {
      ... on RecordActivitiesPayload { outcomes { index status activityId code message } } } }`,
    {
      input: [
        { message: { ...fields, externalId: message, subject: 'Hello' } },
        { event: { contact, occurredAt: '2026-01-01T09:30:00Z', externalId: event, name: 'order_placed', properties: { total: 12.5 } } },
        ...(before ? [{ message: { ...fields, externalId: before.externalId, status: 'DELIVERED' } }] : []),
      ],
    },
    { write: true, keyed: worker.random() < 0.5 },
  )
  const outcomes: unknown = Object(data['recordActivities'])['outcomes']
  const codes = Array.isArray(outcomes) ? outcomes.map((outcome: unknown) => Object(outcome)['code']) : outcomes
  worker.expect('recordActivities', codes, before ? [null, null, null] : [null, null])
  person.messages.push({ externalId: message, status: 'sent' })
  person.events.push({ externalId: event })
  if (before) before.status = 'delivered'
}

export async function setPreferences(worker: Worker, person: Person): Promise<void> {
  const preference = {
    channel: worker.random() < 0.5 ? 'sms' : 'email',
    state: worker.random() < 0.5 ? 'opted_in' : 'opted_out',
    purpose: worker.unique(),
  }
  await worker.rest('PUT', '/{id}/preferences', { ids: [person.id], body: { changes: [{ ...preference, source: 'web_form' }] } })
  person.preferences.push(preference)
  person.actions.push('preference.set')
}

export async function deleteOrRestore(worker: Worker, person: Person): Promise<void> {
  if (person.deleted) {
    const data = await worker.graphql(
      'mutation ($ids: [ID!]!) { restoreContacts(input: { ids: $ids }) { ... on RestoreContactsPayload { contacts { id } failed { contactId } } } }',
      { ids: [person.id] },
      { write: true },
    )
    worker.expect('restoreContacts', data['restoreContacts'], { contacts: [{ id: person.id }], failed: [] })
  } else await worker.rest('DELETE', '/{id}', { ids: [person.id], status: 204 })
  person.actions.push(person.deleted ? 'contact.restored' : 'contact.deleted')
  person.deleted = !person.deleted
}

function idOf(data: unknown): string {
  return String(Object(data)['id'])
}
