import fc from 'fast-check'
import { chance } from '../../prisma/demo/random.ts'
import type { Db } from '../../src/data/database.ts'
import type { Channel, Direction, LifecycleStage } from '../../src/data/generated/client.ts'
import { type IdKind, idAt } from '../../src/kernel/ids.ts'
import { noon } from './gateway.ts'

const kinds = ['message', 'call', 'ticket', 'event', 'transition', 'consent', 'block'] as const
const stages = ['lead', 'qualified', 'customer', 'churned'] as const

/** Something that happened to a contact, as the test remembers it: nothing here is read from the database. */
export interface Remembered {
  readonly kind: (typeof kinds)[number]
  readonly id: string
  readonly at: Date
  readonly channel: Channel
  readonly direction: Direction
  /** When a block ended. */
  readonly until: Date | null
  readonly stage: LifecycleStage
}

export interface RememberedContact {
  readonly id: string
  readonly createdAt: Date
  /** The stage that it began in. */
  readonly stage: LifecycleStage
  readonly past: readonly Remembered[]
}

export const at = (minute: number) => new Date(noon.getTime() + (minute - 1000) * 60_000)

/** Random histories at few times, so that many things share one. */
export const anyHistory = fc.record({
  created: fc.integer({ min: 0, max: 5 }),
  stage: fc.constantFrom(...stages),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      minute: fc.integer({ min: 0, max: 5 }),
      lasts: fc.integer({ min: 0, max: 3 }),
      channel: fc.constantFrom<Channel>('email', 'sms', 'voice'),
      direction: fc.constantFrom<Direction>('inbound', 'outbound'),
      stage: fc.constantFrom(...stages),
    }),
    { maxLength: 16 },
  ),
})

const idKinds: Readonly<Record<Remembered['kind'], IdKind>> = {
  message: 'message',
  call: 'call',
  ticket: 'ticket',
  event: 'event',
  transition: 'lifecycleTransition',
  consent: 'consentRecord',
  block: 'block',
}

/** One for all histories of a test file: no two things have one id. */
const luck = chance(1)

/** Writes histories down, each for a contact of its own. The order of ids has nothing to do with the order of times. */
export async function givenHistories(
  db: Db,
  organizationId: string,
  histories: readonly (typeof anyHistory extends fc.Arbitrary<infer History> ? History : never)[],
): Promise<RememberedContact[]> {
  const id = (kind: IdKind) => idAt(kind, at(luck.between(0, 1000)), luck.bytes(10))
  const contacts = histories.map(({ created, stage, steps }) => {
    return {
      id: id('contact'),
      createdAt: at(created),
      stage,
      past: steps.map((step) => ({ ...step, id: id(idKinds[step.kind]), at: at(step.minute), until: at(step.minute + step.lasts) })),
    }
  })
  const rows = (kind: Remembered['kind']) =>
    contacts.flatMap((contact) =>
      contact.past
        .filter((step) => step.kind === kind)
        .map((step) => ({
          step,
          shared: { organizationId, id: step.id, contactId: contact.id, createdAt: step.at, updatedAt: step.at, occurredAt: step.at },
        })),
    )
  await db.prisma.contact.createMany({
    data: contacts.map(({ id, createdAt, stage, past }) => ({
      organizationId,
      id,
      email: `${id}@example.com`,
      emailKey: `${id}@example.com`,
      lifecycleStage: inOrder(past.filter((step) => step.kind === 'transition')).at(-1)?.stage ?? stage,
      source: 'api',
      searchText: '',
      nameKey: '',
      createdAt,
      updatedAt: createdAt,
    })),
  })
  await db.prisma.message.createMany({
    data: rows('message').map(({ step: { channel, direction }, shared }) => ({ ...shared, channel, direction, status: 'sent' })),
  })
  await db.prisma.call.createMany({
    data: rows('call').map(({ step, shared }) => ({ ...shared, direction: step.direction, status: 'missed' })),
  })
  await db.prisma.ticket.createMany({ data: rows('ticket').map(({ shared }) => ({ ...shared, subject: 'Help', status: 'open' })) })
  await db.prisma.event.createMany({ data: rows('event').map(({ shared }) => ({ ...shared, name: 'seen' })) })
  await db.prisma.consentRecord.createMany({
    data: rows('consent').map(({ step, shared: { organizationId, id, contactId } }) => ({
      organizationId,
      id,
      contactId,
      channel: step.channel,
      state: 'opted_in',
      source: 'test',
      recordedAt: step.at,
      recordedBy: 'Test',
      createdAt: step.at,
    })),
  })
  await db.prisma.lifecycleTransition.createMany({
    data: contacts.flatMap(({ id, stage, past }) => {
      const moves = inOrder(past.filter((step) => step.kind === 'transition'))
      return moves.map((move, index) => ({
        organizationId,
        id: move.id,
        contactId: id,
        fromStage: moves[index - 1]?.stage ?? stage,
        toStage: move.stage,
        occurredAt: move.at,
        changedBy: 'Test',
      }))
    }),
  })
  await db.prisma.block.createMany({
    data: rows('block').map(({ step, shared: { organizationId, id, contactId } }) => ({
      organizationId,
      id,
      contactId,
      blockedAt: step.at,
      blockedBy: 'Test',
      unblockedAt: step.until,
      unblockedBy: 'Test',
    })),
  })
  return contacts
}

/** By time and id, as text is compared. */
export function inOrder<Item extends { readonly at: Date; readonly id: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1))
}
