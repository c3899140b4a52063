import fc from 'fast-check'
import type { Contact } from '../../src/data/generated/client.ts'
import { consentOf } from '../../src/domain/consent/queries.ts'
import type { ConsentEntry, ConsentFacts, SuppressionEntry } from '../../src/domain/consent/rules.ts'
import type { Sent } from '../../src/domain/frequency-caps/rules.ts'
import { countTries } from '../../src/domain/next-best-action/counts.ts'
import { evidenceOf } from '../../src/domain/next-best-action/evidence.ts'
import { assumedHabits } from '../../src/domain/next-best-action/habits.ts'
import { replyChances } from '../../src/domain/next-best-action/reply-chances.ts'
import type { Knowledge } from '../../src/domain/next-best-action/rules.ts'
import type { Situation } from '../../src/domain/next-best-action/situation.ts'
import type { Try } from '../../src/domain/next-best-action/try.ts'
import { clockOf } from '../../src/domain/next-best-action/week-clock.ts'
import { scheduleFor } from '../../src/domain/sending/quiet-hours.ts'
import type { SendFacts } from '../../src/domain/sending/rules.ts'
import { factsOf } from './consent.ts'
import { noon } from './gateway.ts'

const hour = 3_600_000
export const ago = (hours: number) => new Date(noon.getTime() - hours * hour)
const clock = clockOf('UTC')

/** A contact with a phone number and an email address. */
export const someone: Contact = {
  organizationId: 'org',
  id: 'con_01m8mh44zte6yrm62qd7b252gx',
  phone: '+493023125017',
  phoneExtension: '',
  phoneKey: null,
  email: 'someone@example.com',
  emailKey: 'someone@example.com',
  firstName: 'Some',
  lastName: 'One',
  displayName: null,
  company: null,
  countryCode: 'DE',
  timezone: 'Europe/Berlin',
  language: null,
  lifecycleStage: 'lead',
  tags: [],
  tagKeys: [],
  customAttributes: {},
  source: 'api',
  searchText: '',
  nameKey: '',
  revision: 1,
  blockedAt: null,
  createdAt: ago(24 * 100),
  updatedAt: ago(24 * 100),
  deletedAt: null,
  mergedIntoId: null,
}

const channels = ['sms', 'email', 'whatsapp', 'instagram', 'voice'] as const
const past = fc.option(fc.integer({ min: 0, max: 24 * 300 }).map(ago), { nil: null })

const situations: fc.Arbitrary<Situation> = fc.record({
  contact: fc
    .record({
      phone: fc.constantFrom('+493023125017', null),
      email: fc.constantFrom('someone@example.com', null),
      timezone: fc.constantFrom('Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', null),
      lifecycleStage: fc.constantFrom('subscriber' as const, 'lead' as const, 'customer' as const, 'advocate' as const, 'churned' as const),
      blockedAt: fc.constantFrom(null, null, null, ago(1)),
      createdAt: fc.integer({ min: 0, max: 24 * 400 }).map(ago),
    })
    .map((fields) => ({ ...someone, ...fields })),
  now: fc.constant(noon),
  stageSince: fc.constant(ago(500)),
  questions: fc
    .array(fc.record({ channel: fc.constantFrom(...channels.slice(0, 4)), hours: fc.integer({ min: 0, max: 8000 }) }), { maxLength: 2 })
    .map((found) =>
      found.map(({ channel, hours }, index) => ({
        kind: 'message' as const,
        id: `msg_${index}`,
        at: ago(hours),
        title: null,
        channel,
        count: index + 1,
      })),
    ),
  missedCalls: fc.option(
    fc.integer({ min: 0, max: 1000 }).map((hours) => ({ kind: 'call' as const, id: 'call_1', at: ago(hours), title: null, count: 1 })),
    { nil: null },
  ),
  tickets: fc
    .array(fc.record({ priority: fc.constantFrom('low', 'normal', 'high', 'urgent'), hours: fc.integer({ min: 0, max: 8000 }) }), {
      maxLength: 3,
    })
    .map((found) =>
      found.map(({ priority, hours }, index) => ({ kind: 'ticket' as const, id: `tkt_${index}`, at: ago(hours), title: 'Help', priority })),
    ),
  unsolvedTickets: fc.integer({ min: 0, max: 2 }),
  channelsInUse: fc.subarray([...channels, 'rcs' as const]).map((found) => new Set(found)),
  wroteOn: fc.subarray([...channels]),
  inboundAt: past,
  outboundAt: past,
  outboundLately: fc.integer({ min: 0, max: 60 }),
  missedCallAt: past,
  solvedAt: past,
  orderedAt: past,
})

const tries: fc.Arbitrary<Try[]> = fc.array(
  fc
    .record({ channel: fc.constantFrom(...channels), hours: fc.integer({ min: 1, max: 24 * 400 }), answered: fc.boolean() })
    .map(({ channel, hours, answered }) => ({ channel, sentAt: ago(hours), answeredAt: answered ? ago(hours - 1) : null })),
  { maxLength: 20 },
)

