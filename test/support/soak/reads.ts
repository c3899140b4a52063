import type { Person } from './ledger.ts'
import type { Worker } from './worker.ts'

/** A read returns what was acknowledged before. */
export async function readContact(worker: Worker, person: Person): Promise<void> {
  const data = await worker.rest('GET', '/{id}', { ids: [person.id], status: person.deleted ? 404 : 200 })
  if (person.deleted) return
  const { id, email, first_name, tags, custom_attributes } = Object(data)
  worker.expect('GET /{id}', [id, email, first_name, tags, custom_attributes], expectedFields(person))
}

export async function readList(worker: Worker): Promise<void> {
  const filters = ['', '&tags=soak', '&has_email=true&has_phone=false', '&lifecycle_stage=subscriber,lead']
  const data = await worker.rest('GET', '', { query: `?limit=${10 + Math.floor(worker.random() * 40)}${worker.pick(filters)}` })
  worker.expect('GET of a list', Array.isArray(data), true)
}

export async function searchContact(worker: Worker, person: Person): Promise<void> {
  const data = await worker.rest('GET', '', { query: `?search=${encodeURIComponent(person.email)}` })
  worker.expect('GET of a search', Array.isArray(data) ? data.map((found: unknown) => Object(found)['id']) : data, [person.id])
}

export async function readNested(worker: Worker, person: Person): Promise<void> {
  const data = await worker.graphql(
    `query ($email: String!) { contactBy(email: $email) { id email firstName tags customAttributes
      notes(first: 200) { totalCount nodes { id body pinned } } timeline(first: 200) { nodes { externalId } }
      profile { engagement { score } } preferences { channel state } sendDecision(channel: EMAIL, category: SERVICE) { allowed } } }`,
    { email: person.email },
  )
  const { id, email, firstName, tags, customAttributes, notes, timeline } = Object(data['contactBy'])
  worker.expect('contactBy', [id, email, firstName, tags, customAttributes], expectedFields(person))
  worker.expect('contactBy.notes', [notes?.totalCount, byId(notes?.nodes)], [person.notes.length, byId(person.notes)])
  const entries = [...person.messages, ...person.events].map(({ externalId }) => externalId).toSorted()
  const nodes: { externalId: string }[] = timeline?.nodes ?? []
  worker.expect('contactBy.timeline', nodes.map(({ externalId }) => externalId).toSorted(), entries)
}

export async function readNestedPage(worker: Worker): Promise<void> {
  const data = await worker.graphql(
    `query ($first: Int!) { contacts(first: $first) { totalCount pageInfo { hasNextPage endCursor }
      edges { cursor node { id displayName lifecycleStage notes(first: 3) { totalCount nodes { body author } }
        timeline(first: 5) { nodes { __typename occurredAt title } } preferences { channel state } } } } }`,
    { first: 20 },
  )
  const { edges } = Object(data['contacts'])
  worker.expect('contacts', Array.isArray(edges) && edges.length > 0, true)
}

function expectedFields({ id, email, firstName, tags, count }: Person): unknown[] {
  return [id, email, firstName, tags, { count }]
}

function byId(notes: readonly Person['notes'][number][] | undefined): Person['notes'] | undefined {
  return notes?.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}
