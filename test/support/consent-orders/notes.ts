import type { Blocked, Lifted, Listed, ModelChannel, Said } from './model.ts'
import type { World } from './world.ts'

export const minute = 60_000

/** The channels that share an opt-out. */
export const textChannels = (channel: ModelChannel): ModelChannel[] => (channel === 'sms' || channel === 'rcs' ? ['rcs', 'sms'] : [channel])

/** Writes down what was said about consent. */
export function noteSaid(
  world: World,
  said: Partial<Said> & Pick<Said, 'what' | 'contact' | 'address' | 'channel'>,
  also: ReadonlySet<string> = new Set(),
): void {
  // Without an address nothing says whose an opt-in was when a merge is taken back: it stays where it was recorded.
  const stays = said.what === 'in' && said.channel === 'push' && said.contact !== null
  const contact = stays ? world.survivorOf(said.contact) : said.contact
  world.facts.push({
    order: world.facts.length,
    persons: new Set([...world.personsOf(contact), ...also]),
    topic: null,
    at: world.now,
    isProven: false,
    licenses: said.what === 'in',
    until: null,
    isImported: false,
    ...said,
    contact,
  })
}

/** Writes down anything else that happened. */
export function note(
  world: World,
  fact: Omit<Listed, 'order' | 'persons'> | Omit<Blocked, 'order' | 'persons'> | Omit<Lifted, 'order' | 'persons'>,
): void {
  world.facts.push({ order: world.facts.length, persons: world.personsOf(fact.contact), ...fact })
}