const entry: fc.Arbitrary<ConsentEntry> = fc
  .record({
    channel: fc.constantFrom(...channels),
    topicId: fc.constantFrom(null, null, 'top_1'),
    hasOtherAddress: fc.constantFrom(false, false, false, true),
    state: fc.constantFrom('opted_in', 'opted_in', 'opted_out', 'pending', 'unknown'),
    origin: fc.constantFrom('reported', 'keyword'),
    proven: fc.constantFrom(true, false, null),
    purpose: fc.constantFrom(null, null, 'offers'),
    lawfulBasis: fc.constantFrom(null, 'consent', 'contract'),
    recordedAt: fc.integer({ min: 0, max: 24 * 300 }).map(ago),
    // Consent that ends within the days that a suggestion looks ahead.
    validUntil: fc.option(fc.integer({ min: -200, max: 50 }).map(ago), { nil: null }),
  })
  .map(({ hasOtherAddress, ...fields }) => ({
    ...fields,
    id: `cns_${fields.channel}_${fields.recordedAt.getTime()}`,
    addressKey: hasOtherAddress ? 'other@example.com' : (addressKeys[fields.channel] ?? null),
  }))

const addressKeys: Readonly<Record<string, string>> = {
  email: 'someone@example.com',
  sms: '+493023125017',
  voice: '+493023125017',
  whatsapp: '+493023125017',
}

const suppression: fc.Arbitrary<SuppressionEntry> = fc.record({
  reason: fc.constantFrom('opt_out', 'keyword', 'block', 'manual', 'complaint', 'imported'),
  channel: fc.constantFrom(null, ...channels),
  topicId: fc.constantFrom(null, null, 'top_1'),
  since: fc.integer({ min: 0, max: 3000 }).map(ago),
  endedAt: fc.option(fc.integer({ min: 0, max: 3000 }).map(ago), { nil: null }),
  liftedAt: fc.option(fc.integer({ min: 0, max: 3000 }).map(ago), { nil: null }),
  recordId: fc.constant(null),
})

/** What was sent, and what is reserved: for now or for later, until soon or for long. */
const sent: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({
    channel: fc.constantFrom(...channels),
    category: fc.constantFrom('service', 'marketing', 'transactional', null),
    occurredAt: fc.integer({ min: 0, max: 300 }).map(ago),
  }),
  fc.record({
    channel: fc.constantFrom(...channels),
    category: fc.constantFrom('service', 'marketing'),
    occurredAt: fc.integer({ min: -100, max: 1 }).map(ago),
    reservation: fc.record({ expiresAt: fc.integer({ min: -150, max: -1 }).map(ago) }),
  }),
)

function consentFactsOf(
  contact: Contact,
  entries: readonly ConsentEntry[],
  suppressions: readonly SuppressionEntry[],
  unreachableSince: Date | null,
): ConsentFacts {
  const { addresses } = factsOf(contact, new Map())
  return { entries, addresses: addresses.map((address) => ({ ...address, suppressions, unreachableSince })) }
}

/** Whatever the model may look at: random situations, histories, consent by topic, suppressions, reservations and messages to answer. */
export const anyKnowledge = fc
  .record({
    situation: situations,
    tries,
    entries: fc.array(entry, { maxLength: 8 }),
    suppressions: fc.array(suppression, { maxLength: 2 }),
    unreachable: fc.constantFrom(null, null, null, ago(30)),
    met: fc.subarray(['instagram' as const]),
    whatsappServiceWindow: fc.boolean(),
    received: fc.array(fc.record({ channel: fc.constantFrom(...channels), occurredAt: fc.integer({ min: 0, max: 30 }).map(ago) }), {
      maxLength: 3,
    }),
    marketingNeedsOptIn: fc.boolean(),
    quietHours: fc.boolean(),
    zones: fc.constantFrom(['Europe/Berlin'], ['America/New_York', 'Pacific/Honolulu'], ['Asia/Kathmandu']),
    limit: fc.integer({ min: 1, max: 3 }),
    days: fc.integer({ min: 1, max: 9 }),
    sent: fc.array(sent, { maxLength: 6 }),
  })
  .map(({ situation, tries, entries, suppressions, unreachable, limit, days, quietHours, zones, met, ...rest }) => {
    const consentFacts = consentFactsOf(situation.contact, entries, suppressions, unreachable)
    const rule = {
      name: 'Cap',
      channel: null,
      category: null,
      limit,
      windowSeconds: days * 86_400,
      lifecycleStages: [],
      tags: [],
      countryCodes: [],
      filter: null,
    }
    const facts: SendFacts = {
      ...rest,
      contact: situation.contact,
      consent: consentOf(consentFacts, noon),
      consentFacts,
      met: new Set(met),
      quietHours: quietHours ? scheduleFor([], null) : null,
      zones,
      rules: [{ ...rule, organizationId: 'org', id: 'fcr', enabled: true, createdAt: noon, updatedAt: noon }],
    }
    return knowledgeOf(situation, facts, tries, zones[0])
  })

export function knowledgeOf(situation: Situation, facts: SendFacts, tries: readonly Try[], zone = 'UTC'): Knowledge {
  const habits = assumedHabits()
  const evidence = evidenceOf(tries, { now: noon, clock, delays: habits.delays })
  const counts = countTries(tries, { now: noon, clock, settledAfter: habits.settledAfter })
  return { situation, facts, chances: replyChances(evidence, habits), counts, habits, zone }
}
