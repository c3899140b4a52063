import type { Channel } from '../../data/generated/client.ts'
import { channelWords } from '../../kernel/channels.ts'
import type { Clock } from './evidence.ts'
import type { Try } from './try.ts'
import { plural } from './situation.ts'

/** The parts of a day, by the hour at which each begins; night reaches past midnight. */
export const dayparts = ['in the morning', 'in the afternoon', 'in the evening', 'at night'] as const
export type Daypart = (typeof dayparts)[number]

export function daypartOf(hour: number): Daypart {
  if (hour >= 5 && hour < 12) return 'in the morning'
  if (hour >= 12 && hour < 17) return 'in the afternoon'
  return hour >= 17 && hour < 22 ? 'in the evening' : 'at night'
}

/** Messages or calls that could be answered, and distinct answers to them. */
export interface Count {
  readonly sent: number
  readonly answered: number
}

export interface Counts {
  readonly onChannel: ReadonlyMap<Channel, Count>
  /** Of messages, not calls. */
  readonly inDaypart: ReadonlyMap<Daypart, Count>
  /** By channel, the part of the day in which most answered messages were sent, if that is clear. */
  readonly mostlyIn: ReadonlyMap<Channel, Daypart>
}

/** How many answers, and what share of them, make a habit that is worth a sentence. */
const clear = { answers: 3, share: 0.6 }

/**
 * Counts what the sentences of suggestions state. A message without an answer counts once the organization's contacts have mostly answered by
 * then: the reply rate of the profile is made of the same counts.
 * @param settledAfter in seconds
 */
export function countTries(tries: readonly Try[], { now, clock, settledAfter }: { now: Date; clock: Clock; settledAfter: number }): Counts {
  const onChannel = new Map<Channel, { sent: number; answered: number }>()
  const inDaypart = new Map<Daypart, { sent: number; answered: number }>()
  const answersIn = new Map<Channel, Map<Daypart, number>>()
  for (const { channel, sentAt, answeredAt } of tries) {
    if (answeredAt === null && channel !== 'voice' && now.getTime() - sentAt.getTime() < settledAfter * 1000) continue
    const daypart = daypartOf(clock(sentAt).hour)
    const counts = channel === 'voice' ? [at(onChannel, channel)] : [at(onChannel, channel), at(inDaypart, daypart)]
    for (const count of counts) {
      count.sent += 1
      if (answeredAt !== null) count.answered += 1
    }
    if (answeredAt === null) continue
    const answers = answersIn.get(channel) ?? new Map<Daypart, number>()
    answersIn.set(channel, answers.set(daypart, (answers.get(daypart) ?? 0) + 1))
  }
  const mostlyIn = new Map<Channel, Daypart>()
  for (const [channel, answers] of answersIn)
    for (const [daypart, count] of answers)
      if (count >= clear.answers && count >= clear.share * (onChannel.get(channel)?.answered ?? 0)) mostlyIn.set(channel, daypart)
  return { onChannel, inDaypart, mostlyIn }
}

function at<Key>(counts: Map<Key, { sent: number; answered: number }>, key: Key): { sent: number; answered: number } {
  const count = counts.get(key) ?? { sent: 0, answered: 0 }
  counts.set(key, count)
  return count
}

/** What was counted of a contact on a channel, else of the organization's contacts, as a sentence. */
export function channelSentence(counts: Counts, ofOrganization: ReadonlyMap<Channel, Count>, channel: Channel): string {
  const by = channel === 'voice' ? '' : ` by ${channelWords[channel]}`
  const own = counts.onChannel.get(channel)
  const noun = channel === 'voice' ? 'call' : 'message'
  const usual = ofOrganization.get(channel)
  if (own !== undefined && own.sent > 0) {
    const daypart = counts.mostlyIn.get(channel)
    const habit = daypart === undefined ? '' : `, mostly when sent ${daypart}`
    return `Answered ${own.answered.toLocaleString('en')} of ${plural(own.sent, noun)}${by}${habit}.`
  }
  if (usual === undefined || usual.sent === 0) return `No ${noun}${by} has been counted yet.`
  return `No ${noun}${by} to this contact has been counted yet; other contacts answered ${usual.answered.toLocaleString('en')} of ${plural(usual.sent, noun)}.`
}

/** What was counted of a contact in a part of the day, as the second half of a sentence. */
export function daypartSentence({ inDaypart }: Counts, hour: number): string {
  const daypart = daypartOf(hour)
  const own = inDaypart.get(daypart)
  return own === undefined
    ? `no message sent ${daypart} has been counted yet`
    : `answered ${own.answered} of ${plural(own.sent, 'message')} sent ${daypart}`
}
