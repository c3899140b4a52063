import fc from 'fast-check'
import type { Contact } from '../../src/data/generated/client.ts'
import { consentFactsByContact } from '../../src/domain/consent/queries.ts'
import { addressOf, type ConsentFacts, verdictOf } from '../../src/domain/consent/rules.ts'
import type { ActivityFilter } from '../../src/domain/finding/activity-filter.ts'
import type { AttributeFilter } from '../../src/domain/finding/attribute-filter.ts'
import type { ConsentFilter } from '../../src/domain/finding/consent-filter.ts'
import type { ContactFilter } from '../../src/domain/finding/filter.ts'
import { upsertTopic } from '../../src/domain/topics/commands.ts'
import { setPreferences } from '../../src/domain/preferences/commands.ts'
import { blockContact } from '../../src/domain/blocking/commands.ts'
import { definedFilter, definedValues, givenDefinitions, meetsDefined } from './defined-attributes.ts'
import { givenActivities, type GivenActivity, givenContact } from './factories.ts'
import { noon, type Tenant, type TestGateway } from './gateway.ts'

type Kind = 'message' | 'call' | 'ticket' | 'event'
interface Happened {
  readonly contactId: string
  readonly kind: Kind
  readonly channel: string | null
  readonly direction: string | null
  readonly name: string | null
  readonly occurredAt: Date
}

/** Everything about an organization's contacts that a filter can look at. */
export interface Everything {
  readonly contacts: readonly Contact[]
  readonly happened: readonly Happened[]
  readonly consent: ReadonlyMap<string, ConsentFacts>
  readonly topics: ReadonlyMap<string, string>
}

const hour = 60 * 60 * 1000
const at = (hours: number) => new Date(noon.getTime() - hours * hour)

const attributes: readonly Record<string, unknown>[] = [
  {},
  { plan: 'Pro', seats: 12, 'odd "key"': true },
  { plan: 'basic', seats: '12', roles: ['admin', 'buyer'] },
  { seats: 1.5, plan: '100% pro_', nested: { plan: 'pro' }, constructor: 'x' },
  { plan: ['Pro'], since: '2026-02-01', seats: 0 },
]

/** Contacts that have much in common: few values of each field, blocks, consent, topics and activities. */
export async function givenEverything(gateway: TestGateway, tenant: Tenant, count = 40): Promise<Everything> {
  const { context, organizationId } = tenant
  const news = await upsertTopic(context, null, { key: 'news', name: 'News' })
  const offers = await upsertTopic(context, null, { key: 'offers', name: 'Offers' })
  await givenDefinitions(tenant)
  const topics = new Map([news, offers].map(({ key, id }) => [key, id]))
  for (let index = 0; index < count; index += 1) {
    gateway.clock.now = at(count - index)
    const id = await givenContact(tenant, contactAt(index))
    const preferences = preferencesAt(index)
    if (preferences.length > 0) await setPreferences(context, id, preferences)
    // What has happened is recorded at noon.
    gateway.clock.now = noon
    const activities = activitiesAt(index)
    if (activities.length > 0) await givenActivities(tenant, id, activities)
    if (index % 7 === 0) await blockContact(context, { contactId: id })
  }
  const contacts = await gateway.db.prisma.contact.findMany({ where: { organizationId } })
  const where = { where: { organizationId } }
  const happened: Happened[] = [
    ...(await gateway.db.prisma.message.findMany(where)).map((row) => ({ ...row, kind: 'message' as const, name: null })),
    ...(await gateway.db.prisma.call.findMany(where)).map((row) => ({ ...row, kind: 'call' as const, channel: 'voice', name: null })),
    ...(await gateway.db.prisma.ticket.findMany(where)).map((row) => ({
      ...row,
      kind: 'ticket' as const,
      channel: null,
      direction: null,
      name: null,
    })),
    ...(await gateway.db.prisma.event.findMany(where)).map((row) => ({ ...row, kind: 'event' as const, channel: null, direction: null })),
  ]
  return { contacts, happened, consent: await consentFactsByContact(context, contacts), topics }
}

