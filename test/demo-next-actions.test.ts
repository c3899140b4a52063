import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedDemo } from '../prisma/seed.ts'
import { createApiKey } from '../src/domain/api-keys/commands.ts'
import { type TestGateway, openOwnGateway } from './support/gateway.ts'

const now = new Date('2026-03-01T12:00:00Z')
let gateway: TestGateway
let key: string
beforeAll(async () => {
  gateway = await openOwnGateway()
  gateway.clock.now = now
  const organizationId = await seedDemo(gateway.db, { now })
  key = (await createApiKey({ db: gateway.db, now: () => now, organizationId }, { name: 'Reader', scopes: ['contacts:read'] })).key
})
afterAll(() => gateway.close())

// oxlint-disable-next-line no-explicit-any
type Json = any

const gql = async (query: string, variables: object = {}): Promise<Json> => {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
  const request = new Request('http://localhost:4000/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  return (await (await gateway.app.fetch(request)).json()).data
}
const rest = async (path: string): Promise<Json> => {
  const request = new Request(`http://localhost:4000/api/v1/contacts${path}`, { headers: { 'X-API-Key': key } })
  return (await (await gateway.app.fetch(request)).json()).data
}

const fields = `id
  preferences { channel state }
  consentRecords(first: 50) { nodes { id channel state source lawfulBasis purpose textVersion proofUrl recordedAt recordedBy topicId address validUntil externalId origin messageId } }
  topics { topic { id key name } preferences { channel state recordedAt validUntil } }
  frequencyCaps { groupedByChannel { channel rules { ...cap } } globalCaps { ...cap } }
  nextBestActions(first: 20) { id action channel category score confidence reasons { code message weight } suggestedAt expiresAt about { kind subjectId title } }`
const cap = `fragment cap on FrequencyCap { rule { id } name channel category limit windowSeconds
  audience { lifecycleStages tags countryCodes filter } usage { used remaining resetsAt } }`

/** An answer of GraphQL in the spelling of REST: snake_case keys, and enum values in lower case. */
function inRest(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => inRest(item, key))
  if (typeof value === 'string')
    return ['channel', 'state', 'origin', 'category', 'action', 'kind', 'lawfulBasis', 'lifecycleStages'].includes(key)
      ? value.toLowerCase()
      : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), inRest(item, name)]),
  )
}

/** REST has no state of its own for an opt-in that waits for its confirmation. */
function pendingAsUnknown(entry: Json): Json {
  return entry.state === 'pending' ? { ...entry, state: 'unknown', pending: true } : entry
}

async function everyone(): Promise<Json[]> {
  const found: Json[] = []
  let after: string | null = null
  do {
    const page: Json = await gql(
      `${cap} query ($after: String) { contacts(first: 20, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
      { after },
    )
    found.push(...page.contacts.nodes)
    after = page.contacts.pageInfo.hasNextPage ? page.contacts.pageInfo.endCursor : null
  } while (after !== null)
  return found
}

test('both APIs return the same for every contact of the demo organization', async () => {
  const contacts = await everyone()
  expect(contacts).toHaveLength(206)
  for (const contact of contacts) {
    const preferences = await rest(`/${contact.id}/preferences`)
    expect(preferences).toEqual({
      contact_id: contact.id,
      preferences: Object.fromEntries(contact.preferences.map((one: Json) => [one.channel.toLowerCase(), one.state.toLowerCase()])),
      records: inRest(contact.consentRecords.nodes).map(pendingAsUnknown),
      topics: contact.topics.map(({ topic, preferences: ofTopic }: Json) => ({
        ...topic,
        preferences: inRest(ofTopic).map(pendingAsUnknown),
      })),
    })
    const caps = inRest(contact.frequencyCaps)
    const named = (rules: Json[]) => rules.map(({ rule, ...cap }) => ({ ...rule, ...cap }))
    expect(await rest(`/${contact.id}/frequency-caps`)).toEqual({
      contact_id: contact.id,
      grouped_by_channel: Object.fromEntries(caps.grouped_by_channel.map((entry: Json) => [entry.channel, named(entry.rules)])),
      global_caps: named(caps.global_caps),
    })
    expect(await rest(`/${contact.id}/next-best-action`)).toEqual({
      contact_id: contact.id,
      generated_at: now.toISOString(),
      model: 'expected-value/2',
      suggestions: inRest(contact.nextBestActions),
    })
  }
}, 120_000)

test('no suggestion in the demo organization is one that the send decision refuses', async () => {
  const asked = (await everyone()).flatMap((contact) =>
    contact.nextBestActions.filter((one: Json) => one.channel !== null).map((one: Json) => ({ contactId: contact.id, ...one })),
  )
  expect(asked.length).toBeGreaterThan(200)
  for (let from = 0; from < asked.length; from += 50) {
    const questions = asked
      .slice(from, from + 50)
      .map(
        ({ contactId, channel, category, suggestedAt }: Json, index: number) =>
          `q${index}: sendDecision(contactId: "${contactId}", channel: ${channel}, category: ${category}, at: "${suggestedAt}") { allowed reasons { message } }`,
      )
    for (const decision of Object.values(await gql(`{ ${questions.join(' ')} }`))) expect(decision).toEqual({ allowed: true, reasons: [] })
  }
}, 120_000)
