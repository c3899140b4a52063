import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { journeyByContact, journeyPosition, stagesByContact } from '../../src/domain/journey/queries.ts'
import { timelineByContact, timelinePosition } from '../../src/domain/timeline/queries.ts'
import type { Page, PageRequest, Position } from '../../src/kernel/page.ts'
import { anyHistory, at, givenHistories, inOrder, type Remembered, type RememberedContact } from '../support/histories.ts'
import { type TestGateway, noon, openGateway, type Tenant } from '../support/gateway.ts'

let gateway: TestGateway
let tenant: Tenant
beforeAll(async () => {
  gateway = await openGateway()
  tenant = await gateway.organization()
})
afterAll(() => gateway.close())

/** Walks through a whole list, page by page, and checks what every page says about itself. */
async function walk<Item>(
  read: (request: PageRequest) => Promise<Page<Item> | undefined>,
  position: (item: Item) => Position,
  limit: number,
  direction: 'forward' | 'backward',
): Promise<Item[]> {
  const seen: Item[] = []
  for (let from: Position | null = null; ;) {
    const page: Page<Item> | undefined = await read({ limit, direction, from, total: from === null })
    if (page === undefined) throw new Error('A contact was left out.')
    const forward = direction === 'forward'
    const [more, before] = forward ? [page.hasNext, page.hasPrevious] : [page.hasPrevious, page.hasNext]
    expect(before).toBe(from !== null)
    if (forward) seen.push(...page.items)
    else seen.unshift(...page.items)
    const next = forward ? page.items.at(-1) : page.items[0]
    if (!more || next === undefined) return seen
    expect(page.items).toHaveLength(limit)
    from = position(next)
  }
}

const anyPaging = fc.record({
  limit: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 200 })),
  direction: fc.constantFrom('forward' as const, 'backward' as const),
})
const activityKinds = ['message', 'call', 'ticket', 'event'] as const
const anyFilter = fc.record({
  kinds: fc.option(fc.uniqueArray(fc.constantFrom(...activityKinds), { minLength: 1 })),
  from: fc.option(fc.integer({ min: 0, max: 5 })),
  lasts: fc.option(fc.integer({ min: 0, max: 6 })),
})

function isActivity(kind: Remembered['kind']): kind is (typeof activityKinds)[number] {
  return activityKinds.some((one) => one === kind)
}

/** Half a hundred histories at a time: what is compared is each one alone. */
const runs = 20
const histories = fc.array(fc.tuple(anyHistory, anyPaging, anyFilter), { minLength: 50, maxLength: 50 })

test('the timeline is what happened, newest first, whatever the pages and the filter', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (drawn) => {
      const contacts = await givenHistories(
        gateway.db,
        tenant.organizationId,
        drawn.map(([history]) => history),
      )
      for (const [index, [, { limit, direction }, drawnFilter]] of drawn.entries()) {
        const contact = contacts[index] as RememberedContact
        const from = drawnFilter.from === null ? null : at(drawnFilter.from)
        const to = drawnFilter.lasts === null ? null : at((drawnFilter.from ?? 0) + drawnFilter.lasts)
        const filter = { kinds: drawnFilter.kinds, from, to }
        const expected = inOrder(
          contact.past.filter(
            (step) =>
              isActivity(step.kind) &&
              (filter.kinds?.includes(step.kind) ?? true) &&
              (from === null || step.at >= from) &&
              (to === null || step.at < to),
          ),
        ).toReversed()
        let total: number | null = null
        const read = async (request: PageRequest) => {
          const page = (await timelineByContact(tenant.context, [contact.id], filter, request)).get(contact.id)
          total = page?.total ?? total
          return page
        }
        const seen = await walk(read, timelinePosition, limit, direction)
        expect(seen.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
        expect(total).toBe(expected.length)
      }
    }),
    { numRuns: runs, endOnFailure: true },
  )
})

test('the journey and its stages are what happened, oldest first, whatever the pages', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (drawn) => {
      const contacts = await givenHistories(
        gateway.db,
        tenant.organizationId,
        drawn.map(([history]) => history),
      )
      const ids = contacts.map(({ id }) => id)
      const stages = await stagesByContact(tenant.context, ids)
      for (const [index, [, { limit, direction }]] of drawn.entries()) {
        const contact = contacts[index] as RememberedContact
        const expected = retell(contact)
        let total: number | null = null
        const read = async (request: PageRequest) => {
          const page = (await journeyByContact(tenant.context, [contact.id], request)).get(contact.id)
          total = page?.total ?? total
          return page
        }
        const seen = await walk(read, journeyPosition, limit, direction)
        expect(seen.map(({ referenceId, type, stage, occurredAt }) => ({ id: referenceId, type, stage, at: occurredAt }))).toEqual(
          expected.entries,
        )
        expect(total).toBe(expected.entries.length)
        expect(stages.get(contact.id)).toEqual(expected.stages)
      }
    }),
    { numRuns: runs, endOnFailure: true },
  )
})

/** The journey computed again from what the test remembers: one walk through the entries, with the stage in hand. */
function retell(contact: RememberedContact) {
  // The creation stands before all else of its time.
  const created = { kind: 'created' as const, id: `a${contact.id.slice(3)}`, at: contact.createdAt, ref: contact.id }
  const past = contact.past.flatMap((step) => {
    const entry = { ...step, ref: step.id }
    // The end of a block has the id of its beginning, and stands behind it.
    return step.kind === 'block'
      ? [entry, { kind: 'unblocked' as const, id: `unb${step.id.slice(3)}`, at: step.until ?? step.at, ref: step.id }]
      : [entry]
  })
  const entries: { id: string; type: string; stage: string; at: Date }[] = []
  const met = new Set<string>()
  const stages = [
    { stage: contact.stage as string, enteredAt: contact.createdAt, leftAt: null as Date | null, counts: new Map<string, number>() },
  ]
  for (const entry of inOrder([created, ...past])) {
    if (entry.kind === 'transition') {
      const left = stages.at(-1)
      if (left) left.leftAt = entry.at
      stages.push({ stage: entry.stage, enteredAt: entry.at, leftAt: null, counts: new Map() })
    }
    const current = stages.at(-1)
    if (current === undefined) throw new Error('There is always a stage.')
    let type: string = entry.kind
    if (entry.kind === 'message' || entry.kind === 'call') {
      const channel = entry.kind === 'call' ? 'voice' : entry.channel
      type = met.has(channel) ? 'touch' : 'first_touch'
      met.add(channel)
      current.counts.set(channel, (current.counts.get(channel) ?? 0) + 1)
    }
    if (entry.kind === 'ticket' || entry.kind === 'event') type = 'milestone'
    if (entry.kind === 'transition') type = 'stage_changed'
    if (entry.kind === 'consent') type = 'consent_changed'
    if (entry.kind === 'block') type = 'blocked'
    entries.push({ id: entry.ref, type, stage: current.stage, at: entry.at })
  }
  return {
    entries,
    stages: stages.map(({ stage, enteredAt, leftAt, counts }) => ({
      stage,
      enteredAt,
      leftAt,
      durationSeconds: Math.max(0, ((leftAt ?? noon).getTime() - enteredAt.getTime()) / 1000),
      touches: [...counts]
        .map(([channel, count]) => ({ channel, count }))
        .toSorted((one, other) => other.count - one.count || one.channel.localeCompare(other.channel)),
    })),
  }
}