function contactAt(index: number) {
  return {
    ...(index % 4 !== 0 && { firstName: ['Ana', 'José', 'Zoë'][index % 3] }),
    ...(index % 3 !== 0 && { company: ['Northwind', 'NORTHWIND', 'Ärzte & Söhne'][index % 5 === 0 ? 2 : index % 2] }),
    ...(index % 2 === 0 ? { phone: `+1415555${2000 + index}` } : { email: `person${index}@example.com` }),
    ...(index % 6 === 0 && { phone: `+4915112345${600 + index}`, email: `both${index}@example.com` }),
    ...(index % 5 === 1 && { language: index % 2 === 0 ? 'de' : 'en', timezone: index % 2 === 0 ? 'Europe/Berlin' : 'America/New_York' }),
    lifecycleStage: ['lead', 'customer', 'churned'][index % 3],
    tags: index % 4 === 0 ? ['VIP', 'beta'] : index % 4 === 1 ? ['vip'] : [],
    customAttributes: { ...attributes[index % attributes.length], ...definedValues(index) },
  }
}

function preferencesAt(index: number) {
  const proof = { source: 'form', textVersion: 'v1' }
  const earlier = { recordedAt: at(48) }
  return [
    ...(index % 3 === 0 ? [{ channel: 'email', state: 'opted_in' as const, ...proof }] : []),
    ...(index % 5 === 0 ? [{ channel: 'sms', state: 'opted_out' as const, ...proof }] : []),
    ...(index % 4 === 0 ? [{ channel: 'sms', topic: 'news', state: 'opted_in' as const, ...proof }] : []),
    ...(index % 8 === 0 ? [{ channel: 'sms', topic: 'news', state: 'opted_out' as const, ...earlier, ...proof }] : []),
    ...(index % 7 === 3 ? [{ channel: 'email', topic: 'news', state: 'opted_out' as const, ...proof }] : []),
    ...(index % 6 === 1 ? [{ channel: 'email', topic: 'offers', state: 'pending' as const, ...proof }] : []),
    ...(index % 6 === 2 ? [{ channel: 'email', topic: 'news', state: 'opted_in' as const, ...earlier, validUntil: at(-1), ...proof }] : []),
  ]
}

function activitiesAt(index: number): GivenActivity[] {
  const times = Array.from({ length: index % 4 }, (_, hours) => at(hours + 1))
  return [
    ...times.map((occurredAt) => ({ message: { channel: 'sms', direction: 'inbound', body: 'Hello', occurredAt } as const })),
    ...(index % 3 === 1
      ? [{ message: { channel: 'email', direction: 'outbound', body: 'News', category: 'service', occurredAt: at(3) } as const }]
      : []),
    ...(index % 5 === 2 ? [{ call: { direction: 'inbound', status: 'answered', occurredAt: at(2) } as const }] : []),
    ...(index % 6 === 2 ? [{ ticket: { subject: 'Help', status: 'open', occurredAt: at(2) } as const }] : []),
    ...(index % 4 === 3 ? [{ event: { name: 'order_placed', occurredAt: at(index % 3) } as const }] : []),
  ]
}

const some = <Value>(values: readonly Value[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 })
const channels = ['email', 'sms', 'voice', 'line'] as const

const attribute: fc.Arbitrary<AttributeFilter> = fc
  .tuple(
    fc.constantFrom('plan', 'seats', 'roles', 'since', 'odd "key"', 'constructor', 'none'),
    fc.oneof(
      fc.record({ eq: fc.constantFrom('Pro', 12, '12', true, 1.5, 0) }),
      fc.record({ ne: fc.constantFrom('Pro', 12, true) }),
      fc.record({ in: some<string | number>(['Pro', 'basic', 12, '12']) }),
      fc.record({ gt: fc.constantFrom(0, 1.5, 12) }),
      fc.record({ gte: fc.constantFrom('2026-02-01', 'Pro') }),
      fc.record({ lt: fc.constantFrom(12, 'b') }),
      fc.record({ lte: fc.constantFrom(12, 'Pro') }),
      fc.record({ contains: fc.constantFrom('PRO', '%', 'ro_', 'buyer', '.*') }),
      fc.record({ startsWith: fc.constantFrom('p', '100%') }),
      fc.record({ exists: fc.boolean() }),
    ),
  )
  .map(([key, operator]) => ({ key, ...operator }))

const consent: fc.Arbitrary<ConsentFilter> = fc
  .record({
    channel: fc.constantFrom(...channels),
    topic: fc.constantFrom(undefined, 'news', 'offers'),
    states: some(['opted_in', 'opted_out', 'unknown', 'pending'] as const),
  })
  .map(({ topic, ...others }) => ({ ...others, ...(topic !== undefined && { topic }) }))

