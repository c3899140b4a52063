import fc from 'fast-check'
import type { ModelChannel } from './model.ts'

export const phones = ['+14155552671', '+14155552672', '+14155552673'] as const
export const emails = ['ada@example.com', 'ben@example.com'] as const
export const channels: readonly ModelChannel[] = ['email', 'rcs', 'sms', 'whatsapp', 'push']

/** What can happen, by how often it does. */
const weights = {
  say: 8,
  write: 4,
  complain: 1,
  'opt out': 2,
  suppress: 1,
  lift: 2,
  block: 1,
  unblock: 1,
  create: 4,
  delete: 3,
  restore: 2,
  change: 3,
  add: 2,
  take: 2,
  import: 3,
  'import list': 1,
  'roll back': 2,
  merge: 3,
  unmerge: 2,
  erase: 1,
  'make link': 1,
  'one click': 2,
  'change by link': 2,
  confirm: 1,
} as const
export type Deed = keyof typeof weights

/** One thing that happens. Each kind looks at the fields that it needs. */
export interface Step {
  readonly do: Deed
  readonly who: number
  readonly other: number
  readonly phone: number
  readonly email: number
  readonly channel: ModelChannel
  readonly topic: 'news' | 'tips' | 'club' | null
  readonly state: 'opted_in' | 'opted_out' | 'pending'
  readonly word: 'STOP' | 'start' | 'hello'
  /** How many minutes ago it was said; 0: no time is given. */
  readonly minute: number
  readonly proof: boolean
  /** Whether the contact is named by its id, and addresses are named. */
  readonly named: boolean
  readonly limits: 'none' | 'purpose' | 'contract' | 'until'
  readonly pick: number
}

const any = fc.record<Omit<Step, 'do'>>({
  who: fc.nat(2),
  other: fc.nat(2),
  phone: fc.nat(2),
  email: fc.nat(1),
  channel: fc.constantFrom<ModelChannel>('email', 'sms', 'sms', 'rcs', 'whatsapp', 'push'),
  topic: fc.constantFrom(null, null, null, 'news' as const, 'tips' as const, 'club' as const),
  state: fc.constantFrom('opted_in' as const, 'opted_in' as const, 'opted_in' as const, 'opted_out' as const, 'pending' as const),
  word: fc.constantFrom('STOP' as const, 'STOP' as const, 'start' as const, 'hello' as const),
  minute: fc.nat(8),
  proof: fc.boolean(),
  named: fc.boolean(),
  limits: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'purpose' as const, 'contract' as const, 'until' as const),
  pick: fc.nat(3),
})

const deed = fc.oneof(
  ...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as Deed) })), // proof: the keys of the weights
)

const step = fc.tuple(deed, any).map(([name, rest]): Step => ({ do: name, ...rest }))

/** Orders of everything that can happen, beginning with two contacts. */
export const orders: fc.Arbitrary<Step[]> = fc
  .tuple(any, any, fc.array(step, { minLength: 4, maxLength: 24 }))
  .map(([one, other, steps]) => [
    { ...one, do: 'create', phone: 0, email: 0, pick: 0 },
    { ...other, do: 'create', phone: 1, email: 1, pick: 0 },
    ...steps,
  ])