const activity: fc.Arbitrary<ActivityFilter> = fc.oneof(
  fc.record({ kinds: some(['message', 'call', 'ticket', 'event'] as const), from: fc.constantFrom(at(2), at(1)) }),
  fc.record({ channel: fc.constantFrom(...channels), atLeast: fc.constantFrom(1, 2, 3) }),
  fc.record({
    direction: fc.constantFrom('inbound' as const, 'outbound' as const),
    to: fc.constantFrom(at(1), at(2)),
    atMost: fc.constantFrom(0, 1, 2),
  }),
  fc.record({ name: fc.constantFrom('order_placed', 'order'), atLeast: fc.constantFrom(0, 1) }),
  fc.record({ atLeast: fc.constant(2), atMost: fc.constantFrom(2, 4) }),
)

/** @param contacts some of whose ids are asked for */
export function anyFilter(contacts: readonly Contact[]): fc.Arbitrary<ContactFilter> {
  const tags = some(['vip', 'Beta', 'none'])
  const times = fc.constantFrom(...[5, 10, 20, 30].map(at))
  const leaf: fc.Arbitrary<ContactFilter> = fc.oneof(
    fc.record({ ids: some(contacts.map(({ id }) => id)) }),
    fc.record({ search: fc.constantFrom('ana', 'north', '555', 'x', '') }),
    fc.record({ lifecycleStage: some(['lead', 'customer', 'churned'] as const) }),
    fc.record({ countryCode: some(['US', 'DE']) }),
    fc.record({ tags }),
    fc.record({ tagsAll: tags }),
    fc.record({ tagsNone: tags }),
    fc.record({ company: some(['northwind', 'ärzte & söhne', 'Ärzte & SöHNE']) }),
    fc.record({ language: some(['de', 'en']) }),
    fc.record({ timezone: some(['Europe/Berlin', 'America/New_York']) }),
    fc.record({ source: some(['api', 'import'] as const) }),
    fc
      .constantFrom('hasPhone', 'hasEmail', 'hasName', 'hasCompany', 'isBlocked')
      .chain((name) => fc.boolean().map((value) => ({ [name]: value }))),
    fc
      .constantFrom('createdAfter', 'createdBefore', 'updatedAfter', 'updatedBefore')
      .chain((name) => times.map((time) => ({ [name]: time }))),
    fc.record({ attributes: fc.array(attribute, { minLength: 1, maxLength: 2 }) }),
    fc.record({ attributes: fc.array(definedFilter, { minLength: 1, maxLength: 2 }) }),
    fc.record({ attributes: fc.tuple(definedFilter, attribute) }),
    fc.record({ consent }),
    fc.record({ activity }),
  )
  const level = (depth: number): fc.Arbitrary<ContactFilter> => {
    if (depth === 1) return leaf
    const below = level(depth - 1)
    const list = fc.array(below, { minLength: 1, maxLength: 2 })
    return fc.oneof(
      leaf,
      fc.record({ not: below }),
      fc.record({ and: list }),
      fc.record({ or: list }),
      fc.tuple(leaf, fc.record({ or: list }), fc.record({ not: below })).map((parts) => Object.assign({}, ...parts) as ContactFilter),
    )
  }
  return level(5)
}

/** Whether a contact matches, found out without the database. */
export function matches(contact: Contact, filter: ContactFilter, all: Everything): boolean {
  const { ids, search, company, attributes: asked, and, or, not } = filter
  const attributes = contact.customAttributes as Record<string, unknown>
  const anyOf = (choices: readonly string[] | null | undefined, value: string | null) => choices?.some((choice) => choice === value) ?? true
  const is = (wanted: boolean | null | undefined, value: unknown) => typeof wanted !== 'boolean' || wanted === Boolean(value)
  const keys = (tags: readonly string[]) => tags.map((tag) => tag.toLowerCase())
  const own = keys(contact.tags)
  return (
    anyOf(ids, contact.id) &&
    (!search || isFound(contact, search)) &&
    anyOf(filter.lifecycleStage, contact.lifecycleStage) &&
    anyOf(filter.countryCode, contact.countryCode) &&
    (!filter.tags || keys(filter.tags).some((tag) => own.includes(tag))) &&
    (!filter.tagsAll || keys(filter.tagsAll).every((tag) => own.includes(tag))) &&
    (!filter.tagsNone || !keys(filter.tagsNone).some((tag) => own.includes(tag))) &&
    anyOf(company?.map(ascii), contact.company === null ? null : ascii(contact.company)) &&
    anyOf(filter.language, contact.language) &&
    anyOf(filter.timezone, contact.timezone) &&
    anyOf(filter.source, contact.source) &&
    is(filter.hasPhone, contact.phone) &&
    is(filter.hasEmail, contact.email) &&
    is(filter.hasName, contact.firstName ?? contact.lastName ?? contact.displayName) &&
    is(filter.hasCompany, contact.company) &&
    is(filter.isBlocked, contact.blockedAt) &&
    isWithin(contact.createdAt, filter.createdAfter, filter.createdBefore) &&
    isWithin(contact.updatedAt, filter.updatedAfter, filter.updatedBefore) &&
    (asked?.every((one) => meetsDefined(attributes, one) ?? hasAttribute(attributes, one)) ?? true) &&
    (!filter.consent || hasConsent(contact.id, filter.consent, all)) &&
    (!filter.activity || hasHappened(contact.id, filter.activity, all)) &&
    (and?.every((one) => matches(contact, one, all)) ?? true) &&
    (or?.some((one) => matches(contact, one, all)) ?? true) &&
    (!not || !matches(contact, not, all))
  )
}

function isFound(contact: Contact, word: string): boolean {
  const texts = [contact.firstName, contact.company, contact.email, contact.phone].map((text) => ` ${(text ?? '').toLowerCase()}`)
  return texts.some((text) => text.includes(word.length < 3 ? ` ${word}` : word))
}

function ascii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function isWithin(time: Date, from?: Date | null, to?: Date | null): boolean {
  return (!from || time >= from) && (!to || time < to)
}

function hasAttribute(stored: Record<string, unknown>, { key, ...asked }: AttributeFilter): boolean {
  const value = Object.hasOwn(stored, key) ? stored[key] : undefined
  const compare = (other: unknown): number | null => {
    if (typeof value === 'number' && typeof other === 'number') return value - other
    return typeof value === 'string' && typeof other === 'string' ? Buffer.compare(Buffer.from(value), Buffer.from(other)) : null
  }
  const orders = (other: unknown, holds: (order: number) => boolean) => {
    const order = compare(other)
    return order !== null && holds(order)
  }
  return (
    (asked.eq === undefined || value === asked.eq) &&
    (asked.ne === undefined || (value !== undefined && value !== asked.ne)) &&
    (!asked.in || asked.in.includes(value)) &&
    (asked.gt === undefined || orders(asked.gt, (order) => order > 0)) &&
    (asked.gte === undefined || orders(asked.gte, (order) => order >= 0)) &&
    (asked.lt === undefined || orders(asked.lt, (order) => order < 0)) &&
    (asked.lte === undefined || orders(asked.lte, (order) => order <= 0)) &&
    (typeof asked.contains !== 'string' ||
      (typeof value === 'string' && ascii(value).includes(ascii(asked.contains))) ||
      (Array.isArray(value) && value.includes(asked.contains))) &&
    (typeof asked.startsWith !== 'string' || (typeof value === 'string' && ascii(value).startsWith(ascii(asked.startsWith)))) &&
    (typeof asked.exists !== 'boolean' || asked.exists === (value !== undefined))
  )
}

function hasConsent(contactId: string, { channel, topic, states }: ConsentFilter, { consent: known, topics }: Everything): boolean {
  const facts = known.get(contactId) ?? { entries: [], addresses: [] }
  const topicId = typeof topic === 'string' ? (topics.get(topic) ?? null) : null
  const { state } = verdictOf(facts, { channel, topicId, address: addressOf(facts, channel), at: new Date() })
  const shown = state === 'expired' ? 'unknown' : state
  return states.includes(shown) || (shown === 'pending' && topicId === null && states.includes('unknown'))
}

function hasHappened(contactId: string, filter: ActivityFilter, { happened }: Everything): boolean {
  const count = happened.filter(
    (one) =>
      one.contactId === contactId &&
      (!filter.kinds || filter.kinds.includes(one.kind)) &&
      (!filter.channel || one.channel === filter.channel) &&
      (!filter.direction || one.direction === filter.direction) &&
      (!filter.name || one.name === filter.name) &&
      isWithin(one.occurredAt, filter.from, filter.to),
  ).length
  return count >= (filter.atLeast ?? (typeof filter.atMost === 'number' ? 0 : 1)) && count <= (filter.atMost ?? Infinity)
}
